//! The store of a tab that has no IndexedDB: it behaves the same and ends with the page. It holds what one tab
//! did, so everything is looked for from the front.

use js_sys::Array;
use wasm_bindgen::JsValue;

use super::audit::from_entry;
use super::plain::objects;
use super::tables::is_news;
use crate::engine::{
    AuditEntry, CachedQuery, Epoch, Operation, OperationId, PersistFailure, QueryToken, Revision,
    StoreContents, StoreId, TopicEntry, Trail, Write, WriteBatch,
};

/// What the tables hold.
pub(super) struct Memory {
    store: StoreId,
    /// The last epoch that was won. Nobody else wins any here, so those before it need no record.
    epoch: Epoch,
    operations: Vec<Operation<JsValue>>,
    queries: Vec<(QueryToken, CachedQuery<JsValue>)>,
    entries: Vec<TopicEntry<JsValue>>,
    revision: Revision,
    audit: Vec<AuditEntry<JsValue>>,
}

impl Memory {
    pub(super) const fn new(store: StoreId) -> Self {
        Self {
            store,
            epoch: Epoch(0),
            operations: Vec::new(),
            queries: Vec::new(),
            entries: Vec::new(),
            revision: Revision(0),
            audit: Vec::new(),
        }
    }

    /// Commits the whole batch or nothing of it.
    pub(super) fn commit(&mut self, batch: WriteBatch<JsValue>) -> Result<Option<Revision>, PersistFailure> {
        let fenced_off = batch.fence.is_some_and(|epoch| self.epoch > epoch);
        if fenced_off || batch.writes.iter().any(|one| self.conflicts(one)) {
            return Err(PersistFailure::Conflict);
        }
        let announced = batch.writes.iter().any(is_news);
        for one in batch.writes {
            self.apply(one);
        }
        if announced {
            self.revision = self.revision.next();
        }
        Ok(announced.then_some(self.revision))
    }

    /// Whether something that has to be new is there.
    fn conflicts(&self, one: &Write<JsValue>) -> bool {
        match one {
            Write::ClaimEpoch(epoch) => *epoch <= self.epoch,
            Write::AddOperation(operation) => self.operations.iter().any(|known| known.id == operation.id),
            _ => false,
        }
    }

    fn apply(&mut self, one: Write<JsValue>) {
        match one {
            Write::ClaimEpoch(epoch) => self.epoch = epoch,
            Write::AddOperation(operation) | Write::PutOperation(operation) => {
                self.remove(operation.id);
                self.operations.push(operation);
            }
            Write::RemoveOperation(id) => self.remove(id),
            Write::PutQuery { query, cached } => {
                self.queries.retain(|(known, _)| *known != query);
                self.queries.push((query, cached));
            }
            Write::PutEntry(entry) => self.entries.push(entry),
            Write::AppendAudit(entry) => self.audit.push(entry),
            Write::DropEntry { stamp, .. } => self.entries.retain(|known| known.stamp != stamp),
            Write::ForgetEntry { topic, key, stamp } => {
                let is_older = |known: &TopicEntry<JsValue>| {
                    known.topic == topic && known.key == key && known.stamp <= stamp
                };
                self.entries.retain(|known| !is_older(known));
            }
        }
    }

    fn remove(&mut self, id: OperationId) {
        self.operations.retain(|known| known.id != id);
    }

    pub(super) fn contents(&self) -> StoreContents<JsValue> {
        StoreContents {
            store: self.store,
            revision: self.revision,
            epoch: self.epoch,
            operations: self.operations.clone(),
            entries: self.entries.clone(),
            unreadable: 0,
            unreadable_operations: Vec::new(),
            has_all_entries: true,
            newer: 0,
            trail: Trail::restored(None, self.audit.last().map(AuditEntry::link), None),
        }
    }

    pub(super) fn audit(&self) -> Array {
        objects(self.audit.iter().map(from_entry))
    }

    pub(super) fn query(&self, query: &QueryToken) -> Option<CachedQuery<JsValue>> {
        let mut known = self.queries.iter();
        known.find(|(token, _)| token == query).map(|(_, cached)| cached.clone())
    }
}
