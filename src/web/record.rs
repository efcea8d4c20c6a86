//! The one codec between operations and the plain objects that are stored, sent to other tabs and listed for
//! the app.
//!
//! The user's values (arguments, documents, results, errors) pass through by reference: structured clone
//! carries them, so that a `Date`, a `BigInt`, an `ArrayBuffer` or a `Map` comes out as it went in. Reading is
//! total: a record of a newer version, or a damaged one, is `None` and is left where it is.

use js_sys::Object;
use wasm_bindgen::JsValue;

use super::fields::{Fields, id_from, texts, whole, whole_from};
use super::outcome::{from_current, to_current};
use super::plain::Plain;
use super::terms::{from_terms, to_terms};
use crate::engine::{
    Body, CachedQuery, Epoch, Failure, FailureCode, Operation, OperationState, ParkReason, Report, Stamp,
    WaitReason,
};

/// The version of the records this build writes, and the only one it reads.
pub(super) const SCHEMA: u32 = 1;

/// An operation as a record.
pub fn from_operation(operation: &Operation<JsValue>) -> Object {
    record_of(operation).done()
}

/// An operation as a record in the making.
pub(super) fn record_of(operation: &Operation<JsValue>) -> Plain {
    let record = Plain::new()
        .with("schema", SCHEMA)
        .with("id", operation.id.to_string())
        .with("name", operation.name.as_str())
        .with("body", from_body(&operation.body))
        .with("scope", operation.scope.as_str())
        .with("stamp", from_stamp(operation.stamp))
        .with("origin", operation.origin.to_string())
        .with("repeatable", operation.repeatable)
        .with("confirmedByKey", operation.confirmed_by_key)
        .with_some("bytes", Some(operation.bytes).filter(|bytes| *bytes > 0))
        .with_some("terms", from_terms(&operation.terms))
        .with_some("merges", Some(operation.merges).filter(|merges| *merges > 0))
        .with_some("rebases", Some(operation.rebases).filter(|rebases| *rebases > 0))
        .with("attempts", operation.attempts)
        .with_some("answered", Some(operation.answered).filter(|answered| *answered > 0))
        .with_some("firstAttemptMs", operation.first_attempt_ms.map(whole))
        .with_some("inDoubt", Some(true).filter(|_| operation.is_in_doubt))
        .with_some("report", operation.report.map(from_report));
    with_state(record, &operation.state)
}

/// The operation of a record, if this build can read it.
pub fn to_operation(record: &JsValue) -> Option<Operation<JsValue>> {
    let fields = Fields::of(record)?;
    if fields.count("schema")? != SCHEMA {
        return None;
    }
    let state = to_state(&fields)?;
    let report = fields.optional("report", to_report)?;
    let first_attempt_ms = fields.optional("firstAttemptMs", whole_from)?;
    let has_ended = state.ended_ms().is_some();
    // Nobody is told of an end before it is one, and a claim says when the first attempt began: it is made with that time.
    if report.is_some() && !has_ended || state.epoch().is_some() && first_attempt_ms.is_none() {
        return None;
    }
    Some(Operation {
        id: fields.id("id")?,
        name: fields.text("name")?,
        body: to_body(&fields.value("body")?)?,
        scope: fields.text("scope")?,
        stamp: to_stamp(&fields.value("stamp")?)?,
        origin: fields.id("origin")?,
        repeatable: fields.flag("repeatable")?,
        confirmed_by_key: fields.flag("confirmedByKey")?,
        bytes: to_bytes(&fields)?,
        terms: to_terms(&fields)?,
        merges: to_count(&fields, "merges")?,
        rebases: to_count(&fields, "rebases")?,
        attempts: fields.count("attempts")?,
        answered: to_count(&fields, "answered")?,
        first_attempt_ms,
        is_in_doubt: fields.optional("inDoubt", JsValue::as_bool)?.unwrap_or(false),
        report,
        state,
    })
}

/// The tab that was chosen to be told; none of them: an empty text.
fn from_report(report: Report) -> String {
    match report {
        Report::Owed => String::new(),
        Report::With(tab) => tab.to_string(),
    }
}

fn to_report(value: &JsValue) -> Option<Report> {
    let text = value.as_string()?;
    if text.is_empty() { Some(Report::Owed) } else { Some(Report::With(text.parse().ok()?)) }
}

/// How much the arguments take, which records of earlier builds do not say.
pub(super) fn to_bytes(record: &Fields<'_>) -> Option<u32> {
    to_count(record, "bytes")
}

/// A count that is left out where it is 0.
fn to_count(record: &Fields<'_>, key: &'static str) -> Option<u32> {
    u32::try_from(record.optional(key, whole_from)?.unwrap_or(0)).ok()
}

/// What an operation does, as an object.
pub fn from_body(body: &Body<JsValue>) -> Plain {
    match body {
        Body::Intent { arguments } => Plain::new().with("kind", "intent").with("arguments", arguments),
        Body::Edit { collection, document, base, next } => Plain::new()
            .with("kind", "edit")
            .with("collection", collection.as_str())
            .with("document", document.as_str())
            .with("base", base)
            .with("next", next),
    }
}

