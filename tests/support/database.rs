//! The shared store's tables, as IndexedDB keeps them: a batch is committed or undone as a whole, and keys that must be
//! new make it come undone.

use std::collections::{BTreeMap, BTreeSet};

use tabweave::engine::{
    AuditEntry, Epoch, Operation, OperationId, PersistFailure, Revision, Stamp, StoreContents, StoreId,
    TopicEntry, Trail, Write, WriteBatch,
};

/// One life of the database, with values `V`; `Tab` is how its owner names tabs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Database<V, Tab> {
    pub id: StoreId,
    /// Epochs that were won, and the tab that won each.
    pub epochs: BTreeMap<Epoch, Tab>,
    pub operations: BTreeMap<OperationId, Operation<V>>,
    /// Entries of durable topics, under topic, key and stamp: a late older one cannot replace a newer one.
    pub entries: BTreeMap<(String, String, Stamp), TopicEntry<V>>,
    pub revision: Revision,
    /// The audit trail, by the numbers of its entries.
    pub audit: BTreeMap<u64, AuditEntry<V>>,
}

impl<V: Clone, Tab> Database<V, Tab> {
    pub fn new(id: StoreId) -> Self {
        Self {
            id,
            epochs: BTreeMap::new(),
            operations: BTreeMap::new(),
            entries: BTreeMap::new(),
            revision: Revision(0),
            audit: BTreeMap::new(),
        }
    }

    /// Commits a batch, or leaves everything as it was. Results of queries are kept elsewhere, if at all.
    pub fn commit(&mut self, tab: Tab, batch: &WriteBatch<V>) -> Result<Option<Revision>, PersistFailure>
    where
        Tab: Copy,
    {
        if !self.can_commit(batch) {
            return Err(PersistFailure::Conflict);
        }
        for write in &batch.writes {
            match write {
                Write::ClaimEpoch(epoch) => {
                    self.epochs.insert(*epoch, tab);
                }
                Write::AddOperation(operation) | Write::PutOperation(operation) => {
                    self.operations.insert(operation.id, operation.clone());
                }
                Write::RemoveOperation(id) => {
                    self.operations.remove(id);
                }
                Write::PutEntry(entry) => {
                    let address = (entry.topic.clone(), entry.key.clone(), entry.stamp);
                    self.entries.insert(address, entry.clone());
                }
                Write::DropEntry { topic, key, stamp } => {
                    self.entries.remove(&(topic.clone(), key.clone(), *stamp));
                }
                Write::ForgetEntry { topic, key, stamp } => {
                    self.entries.retain(|(of, under, at), _| (of, under) != (topic, key) || at > stamp);
                }
                Write::AppendAudit(entry) => {
                    self.audit.insert(entry.number, entry.clone());
                }
                Write::PutQuery { .. } => {}
            }
        }
        let is_numbered = batch.writes.iter().any(is_news);
        if is_numbered {
            self.revision = self.revision.next();
        }
        Ok(is_numbered.then_some(self.revision))
    }

    /// Whether the batch comes upon nothing that makes it come undone.
    pub fn can_commit(&self, batch: &WriteBatch<V>) -> bool {
        let mut added = BTreeSet::new();
        let fence_holds = batch.fence.is_none_or(|epoch| !self.epochs.contains_key(&epoch.next()));
        fence_holds
            && batch.writes.iter().all(|write| match write {
                Write::ClaimEpoch(epoch) => !self.epochs.contains_key(epoch),
                Write::AddOperation(operation) => {
                    added.insert(operation.id) && !self.operations.contains_key(&operation.id)
                }
                Write::AppendAudit(entry) => !self.audit.contains_key(&entry.number),
                _ => true,
            })
    }

    pub fn contents(&self) -> StoreContents<V> {
        StoreContents {
            store: self.id,
            revision: self.revision,
            epoch: self.last_epoch(),
            operations: self.operations.values().cloned().collect(),
            entries: self.entries.values().cloned().collect(),
            unreadable: 0,
            unreadable_operations: Vec::new(),
            has_all_entries: true,
            newer: 0,
            trail: Trail::restored(None, self.audit.values().last().map(AuditEntry::link), None),
        }
    }

    pub fn last_epoch(&self) -> Epoch {
        self.epochs.last_key_value().map_or(Epoch(0), |(epoch, _)| *epoch)
    }
}

/// Whether the write is news for other tabs, and so gets a revision.
pub fn is_news<V>(write: &Write<V>) -> bool {
    !matches!(write, Write::ClaimEpoch(_) | Write::PutQuery { .. })
}
