//! The tables of the store: how a batch is written into them and how they are read.
//!
//! | object store | key | value |
//! |---|---|---|
//! | `meta` | `"store"` | the store's random identity |
//! | `lease` | an epoch that was won | `{}` |
//! | `operations` | operation id | operation record |
//! | `queries` | query token | record of the last result |
//! | `topics` | topic, key, stamp | record of an entry; the latest of a topic and key counts |
//! | `audit` | an entry's number | the entry; `meta` has the last one's number and hash under `"trail"` |
//! | `revisions` | given by the browser | `0`; those before the newest are cleared now and then |
//!
//! The version of the database is 1 for ever: a frozen tab would block an upgrade for good. A new layout is a
//! new database.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbDatabase;

use super::audit::{from_entry, from_link, to_link};
use super::entries::{from_entries, to_stored};
use super::entropy;
use super::fields::{id_from, list_of, whole, whole_from};
use super::plain::Plain;
use super::record::{SCHEMA, from_cached, from_operation, has_ended, is_newer, to_cached, to_operation};
use super::transaction::Requests;
use crate::engine::{
    CachedQuery, Epoch, Operation, OperationId, PersistFailure, QueryToken, Revision, Stamp, StoreContents,
    TopicEntry, Trail, Write, WriteBatch,
};

const META: &str = "meta";
const LEASE: &str = "lease";
const OPERATIONS: &str = "operations";
const QUERIES: &str = "queries";
const TOPICS: &str = "topics";
const AUDIT: &str = "audit";
const REVISIONS: &str = "revisions";

/// Revisions between two clearances of those before them.
const CLEARANCE_REVISIONS: u64 = 32;

/// The key of the store's identity in `meta`.
const STORE_KEY: &str = "store";

/// The key of the end of the audit trail in `meta`.
const TRAIL_KEY: &str = "trail";

/// How a new database is made: its tables, each as the arguments of `createObjectStore`, and what is written into them.
pub(super) fn plan() -> (Array, Requests) {
    let tables = list_of(&[META, LEASE, OPERATIONS, QUERIES, TOPICS, AUDIT], |name| {
        Array::of1(&JsValue::from_str(name)).into()
    });
    let counted = Plain::new().with("autoIncrement", true);
    tables.push(&Array::of2(&JsValue::from_str(REVISIONS), &counted.into()));
    let identity = entropy::store_id().expect("every browser that runs this has randomness").to_string();
    let mut requests = Requests::default();
    requests.ask(META, "add", &JsValue::from(identity), &JsValue::from_str(STORE_KEY));
    (tables, requests)
}

/// The last revision that this tab was given.
pub(super) type LastRevision = Rc<Cell<Revision>>;

/// Writes a batch as one transaction, issued before this returns.
pub(super) fn write(
    database: &IdbDatabase,
    last: &LastRevision,
    batch: &WriteBatch<JsValue>,
    answer: impl FnOnce(Result<Option<Revision>, PersistFailure>) + 'static,
) {
    let requests = requests_of(batch, last.get());
    let is_numbered = batch.writes.iter().any(is_news);
    let last = last.clone();
    requests.commit(database, &tables_of(batch), "readwrite", move |committed| {
        answer(committed.map(|results| {
            is_numbered.then(|| {
                let key = whole_from(&results.at(-1));
                let revision = Revision(key.expect("a committed addition has a whole number as its key"));
                last.set(revision);
                revision
            })
        }));
    });
}

