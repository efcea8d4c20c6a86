//! The one codec of what became of an attempt: as the package tells it, and as tabs tell each other.

use wasm_bindgen::JsValue;

use super::fields::{Fields, text_from, whole, whole_from};
use super::plain::Plain;
use crate::engine::{FailedKind, Hindrance, Outcome};

/// Without a value that is undefined: JSON does not bring it across.
pub(super) fn from_outcome(outcome: &Outcome<JsValue>) -> Plain {
    let of = |kind: &str, value: &JsValue| {
        Plain::new().with("kind", kind).with_some("value", Some(value).filter(|value| !value.is_undefined()))
    };
    match outcome {
        Outcome::Accepted { result, seen } => of("accepted", result).with("seen", *seen),
        Outcome::Failed { kind, error, after_ms } => of(kind.name(), error)
            .with_some("hindrance", kind.hindrance().map(Hindrance::name))
            .with_some("afterMs", after_ms.map(whole)),
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
    Some(Outcome::Failed {
        kind: FailedKind::from_name(&kind, hindrance)?,
        error: value,
        after_ms: fields.optional("afterMs", whole_from)?,
    })
}

/// The value that an outcome carries: what the server answered, or the error.
pub(super) const fn value_of(outcome: &mut Outcome<JsValue>) -> &mut JsValue {
    match outcome {
        Outcome::Accepted { result: value, .. } | Outcome::Failed { error: value, .. } => value,
    }
}
