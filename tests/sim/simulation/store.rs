//! The shared store, as IndexedDB keeps it: transactions run one after another in the order in which they were
//! issued, each is committed or undone as a whole, and keys that must be new make it come undone.

use std::collections::{BTreeMap, BTreeSet};

use tabweave::engine::{
    CachedQuery, Epoch, Operation, OperationId, PersistFailure, QueryToken, Revision, Stamp, StoreContents,
    StoreId, TopicEntry, Write, WriteBatch,
};

use crate::support::value::Value;

/// One life of the database.
#[derive(Clone, Debug)]
pub struct Store {
    pub id: StoreId,
    /// Epochs that were won, and the tab that won each.
    pub epochs: BTreeMap<Epoch, usize>,
    pub operations: BTreeMap<OperationId, Operation<Value>>,
    pub queries: BTreeMap<QueryToken, CachedQuery<Value>>,
    /// Entries of durable topics, under topic, key and stamp.
    pub entries: BTreeMap<(String, String, Stamp), TopicEntry<Value>>,
    pub revision: Revision,
    /// What was removed after it had ended.
    pub removed: BTreeSet<OperationId>,
    /// What a newer version of the app has gone on with: nobody else can read these records.
    pub overtaken: BTreeSet<OperationId>,
}

/// What a tab has the store do.
#[derive(Clone, Debug)]
pub enum Job {
    Write { batch: tabweave::engine::BatchId, writes: WriteBatch<Value> },
    Read,
    ReadQuery { query: QueryToken },
}

impl Store {
    pub fn new(id: StoreId) -> Self {
        Self {
            id,
            epochs: BTreeMap::new(),
            operations: BTreeMap::new(),
            queries: BTreeMap::new(),
            entries: BTreeMap::new(),
            revision: Revision(0),
            removed: BTreeSet::new(),
            overtaken: BTreeSet::new(),
        }
    }

    /// Commits a batch, or leaves everything as it was.
    pub fn commit(
        &mut self,
        tab: usize,
        batch: &WriteBatch<Value>,
    ) -> Result<Option<Revision>, PersistFailure> {
        if !self.can_commit(batch) {
            return Err(PersistFailure::Conflict);
        }
        let mut is_numbered = false;
        for write in &batch.writes {
            is_numbered |= is_news(write);
            match write {
                Write::ClaimEpoch(epoch) => {
                    self.epochs.insert(*epoch, tab);
                }
                Write::AddOperation(operation) | Write::PutOperation(operation) => {
                    self.operations.insert(operation.id, operation.clone());
                }
                Write::RemoveOperation(id) => {
                    self.operations.remove(id);
                    self.removed.insert(*id);
                }
                Write::PutQuery { query, cached } => {
                    self.queries.insert(query.clone(), cached.clone());
                }
                Write::PutEntry(entry) => self.put_entry(entry),
            }
        }
        if is_numbered {
            self.revision = self.revision.next();
        }
        Ok(is_numbered.then_some(self.revision))
    }

    fn put_entry(&mut self, entry: &TopicEntry<Value>) {
        let is_older = |(topic, key, stamp): &(String, String, Stamp)| {
            *topic == entry.topic && *key == entry.key && *stamp < entry.stamp
        };
        self.entries.retain(|address, _| !is_older(address));
        self.entries.insert((entry.topic.clone(), entry.key.clone(), entry.stamp), entry.clone());
    }

    /// Whether the batch comes upon nothing that makes it come undone.
    pub fn can_commit(&self, batch: &WriteBatch<Value>) -> bool {
        let mut added = BTreeSet::new();
        let fence_holds = batch.fence.is_none_or(|epoch| !self.epochs.contains_key(&epoch.next()));
        fence_holds
            && batch.writes.iter().all(|write| match write {
                Write::ClaimEpoch(epoch) => !self.epochs.contains_key(epoch),
                Write::AddOperation(operation) => {
                    added.insert(operation.id) && !self.operations.contains_key(&operation.id)
                }
                _ => true,
            })
    }

    pub fn contents(&self) -> StoreContents<Value> {
        let readable = |operation: &&Operation<Value>| !self.overtaken.contains(&operation.id);
        let newer = self.overtaken.len() as u32;
        StoreContents {
            store: self.id,
            revision: self.revision,
            epoch: self.last_epoch(),
            operations: self.operations.values().filter(readable).cloned().collect(),
            entries: self.entries.values().cloned().collect(),
            unreadable: newer,
            newer,
            overtaken: self.overtaken.iter().copied().collect(),
        }
    }

    pub fn last_epoch(&self) -> Epoch {
        self.epochs.last_key_value().map_or(Epoch(0), |(epoch, _)| *epoch)
    }
}

/// Whether the write is news for other tabs, and so gets a revision.
pub fn is_news(write: &Write<Value>) -> bool {
    !matches!(write, Write::ClaimEpoch(_) | Write::PutQuery { .. })
}
