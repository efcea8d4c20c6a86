//! Readings of the engine as the package gets them. Values of the app are the objects themselves.

use js_sys::{Array, Object};
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::fields::{texts, whole};
use super::plain::{Plain, objects};
use super::platform::Platform;
use super::record::record_of;
use crate::engine::{Engine, Operation, Origin, Peer, QueryToken, TabId, View};

/// What a query shows; `undefined` if nothing is known of it.
pub(super) fn view(engine: &Engine<JsValue>, query: &QueryToken) -> JsValue {
    engine.view(query).map_or(JsValue::UNDEFINED, |view| from_view(&view).into())
}

fn from_view(view: &View<'_, JsValue>) -> Object {
    let pending = Array::new();
    for (document, ids) in view.pending.into_iter().flatten() {
        pending.push(&Array::of2(&JsValue::from_str(document), &texts(ids)));
    }
    let origin = match view.origin {
        Origin::Cache => "cache",
        Origin::Server => "server",
    };
    Plain::new()
        .with("value", view.value)
        .with("origin", origin)
        .with("atMs", whole(view.at_ms))
        .with("pending", pending)
        .done()
}

/// All operations, in order.
pub(super) fn operations(engine: &Engine<JsValue>) -> Array {
    objects(engine.operations().map(record_of))
}

/// The keys of pending operations of which a base tells by their key, in order.
pub(super) fn pending_keys(engine: &Engine<JsValue>) -> Vec<String> {
    let keyed = engine.pending().filter(|operation| operation.confirmed_by_key);
    keyed.map(Operation::key).collect()
}

/// This tab among the others, and what it has of the browser: the shape of `EngineStatus`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatusRecord {
    tab: String,
    incarnation: u32,
    leading: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    epoch: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leader: Option<String>,
    connected: bool,
    started: bool,
    peers: Vec<PeerRecord>,
    storage: &'static str,
    transport: &'static str,
    locks: bool,
    local_storage: bool,
    update_available: bool,
    dropped_messages: u32,
    skew_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_offset_ms: Option<f64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PeerRecord {
    tab: String,
    visible: bool,
    asleep: bool,
    protocol: u32,
    app: String,
}

/// This tab among the others, and what it has of the browser. It holds no value of the app, so it may be
/// serialised.
pub(super) fn status(engine: &Engine<JsValue>, platform: &Platform) -> JsValue {
    let status = engine.status();
    let peer = |(tab, peer): &(TabId, &Peer)| PeerRecord {
        tab: tab.to_string(),
        visible: peer.visible,
        asleep: peer.asleep,
        protocol: peer.protocol,
        app: peer.app.clone(),
    };
    let record = StatusRecord {
        tab: status.tab.to_string(),
        incarnation: status.incarnation.0,
        leading: status.leading.is_some(),
        // Numbers of JavaScript; epochs stay where those are exact.
        epoch: status.leading.map(|epoch| whole(epoch.0)),
        leader: status.leader.map(|tab| tab.to_string()),
        connected: status.connected,
        started: status.started,
        peers: status.peers.iter().map(peer).collect(),
        storage: if platform.is_memory() { "memory" } else { "indexeddb" },
        transport: platform.transport(),
        locks: platform.capabilities.locks,
        local_storage: platform.capabilities.local_storage,
        update_available: status.update_available,
        dropped_messages: platform.dropped_messages(),
        skew_ms: status.skew_ms as f64,
        server_offset_ms: status.server_offset_ms.map(|offset_ms| offset_ms as f64),
    };
    serde_wasm_bindgen::to_value(&record).expect("plain fields are serialised")
}
