//! The second platform for merges: documents that are native values, laid out by what `src/engine/merge/documents.rs`
//! and `pkg/src/merge/types.ts` say a merge is. What the package's walk over JavaScript values makes of the same
//! documents must be the same.

mod budget;
mod documents;
pub mod given;
pub mod laws;
pub mod measures;
pub mod outcome;
mod parts;
pub mod places;
pub mod rules;
pub mod spelling;
mod words;

pub use outcome::Merged;
pub use rules::{RuleSpec, Rules};

// The tests that have this module have that one beside it.
use super::value;

use std::rc::Rc;

use tabweave::engine::merge::{Policy, Side, Times};

use documents::Layout;
use value::Value;

/// A part of a document as one side has it; none: that side has no such part.
pub type Version = Option<Value>;

/// A part of a document on each side.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Sides {
    pub base: Version,
    pub local: Version,
    pub server: Version,
}

/// A step from a document towards a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    Field(Rc<str>),
    /// The object of a list whose field `by` is this key.
    Keyed {
        by: Rc<str>,
        key: Value,
    },
    /// The entry of a map, the element of a set, or the scalar of a list.
    Entry(Value),
}

pub type Path = Vec<Segment>;

/// Merges three versions of a document.
pub fn merge(sides: &Sides, rules: &Rules, times: Times) -> Merged {
    merge_counted(sides, rules, &rules.compile(), times, Side::Server).0
}

/// The same by the compiled policy, and at how many values it looked. Where nobody has decided, it is as the side
/// `undecided` has it.
pub fn merge_counted(
    sides: &Sides,
    rules: &Rules,
    policy: &Policy,
    times: Times,
    undecided: Side,
) -> (Merged, u64) {
    let mut layout = Layout::new(rules, policy.names());
    let merged = match layout.begin(sides.clone()) {
        Ok(Some(settled)) => Merged::settled(settled),
        Ok(None) => {
            let plan = tabweave::engine::merge::merge(&mut layout, policy, times, undecided);
            layout.carry_out(undecided, &plan.expect("native values hold nothing that cannot be merged"))
        }
        Err(_) => Merged::too_large(sides.clone(), undecided),
    };
    (merged, layout.looked_at())
}

impl Sides {
    pub fn new(base: Value, local: Value, server: Value) -> Self {
        Self { base: Some(base), local: Some(local), server: Some(server) }
    }

    /// With this person's and the server's version in each other's place.
    pub fn swapped(&self) -> Self {
        Self { base: self.base.clone(), local: self.server.clone(), server: self.local.clone() }
    }
}
