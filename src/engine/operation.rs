//! What a person did, recorded: an intent or an edit, and how far it has come.
//!
//! ```text
//!  accept            claim                         accepted
//!  ──────► Queued ───────────────────► Claimed ───────────────────────────► Done
//!           │  ▲ ▲                      │ ▲ │ │
//!           │  │ └── leader lost, ──────┘ │ │ └── rejected, lost, or tried ──► Dead
//!           │  │     repeatable           │ │     as often as allowed
//!           │  │                          │ │
//!           │  │  back-off over, or      │ │  may work another time
//!   nobody  │  │  handler registered     │ │
//!   knows   └──┼────────► Waiting ────────┘ │
//!   its name   │             ▲──────────────┤
//!              │                            │  conflict, signed out, or unknown
//!              │                            │  and not repeatable
//!              │                            └──────────────────────────────► Parked
//!              │
//!              ├── retry, by the person: from Waiting, Parked, Dead
//!              └── reconnected, signed in, breaker closed: from Waiting, Parked
//!
//!  Queued, Waiting, Parked, Dead ── cancel, by the person ─────────────────► Cancelled
//!  Queued ── the one before it takes over ─────────────────────────────────► Cancelled
//!  Queued ── takes over what the one behind it was to do ───────────────────► Queued
//!  Queued, Waiting, Parked ── set aside, by the person; expired; bereft ────► Dead
//!  Claimed ── in conflict, and the app makes one of both ──────────────────► Queued
//!  Parked ── a person has decided the conflict ─────────────────────────────► Queued
//!  Queued, Waiting, Parked ── a late answer of an attempt ──────────────────► Done, Dead, Parked
//!  Dead ── a late acceptance of an attempt ────────────────────────────────► Done
//!  Parked ── a late “not now” of the attempt ──────────────────────────────► Waiting
//! ```
//!
//! [`TRANSITIONS`] is the same as a table. Each is one write, under the leader's fence.

use super::clock::Stamp;
use super::ids::{Epoch, OperationId, TabId};
use super::outcome::{Current, Failure, FailureCode};
use super::terms::Terms;

/// An operation as it is stored, announced and listed. `V` is a value of the platform, opaque to the engine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Operation<V> {
    /// Its identity. Its idempotency key on the server is made of it; see [`key`](Self::key).
    pub id: OperationId,
    /// The name under which the app defined it.
    pub name: String,
    /// What is to be done.
    pub body: Body<V>,
    /// Operations of one scope run one after another, in the order of their stamps.
    pub scope: String,
    /// When it was accepted, by the hybrid logical clock of the tab that accepted it.
    pub stamp: Stamp,
    /// The tab that accepted it.
    pub origin: TabId,
    /// Whether the server applies it once however often it is sent under its key.
    pub repeatable: bool,
    /// Whether the platform can tell by the key when a base contains it.
    pub confirmed_by_key: bool,
    /// How many bytes its arguments take, as the platform estimates it; of a sensitive one nothing is told.
    pub bytes: u32,
    /// On which terms it is tried.
    pub terms: Terms,
    /// How often it took over what operations behind it were to do; see [`Merger`](super::Merger).
    pub merges: u32,
    /// How often it was merged with what the server had come to hold; see [`Rebased`](super::Rebased).
    pub rebases: u32,
    /// How many attempts were begun.
    pub attempts: u32,
    /// How many of them the server answered with a failure, since a person last had it tried again.
    pub answered: u32,
    /// Wall time in milliseconds at which the first attempt was begun.
    pub first_attempt_ms: Option<u64>,
    /// Whether an attempt ended without anybody knowing whether it took effect.
    pub is_in_doubt: bool,
    /// Who is to be told how it ended. None: it has not, or nobody wants to be told, or somebody was.
    pub report: Option<Report>,
    /// How far it has come.
    pub state: OperationState<V>,
}

/// Who is to be told how an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Report {
    /// Nobody yet: there was no tab that a person sees and that knows the operation's name.
    Owed,
    /// This tab, which a person saw when it was chosen. Should it go before its app is through, another one.
    With(TabId),
}

/// The two kinds of operation, which are brought up to date differently.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Body<V> {
    /// Rebased by running its optimistic function again; never merged.
    Intent {
        /// What the caller passed.
        arguments: V,
    },
    /// A new value of one document: the kind that can be merged.
    Edit {
        /// The collection of the document.
        collection: String,
        /// The document's key in that collection.
        document: String,
        /// The document as the person saw it confirmed.
        base: V,
        /// The document as the person wants it.
        next: V,
    },
}

