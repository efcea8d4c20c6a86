//! The codec of an operation's terms: only what differs from the defaults is written, so that most records have none.

use wasm_bindgen::JsValue;

use super::fields::{Fields, text_from, whole, whole_from};
use super::plain::Plain;
use crate::engine::{Priority, Retry, Terms};

/// The terms as an object; none if all of them are the defaults.
pub(super) fn from_terms(terms: &Terms) -> Option<Plain> {
    let usual = Terms::default();
    if *terms == usual {
        return None;
    }
    let (retry, other) = (&terms.retry, &usual.retry);
    let set = |value: u64, default: u64| Some(value).filter(|value| *value != default).map(whole);
    let plain = Plain::new()
        .with_some("priority", Some(terms.priority.name()).filter(|_| terms.priority != usual.priority))
        .with_some("retriesMax", set(retry.retries_max.into(), other.retries_max.into()))
        .with_some("delayMs", set(retry.delay_ms, other.delay_ms))
        .with_some("multiplierPercent", set(retry.multiplier_percent.into(), other.multiplier_percent.into()))
        .with_some("delayMsMax", set(retry.delay_ms_max, other.delay_ms_max))
        .with_some("timeoutMs", set(retry.timeout_ms, other.timeout_ms))
        .with_some("expireAfterMs", terms.expire_after_ms.map(whole))
        .with_some("version", set(terms.version.into(), usual.version.into()))
        .with_some("reported", Some(true).filter(|_| terms.is_reported))
        .with_some("coalesces", Some(true).filter(|_| terms.coalesces))
        .with_some("sensitive", Some(true).filter(|_| terms.sensitive));
    Some(plain)
}

/// The terms of a record, which may have none.
pub(super) fn to_terms(record: &Fields<'_>) -> Option<Terms> {
    Some(record.optional("terms", read)?.unwrap_or_default())
}

fn read(value: &JsValue) -> Option<Terms> {
    let fields = Fields::of(value)?;
    let usual = Retry::default();
    let whole_or =
        |key: &'static str, default: u64| Some(fields.optional(key, whole_from)?.unwrap_or(default));
    let count_or = |key: &'static str, default: u32| u32::try_from(whole_or(key, default.into())?).ok();
    let priority = fields.optional("priority", |name| Priority::from_name(&text_from(name)?))?;
    Some(Terms {
        priority: priority.unwrap_or_default(),
        retry: Retry {
            retries_max: count_or("retriesMax", usual.retries_max)?,
            delay_ms: whole_or("delayMs", usual.delay_ms)?,
            multiplier_percent: count_or("multiplierPercent", usual.multiplier_percent)?,
            delay_ms_max: whole_or("delayMsMax", usual.delay_ms_max)?,
            timeout_ms: whole_or("timeoutMs", usual.timeout_ms)?,
        },
        expire_after_ms: fields.optional("expireAfterMs", whole_from)?,
        version: count_or("version", 0)?,
        is_reported: fields.optional("reported", JsValue::as_bool)?.unwrap_or(false),
        coalesces: fields.optional("coalesces", JsValue::as_bool)?.unwrap_or(false),
        sensitive: fields.optional("sensitive", JsValue::as_bool)?.unwrap_or(false),
    })
}
