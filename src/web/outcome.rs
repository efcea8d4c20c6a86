//! The one codec of what became of an attempt: as the package tells it, and as tabs tell each other.

use wasm_bindgen::JsValue;

use super::fields::{Fields, text_from, whole, whole_from};
use super::plain::Plain;
use crate::engine::{Current, FailedKind, Hindrance, Outcome};

/// Without a value that is undefined: JSON does not bring it across.
pub(super) fn from_outcome(outcome: &Outcome<JsValue>) -> Plain {
    let of = |kind: &str, value: &JsValue| {
        Plain::new().with("kind", kind).with_some("value", Some(value).filter(|value| !value.is_undefined()))
    };
    match outcome {
        Outcome::Accepted { result, seen } => of("accepted", result).with("seen", *seen),
        Outcome::Failed { kind, error, after_ms, current } => of(kind.name(), error)
            .with_some("hindrance", kind.hindrance().map(Hindrance::name))
            .with_some("afterMs", after_ms.map(whole))
            .with_some("current", current.as_ref().map(from_current)),
    }
}

fn from_current(current: &Current<JsValue>) -> Plain {
    match current {
        Current::Document(document) => Plain::new().with("document", document),
        Current::Removed => Plain::new().with("removed", true),
    }
}

/// None: it is of a newer build, or none at all.
pub(super) fn to_outcome(value: &JsValue) -> Option<Outcome<JsValue>> {
    let fields = Fields::of(value)?;
    let value = fields.value("value").unwrap_or_default();
    let kind = fields.text("kind")?;
    if kind == "accepted" {
        return Some(Outcome::Accepted { result: value, seen: fields.flag("seen")? });
    }
    let hindrance = fields.optional("hindrance", |name| Hindrance::from_name(&text_from(name)?))?;
    let kind = FailedKind::from_name(&kind, hindrance)?;
    let current = fields.optional("current", to_current)?;
    if current.is_some() && kind != FailedKind::Conflict {
        return None;
    }
    Some(Outcome::Failed { kind, error: value, after_ms: fields.optional("afterMs", whole_from)?, current })
}

/// A document is an object; which one, only the app can tell.
fn to_current(value: &JsValue) -> Option<Current<JsValue>> {
    let fields = Fields::of(value)?;
    match fields.value("document") {
        Some(document) => document.is_object().then_some(Current::Document(document)),
        None => (fields.flag("removed")?).then_some(Current::Removed),
    }
}

/// The outcome without what the server said: neither its answer nor its error, nor what it holds.
pub(super) fn without_value(outcome: &mut Outcome<JsValue>) {
    match outcome {
        Outcome::Accepted { result, .. } => *result = JsValue::UNDEFINED,
        Outcome::Failed { error, current, .. } => {
            *error = JsValue::UNDEFINED;
            *current = None;
        }
    }
}
