//! How what is stored, announced and listed is spelled.

use super::audit::{AuditValues, Fault, Resolution};
use super::operation::{ParkReason, WaitReason};
use super::outcome::{FailureCode, Hindrance};
use super::protocol::Wish;
use super::terms::Priority;

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

spelled!(WaitReason {
    Retry => "retry",
    Connection => "connection",
    Overload => "overload",
    Creator => "creator",
    NoHandler => "no_handler",
});
spelled!(ParkReason {
    OutcomeUnknown => "outcome_unknown",
    Conflict => "conflict",
    SignedOut => "signed_out",
    DependsOnFailed => "depends_on_failed",
});
spelled!(FailureCode {
    Rejected => "rejected",
    Conflict => "conflict",
    SignedOut => "signed_out",
    DependsOnFailed => "depends_on_failed",
    Retryable => "retryable",
    OutcomeUnknown => "outcome_unknown",
    AttemptsExhausted => "attempts_exhausted",
    Expired => "expired",
    SetAside => "set_aside",
    PageGone => "page_gone",
});
spelled!(Hindrance {
    Connection => "connection",
    Server => "server",
    Overload => "overload",
    Handler => "handler",
    Creator => "creator",
});
spelled!(Priority { Low => "low", Medium => "medium", High => "high", Critical => "critical" });
spelled!(Wish { Cancel => "cancel", Retry => "retry", SetAside => "set_aside", Resume => "resume", Resolve => "resolve" });
spelled!(Resolution {
    Auto => "auto",
    Manual => "manual",
    Local => "local",
    Server => "server",
    Merge => "merge",
});
spelled!(AuditValues { Keep => "keep", Hash => "hash" });
spelled!(Fault {
    AnchorChanged => "anchor_changed",
    Changed => "changed",
    Unreadable => "unreadable",
    Missing => "missing",
    Misplaced => "misplaced",
    Doubled => "doubled",
    Detached => "detached",
    Removed => "removed",
    Replaced => "replaced",
});
