//! What became of an attempt, and what it tells of its operation.

use super::audit::Told;
use super::operation::{Operation, OperationState, ParkReason};

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
    /// It came to nothing, or nobody knows what it came to.
    Failed {
        /// What is known of it.
        kind: FailedKind,
        /// The error as the platform keeps it.
        error: V,
        /// Milliseconds the server asked to wait.
        after_ms: Option<u64>,
        /// Of a conflict: what the server holds, if it said so.
        current: Option<Current<V>>,
        /// Of a conflict: what the tab that knows the operation's policy made of both, if nobody has to decide.
        rebased: Option<Rebased<V>>,
    },
}

/// An edit that was merged with what the server holds by now.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rebased<V> {
    /// The document as the server holds it.
    pub base: V,
    /// The document with what both did.
    pub next: V,
    /// What was decided on the way, for the audit trail.
    pub decided: Vec<Told<V>>,
}

/// What the server holds in place of what an edit was made on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Current<V> {
    /// Another document.
    Document(V),
    /// None: it was removed.
    Removed,
}

/// The ways in which an attempt fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailedKind {
    /// The server refused it, and would refuse it again.
    Rejected,
    /// It contradicts what the server holds: somebody has to decide.
    Conflict,
    /// The server does not know any more who calls.
    Unauthenticated,
    /// It was not sent: what it needs was to be created by an operation that failed.
    Blocked,
    /// An earlier attempt may have been applied, and it is too late to find out.
    Lost,
    /// It was not applied, and may work another time.
    Retryable(Hindrance),
    /// Nobody knows whether it was applied.
    Unknown(Hindrance),
}

/// What kept an attempt from its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hindrance {
    /// The server gave no answer: the attempt does not count.
    Connection,
    /// The server answered, and may answer otherwise another time.
    Server,
    /// The server asked everybody to hold back.
    Overload,
    /// It was not sent: this tab's build of the app cannot read it. The attempt does not count.
    Handler,
    /// It was not sent: what it names is to be created by an operation that is not done yet. The attempt does not count.
    Creator,
}

/// A failed attempt, or another end that is none of success.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Failure<V> {
    /// The class of the failure.
    pub code: FailureCode,
    /// The error as the platform keeps it; none: no attempt failed.
    pub error: Option<V>,
}

/// The classes of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureCode {
    /// The server refused it.
    Rejected,
    /// It contradicts what the server holds.
    Conflict,
    /// The server does not know any more who calls.
    SignedOut,
    /// It needs what another operation was to create, and that one failed.
    DependsOnFailed,
    /// It may work another time.
    Retryable,
    /// Nobody knows whether it took effect.
    OutcomeUnknown,
    /// It may work another time, but was tried as often as its terms allow.
    AttemptsExhausted,
    /// It is older than its terms allow.
    Expired,
    /// A person gave it up for now.
    SetAside,
    /// The page is gone that alone knew what was to be done.
    PageGone,
}

impl<V> Outcome<V> {
    /// An attempt that failed in this way.
    pub const fn failed(kind: FailedKind, error: V) -> Self {
        Self::Failed { kind, error, after_ms: None, current: None, rebased: None }
    }

    /// Whether it tells something new about an operation that has come this far.
    pub(super) fn tells_of(&self, operation: &Operation<V>, attempt: u32) -> bool {
        let Self::Failed { kind, .. } = self else {
            // An acceptance holds, whichever attempt it answers, and also of what was given up since; a refusal of an
            // older one says nothing about the one under way.
            return !matches!(
                operation.state,
                OperationState::Done { .. } | OperationState::Cancelled { .. }
            );
        };
        if operation.is_finished() {
            return false;
        }
        let is_claimed = matches!(operation.state, OperationState::Claimed { .. });
        let parked_for = operation.state.parked_for();
        operation.attempts == attempt
            && match kind {
                FailedKind::Rejected | FailedKind::Lost => true,
                // What was merged has left its claim: the same answer would lead nowhere a second time.
                FailedKind::Conflict => {
                    is_claimed || (operation.is_in_doubt && parked_for != Some(ParkReason::Conflict))
                }
                FailedKind::Unauthenticated | FailedKind::Blocked | FailedKind::Retryable(_) => {
                    is_claimed || parked_for == Some(ParkReason::OutcomeUnknown)
                }
                FailedKind::Unknown(_) => is_claimed,
            }
    }

    /// Whether the server answered the attempt, so that it counts.
    pub(super) const fn is_answer(&self) -> bool {
        !matches!(
            self,
            Self::Failed {
                kind: FailedKind::Blocked
                    | FailedKind::Retryable(Hindrance::Connection | Hindrance::Creator | Hindrance::Handler)
                    | FailedKind::Unknown(Hindrance::Connection),
                ..
            }
        )
    }
}

impl FailedKind {
    /// The spelling in messages and calls.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Conflict => "conflict",
            Self::Unauthenticated => "unauthenticated",
            Self::Blocked => "blocked",
            Self::Lost => "lost",
            Self::Retryable(_) => "retryable",
            Self::Unknown(_) => "unknown",
        }
    }

    /// What kept the attempt from its end, for the two kinds that may be tried again.
    pub const fn hindrance(self) -> Option<Hindrance> {
        match self {
            Self::Retryable(hindrance) | Self::Unknown(hindrance) => Some(hindrance),
            _ => None,
        }
    }

    /// Reads the spelling; none for one of a newer version. A hindrance goes with the two that may be tried again.
    pub fn from_name(name: &str, hindrance: Option<Hindrance>) -> Option<Self> {
        match name {
            "rejected" => Some(Self::Rejected),
            "conflict" => Some(Self::Conflict),
            "unauthenticated" => Some(Self::Unauthenticated),
            "blocked" => Some(Self::Blocked),
            "lost" => Some(Self::Lost),
            "retryable" => Some(Self::Retryable(hindrance.unwrap_or(Hindrance::Server))),
            "unknown" => Some(Self::Unknown(hindrance.unwrap_or(Hindrance::Connection))),
            _ => None,
        }
    }
}
