//! The one codec of what became of an attempt: as the package tells it, and as tabs tell each other.

use wasm_bindgen::JsValue;

use super::audit::{from_told, to_told};
use super::fields::{Fields, text_from, whole, whole_from};
use super::plain::{Plain, objects};
use crate::engine::{Current, FailedKind, Hindrance, Outcome, Rebased};

/// Without a value that is undefined: JSON does not bring it across.
pub(super) fn from_outcome(outcome: &Outcome<JsValue>) -> Plain {
    let of = |kind: &str, value: &JsValue| {
        Plain::new().with("kind", kind).with_some("value", Some(value).filter(|value| !value.is_undefined()))
    };
    match outcome {
        Outcome::Accepted { result, seen } => of("accepted", result).with("seen", *seen),
        Outcome::Failed { kind, error, after_ms, current, rebased } => of(kind.name(), error)
            .with_some("hindrance", kind.hindrance().map(Hindrance::name))
            .with_some("afterMs", after_ms.map(whole))
            .with_some("current", current.as_ref().map(from_current))
            .with_some("rebased", rebased.as_ref().map(from_rebased)),
    }
}

pub(super) fn from_rebased(rebased: &Rebased<JsValue>) -> Plain {
    Plain::new()
        .with("base", &rebased.base)
        .with("next", &rebased.next)
        .with("decided", objects(rebased.decided.iter().map(from_told)))
}

/// Documents are objects; which ones, only the app can tell.
pub(super) fn to_rebased(value: &JsValue) -> Option<Rebased<JsValue>> {
    let fields = Fields::of(value)?;
    let document = |side| fields.value(side).filter(JsValue::is_object);
    let decided = fields.list("decided", to_told)?;
    Some(Rebased { base: document("base")?, next: document("next")?, decided })
}

pub(super) fn from_current(current: &Current<JsValue>) -> Plain {
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
    let rebased = fields.optional("rebased", to_rebased)?;
    if (current.is_some() || rebased.is_some()) && kind != FailedKind::Conflict {
        return None;
    }
    let after_ms = fields.optional("afterMs", whole_from)?;
    Some(Outcome::Failed { kind, error: value, after_ms, current, rebased })
}

/// A document is an object; which one, only the app can tell.
pub(super) fn to_current(value: &JsValue) -> Option<Current<JsValue>> {
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
        Outcome::Failed { error, current, rebased, .. } => {
            *error = JsValue::UNDEFINED;
            *current = None;
            *rebased = None;
        }
    }
}
