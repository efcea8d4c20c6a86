//! What a merge came to: how the document is put together, and what was decided on the way.

use super::documents::{Node, Side};
use super::rule::Rule;
use crate::engine::audit::Resolution;

/// Steps in the order in which they are taken, the parts of a node before the node; and the verdicts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Plan {
    /// How each node that counts gets its value.
    pub steps: Vec<Step>,
    /// What was decided about those whose value a rule chose, and about those that somebody has to decide. In the
    /// order in which a reader meets them.
    pub verdicts: Vec<Verdict>,
}

/// How a node gets its value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// From one side, as it is.
    Take(Node, Side),
    /// From what the platform computed.
    Made(Node),
    /// From its fields or entries.
    Assemble(Node),
    /// From its elements, in this order.
    Arrange(Node, Vec<u32>),
    /// From runs of what it consists of.
    Join(Node, Vec<Piece>),
}

/// A run of one side's items or words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Piece {
    /// Whose.
    pub side: Side,
    /// The first.
    pub start: u32,
    /// The first that is not taken any more.
    pub end: u32,
}

/// What was decided about a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// A rule chose the value.
    Decided(Node, Ask, Resolution),
    /// Somebody has to decide.
    Conflict(Node, Ask, Reason),
}

/// What was asked for the value of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// A rule of the policy, or of those that hold without one.
    Rule(Rule),
    /// Nothing: there is no rule for such values.
    Nothing,
    /// What the policy does where there is no rule.
    Fallback,
}

impl Ask {
    /// The spelling in decisions and in the audit trail.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rule(rule) => rule.name(),
            Self::Nothing => "none",
            Self::Fallback => "fallback",
        }
    }
}

/// Why no rule could decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// There is no rule for such values.
    BothChanged,
    /// One side removed what the other changed.
    Removed,
    /// Both put a list into another order.
    Reordered,
    /// The policy leaves it to a person.
    Manual,
    /// The rule cannot do anything with such values.
    Unfit,
    /// Both changed the same place of a text or a list.
    Overlap,
    /// Nobody knows which side is the later one.
    NoTimes,
    /// To look further would take too long.
    TooLarge,
    /// The policy's function threw.
    Threw,
}

impl Reason {
    /// The spelling in conflicts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BothChanged => "both_changed",
            Self::Removed => "removed",
            Self::Reordered => "reordered",
            Self::Manual => "manual",
            Self::Unfit => "unfit",
            Self::Overlap => "overlap",
            Self::NoTimes => "no_times",
            Self::TooLarge => "too_large",
            Self::Threw => "threw",
        }
    }
}
