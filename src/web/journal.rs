//! What TypeScript read from journals: operations that were accepted and may not be in the store yet.

use wasm_bindgen::JsValue;

use super::fields::{Fields, id_from, list_from};
use super::record::{to_body, to_bytes};
use super::terms::to_terms;
use crate::engine::{OperationRequest, Set, TabId};

/// The version of the journal's records.
const SCHEMA: u32 = 1;

/// One journal.
pub(super) struct Journal {
    pub(super) owner: TabId,
    pub(super) requests: Vec<OperationRequest<JsValue>>,
}

/// Which tabs live, and the journals of those that do not.
pub(super) struct Orphans {
    pub(super) living: Set<TabId>,
    /// Tabs whose page exists, if only asleep.
    pub(super) pages: Set<TabId>,
    pub(super) journals: Vec<Journal>,
    /// How many journals were left where they are, because a record in them cannot be read.
    pub(super) unreadable: usize,
}

/// The operation of a journal's record, if this build can read it.
pub(super) fn to_request(record: &JsValue) -> Option<OperationRequest<JsValue>> {
    let fields = Fields::of(record)?;
    if fields.count("schema")? != SCHEMA {
        return None;
    }
    Some(OperationRequest {
        id: fields.id("id")?,
        name: fields.text("name")?,
        body: to_body(&fields.value("body")?)?,
        scope: fields.text("scope")?,
        repeatable: fields.flag("repeatable")?,
        confirmed_by_key: fields.flag("confirmedByKey")?,
        bytes: to_bytes(&fields)?,
        terms: to_terms(&fields)?,
    })
}

/// What `findOrphans` found. A journal with a record that cannot be read is passed over as a whole: adopting
/// the rest would end in the journal being deleted.
pub(super) fn to_orphans(found: &JsValue) -> Option<Orphans> {
    let fields = Fields::of(found)?;
    let living = fields.list("living", id_from)?.into_iter().collect();
    let pages = fields.list("pages", id_from)?.into_iter().collect();
    // Who only looked around brings none.
    let found = fields.optional("journals", |list| list_from(list, |journal| Some(to_journal(journal))))?;
    let found = found.unwrap_or_default();
    let count = found.len();
    let journals: Vec<_> = found.into_iter().flatten().collect();
    Some(Orphans { living, pages, unreadable: count - journals.len(), journals })
}

fn to_journal(journal: &JsValue) -> Option<Journal> {
    let fields = Fields::of(journal)?;
    Some(Journal { owner: fields.id("owner")?, requests: fields.list("records", to_request)? })
}

/// All operations of a journal's records, if every one of them can be read.
pub(super) fn to_requests(records: &JsValue) -> Option<Vec<OperationRequest<JsValue>>> {
    list_from(records, to_request)
}
