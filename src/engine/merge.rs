//! Three-way merge: what becomes of a document that two sides changed, each starting from the same base.
//!
//! The documents stay where they are. A platform lays them out as *nodes* behind [`Documents`]: a node is a part of the
//! document that both sides changed, and differently; whatever only one side changed the platform settles itself, for
//! that needs no rule. For each node this room decides by the [`Policy`]: take a side, have a value computed, look into
//! the parts, or leave it to a person. What it comes to is a [`Plan`], which the platform carries out at the end, so
//! that the boundary is crossed once for a part that is looked into.
//!
//! A merge ends on any input: it goes no deeper than the platform's nodes do, and the platform counts what it looks at and
//! says [`Halt::Budget`] when that is too much. Then the whole document is one conflict.

mod arrange;
mod documents;
mod lists;
mod pattern;
mod plan;
mod policy;
mod rule;
mod walk;

pub use arrange::Orders;
pub use documents::{
    Answer, Documents, Halt, Kind, Measure, Node, Opened, Part, Picked, Runs, Shape, Side, Unit,
};
pub use plan::{Ask, Piece, Plan, Reason, Step, Verdict};
pub use policy::{Fallback, NameId, Policy, PolicyError, Times};
pub use rule::Rule;
pub use walk::merge;
