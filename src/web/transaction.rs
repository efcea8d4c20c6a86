//! One IndexedDB transaction whose requests are all issued before anything is awaited.
//!
//! A transaction that waits for the page between two requests keeps its stores locked while the page is frozen,
//! and holds up every other tab. So there is no way here to await a request: all are given at once, the transaction is
//! committed, and only its end is awaited. `transaction.js` has the other half.

use js_sys::Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbDatabase;

use super::fields::list_of;
use super::task::once;
use crate::engine::PersistFailure;

#[wasm_bindgen(module = "/src/web/transaction.js")]
extern "C" {
    fn transact(database: &IdbDatabase, tables: &Array, mode: &str, requests: &Array, ended: JsValue);
    #[wasm_bindgen(js_name = entryRequests)]
    fn entry_requests(table: &str, schema: u32, entries: &Array) -> Array;
    #[wasm_bindgen(js_name = entryDeletions)]
    fn entry_deletions(table: &str, entries: &Array, with_older: bool) -> Array;
    fn sixteenths() -> Array;
    #[wasm_bindgen(js_name = deletionUpTo)]
    fn deletion_up_to(table: &str, key: &JsValue) -> Array;
}

/// What the requests of a committed transaction brought, in their order; of a cursor, its key.
pub(super) type Committed = Result<Array, PersistFailure>;

/// Requests that are issued together.
#[derive(Default)]
pub(super) struct Requests(Array);

impl Requests {
    /// Adds a request: a method of a table, with the arguments that it takes.
    pub(super) fn ask(&mut self, table: &str, method: &str, first: &JsValue, second: &JsValue) {
        self.0.push(&Array::of4(&JsValue::from_str(table), &JsValue::from_str(method), first, second));
    }

    /// Adds those that read a table of random ids, in order and in parts; `arrived` is called with each as it comes, while
    /// the transaction goes on.
    pub(super) fn ask_all_in_parts(&mut self, table: &str, arrived: impl Fn(Array) + Clone + 'static) {
        for keys in sixteenths() {
            let arrived = arrived.clone();
            let arrived = once(move |records, _| arrived(records.unchecked_into()));
            self.0.push(&Array::of5(&table.into(), &"getAll".into(), &keys, &JsValue::UNDEFINED, &arrived));
        }
    }

    /// Adds those that put entries of topics.
    pub(super) fn put_entries(&mut self, table: &str, schema: u32, entries: &Array) {
        self.0 = self.0.concat(&entry_requests(table, schema, entries));
    }

    /// Adds those that delete entries of topics, or with them the older ones of the same keys.
    pub(super) fn delete_entries(&mut self, table: &str, entries: &Array, with_older: bool) {
        self.0 = self.0.concat(&entry_deletions(table, entries, with_older));
    }

    /// Adds the one that deletes everything up to a key.
    pub(super) fn delete_up_to(&mut self, table: &str, key: &JsValue) {
        self.0.push(&deletion_up_to(table, key));
    }

    pub(super) const fn list(&self) -> &Array {
        &self.0
    }

    /// Issues them in one transaction, and its commit, before this returns; `answer` is called later.
    pub(super) fn commit(
        &self,
        database: &IdbDatabase,
        tables: &[&str],
        mode: &str,
        answer: impl FnOnce(Committed) + 'static,
    ) {
        let names = list_of(tables, |name| JsValue::from_str(name));
        let ended = once(move |failure, results| {
            answer(failure.as_string().map_or_else(|| Ok(results.into()), |name| Err(failure_of(&name))));
        });
        transact(database, &names, mode, &self.0, ended);
    }
}

/// What the name of an error means to the engine.
fn failure_of(name: &str) -> PersistFailure {
    match name {
        "ConstraintError" => PersistFailure::Conflict,
        "QuotaExceededError" => PersistFailure::Quota,
        "InvalidStateError" => PersistFailure::Closed,
        _ => PersistFailure::Failed,
    }
}
