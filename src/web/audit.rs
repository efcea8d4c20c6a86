//! The codec between the audit trail and the plain objects that are stored, listed and exported, and the one thing that
//! is done with them without an engine: to see whether a chain is whole.

use js_sys::{Array, Function, Object};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::digest::{JsDigests, weighed};
use super::fields::{Fields, list_from, text_from, whole};
use super::plain::{Field, Plain, objects};
use crate::engine::{
    Anchor, AuditEntry, Decided, Finding, Kept, Link, Resolution, Told, Verdict, Weighed, verify,
};

/// Reads a chain that begins at this anchor, if there is one, and tells what is wrong with it. `known` is a link that was
/// noted elsewhere; `spell` gives the canonical encoding of a value in pieces, and throws if it has none.
///
/// # Errors
/// An `EngineRefusal` `invalid_argument`: what is given as the anchor, or as known, is none.
#[wasm_bindgen(js_name = verifyAudit, unchecked_return_type = "AuditVerdict")]
pub fn verify_audit(
    #[wasm_bindgen(unchecked_param_type = "AuditAnchor | undefined")] anchor: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "readonly unknown[]")] entries: &Array,
    #[wasm_bindgen(unchecked_param_type = "AuditLink | undefined")] known: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "(value: unknown) => Uint8Array[]")] spell: &Function,
) -> Result<Object, JsValue> {
    let anchor = optional(anchor, to_anchor).ok_or_else(|| invalid("anchor"))?;
    let known = optional(known, to_link).ok_or_else(|| invalid("link"))?;
    let entries: Vec<_> = entries.iter().map(|entry| to_entry(&entry)).collect();
    let verdict = verify(&mut JsDigests::by(spell), anchor.as_ref(), &entries, known);
    Ok(from_verdict(&verdict))
}

fn optional<T>(value: &JsValue, read: impl FnOnce(&JsValue) -> Option<T>) -> Option<Option<T>> {
    if value.is_undefined() { Some(None) } else { read(value).map(Some) }
}

fn invalid(what: &str) -> JsValue {
    let message = format!("not a valid {what}");
    Plain::new().with("code", "invalid_argument").with("message", message).into()
}

fn from_verdict(verdict: &Verdict) -> Object {
    Plain::new()
        .with("findings", objects(verdict.findings.iter().map(from_finding)))
        .with_some("head", verdict.head.map(from_link))
        .done()
}

fn from_finding(finding: &Finding) -> Plain {
    Plain::new()
        .with("fault", finding.fault.name())
        .with_some("at", finding.at.map(|at| whole(at as u64)))
        .with("number", whole(finding.number))
        .with("through", whole(finding.through))
}

/// Which entry is meant, as an object.
pub fn from_link(link: Link) -> Plain {
    Plain::new().with("number", whole(link.number)).with("hash", link.hash.to_string())
}

/// Which entry is meant.
pub fn to_link(value: &JsValue) -> Option<Link> {
    let fields = Fields::of(value)?;
    Some(Link { number: fields.whole("number")?, hash: fields.id("hash")? })
}

/// An anchor as an object.
pub fn from_anchor(anchor: &Anchor) -> Plain {
    from_link(anchor.link())
        .with("atMs", whole(anchor.at_ms))
        .with("entries", whole(anchor.entries))
        .with("unexported", whole(anchor.unexported))
        .with("checksum", anchor.checksum.to_string())
}

/// An anchor.
pub fn to_anchor(value: &JsValue) -> Option<Anchor> {
    let fields = Fields::of(value)?;
    Some(Anchor {
        number: fields.whole("number")?,
        hash: fields.id("hash")?,
        at_ms: fields.whole("atMs")?,
        entries: fields.whole("entries")?,
        unexported: fields.whole("unexported")?,
        checksum: fields.id("checksum")?,
    })
}

