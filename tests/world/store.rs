//! The shared store as IndexedDB keeps it, with the epochs and who won each.

use std::collections::BTreeMap;

use tabweave::engine::{
    Epoch, Operation, OperationId, PersistFailure, Revision, Stamp, StoreContents, StoreId, TabId,
    TopicEntry, Write, WriteBatch,
};

use super::app::Marks;

/// One life of the database.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Store {
    pub id: StoreId,
    /// Epochs that were won, and the tab that won each.
    pub epochs: BTreeMap<Epoch, TabId>,
    pub revision: Revision,
    pub operations: BTreeMap<OperationId, Operation<Marks>>,
    /// Records under topic, key and stamp, so that a late older one cannot replace a newer one.
    pub entries: BTreeMap<(String, String, Stamp), TopicEntry<Marks>>,
}

impl Store {
    pub fn new(life: u8) -> Self {
        Self {
            id: StoreId::from_bytes([0xd0 + life; 16]),
            epochs: BTreeMap::new(),
            revision: Revision(0),
            operations: BTreeMap::new(),
            entries: BTreeMap::new(),
        }
    }

    pub fn last_epoch(&self) -> Epoch {
        self.epochs.last_key_value().map_or(Epoch(0), |(epoch, _)| *epoch)
    }

    /// Commits a batch, or leaves everything as it was.
    pub fn commit(
        &mut self,
        tab: TabId,
        batch: &WriteBatch<Marks>,
    ) -> Result<Option<Revision>, PersistFailure> {
        if !self.can_commit(batch) {
            return Err(PersistFailure::Conflict);
        }
        let mut is_numbered = false;
        for write in &batch.writes {
            is_numbered |= !matches!(write, Write::ClaimEpoch(_) | Write::PutQuery { .. });
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
                Write::PutEntry(entry) => self.put_entry(entry),
                Write::PutQuery { .. } => {}
            }
        }
        if is_numbered {
            self.revision = self.revision.next();
        }
        Ok(is_numbered.then_some(self.revision))
    }

    fn put_entry(&mut self, entry: &TopicEntry<Marks>) {
        let is_older = |(topic, key, stamp): &(String, String, Stamp)| {
            *topic == entry.topic && *key == entry.key && *stamp < entry.stamp
        };
        self.entries.retain(|address, _| !is_older(address));
        let address = (entry.topic.clone(), entry.key.clone(), entry.stamp);
        self.entries.insert(address, entry.clone());
    }

    fn can_commit(&self, batch: &WriteBatch<Marks>) -> bool {
        let fence_holds = batch.fence.is_none_or(|epoch| !self.epochs.contains_key(&epoch.next()));
        fence_holds
            && batch.writes.iter().all(|write| match write {
                Write::ClaimEpoch(epoch) => !self.epochs.contains_key(epoch),
                Write::AddOperation(operation) => !self.operations.contains_key(&operation.id),
                _ => true,
            })
    }

    pub fn contents(&self) -> StoreContents<Marks> {
        StoreContents {
            store: self.id,
            revision: self.revision,
            epoch: self.last_epoch(),
            operations: self.operations.values().cloned().collect(),
            entries: self.entries.values().cloned().collect(),
            unreadable: 0,
            newer: 0,
            overtaken: Vec::new(),
        }
    }
}
