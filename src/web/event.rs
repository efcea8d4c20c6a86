//! Events as the package gets them.

use js_sys::{Array, Object};
use wasm_bindgen::JsValue;

use super::fields::{list_of, texts, whole};
use super::plain::Plain;
use super::record::record_of;
use crate::engine::{Event, OperationId, Settlement};

/// A fallback of an adapter, told like the engine's own diagnostics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fallback {
    /// IndexedDB is missing or refused: this tab keeps the store in its memory.
    StorageMemory,
    /// Web Locks are missing or refused: this tab leads alone, fenced by epochs only.
    LocksMissing,
    /// `BroadcastChannel` is missing or refused: the `storage` event stands in for it.
    ChannelMissing,
    /// There is no way to reach other tabs.
    TransportMissing,
    /// A message could not be cloned and was not posted.
    MessageUnsendable,
    /// The journals of closed tabs could not be looked through.
    OrphansUnreadable,
    /// The journal of a closed tab holds a record of another version and was left untouched.
    RecordUnreadable,
    /// The engine broke an invariant; this object is dead.
    EngineCrashed,
}

impl Fallback {
    const fn name(self) -> &'static str {
        match self {
            Self::StorageMemory => "storage_memory",
            Self::LocksMissing => "locks_missing",
            Self::ChannelMissing => "channel_missing",
            Self::TransportMissing => "transport_missing",
            Self::MessageUnsendable => "message_unsendable",
            Self::OrphansUnreadable => "orphans_unreadable",
            Self::RecordUnreadable => "record_unreadable",
            Self::EngineCrashed => "engine_crashed",
        }
    }
}

/// An event of the engine.
pub(super) fn from_event(event: Event<JsValue>) -> Object {
    match event {
        Event::ViewChanged { queries } => {
            typed("view").with("queries", list_of(&queries, |query| JsValue::from_str(query.as_str())))
        }
        Event::OperationChanged { id } => of_operations("operation", &[id]),
        Event::PendingChanged => typed("pending"),
        Event::JournalReleased { id } => of_operations("journal_released", &[id]),
        Event::Settled { id, settlement } => {
            typed("settled").with("id", id.to_string()).with("settlement", from_settlement(settlement))
        }
        Event::Report { operation } => typed("report").with("operation", record_of(&operation)),
        Event::LeadershipChanged { epoch } => {
            typed("leadership").with_some("epoch", epoch.map(|epoch| whole(epoch.0)))
        }
        Event::PeersChanged => typed("peers"),
        Event::TopicChanged { durable, topic, entries } => typed("topic")
            .with("durable", durable)
            .with("topic", topic.as_str())
            .with("entries", list_of(&entries, |(key, value)| from_change(key, value.as_ref()).into())),
        Event::TopicStored { topic, key } => {
            typed("topic_stored").with("topic", topic.as_str()).with("key", key.as_str())
        }
        Event::Diagnostic(diagnostic) => typed("diagnostic")
            .with("code", diagnostic.code.name())
            .with_some("operation", diagnostic.operation.map(|id| id.to_string()))
            .with_some("error", diagnostic.error),
    }
    .done()
}

/// Events of one kind, one after another, of these operations.
pub(super) fn from_operations(kind: &str, ids: &[OperationId]) -> Object {
    of_operations(kind, ids).done()
}

fn of_operations(kind: &str, ids: &[OperationId]) -> Plain {
    typed(kind).with("ids", texts(ids))
}

/// A fallback as an event, with what the browser threw.
pub(super) fn from_fallback(fallback: Fallback, error: &JsValue) -> Object {
    let error = Some(error).filter(|error| !error.is_undefined());
    typed("diagnostic").with("code", fallback.name()).with_some("error", error).done()
}

/// A key with what it holds now; alone, if that was removed.
fn from_change(key: &str, value: Option<&JsValue>) -> Array {
    let change = Array::of1(&JsValue::from_str(key));
    if let Some(value) = value {
        change.push(value);
    }
    change
}

fn typed(name: &str) -> Plain {
    Plain::new().with("type", name)
}

fn from_settlement(settlement: Settlement<JsValue>) -> Plain {
    match settlement {
        Settlement::Done { result } => Plain::new().with("state", "done").with("result", result),
        Settlement::Dead { failure } => {
            let dead = Plain::new().with("state", "dead").with("code", failure.code.name());
            dead.with_some("error", failure.error)
        }
        Settlement::Cancelled => Plain::new().with("state", "cancelled"),
        Settlement::Merged { into } => Plain::new().with("state", "cancelled").with("into", into.to_string()),
    }
}
