//! One IndexedDB transaction whose requests are all issued before anything is awaited.
//!
//! A transaction that waits for the page between two requests keeps its stores locked while the page is frozen,
//! and holds up every other tab. So there is no way here to await a request: they are issued, the transaction
//! is committed, and only its end is awaited.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, Event, IdbDatabase, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode,
};

use super::fields::list_of;
use super::task::{Later, at_once};
use crate::engine::PersistFailure;

/// What the requests of a committed transaction brought, in the order in which they were returned.
pub(super) type Committed = Result<Vec<IdbRequest>, PersistFailure>;

/// A transaction that takes requests.
pub(super) struct Transaction {
    inner: IdbTransaction,
    ended: Promise,
}

impl Transaction {
    /// Runs a whole transaction. Its requests are issued, and its commit is asked for, before this returns.
    pub(super) fn run(
        database: &IdbDatabase,
        stores: &[&str],
        mode: IdbTransactionMode,
        issue: &dyn Fn(&Self) -> Result<Vec<IdbRequest>, JsValue>,
    ) -> Later<Committed> {
        let transaction = match Self::begin(database, stores, mode) {
            Ok(transaction) => transaction,
            Err(error) => return at_once(Err(failure(&error))),
        };
        match issue(&transaction) {
            Ok(requests) => Box::pin(transaction.commit(requests)),
            Err(error) => {
                // One request could not even be issued. It throws if the transaction has ended by itself, which
                // is as good.
                let _ = transaction.inner.abort();
                at_once(Err(failure(&error)))
            }
        }
    }

    fn begin(database: &IdbDatabase, stores: &[&str], mode: IdbTransactionMode) -> Result<Self, JsValue> {
        let names = list_of(stores, |name| JsValue::from_str(name));
        let inner = database.transaction_with_str_sequence_and_mode(&names, mode)?;
        // The promise's own resolver is the handler: nothing of ours is left behind if it never ends.
        let ended = Promise::new(&mut |end, _| {
            inner.set_oncomplete(Some(&end));
            inner.set_onabort(Some(&end));
        });
        Ok(Self { inner, ended })
    }

    /// One of the stores it was begun for.
    pub(super) fn store(&self, name: &str) -> Result<IdbObjectStore, JsValue> {
        self.inner.object_store(name)
    }

    /// Commits now; the answer says how it ended.
    #[expect(deprecated, reason = "the interface files of web-sys say so, the standard does not")]
    fn commit(self, requests: Vec<IdbRequest>) -> impl Future<Output = Committed> {
        // A browser without explicit commits, or a transaction that failed already, throws: it ends anyway.
        let _ = self.inner.commit();
        async move {
            match JsFuture::from(self.ended).await {
                Ok(event) if event.unchecked_ref::<Event>().type_() == "complete" => Ok(requests),
                _ => Err(self.inner.error().map_or(PersistFailure::Failed, |error| failure(&error))),
            }
        }
    }
}

/// What a thrown or reported error means to the engine.
fn failure(error: &JsValue) -> PersistFailure {
    match error.dyn_ref::<DomException>().map(DomException::name).as_deref() {
        Some("ConstraintError") => PersistFailure::Conflict,
        Some("QuotaExceededError") => PersistFailure::Quota,
        Some("InvalidStateError") => PersistFailure::Closed,
        _ => PersistFailure::Failed,
    }
}