/// What an operation does.
pub fn to_body(value: &JsValue) -> Option<Body<JsValue>> {
    let fields = Fields::of(value)?;
    match fields.text("kind")?.as_str() {
        "intent" => Some(Body::Intent { arguments: fields.value("arguments")? }),
        "edit" => Some(Body::Edit {
            collection: fields.text("collection")?,
            document: fields.text("document")?,
            base: fields.value("base")?,
            next: fields.value("next")?,
        }),
        _ => None,
    }
}

/// Whether a record is of a newer build than this.
pub fn is_newer(record: &JsValue) -> bool {
    Fields::of(record).and_then(|fields| fields.count("schema")).is_some_and(|schema| schema > SCHEMA)
}

/// Whether the operation of this record has ended, which every version says in the same field and by the same names.
pub fn has_ended(record: &JsValue) -> bool {
    let state = Fields::of(record).and_then(|fields| fields.text("state"));
    state.is_some_and(|state| matches!(state.as_str(), "done" | "cancelled"))
}

/// A stamp as an object.
pub fn from_stamp(stamp: Stamp) -> Plain {
    Plain::new()
        .with("wallMs", whole(stamp.wall_ms))
        .with("counter", stamp.counter)
        .with("tab", stamp.tab.to_string())
}

/// A stamp.
pub fn to_stamp(value: &JsValue) -> Option<Stamp> {
    let fields = Fields::of(value)?;
    Some(Stamp {
        wall_ms: fields.whole("wallMs")?,
        counter: fields.count("counter")?,
        tab: fields.id("tab")?,
    })
}

/// The last result of a query as a record.
pub fn from_cached(cached: &CachedQuery<JsValue>) -> Object {
    Plain::new()
        .with("schema", SCHEMA)
        .with("value", &cached.value)
        .with("atMs", whole(cached.at_ms))
        .with("contains", texts(&cached.contains))
        .done()
}

/// The last result of a query, if this build can read the record.
pub fn to_cached(record: &JsValue) -> Option<CachedQuery<JsValue>> {
    let fields = Fields::of(record)?;
    if fields.count("schema")? != SCHEMA {
        return None;
    }
    Some(CachedQuery {
        value: fields.value("value")?,
        at_ms: fields.whole("atMs")?,
        contains: fields.list("contains", id_from)?,
    })
}

fn with_state(record: Plain, state: &OperationState<JsValue>) -> Plain {
    let record = record.with("state", state.name());
    match state {
        OperationState::Queued => record,
        OperationState::Claimed { epoch, runner, probes } => record
            .with("epoch", whole(epoch.0))
            .with("runner", runner.to_string())
            .with_some("probes", Some(true).filter(|_| *probes)),
        OperationState::Waiting { until_ms, why, failure } => record
            .with_some("untilMs", until_ms.map(whole))
            .with("why", why.name())
            .with_some("failure", failure.as_ref().map(from_failure)),
        OperationState::Parked { why, failure, current } => record
            .with("why", why.name())
            .with_some("failure", failure.as_ref().map(from_failure))
            .with_some("current", current.as_ref().map(from_current)),
        OperationState::Done { result, at_ms } => record.with("result", result).with("atMs", whole(*at_ms)),
        OperationState::Dead { failure, at_ms } => {
            record.with("failure", from_failure(failure)).with("atMs", whole(*at_ms))
        }
        OperationState::Cancelled { at_ms, into } => {
            record.with("atMs", whole(*at_ms)).with_some("into", into.map(|into| into.to_string()))
        }
    }
}

fn to_state(fields: &Fields<'_>) -> Option<OperationState<JsValue>> {
    match fields.text("state")?.as_str() {
        "queued" => Some(OperationState::Queued),
        "claimed" => Some(OperationState::Claimed {
            epoch: Epoch(fields.whole("epoch")?),
            runner: fields.id("runner")?,
            probes: fields.optional("probes", JsValue::as_bool)?.unwrap_or(false),
        }),
        "waiting" => Some(OperationState::Waiting {
            until_ms: fields.optional("untilMs", whole_from)?,
            why: WaitReason::from_name(&fields.text("why")?)?,
            failure: fields.optional("failure", to_failure)?,
        }),
        "parked" => Some(OperationState::Parked {
            why: ParkReason::from_name(&fields.text("why")?)?,
            failure: fields.optional("failure", to_failure)?,
            current: fields.optional("current", to_current)?,
        }),
        "done" => {
            Some(OperationState::Done { result: fields.value("result")?, at_ms: fields.whole("atMs")? })
        }
        "dead" => Some(OperationState::Dead {
            failure: to_failure(&fields.value("failure")?)?,
            at_ms: fields.whole("atMs")?,
        }),
        "cancelled" => Some(OperationState::Cancelled {
            at_ms: fields.whole("atMs")?,
            into: fields.optional("into", id_from)?,
        }),
        _ => None,
    }
}

fn from_failure(failure: &Failure<JsValue>) -> Plain {
    Plain::new().with("code", failure.code.name()).with_some("error", failure.error.as_ref())
}

fn to_failure(value: &JsValue) -> Option<Failure<JsValue>> {
    let fields = Fields::of(value)?;
    Some(Failure { code: FailureCode::from_name(&fields.text("code")?)?, error: fields.value("error") })
}
