//! Readings of the engine as the package gets them. Values of the app are the objects themselves.

use js_sys::{Array, Object};
use wasm_bindgen::JsValue;

use super::fields::{Plain, list_of, texts, whole};
use super::platform::Platform;
use super::record::from_operation;
use crate::engine::{Engine, Origin, QueryToken, View};

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
    let records = Array::new();
    for operation in engine.operations() {
        records.push(&from_operation(operation));
    }
    records
}

/// The keys of pending operations of which a base tells by their key, in order.
pub(super) fn pending_keys(engine: &Engine<JsValue>) -> Vec<String> {
    let keyed = engine.pending().filter(|operation| operation.confirmed_by_key);
    keyed.map(|operation| operation.id.to_string()).collect()
}

/// This tab among the others, and what it has of the browser.
pub(super) fn status(engine: &Engine<JsValue>, platform: &Platform) -> Object {
    let status = engine.status();
    let peers = list_of(&status.peers, |(tab, peer)| {
        let plain = Plain::new().with("tab", tab.to_string());
        plain.with("visible", peer.visible).into()
    });
    Plain::new()
        .with("tab", status.tab.to_string())
        .with("incarnation", status.incarnation.0)
        .with("leading", status.leading.is_some())
        .with_some("epoch", status.leading.map(|epoch| whole(epoch.0)))
        .with_some("leader", status.leader.map(|tab| tab.to_string()))
        .with("connected", status.connected)
        .with("started", status.started)
        .with("peers", peers)
        .with("storage", if platform.is_memory() { "memory" } else { "indexeddb" })
        .with("channel", platform.capabilities.channel)
        .with("locks", platform.capabilities.locks)
        .with("localStorage", platform.capabilities.local_storage)
        .done()
}
