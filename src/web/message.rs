//! The one codec between envelopes and the plain objects on the channel.
//!
//! The head (`tabweave`, `store`, `from`, `incarnation`, `stamp`) is the same in every version of the protocol,
//! so that a message of another version can be counted although it cannot be understood.

use js_sys::Object;
use wasm_bindgen::JsValue;

use super::audit::{from_decided, to_decided};
use super::entries::{from_entries, to_entries};
use super::fields::{Fields, id_from, text_from, texts, whole};
use super::outcome::{from_outcome, from_rebased, to_outcome, to_rebased};
use super::plain::{Plain, objects};
use super::record::{from_stamp, record_of, to_operation, to_stamp};
use crate::engine::{Asked, Envelope, Epoch, Incarnation, Message, PROTOCOL_VERSION, Revision, TabId, Wish};

/// An envelope as it is posted.
pub fn from_envelope(envelope: &Envelope<JsValue>) -> Object {
    let head = Plain::new()
        .with("tabweave", envelope.protocol)
        .with("store", envelope.store.to_string())
        .with("from", envelope.from.to_string())
        .with("incarnation", envelope.incarnation.0)
        .with("stamp", from_stamp(envelope.stamp))
        .with("type", envelope.message.name());
    with_message(head, &envelope.message, envelope.from).done()
}

/// The envelope that was posted; none if it is not one of ours.
pub fn to_envelope(posted: &JsValue) -> Option<Envelope<JsValue>> {
    let fields = Fields::of(posted)?;
    let protocol = fields.count("tabweave")?;
    let from = fields.id("from")?;
    let message = if protocol == PROTOCOL_VERSION {
        to_message(&fields, from)?
    } else {
        // The engine looks at the head of such a message and at nothing else.
        Message::Mismatch
    };
    Some(Envelope {
        protocol,
        store: fields.id("store")?,
        from,
        incarnation: Incarnation(fields.count("incarnation")?),
        stamp: to_stamp(&fields.value("stamp")?)?,
        message,
    })
}

fn with_message(head: Plain, message: &Message<JsValue>, sender: TabId) -> Plain {
    match message {
        Message::Hello { handlers, visible, asks, app } => head
            .with("handlers", texts(handlers))
            .with("visible", *visible)
            .with("asks", *asks)
            .with("app", app.as_str()),
        Message::Goodbye { asleep } => head.with("asleep", *asleep),
        Message::Ping | Message::Mismatch | Message::Writing => head,
        Message::Leading { epoch, revision } => {
            head.with("epoch", whole(epoch.0)).with("revision", whole(revision.0))
        }
        Message::Bell { revision } => head.with("revision", whole(revision.0)),
        Message::Published { revision, entries } => head
            .with("revision", whole(revision.0))
            .with("entries", from_entries(&mut entries.iter(), Some(sender))),
        Message::Shared { entries } => head.with("entries", from_entries(&mut entries.iter(), Some(sender))),
        Message::Stored { revision, operations, removed } => head
            .with("revision", whole(revision.0))
            .with("operations", objects(operations.iter().map(record_of)))
            .with("removed", texts(removed)),
        Message::Delegate { to, epoch, id, attempt } => head
            .with("to", to.to_string())
            .with("epoch", whole(epoch.0))
            .with("id", id.to_string())
            .with("attempt", *attempt),
        Message::AttemptEnded { id, attempt, outcome } => {
            head.with("id", id.to_string()).with("attempt", *attempt).with("outcome", from_outcome(outcome))
        }
        Message::Ask { id, asked: Asked { wish, attempts, resolution, given_up } } => head
            .with("id", id.to_string())
            .with("wish", wish.name())
            .with("attempts", *attempts)
            .with_some("resolution", resolution.as_ref().map(from_rebased))
            .with_some("givenUp", from_decided(given_up)),
        Message::Reported { id, ended_ms } => {
            head.with("id", id.to_string()).with("endedMs", whole(*ended_ms))
        }
    }
}

fn to_message(fields: &Fields<'_>, sender: TabId) -> Option<Message<JsValue>> {
    match fields.text("type")?.as_str() {
        "hello" => Some(Message::Hello {
            handlers: fields.list("handlers", text_from)?,
            visible: fields.flag("visible")?,
            asks: fields.flag("asks")?,
            app: fields.text("app")?,
        }),
        "goodbye" => Some(Message::Goodbye { asleep: fields.flag("asleep")? }),
        "ping" => Some(Message::Ping),
        "mismatch" => Some(Message::Mismatch),
        "writing" => Some(Message::Writing),
        "leading" => Some(Message::Leading {
            epoch: Epoch(fields.whole("epoch")?),
            revision: Revision(fields.whole("revision")?),
        }),
        "bell" => Some(Message::Bell { revision: Revision(fields.whole("revision")?) }),
        "published" => Some(Message::Published {
            revision: Revision(fields.whole("revision")?),
            entries: to_entries(&fields.value("entries")?, sender)?,
        }),
        "shared" => Some(Message::Shared { entries: to_entries(&fields.value("entries")?, sender)? }),
        "stored" => Some(Message::Stored {
            revision: Revision(fields.whole("revision")?),
            operations: fields.list("operations", to_operation)?,
            removed: fields.list("removed", id_from)?,
        }),
        "delegate" => Some(Message::Delegate {
            to: fields.id("to")?,
            epoch: Epoch(fields.whole("epoch")?),
            id: fields.id("id")?,
            attempt: fields.count("attempt")?,
        }),
        "attempt_ended" => Some(Message::AttemptEnded {
            id: fields.id("id")?,
            attempt: fields.count("attempt")?,
            outcome: to_outcome(&fields.value("outcome")?)?,
        }),
        "ask" => Some(Message::Ask {
            id: fields.id("id")?,
            asked: Asked {
                wish: Wish::from_name(&fields.text("wish")?)?,
                attempts: fields.count("attempts")?,
                resolution: fields.optional("resolution", to_rebased)?,
                given_up: fields.optional("givenUp", to_decided)?.unwrap_or_default(),
            },
        }),
        "reported" => Some(Message::Reported { id: fields.id("id")?, ended_ms: fields.whole("endedMs")? }),
        _ => None,
    }
}
