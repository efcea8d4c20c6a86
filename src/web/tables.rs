//! The tables of the store: how a batch is written into them and how they are read.
//!
//! | object store | key | value |
//! |---|---|---|
//! | `meta` | `"store"` | the store's random identity |
//! | `lease` | an epoch that was won | `{}` |
//! | `operations` | operation id | operation record |
//! | `queries` | query token | record of the last result |
//! | `topics` | topic, key, stamp | record of an entry; the latest of a topic and key counts |
//! | `revisions` | given by the browser | `0`; those before the newest are cleared now and then |
//!
//! The version of the database is 1 for ever: a frozen tab would block an upgrade for good. A new layout is a
//! new database.

use core::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    IdbCursor, IdbCursorDirection, IdbDatabase, IdbKeyRange, IdbObjectStore, IdbObjectStoreParameters,
    IdbRequest, IdbTransactionMode,
};

use super::entries::{from_entries, put_entries, to_stored};
use super::entropy;
use super::fields::{id_from, whole, whole_from};
use super::record::{from_cached, from_operation, is_newer, to_cached, to_operation};
use super::task::Later;
use super::transaction::Transaction;
use crate::engine::{
    CachedQuery, Epoch, PersistFailure, QueryToken, Revision, StoreContents, Write, WriteBatch,
};

const META: &str = "meta";
const LEASE: &str = "lease";
const OPERATIONS: &str = "operations";
const QUERIES: &str = "queries";
const TOPICS: &str = "topics";
const REVISIONS: &str = "revisions";

/// Revisions between two clearances of those before them.
const CLEARANCE_REVISIONS: u64 = 32;

/// The key of the store's identity in `meta`.
const STORE_KEY: &str = "store";

/// Makes the tables, in the transaction of the database's creation.
pub(super) fn create(database: &IdbDatabase) -> Result<(), JsValue> {
    let counted = IdbObjectStoreParameters::new();
    counted.set_auto_increment(true);
    let meta = database.create_object_store(META)?;
    for name in [LEASE, OPERATIONS, QUERIES, TOPICS] {
        database.create_object_store(name)?;
    }
    database.create_object_store_with_optional_parameters(REVISIONS, &counted)?;
    let identity = entropy::store_id()?.to_string();
    meta.add_with_key(&JsValue::from(identity), &JsValue::from_str(STORE_KEY))?;
    Ok(())
}

/// The last revision that this tab was given.
pub(super) type LastRevision = Rc<Cell<Revision>>;

/// Writes a batch as one transaction, issued before this returns.
pub(super) fn write(
    database: &IdbDatabase,
    last: &LastRevision,
    batch: &WriteBatch<JsValue>,
) -> Later<Result<Option<Revision>, PersistFailure>> {
    let tables = tables_of(batch);
    let mode = IdbTransactionMode::Readwrite;
    let committed =
        Transaction::run(database, &tables, mode, &|transaction| issue(transaction, last.get(), batch));
    let last = last.clone();
    Box::pin(async move {
        let Some(request) = committed.await?.pop() else {
            return Ok(None);
        };
        let key = whole_from(&result(&request)?);
        let revision = Revision(key.expect("a committed addition has a whole number as its key"));
        last.set(revision);
        Ok(Some(revision))
    })
}

/// Issues the requests of a batch; returns the one that brings the revision, if there is to be one.
fn issue(
    transaction: &Transaction,
    last: Revision,
    batch: &WriteBatch<JsValue>,
) -> Result<Vec<IdbRequest>, JsValue> {
    if let Some(epoch) = batch.fence {
        // Nothing is read: if the next epoch was ever won, adding it fails and undoes the whole batch.
        let lease = transaction.store(LEASE)?;
        let next = whole(epoch.next().0);
        lease.add_with_key(&Object::new(), &next)?;
        lease.delete(&next)?;
    }
    let mut entries = Vec::new();
    for one in &batch.writes {
        match one {
            Write::PutEntry(entry) => entries.push(entry),
            _ => drop(issue_one(transaction, one)?),
        }
    }
    if !entries.is_empty() {
        put_entries(&transaction.store(TOPICS)?, &from_entries(&mut entries.iter().copied(), None))?;
    }
    if !batch.writes.iter().any(is_news) {
        return Ok(Vec::new());
    }
    let revisions = transaction.store(REVISIONS)?;
    if last.0 % CLEARANCE_REVISIONS == 1 {
        revisions.delete(&IdbKeyRange::upper_bound(&whole(last.0))?.into())?;
    }
    // The browser's own counter: no two committed batches get the same number, an undone one leaves no gap.
    Ok(vec![revisions.add(&JsValue::from(0))?])
}

