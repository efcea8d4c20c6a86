//! What the engine wants done (effects, for the platform) and what it has to tell (events, for the app).

use super::Engine;
use super::ids::{BatchId, Epoch, Incarnation, OperationId, TabId};
use super::operation::{Body, Operation};
use super::outcome::Failure;
use super::protocol::Envelope;
use super::replica::QueryToken;
use super::storage::WriteBatch;

/// Something for the platform to do. Each names the call that answers it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Effect<V> {
    /// Hold a life lock for this incarnation and listen on the channel.
    Join {
        /// The incarnation that the lock's name carries.
        incarnation: Incarnation,
    },
    /// Give back the life lock and close the channel.
    Leave,
    /// Read the whole store. Answer: [`handle_store_read`](super::Engine::handle_store_read).
    ReadStore,
    /// Read the last server result of a query. Answer: [`handle_query_read`](super::Engine::handle_query_read).
    ReadQuery {
        /// The query.
        query: QueryToken,
    },
    /// Wait until the call at hand is over and the app has no more to say in it. Answer:
    /// [`handle_gathered`](super::Engine::handle_gathered), in any case before the page stops.
    Gather,
    /// Commit a batch as one transaction. Answer: [`handle_persisted`](super::Engine::handle_persisted).
    Persist {
        /// The number to answer with.
        batch: BatchId,
        /// What to write.
        writes: WriteBatch<V>,
    },
    /// Queue for the leader's lock. Answer: [`handle_leader_lock`](super::Engine::handle_leader_lock).
    RequestLeaderLock,
    /// Give the leader's lock back, or stop waiting for it.
    ReleaseLeaderLock,
    /// Stop waiting for the leader's lock and take it by force: this tab has won the epoch already. Answer:
    /// [`handle_leader_lock`](super::Engine::handle_leader_lock).
    StealLeaderLock,
    /// Tell the other tabs.
    Broadcast(Envelope<V>),
    /// Call the server. Answer: [`handle_attempt`](super::Engine::handle_attempt).
    Attempt(Attempt<V>),
    /// Have the app look whether operations that stand next to each other can be made fewer. Answer:
    /// [`handle_coalesced`](super::Engine::handle_coalesced), at once: they are not sent before.
    Coalesce {
        /// The operations, in their order, all of one name and scope.
        operations: Vec<Operation<V>>,
    },
    /// Find out which tabs live. Answer: [`handle_presence`](super::Engine::handle_presence).
    LookAround,
    /// Find out which tabs live and which journals have no living owner. Answer:
    /// [`handle_presence`](super::Engine::handle_presence), and [`adopt`](super::Engine::adopt) for each
    /// journal found.
    FindOrphans,
    /// Delete the journal of a tab that lives no more; all it held is in the store.
    DropJournal {
        /// The journal's owner.
        owner: TabId,
    },
}

/// One call to the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attempt<V> {
    /// The operation.
    pub id: OperationId,
    /// Its idempotency key.
    pub key: String,
    /// The name under which the app defined it.
    pub name: String,
    /// What is to be done.
    pub body: Body<V>,
    /// The version of the app's definition by which the arguments are to be read.
    pub version: u32,
    /// Whether what is to be done is known to this page alone: the body says nothing of it.
    pub sensitive: bool,
    /// Whether an earlier attempt ended without anybody knowing whether it took effect: nothing is merged then.
    pub is_in_doubt: bool,
    /// Wall time in milliseconds at which a person did it.
    pub accepted_ms: u64,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// Wall time in milliseconds at which the first attempt was begun.
    pub first_attempt_ms: u64,
    /// How long it may take before nobody waits for its answer any more.
    pub timeout_ms: u64,
}