/// How far an operation has come. See the transitions in the [module documentation](self).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OperationState<V> {
    /// To be sent as soon as its scope, the connection and the leader allow.
    Queued,
    /// An attempt may be under way.
    Claimed {
        /// The epoch of the leader that claimed it.
        epoch: Epoch,
        /// The tab that makes the attempt: the leader, or one that knows the handler.
        runner: TabId,
        /// Whether the attempt is to show if the server answers again, and otherwise than by asking to hold back; nothing
        /// else is sent meanwhile.
        probes: bool,
    },
    /// Not now.
    Waiting {
        /// The wall time in milliseconds after which it is queued again; none: until something else happens.
        until_ms: Option<u64>,
        /// What it waits for.
        why: WaitReason,
        /// What the last attempt came to, if there was one.
        failure: Option<Failure<V>>,
    },
    /// Stopped until a person (or the server's record) decides.
    Parked {
        /// Why it stopped.
        why: ParkReason,
        /// What the last attempt came to, if it answered.
        failure: Option<Failure<V>>,
        /// Of an edit in conflict: what the server holds, if it said so.
        current: Option<Current<V>>,
    },
    /// Accepted by the server.
    Done {
        /// What the server answered.
        result: V,
        /// Wall time in milliseconds at which the leader learned it.
        at_ms: u64,
    },
    /// Refused by the server, or tried as often as allowed: a dead letter.
    Dead {
        /// What the last attempt came to.
        failure: Failure<V>,
        /// Wall time in milliseconds at which it died.
        at_ms: u64,
    },
    /// Withdrawn by the person, or in favour of an operation before it.
    Cancelled {
        /// Wall time in milliseconds at which it was withdrawn.
        at_ms: u64,
        /// The operation that does what this one was to do, too.
        into: Option<OperationId>,
    },
}

/// What an operation waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WaitReason {
    /// The back-off after an attempt that the server answered.
    Retry,
    /// The connection: the server did not answer the last attempt. It is tried again when the connection is back,
    /// or the back-off is over.
    Connection,
    /// The server asked everybody to hold back: until then nothing is sent by anybody, and then one operation.
    Overload,
    /// What it names is to be created by an operation that is not done yet.
    Creator,
    /// No open tab has registered an operation of this name, or the build that was asked cannot read it.
    NoHandler,
}

/// Why an operation stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParkReason {
    /// It was sent, nobody knows whether it took effect, and sending it again might apply it twice.
    OutcomeUnknown,
    /// It contradicts what the server holds: somebody has to decide.
    Conflict,
    /// The server does not know any more who calls: it goes on when the person has signed in again.
    SignedOut,
    /// It needs what another operation was to create, and that one failed.
    DependsOnFailed,
}

/// Every way from one state into another.
pub const TRANSITIONS: [(&str, &[&str]); 5] = [
    ("queued", &["claimed", "queued", "waiting", "parked", "done", "dead", "cancelled"]),
    ("claimed", &["claimed", "queued", "waiting", "parked", "done", "dead"]),
    ("waiting", &["claimed", "queued", "waiting", "parked", "done", "dead", "cancelled"]),
    ("parked", &["queued", "waiting", "parked", "done", "dead", "cancelled"]),
    ("dead", &["queued", "done", "cancelled"]),
];

impl OperationId {
    /// The operation that the server knows under this key, if it is one of ours.
    pub fn of_key(key: &str) -> Option<Self> {
        key.split('.').next()?.parse().ok()
    }
}

impl<V> Operation<V> {
    /// Under which key the server knows it: its identity, and how often it was merged since it was first sent, because the
    /// server takes one key for one thing.
    pub fn key(&self) -> String {
        if self.rebases == 0 { self.id.to_string() } else { format!("{}.{}", self.id, self.rebases) }
    }

    /// Whether it has come to an end that the server or the person decided.
    pub fn is_finished(&self) -> bool {
        matches!(
            self.state,
            OperationState::Done { .. } | OperationState::Dead { .. } | OperationState::Cancelled { .. }
        )
    }

    /// Whether people should see its optimistic effect as long as no base contains it.
    pub fn is_optimistic(&self) -> bool {
        !matches!(self.state, OperationState::Dead { .. } | OperationState::Cancelled { .. })
    }