/// An entry as an object.
pub fn from_entry(entry: &AuditEntry<JsValue>) -> Plain {
    let decided = &entry.decided;
    Plain::new()
        .with("number", whole(entry.number))
        .with("atMs", whole(decided.at_ms))
        .with_some("who", decided.who.as_deref())
        .with("operation", decided.operation.to_string())
        .with("collection", decided.collection.as_str())
        .with("document", decided.document.as_str())
        .with("path", &decided.path)
        .with("rule", decided.rule.as_str())
        .with("kind", decided.kind.name())
        .with_some("base", decided.base.as_ref().map(from_kept))
        .with_some("local", decided.local.as_ref().map(from_kept))
        .with_some("server", decided.server.as_ref().map(from_kept))
        .with_some("result", decided.result.as_ref().map(from_kept))
        .with("previous", entry.previous.to_string())
        .with("hash", entry.hash.to_string())
}

/// An entry, if this build can read it.
pub fn to_entry(value: &JsValue) -> Option<AuditEntry<JsValue>> {
    let fields = Fields::of(value)?;
    let decided = Decided {
        at_ms: fields.whole("atMs")?,
        who: fields.optional("who", text_from)?,
        operation: fields.id("operation")?,
        collection: fields.text("collection")?,
        document: fields.text("document")?,
        path: fields.value("path")?,
        rule: fields.text("rule")?,
        kind: Resolution::from_name(&fields.text("kind")?)?,
        base: fields.optional("base", to_kept)?,
        local: fields.optional("local", to_kept)?,
        server: fields.optional("server", to_kept)?,
        result: fields.optional("result", to_kept)?,
    };
    let number = fields.whole("number")?;
    Some(AuditEntry { number, decided, previous: fields.id("previous")?, hash: fields.id("hash")? })
}

/// What was decided, as tabs tell each other and the package tells: without digests, which whoever hears of it makes anew.
pub(super) fn from_told(told: &Told<JsValue>) -> Plain {
    let side =
        |side: &Option<Weighed<JsValue>>| side.as_ref().map(|weighed| Field::Value(weighed.value.clone()));
    Plain::new()
        .with_some("who", told.who.as_deref())
        .with("path", &told.path.value)
        .with("rule", told.rule.as_str())
        .with("kind", told.kind.name())
        .with_some("base", side(&told.base))
        .with_some("local", side(&told.local))
        .with_some("server", side(&told.server))
        .with_some("result", side(&told.result))
}

/// What was decided, with the digests of what it is about.
pub(super) fn to_told(value: &JsValue) -> Option<Told<JsValue>> {
    let fields = Fields::of(value)?;
    let side = |side| fields.value(side).map(weighed);
    Some(Told {
        who: fields.optional("who", text_from)?,
        path: weighed(fields.value("path")?),
        rule: fields.text("rule")?,
        kind: Resolution::from_name(&fields.text("kind")?)?,
        base: side("base"),
        local: side("local"),
        server: side("server"),
        result: side("result"),
    })
}

/// What was decided, if anything was.
pub(super) fn from_decided(decided: &[Told<JsValue>]) -> Option<Array> {
    (!decided.is_empty()).then(|| objects(decided.iter().map(from_told)))
}

/// What was decided, if all of it can be read.
pub(super) fn to_decided(value: &JsValue) -> Option<Vec<Told<JsValue>>> {
    list_from(value, to_told)
}

fn from_kept(kept: &Kept<JsValue>) -> Plain {
    match kept {
        Kept::Value(value) => Plain::new().with("value", value),
        Kept::Hash(hash) => Plain::new().with("hash", hash.to_string()),
    }
}

/// It has one of the two: with both, the value could be another one than the hash says.
fn to_kept(value: &JsValue) -> Option<Kept<JsValue>> {
    let fields = Fields::of(value)?;
    match (fields.value("value"), fields.value("hash")) {
        (Some(value), None) => Some(Kept::Value(value)),
        (None, Some(_)) => Some(Kept::Hash(fields.id("hash")?)),
        _ => None,
    }
}