/// Something for the app to know.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event<V> {
    /// What these queries show has changed.
    ViewChanged {
        /// The queries, in order.
        queries: Vec<QueryToken>,
    },
    /// An operation was added to the outbox, went on, or left it.
    OperationChanged {
        /// The operation.
        id: OperationId,
    },
    /// The operations that this tab shows and no base of it contains yet have changed.
    PendingChanged,
    /// The shared store holds the operation: the entry in this tab's journal may go.
    JournalReleased {
        /// The operation.
        id: OperationId,
    },
    /// An operation came to its end.
    Settled {
        /// The operation.
        id: OperationId,
        /// The end it came to.
        settlement: Settlement<V>,
    },
    /// This tab was chosen to tell the app how the operation ended. Answer:
    /// [`handle_reported`](super::Engine::handle_reported), once the app is through.
    Report {
        /// The operation as it ended.
        operation: Box<Operation<V>>,
    },
    /// This tab began or ceased to lead.
    LeadershipChanged {
        /// The epoch under which it leads now; none: it does not.
        epoch: Option<Epoch>,
    },
    /// The known tabs have changed.
    PeersChanged,
    /// Entries of a topic changed. Never an older one after a newer one of the same key.
    TopicChanged {
        /// Whether it is a durable topic; a durable and an ephemeral one of the same name are two.
        durable: bool,
        /// The topic.
        topic: String,
        /// The keys with what they hold now; none: the entry was removed.
        entries: Vec<(String, Option<V>)>,
    },
    /// The store holds what this tab last published under the key of a durable topic, or something newer.
    TopicStored {
        /// The topic.
        topic: String,
        /// The entry's key.
        key: String,
    },
    /// Something worth knowing that is no error of the call at hand.
    Diagnostic(Diagnostic<V>),
}

/// How an operation ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Settlement<V> {
    /// The server accepted it.
    Done {
        /// What the server answered.
        result: V,
    },
    /// It is a dead letter.
    Dead {
        /// What the last attempt came to.
        failure: Failure<V>,
    },
    /// The person withdrew it.
    Cancelled,
    /// An operation before it does what it was to do, too, and it ends as that one does.
    Merged {
        /// That operation.
        into: OperationId,
    },
}

/// A fallback that was taken, or something that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Diagnostic<V> {
    /// What happened.
    pub code: DiagnosticCode,
    /// The operation it happened to, if one.
    pub operation: Option<OperationId>,
    /// What a function of the app threw, if it did.
    pub error: Option<V>,
}

/// The diagnostics of the engine. ERRORS.md has the cause and the remedy of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DiagnosticCode {
    /// An optimistic function threw while it was run again; its effect is not shown.
    OptimisticFailed,
    /// No open tab has registered an operation of this name.
    NoHandler,
    /// A message of another protocol version was ignored.
    ProtocolMismatch,
    /// A stored operation could not be read and was left untouched.
    RecordUnreadable,
    /// A write to the store failed.
    StorageFailed,
    /// The store has no room left.
    StorageQuota,
    /// A write took longer than `persist_timeout_ms`.
    StorageStalled,
    /// The store was deleted while the page was open.
    StoreLost,
    /// Another tab won a later epoch; a write of this one was undone.
    FenceLost,
    /// The leader did not answer; this tab took over from it.
    LeaderSilent,
    /// A message was stamped further ahead of this tab's clock than `clock_skew_ms_max` and was dropped.
    ClockSkewed,
}

impl DiagnosticCode {
    /// The code's spelling for the app.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OptimisticFailed => "optimistic_failed",
            Self::NoHandler => "no_handler",
            Self::ProtocolMismatch => "protocol_mismatch",
            Self::RecordUnreadable => "record_unreadable",
            Self::StorageFailed => "storage_failed",
            Self::StorageQuota => "storage_quota",
            Self::StorageStalled => "storage_stalled",
            Self::StoreLost => "store_lost",
            Self::FenceLost => "fence_lost",
            Self::LeaderSilent => "leader_silent",
            Self::ClockSkewed => "clock_skewed",
        }
    }
}

impl<V: Clone> Engine<V> {
    pub(super) fn diagnose(&mut self, code: DiagnosticCode) {
        self.diagnose_operation(code, None, None);
    }

    pub(super) fn diagnose_operation(
        &mut self,
        code: DiagnosticCode,
        operation: Option<OperationId>,
        error: Option<V>,
    ) {
        self.events.push_back(Event::Diagnostic(Diagnostic { code, operation, error }));
    }
}
