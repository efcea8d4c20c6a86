//! The store as the engine sees it: batches that are written blind and acknowledged, and what a read brings.

use super::flat::{Map, Set};

use super::Engine;
use super::audit::{AuditEntry, Trail};
use super::clock::Stamp;
use super::host::Host;
use super::ids::{BatchId, Epoch, OperationId, Revision, StoreId};
use super::operation::Operation;
use super::replica::QueryToken;
use super::time::Now;
use super::topics::{Address, TopicEntry};

/// Everything one transaction writes. Nothing in it reads, so that a tab frozen halfway holds nobody up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WriteBatch<V> {
    /// The epoch under which it is written: it must come undone, as a whole, once the next epoch was won.
    /// None: it needs no leadership.
    pub fence: Option<Epoch>,
    /// The writes, in order.
    pub writes: Vec<Write<V>>,
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Write<V> {
    /// Win an epoch; fails with [`PersistFailure::Conflict`] if it was won before.
    ClaimEpoch(Epoch),
    /// Store an operation for the first time; fails with [`PersistFailure::Conflict`] if its id is stored.
    AddOperation(Operation<V>),
    /// Replace an operation.
    PutOperation(Operation<V>),
    /// Remove an operation.
    RemoveOperation(OperationId),
    /// Replace the last server result of a query.
    PutQuery {
        /// The query.
        query: QueryToken,
        /// Its result.
        cached: CachedQuery<V>,
    },
    /// Add an entry of a durable topic beside those of its topic and key. Two tabs that write the same key at once
    /// overwrite nothing of each other: a reader takes the latest.
    PutEntry(TopicEntry<V>),
    /// Add an entry to the audit trail, the last of its chain; fails with [`PersistFailure::Conflict`] if there is one of its
    /// number.
    AppendAudit(AuditEntry<V>),
    /// Remove the entry of this stamp: the store holds a later one of its topic and key.
    DropEntry {
        /// The topic's name.
        topic: String,
        /// The entry's key in the topic.
        key: String,
        /// The entry's stamp.
        stamp: Stamp,
    },
    /// Remove what is stored under a topic and a key up to this stamp: the record of a removal has served.
    ForgetEntry {
        /// The topic's name.
        topic: String,
        /// The entry's key in the topic.
        key: String,
        /// The last stamp that is removed.
        stamp: Stamp,
    },
}

/// The last server result of a query, as it is kept for a start without network.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CachedQuery<V> {
    /// The result.
    pub value: V,
    /// Wall time in milliseconds at which the server sent it.
    pub at_ms: u64,
    /// Operations still in the outbox that the result already contains.
    pub contains: Vec<OperationId>,
}

/// What the store holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StoreContents<V> {
    /// The store's own random identity.
    pub store: StoreId,
    /// The number of its last announced change.
    pub revision: Revision,
    /// The last epoch that was won.
    pub epoch: Epoch,
    /// The operations it holds, in any order.
    pub operations: Vec<Operation<V>>,
    /// The entries of durable topics, in any order; of several with the same topic and key the latest counts.
    pub entries: Vec<TopicEntry<V>>,
    /// How many records could not be read (a newer version's, or damaged) and were left as they are.
    pub unreadable: u32,
    /// Those of them that are operations and have not ended.
    pub unreadable_operations: Vec<OperationId>,
    /// Whether none of them is an entry of a topic.
    pub has_all_entries: bool,
    /// How many of those are of a newer version of the app.
    pub newer: u32,
    /// The audit trail: where it ends.
    pub trail: Trail,
}

/// Why a batch was not committed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PersistFailure {
    /// Something that had to be new was there: a later epoch, or an operation of this id.
    Conflict,
    /// There is no room left.
    Quota,
    /// The database is closed or was deleted.
    Closed,
    /// Anything else.
    Failed,
}

/// What the engine does once a batch is committed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Purpose<V> {
    /// Operations accepted here were to be stored.
    Take { ids: Vec<OperationId> },
    /// An epoch was to be won.
    ClaimEpoch { epoch: Epoch, issued: Now },
    /// Operations were to go on.
    Transition {
        epoch: Epoch,
        operations: Vec<Operation<V>>,
        removed: Vec<OperationId>,
        issued: Now,
        /// The audit trail with the entries of the batch, if it has some.
        trail: Option<Trail>,
    },
    /// Results of queries were to be kept for a start without network.
    KeepQueries { queries: Set<QueryToken> },
    /// Entries of durable topics were to be stored.
    Publish { entries: Vec<TopicEntry<V>> },
    /// Records of removals were to be forgotten.
    ForgetRemoved { removed: Vec<(Address, Stamp)> },
}

impl<V> Purpose<V> {
    /// Operations as they are to go on.
    pub(super) fn operations(&self) -> &[Operation<V>] {
        match self {
            Self::Transition { operations, .. } => operations,
            _ => &[],
        }
    }

    /// Operations that are to be stored for the first time.
    pub(super) fn taken(&self) -> &[OperationId] {
        match self {
            Self::Take { ids } => ids,
            _ => &[],
        }
    }
}

impl<V: Clone> Engine<V> {
    /// What the store did with a batch, for whoever issued it.
    pub(super) fn batch_ended(
        &mut self,
        now: Now,
        host: &mut impl Host<V>,
        batch: BatchId,
        result: Result<Option<Revision>, PersistFailure>,
    ) {
        match self.batches.end(batch) {
            Some(Purpose::Take { ids }) => self.taken(now, ids, result),
            Some(Purpose::ClaimEpoch { epoch, issued }) => self.epoch_claimed(now, epoch, issued, result),
            Some(Purpose::Transition { epoch, operations, removed, issued, trail }) => {
                if trail.is_some() {
                    self.recording.ended(trail.filter(|_| result.is_ok()));
                }
                self.transition_ended(now, host, epoch, operations, removed, issued, result);
            }
            Some(Purpose::Publish { entries }) => self.entries_stored(now, entries, result),
            Some(Purpose::ForgetRemoved { removed }) => self.removed_forgotten(now, &removed, result),
            Some(Purpose::KeepQueries { queries }) => self.queries_kept(now, queries, &result),
            None => {}
        }
        self.watch_for_stall(now);
    }
}

/// Batches that are on their way, each with its purpose and the time it was issued.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Batches<Purpose> {
    next: BatchId,
    waiting: Map<BatchId, (Now, Purpose)>,
}

impl<Purpose> Batches<Purpose> {
    pub(super) const fn new() -> Self {
        Self { next: BatchId(0), waiting: Map::new() }
    }

    pub(super) fn begin(&mut self, issued: Now, purpose: Purpose) -> BatchId {
        let batch = self.next;
        self.next = batch.next();
        self.waiting.insert(batch, (issued, purpose));
        batch
    }

    pub(super) fn end(&mut self, batch: BatchId) -> Option<Purpose> {
        self.waiting.remove(&batch).map(|(_, purpose)| purpose)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &Purpose> {
        self.waiting.values().map(|(_, purpose)| purpose)
    }

    /// When the batch that waits longest was issued.
    pub(super) fn oldest(&self) -> Option<Now> {
        self.waiting.first().map(|(_, (issued, _))| *issued)
    }

    /// The store is another one: answers to batches for the former mean nothing.
    pub(super) fn forget_all(&mut self) {
        self.waiting.clear();
    }
}
