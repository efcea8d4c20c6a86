//! The shared store: its tables, the results of queries, and what the checkers want to know of both.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};

use tabweave::engine::{
    CachedQuery, OperationId, OperationState, PersistFailure, QueryToken, Revision, StoreContents, StoreId,
    Write, WriteBatch,
};

use crate::support::database::Database;
use crate::support::value::Value;

/// One life of the database.
#[derive(Clone, Debug)]
pub struct Store {
    tables: Database<Value, usize>,
    pub queries: BTreeMap<QueryToken, CachedQuery<Value>>,
    /// What was removed after it had ended.
    pub removed: BTreeSet<OperationId>,
    /// Operations with records that this build cannot read.
    pub unreadable: BTreeSet<OperationId>,
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
            tables: Database::new(id),
            queries: BTreeMap::new(),
            removed: BTreeSet::new(),
            unreadable: BTreeSet::new(),
        }
    }

    /// Commits a batch, or leaves everything as it was.
    pub fn commit(
        &mut self,
        tab: usize,
        batch: &WriteBatch<Value>,
    ) -> Result<Option<Revision>, PersistFailure> {
        let revision = self.tables.commit(tab, batch)?;
        for write in &batch.writes {
            match write {
                Write::RemoveOperation(id) => {
                    self.removed.insert(*id);
                }
                Write::PutQuery { query, cached } => {
                    self.queries.insert(query.clone(), cached.clone());
                }
                _ => {}
            }
        }
        Ok(revision)
    }

    pub fn contents(&self) -> StoreContents<Value> {
        let mut contents = self.tables.contents();
        contents.operations.retain(|operation| !self.unreadable.contains(&operation.id));
        contents.unreadable = self.unreadable.len() as u32;
        contents.newer = contents.unreadable;
        let has_ended = |id: &&OperationId| {
            let state = self.operations.get(*id).map(|operation| &operation.state);
            matches!(state, Some(OperationState::Done { .. } | OperationState::Cancelled { .. }))
        };
        let unended = self.unreadable.iter().filter(|id| !has_ended(id));
        contents.unreadable_operations.extend(unended.copied());
        contents
    }
}

impl Deref for Store {
    type Target = Database<Value, usize>;

    fn deref(&self) -> &Self::Target {
        &self.tables
    }
}

impl DerefMut for Store {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.tables
    }
}