    /// Whether this tab is to make this attempt of it.
    pub(super) fn is_claimed_by(&self, tab: TabId, epoch: Epoch, attempt: u32) -> bool {
        matches!(self.state, OperationState::Claimed { epoch: claimed, runner, .. }
            if claimed == epoch && runner == tab && self.attempts == attempt)
    }

    /// Nobody can say any more what became of its attempt.
    pub(super) fn abandon(&mut self) {
        self.is_in_doubt = true;
        let probed = self.state.held_back_until().is_some();
        self.state = if self.repeatable && probed {
            // The server has not been seen to answer yet.
            OperationState::Waiting { until_ms: Some(0), why: WaitReason::Connection, failure: None }
        } else if self.repeatable {
            OperationState::Queued
        } else {
            OperationState::Parked { why: ParkReason::OutcomeUnknown, failure: None, current: None }
        };
    }

    /// It becomes a dead letter though no attempt of it failed for good; what the last one came to is kept.
    pub(super) fn die(&mut self, at_ms: u64, code: FailureCode)
    where
        V: Clone,
    {
        let error = self.state.failure().and_then(|failure| failure.error.clone());
        self.state = OperationState::Dead { failure: Failure { code, error }, at_ms };
    }

    /// Wall time in milliseconds at which it is wanted no more.
    pub(super) fn expires_ms(&self) -> Option<u64> {
        self.terms.expire_after_ms.map(|after| self.stamp.wall_ms.saturating_add(after))
    }

    /// Whether it holds up the operations behind it in its scope.
    pub fn holds_its_scope(&self) -> bool {
        !self.is_finished()
    }

    /// Whether the other record of the same operation tells nothing new, but perhaps of who is told of its end. Values
    /// are not compared: the engine cannot look into them, and they only change together with what is compared here.
    pub fn is_as_far_as(&self, other: &Self) -> bool {
        self.attempts == other.attempts
            && self.merges == other.merges
            && self.rebases == other.rebases
            && self.stamp == other.stamp
            && self.state.name() == other.state.name()
            && self.state.epoch() == other.state.epoch()
            && self.answered == other.answered
            && self.state.waits_for() == other.state.waits_for()
            && self.state.parked_for() == other.state.parked_for()
    }
}

impl<V> OperationState<V> {
    /// The state's name, as the store, the messages and the app spell it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Claimed { .. } => "claimed",
            Self::Waiting { .. } => "waiting",
            Self::Parked { .. } => "parked",
            Self::Done { .. } => "done",
            Self::Dead { .. } => "dead",
            Self::Cancelled { .. } => "cancelled",
        }
    }

    /// What the last attempt came to, if it failed.
    pub const fn failure(&self) -> Option<&Failure<V>> {
        match self {
            Self::Waiting { failure, .. } | Self::Parked { failure, .. } => failure.as_ref(),
            Self::Dead { failure, .. } => Some(failure),
            _ => None,
        }
    }

    /// What it waits for, if it waits.
    pub const fn waits_for(&self) -> Option<WaitReason> {
        match self {
            Self::Waiting { why, .. } => Some(*why),
            _ => None,
        }
    }

    /// Wall time in milliseconds until which everybody holds back because of it. From then on, or at once if it is past,
    /// one operation at a time is sent.
    pub(super) fn held_back_until(&self) -> Option<u64> {
        match self {
            Self::Waiting { why: WaitReason::Overload, until_ms, .. } => Some(until_ms.unwrap_or(0)),
            Self::Waiting { why: WaitReason::Connection, .. } | Self::Claimed { probes: true, .. } => Some(0),
            _ => None,
        }
    }

    /// Why it stopped, if it is parked.
    pub const fn parked_for(&self) -> Option<ParkReason> {
        match self {
            Self::Parked { why, .. } => Some(*why),
            _ => None,
        }
    }

    /// Wall time in milliseconds at which it came to its end, if it has.
    pub const fn ended_ms(&self) -> Option<u64> {
        match self {
            Self::Done { at_ms, .. } | Self::Dead { at_ms, .. } | Self::Cancelled { at_ms, .. } => {
                Some(*at_ms)
            }
            _ => None,
        }
    }

    /// The epoch of the claim, if it is claimed.
    pub const fn epoch(&self) -> Option<Epoch> {
        match self {
            Self::Claimed { epoch, .. } => Some(*epoch),
            _ => None,
        }
    }
}
