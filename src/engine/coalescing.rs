//! Operations of one scope that were not sent yet and that the app makes one of, such as two changes of one text.
//!
//! Each was stored by itself when it was done. The leader has the app look at those that stand next to each other, and
//! writes down in one batch that the first of them does it all and that the others are withdrawn in its favour. Nothing
//! that was ever sent takes part: nobody could say under which of the keys the server knows it.

use super::Engine;
use super::effect::Effect;
use super::flat::Set;
use super::ids::{Epoch, OperationId};
use super::operation::{Body, Operation, OperationState};
use super::plant::Plant;
use super::terms::Terms;
use super::time::Now;

/// How many operations the app looks at at once.
const RUN_MAX: usize = 100;

/// What the app makes of operations that stand next to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Merger<V> {
    /// The operations, in their order: two or more.
    pub operations: Vec<OperationId>,
    /// What the first of them does from now on.
    pub body: Body<V>,
}

/// What is still to be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Coalescing {
    /// Operations that nobody has compared with their neighbours yet.
    fresh: Set<OperationId>,
    /// Those that the app looks at right now: they are not sent meanwhile.
    asked: Vec<OperationId>,
}

impl Coalescing {
    pub(super) const fn new() -> Self {
        Self { fresh: Set::new(), asked: Vec::new() }
    }

    /// The operation has come this far.
    pub(super) fn learned<V>(&mut self, operation: &Operation<V>) {
        if is_untouched(operation) {
            self.fresh.insert(operation.id);
        } else {
            self.fresh.remove(&operation.id);
        }
    }

    pub(super) fn forget(&mut self, id: OperationId) {
        self.fresh.remove(&id);
    }

    /// Whether the app looks at it right now.
    pub(super) fn is_looked_at(&self, id: OperationId) -> bool {
        self.asked.contains(&id)
    }

    /// Nobody will answer any more, or the answer means nothing.
    pub(super) fn stop_looking(&mut self) {
        self.fresh.extend(core::mem::take(&mut self.asked));
    }
}

impl<V: Clone> Engine<V> {
    /// Has the app look at the next operations that stand together.
    pub(super) fn look_for_mergers(&mut self) {
        while self.coalescing.asked.is_empty() {
            let next = self.coalescing.fresh.iter().copied().find(|id| self.is_mergeable(*id));
            let Some(id) = next else { return };
            let run = self.run_around(id);
            for id in &run {
                self.coalescing.fresh.remove(id);
            }
            if run.len() > 1 {
                let operations = run.iter().filter_map(|id| self.outbox.get(*id).cloned()).collect();
                self.coalescing.asked = run;
                self.effects.push_back(Effect::Coalesce { operations });
            }
        }
    }

    /// The app has looked.
    pub(super) fn merge(&mut self, now: Now, mergers: Vec<Merger<V>>) {
        let asked = core::mem::take(&mut self.coalescing.asked);
        if let Some(epoch) = self.election.working_epoch() {
            for merger in mergers {
                // Only what stood there when it was asked, and stands there still.
                let is_asked = asked.windows(merger.operations.len()).any(|run| run == merger.operations);
                if is_asked
                    && merger.operations.len() > 1
                    && merger.operations.iter().all(|id| self.is_mergeable(*id))
                {
                    self.merge_one(now, epoch, merger);
                }
            }
        }
        self.work(now);
    }

    /// The first takes over, in its place: what was done meanwhile in a tab that had not stored it yet comes after it.
    fn merge_one(&mut self, now: Now, epoch: Epoch, Merger { operations, body }: Merger<V>) {
        let known = operations.iter().filter_map(|id| self.outbox.get(*id).cloned());
        let mut operations: Vec<_> = known.collect();
        let Some((first, others)) = operations.split_first_mut() else {
            return;
        };
        for other in others {
            first.terms = terms_from(first, other);
            other.state = OperationState::Cancelled { at_ms: now.wall_ms, into: Some(first.id) };
        }
        first.merges = first.merges.saturating_add(1);
        if !self.has_planted(Plant::MergerForgotten) {
            first.body = body;
        }
        self.transition(now, epoch, operations, Vec::new());
    }

    /// The operations around this one that may go together, in their order.
    fn run_around(&self, id: OperationId) -> Vec<OperationId> {
        let Some(operation) = self.outbox.get(id) else { return Vec::new() };
        let order = self.outbox.in_scope(&operation.scope);
        let goes_along = |other: &OperationId| {
            self.is_mergeable(*other)
                && self.outbox.get(*other).is_some_and(|other| other.name == operation.name)
        };
        let place = order.iter().position(|other| *other == id).unwrap_or(0);
        let (before, after) = order.split_at(place);
        let before = before.iter().rev().take(RUN_MAX / 2).take_while(|other| goes_along(other)).count();
        after.iter().take(RUN_MAX / 2).take_while(|other| goes_along(other)).fold(
            order[place - before..place].to_vec(),
            |mut run, other| {
                run.push(*other);
                run
            },
        )
    }

    fn is_mergeable(&self, id: OperationId) -> bool {
        let operation = self.outbox.get(id).filter(|_| self.outbox.is_settled(id));
        operation.is_some_and(|one| is_untouched(one) && self.handlers.contains(&one.name))
    }
}

/// The terms of the later one, who is wanted until the same time as before.
fn terms_from<V>(first: &Operation<V>, later: &Operation<V>) -> Terms {
    let until_ms = later.expires_ms();
    let expire_after_ms = until_ms.map(|until_ms| until_ms.saturating_sub(first.stamp.wall_ms));
    Terms { expire_after_ms, ..later.terms.clone() }
}

/// Whether it was never sent, and the app may make one of it and its neighbour.
fn is_untouched<V>(operation: &Operation<V>) -> bool {
    let terms = &operation.terms;
    // The app cannot look at what stays in its page.
    terms.coalesces
        && !terms.sensitive
        && operation.attempts == 0
        && matches!(operation.state, OperationState::Queued)
}