/// The requests of a batch; if it is news, the last one brings its revision.
fn requests_of(batch: &WriteBatch<JsValue>, last: Revision) -> Requests {
    let mut requests = Requests::default();
    if let Some(epoch) = batch.fence {
        // Nothing is read: if the next epoch was ever won, adding it fails and undoes the whole batch.
        let next = JsValue::from(whole(epoch.next().0));
        requests.ask(LEASE, "add", &Object::new(), &next);
        requests.ask(LEASE, "delete", &next, &JsValue::UNDEFINED);
    }
    let mut entries = Vec::new();
    let (mut dropped, mut forgotten) = (Vec::new(), Vec::new());
    for one in &batch.writes {
        match one {
            Write::ClaimEpoch(epoch) => requests.ask(LEASE, "add", &Object::new(), &whole(epoch.0).into()),
            Write::AddOperation(operation) => ask_operation(&mut requests, "add", operation),
            Write::PutOperation(operation) => ask_operation(&mut requests, "put", operation),
            Write::RemoveOperation(id) => {
                let key = JsValue::from(id.to_string());
                requests.ask(OPERATIONS, "delete", &key, &JsValue::UNDEFINED);
            }
            Write::PutQuery { query, cached } => {
                let record = from_cached(cached);
                debug_assert_eq!(to_cached(&record).as_ref(), Some(cached), "what is stored can be read");
                requests.ask(QUERIES, "put", &record, &JsValue::from_str(query.as_str()));
            }
            Write::AppendAudit(entry) => {
                let number = JsValue::from(whole(entry.number));
                requests.ask(AUDIT, "add", &from_entry(entry).into(), &number);
                requests.ask(META, "put", &from_link(entry.link()).into(), &JsValue::from_str(TRAIL_KEY));
            }
            Write::PutEntry(entry) => entries.push(entry),
            Write::DropEntry { topic, key, stamp } => dropped.push(without_value(topic, key, *stamp)),
            Write::ForgetEntry { topic, key, stamp } => {
                forgotten.push(without_value(topic, key, *stamp));
            }
        }
    }
    if !entries.is_empty() {
        let entries = from_entries(&mut entries.iter().copied(), None);
        requests.put_entries(TOPICS, SCHEMA, &entries);
    }
    for (entries, with_older) in [(dropped, false), (forgotten, true)] {
        if !entries.is_empty() {
            requests.delete_entries(TOPICS, &from_entries(&mut entries.iter(), None), with_older);
        }
    }
    if batch.writes.iter().any(is_news) {
        if last.0 % CLEARANCE_REVISIONS == 1 {
            requests.delete_up_to(REVISIONS, &whole(last.0).into());
        }
        // The browser's own counter: no two committed batches get the same number, an undone one leaves no gap.
        requests.ask(REVISIONS, "add", &JsValue::from(0), &JsValue::UNDEFINED);
    }
    requests
}

fn without_value(topic: &str, key: &str, stamp: Stamp) -> TopicEntry<JsValue> {
    TopicEntry { topic: topic.to_owned(), key: key.to_owned(), stamp, value: None }
}

fn ask_operation(requests: &mut Requests, method: &str, operation: &Operation<JsValue>) {
    let record = from_operation(operation);
    debug_assert_eq!(to_operation(&record).as_ref(), Some(operation), "what is stored can be read");
    requests.ask(OPERATIONS, method, &record, &JsValue::from(operation.id.to_string()));
}

/// Whether the write is news for other tabs, and so gets a revision.
pub(super) fn is_news(one: &Write<JsValue>) -> bool {
    !matches!(one, Write::ClaimEpoch(_) | Write::PutQuery { .. })
}

const fn is_of_topic(one: &Write<JsValue>) -> bool {
    matches!(one, Write::PutEntry(_) | Write::DropEntry { .. } | Write::ForgetEntry { .. })
}

/// The tables that a batch locks: no more than it needs, so that results of queries do not hold up operations.
fn tables_of(batch: &WriteBatch<JsValue>) -> Vec<&'static str> {
    let claims = batch.writes.iter().any(|one| matches!(one, Write::ClaimEpoch(_)));
    let mut tables = Vec::new();
    if claims || batch.fence.is_some() {
        tables.push(LEASE);
    }
    if batch.writes.iter().any(is_news) {
        tables.push(REVISIONS);
    }
    if batch.writes.iter().any(|one| is_news(one) && !is_of_topic(one)) {
        tables.push(OPERATIONS);
    }
    if batch.writes.iter().any(is_of_topic) {
        tables.push(TOPICS);
    }
    if batch.writes.iter().any(|one| matches!(one, Write::PutQuery { .. })) {
        tables.push(QUERIES);
    }
    if batch.writes.iter().any(|one| matches!(one, Write::AppendAudit(_))) {
        tables.extend([META, AUDIT]);
    }
    tables
}