fn issue_one(transaction: &Transaction, one: &Write<JsValue>) -> Result<IdbRequest, JsValue> {
    match one {
        Write::ClaimEpoch(epoch) => transaction.store(LEASE)?.add_with_key(&Object::new(), &whole(epoch.0)),
        Write::AddOperation(operation) => {
            let (record, key) = (from_operation(operation), JsValue::from(operation.id.to_string()));
            debug_assert_eq!(to_operation(&record).as_ref(), Some(operation), "what is stored can be read");
            transaction.store(OPERATIONS)?.add_with_key(&record, &key)
        }
        Write::PutOperation(operation) => {
            let (record, key) = (from_operation(operation), JsValue::from(operation.id.to_string()));
            debug_assert_eq!(to_operation(&record).as_ref(), Some(operation), "what is stored can be read");
            transaction.store(OPERATIONS)?.put_with_key(&record, &key)
        }
        Write::RemoveOperation(id) => transaction.store(OPERATIONS)?.delete(&JsValue::from(id.to_string())),
        Write::PutQuery { query, cached } => {
            let record = from_cached(cached);
            debug_assert_eq!(to_cached(&record).as_ref(), Some(cached), "what is stored can be read");
            transaction.store(QUERIES)?.put_with_key(&record, &JsValue::from_str(query.as_str()))
        }
        Write::PutEntry(_) => unreachable!("`issue` puts entries all at once"),
    }
}

/// Whether the write is news for other tabs, and so gets a revision.
pub(super) fn is_news(one: &Write<JsValue>) -> bool {
    !matches!(one, Write::ClaimEpoch(_) | Write::PutQuery { .. })
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
    if batch.writes.iter().any(|one| is_news(one) && !matches!(one, Write::PutEntry(_))) {
        tables.push(OPERATIONS);
    }
    if batch.writes.iter().any(|one| matches!(one, Write::PutEntry(_))) {
        tables.push(TOPICS);
    }
    if batch.writes.iter().any(|one| matches!(one, Write::PutQuery { .. })) {
        tables.push(QUERIES);
    }
    tables
}

/// Reads everything but the results of queries, as of one moment. Issued before this returns.
pub(super) fn read_store(database: &IdbDatabase) -> Later<Result<StoreContents<JsValue>, PersistFailure>> {
    let tables = [META, LEASE, OPERATIONS, TOPICS, REVISIONS];
    let committed = Transaction::run(database, &tables, IdbTransactionMode::Readonly, &|transaction| {
        let identity = transaction.store(META)?.get(&JsValue::from_str(STORE_KEY))?;
        let epoch = ask_last_key(&transaction.store(LEASE)?)?;
        let operations = transaction.store(OPERATIONS)?.get_all()?;
        let entries = transaction.store(TOPICS)?.get_all()?;
        let revision = ask_last_key(&transaction.store(REVISIONS)?)?;
        Ok(vec![identity, epoch, operations, entries, revision])
    });
    Box::pin(async move { contents(&committed.await?) })
}

fn ask_last_key(table: &IdbObjectStore) -> Result<IdbRequest, JsValue> {
    table.open_key_cursor_with_range_and_direction(&JsValue::UNDEFINED, IdbCursorDirection::Prev)
}

fn last_key(request: &IdbRequest) -> Result<u64, PersistFailure> {
    let key = result(request)?.dyn_ref::<IdbCursor>().and_then(|cursor| cursor.key().ok());
    Ok(key.as_ref().and_then(whole_from).unwrap_or(0))
}

fn contents(requests: &[IdbRequest]) -> Result<StoreContents<JsValue>, PersistFailure> {
    let [identity, epoch, operations, entries, revision] = requests else {
        unreachable!("`read_store` issues five requests")
    };
    let stored = to_stored(&result(entries)?);
    let mut contents = StoreContents {
        store: id_from(&result(identity)?).ok_or(PersistFailure::Failed)?,
        revision: Revision(last_key(revision)?),
        epoch: Epoch(last_key(epoch)?),
        operations: Vec::new(),
        entries: stored.entries,
        unreadable: stored.unreadable,
        newer: stored.newer,
    };
    for record in result(operations)?.unchecked_into::<Array>() {
        match to_operation(&record) {
            Some(operation) => contents.operations.push(operation),
            None => {
                contents.unreadable += 1;
                contents.newer += u32::from(is_newer(&record));
            }
        }
    }
    Ok(contents)
}

/// Reads the last result of one query; none too if its record cannot be read. Issued before this returns.
pub(super) fn read_query(
    database: &IdbDatabase,
    query: &QueryToken,
) -> Later<Result<Option<CachedQuery<JsValue>>, PersistFailure>> {
    let key = JsValue::from_str(query.as_str());
    let committed = Transaction::run(database, &[QUERIES], IdbTransactionMode::Readonly, &|transaction| {
        Ok(vec![transaction.store(QUERIES)?.get(&key)?])
    });
    Box::pin(async move {
        let requests = committed.await?;
        Ok(to_cached(&result(&requests[0])?))
    })
}

/// What a request brought; its transaction was committed.
fn result(request: &IdbRequest) -> Result<JsValue, PersistFailure> {
    request.result().map_err(|_| PersistFailure::Failed)
}
