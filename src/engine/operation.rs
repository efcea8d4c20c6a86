//! What a person did, recorded: an intent or an edit, and how far it has come.
//!
//! ```text
//!  accept            claim                         accepted
//!  ──────► Queued ───────────────────► Claimed ───────────────────────────► Done
//!           │  ▲ ▲                      │ ▲ │ │
//!           │  │ └── leader lost, ──────┘ │ │ └── rejected, or tried ─────► Dead
//!           │  │     repeatable           │ │     as often as allowed
//!           │  │                          │ │
//!           │  │  back-off over, or      │ │  retryable, or unknown
//!   nobody  │  │  handler registered     │ │  and repeatable
//!   knows   └──┼────────► Waiting ────────┘ │
//!   its name   │             ▲──────────────┤
//!              │                            │  unknown, or leader lost,
//!              │                            │  and not repeatable
//!              │                            └──────────────────────────────► Parked
//!              │
//!              └── retry, by the person: from Waiting, Parked, Dead
//!
//!  Queued, Waiting, Parked, Dead ── cancel, by the person ─────────────────► Cancelled
//!  Queued, Waiting, Parked ── a late answer of an attempt ──────────────────► Done, Dead
//!  Parked ── a late “not now” of the attempt ──────────────────────────────► Waiting
//! ```

use super::clock::Stamp;
use super::ids::{Epoch, OperationId, TabId};

/// An operation as it is stored, announced and listed. `V` is a value of the platform, opaque to the engine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Operation<V> {
    /// Its identity, and its idempotency key on the server.
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
    /// How many attempts were begun.
    pub attempts: u32,
    /// How far it has come.
    pub state: OperationState<V>,
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
    /// Withdrawn by the person.
    Cancelled {
        /// Wall time in milliseconds at which it was withdrawn.
        at_ms: u64,
    },
}

/// What an operation waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WaitReason {
    /// The back-off after a failed attempt.
    Retry,
    /// No open tab has registered an operation of this name.
    NoHandler,
}

/// Why an operation stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParkReason {
    /// It was sent, nobody knows whether it took effect, and sending it again might apply it twice.
    OutcomeUnknown,
}

/// A failed attempt.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Failure<V> {
    /// The class of the failure.
    pub code: FailureCode,
    /// The error as the platform keeps it.
    pub error: V,
}

/// The classes of failed attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureCode {
    /// The server refused it.
    Rejected,
    /// It may work another time.
    Retryable,
    /// Nobody knows whether it took effect.
    OutcomeUnknown,
    /// It may work another time, but was tried `operation_attempts_max` times.
    AttemptsExhausted,
}

/// What became of one attempt.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome<V> {
    /// The server applied it.
    Accepted {
        /// What the server answered.
        result: V,
        /// Whether the base of the tab that made the attempt already contains it.
        seen: bool,
    },
    /// The server refused it, and would refuse it again.
    Rejected {
        /// The error as the platform keeps it.
        error: V,
    },
    /// It was not applied, and may work another time.
    Retryable {
        /// The error as the platform keeps it.
        error: V,
        /// Milliseconds the server asked to wait.
        after_ms: Option<u64>,
    },
    /// Nobody knows whether it was applied.
    Unknown {
        /// The error as the platform keeps it.
        error: V,
    },
}

impl<V> Operation<V> {
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
        matches!(self.state, OperationState::Claimed { epoch: claimed, runner }
            if claimed == epoch && runner == tab && self.attempts == attempt)
    }

    /// Where it goes on when nobody can say any more what became of its attempt.
    pub(super) fn abandoned(&self) -> OperationState<V> {
        if self.repeatable {
            OperationState::Queued
        } else {
            OperationState::Parked { why: ParkReason::OutcomeUnknown, failure: None }
        }
    }

    /// Whether it holds up the operations behind it in its scope.
    pub fn holds_its_scope(&self) -> bool {
        !self.is_finished()
    }

    /// Whether the other record of the same operation tells nothing new. Values are not compared: the engine
    /// cannot look into them, and they only change together with what is compared here.
    pub fn is_as_far_as(&self, other: &Self) -> bool {
        self.attempts == other.attempts
            && self.stamp == other.stamp
            && self.state.name() == other.state.name()
            && self.state.epoch() == other.state.epoch()
            && self.state.waits_for() == other.state.waits_for()
    }
}

impl<V> Outcome<V> {
    /// Whether it tells something new about an operation that has come this far.
    pub(super) fn tells_of(&self, operation: &Operation<V>, attempt: u32) -> bool {
        let is_last = operation.attempts == attempt;
        let state = &operation.state;
        match self {
            _ if operation.is_finished() => false,
            // An acceptance holds, whichever attempt it answers; a refusal of an older one says nothing about the
            // one under way.
            Self::Accepted { .. } => true,
            Self::Rejected { .. } => is_last,
            Self::Retryable { .. } => {
                is_last && matches!(state, OperationState::Claimed { .. } | OperationState::Parked { .. })
            }
            Self::Unknown { .. } => is_last && matches!(state, OperationState::Claimed { .. }),
        }
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

    /// The epoch of the claim, if it is claimed.
    pub const fn epoch(&self) -> Option<Epoch> {
        match self {
            Self::Claimed { epoch, .. } => Some(*epoch),
            _ => None,
        }
    }
}

/// Gives an enum of bare variants its spelling in the store, both ways.
macro_rules! spelled {
    ($name:ident { $($variant:ident => $text:literal),+ $(,)? }) => {
        impl $name {
            /// The spelling in the store, in messages and for the app.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Reads the spelling; none for one of a newer version.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

spelled!(WaitReason { Retry => "retry", NoHandler => "no_handler" });
spelled!(ParkReason { OutcomeUnknown => "outcome_unknown" });
spelled!(FailureCode {
    Rejected => "rejected",
    Retryable => "retryable",
    OutcomeUnknown => "outcome_unknown",
    AttemptsExhausted => "attempts_exhausted",
});