/// Reads everything but the results of queries, as of one moment. Issued before this returns.
pub(super) fn read_store(
    database: &IdbDatabase,
    answer: impl FnOnce(Result<StoreContents<JsValue>, PersistFailure>) + 'static,
) {
    let mut requests = Requests::default();
    let (backwards, nothing) = (JsValue::from_str("prev"), JsValue::UNDEFINED);
    requests.ask(META, "get", &JsValue::from_str(STORE_KEY), &nothing);
    requests.ask(LEASE, "openKeyCursor", &nothing, &backwards);
    requests.ask(TOPICS, "getAll", &nothing, &nothing);
    requests.ask(REVISIONS, "openKeyCursor", &nothing, &backwards);
    requests.ask(OPERATIONS, "getAllKeys", &nothing, &nothing);
    requests.ask(META, "get", &JsValue::from_str(TRAIL_KEY), &nothing);
    let found = Rc::new(RefCell::new(Found::default()));
    let takes = found.clone();
    requests.ask_all_in_parts(OPERATIONS, move |records| takes.borrow_mut().take(records));
    let tables = [META, LEASE, OPERATIONS, TOPICS, REVISIONS];
    requests.commit(database, &tables, "readonly", move |committed| {
        let contents = |results: Array| contents(&results, found.take()).ok_or(PersistFailure::Failed);
        answer(committed.and_then(contents));
    });
}

/// The operations of a table, as far as they have arrived.
#[derive(Default)]
struct Found {
    operations: Vec<Operation<JsValue>>,
    /// Records that cannot be read: their places among all of them, and themselves.
    unreadable: Vec<(u32, JsValue)>,
}

impl Found {
    fn take(&mut self, records: Array) {
        for record in records {
            match to_operation(&record) {
                Some(operation) => self.operations.push(operation),
                None => {
                    let place = self.operations.len() + self.unreadable.len();
                    self.unreadable.push((place as u32, record));
                }
            }
        }
    }
}

/// What the requests of [`read_store`] brought; none: the store has lost its identity.
fn contents(results: &Array, found: Found) -> Option<StoreContents<JsValue>> {
    let last_key = |index| whole_from(&results.get(index)).unwrap_or(0);
    let stored = to_stored(&results.get(2));
    let mut contents = StoreContents {
        store: id_from(&results.get(0))?,
        epoch: Epoch(last_key(1)),
        revision: Revision(last_key(3)),
        operations: found.operations,
        entries: stored.entries,
        unreadable: stored.unreadable,
        unreadable_operations: Vec::new(),
        has_all_entries: stored.unreadable == 0,
        newer: stored.newer,
        trail: Trail::restored(None, to_link(&results.get(5)), None),
    };
    let keys = results.get(4).unchecked_into::<Array>();
    for (place, record) in found.unreadable {
        contents.unreadable += 1;
        contents.newer += u32::from(is_newer(&record));
        // What has ended need not be read to be let go of.
        if !has_ended(&record) {
            contents.unreadable_operations.extend(id_from::<OperationId>(&keys.get(place)));
        }
    }
    Some(contents)
}

/// Reads the audit trail, as the objects that are stored. Issued before this returns.
pub(super) fn read_audit(
    database: &IdbDatabase,
    answer: impl FnOnce(Result<Array, PersistFailure>) + 'static,
) {
    let mut requests = Requests::default();
    requests.ask(AUDIT, "getAll", &JsValue::UNDEFINED, &JsValue::UNDEFINED);
    requests.commit(database, &[AUDIT], "readonly", |committed| {
        answer(committed.map(|results| results.get(0).unchecked_into()));
    });
}

/// Reads the last result of one query; none too if its record cannot be read. Issued before this returns.
pub(super) fn read_query(
    database: &IdbDatabase,
    query: &QueryToken,
    answer: impl FnOnce(Result<Option<CachedQuery<JsValue>>, PersistFailure>) + 'static,
) {
    let mut requests = Requests::default();
    requests.ask(QUERIES, "get", &JsValue::from_str(query.as_str()), &JsValue::UNDEFINED);
    requests.commit(database, &[QUERIES], "readonly", |committed| {
        answer(committed.map(|results| to_cached(&results.get(0))));
    });
}
