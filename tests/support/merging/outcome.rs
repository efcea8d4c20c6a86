//! What a merge came to, as it is told.

use tabweave::engine::Resolution;
use tabweave::engine::merge::{Ask, Node, Piece, Plan, Reason, Side, Step, Verdict};

use super::documents::{Layout, Settled, Spot};
use super::value::Value;
use super::{Path, Sides, Version};

/// What became of a part that both sides had changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub path: Path,
    pub rule: &'static str,
    pub kind: Resolution,
    pub sides: Sides,
    pub result: Version,
}

/// A part that somebody has to decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub path: Path,
    pub why: Reason,
    pub rule: &'static str,
    pub sides: Sides,
}

#[derive(Clone, PartialEq, Eq)]
pub struct Merged {
    pub value: Version,
    pub decisions: Vec<Decision>,
    pub conflicts: Vec<Conflict>,
}

impl Merged {
    pub(super) fn settled(value: Version) -> Self {
        Self { value, decisions: Vec::new(), conflicts: Vec::new() }
    }

    /// One conflict.
    pub(super) fn too_large(sides: Sides, undecided: Side) -> Self {
        let value = sides.of(undecided).clone();
        let conflict =
            Conflict { path: Path::new(), why: Reason::TooLarge, rule: Ask::Nothing.name(), sides };
        Self { value, decisions: Vec::new(), conflicts: vec![conflict] }
    }

    pub fn is_too_large(&self) -> bool {
        self.conflicts.iter().any(|conflict| conflict.why == Reason::TooLarge)
    }
}

impl Layout<'_> {
    /// Does what the engine decided.
    pub(super) fn carry_out(&mut self, undecided: Side, plan: &Plan) -> Merged {
        for step in &plan.steps {
            let (node, value) = match step {
                Step::Take(node, side) => (node, self.at(*node).sides.of(*side).clone()),
                Step::Made(_) => continue,
                Step::Assemble(node) => (node, Some(self.assembled(*node, None))),
                Step::Arrange(node, order) => (node, Some(self.assembled(*node, Some(order)))),
                Step::Join(node, pieces) => (node, Some(joined(self.at(*node), pieces))),
            };
            self.spots[node.0 as usize].value = value;
        }
        let mut merged = Merged::settled(self.at(Node::ROOT).value.clone());
        for verdict in &plan.verdicts {
            let (Verdict::Decided(node, ..) | Verdict::Conflict(node, ..)) = verdict;
            if self.look_through(*node).is_err() {
                return Merged::too_large(self.at(Node::ROOT).sides.clone(), undecided);
            }
            match *verdict {
                Verdict::Decided(node, ask, kind) => {
                    let Spot { path, sides, value, .. } = self.at(node);
                    let (path, sides, result) = (path.clone(), sides.clone(), value.clone());
                    merged.decisions.push(Decision { path, rule: ask.name(), kind, sides, result });
                }
                Verdict::Conflict(node, ask, why) => {
                    let Spot { path, sides, .. } = self.at(node);
                    let (path, sides) = (path.clone(), sides.clone());
                    merged.conflicts.push(Conflict { path, why, rule: ask.name(), sides });
                }
            }
        }
        merged
    }

    fn at(&self, node: Node) -> &Spot {
        &self.spots[node.0 as usize]
    }

    fn assembled(&self, node: Node, order: Option<&[u32]>) -> Value {
        let (taken, settled) = self.at(node).taken.as_ref().expect("it was taken apart to be put together");
        let version = |part: usize| match &settled[part] {
            Settled::As(version) => version.clone(),
            Settled::Open(spot) => self.spots[*spot].value.clone(),
        };
        match order {
            Some(order) => taken.assemble(order.iter().map(|part| *part as usize), version),
            None => taken.assemble(0..settled.len(), version),
        }
    }
}

fn joined(spot: &Spot, pieces: &[Piece]) -> Value {
    let [base, local, server] = spot.cut.as_ref().expect("it was cut to be joined");
    let items = pieces.iter().flat_map(|piece| {
        let side = match piece.side {
            Side::Base => base,
            Side::Local => local,
            Side::Server => server,
        };
        &side[piece.start as usize..piece.end as usize]
    });
    if matches!(spot.sides.local, Some(Value::Text(_))) {
        return Value::text(items.filter_map(Value::as_text).collect::<String>());
    }
    Value::list(items.cloned())
}
