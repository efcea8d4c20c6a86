//! What the leader takes on next: whose turn it is, within the limit, behind the breaker that all tabs share, and what
//! is let go on or given up before that.
//!
//! The breaker has no state of its own, so that it outlives leaders: it is open as long as the store holds an operation
//! whose attempt the server did not answer, or answered by asking everybody to hold back. Until the latest time that
//! it asked for nothing is sent, and then one operation at a time, until the server answers one of them otherwise. So
//! a connection that only seems to be there is noticed by the attempts that time out.

use core::cmp::Reverse;

use super::Engine;
use super::effect::DiagnosticCode;
use super::flat::Set;
use super::ids::{Epoch, OperationId};
use super::operation::{Operation, OperationState, WaitReason};
use super::outcome::{FailureCode, Hindrance, Outcome};
use super::plant::Plant;
use super::storage::Purpose;
use super::time::Now;
use super::timers::Timer;

impl<V: Clone> Engine<V> {
    /// Operations that wait for nothing any more: the connection is back, or the server answers again, and otherwise than
    /// by asking to hold back.
    pub(super) fn released(&mut self, before: &[Operation<V>]) -> Vec<Operation<V>> {
        let mut released = Vec::new();
        if core::mem::take(&mut self.reconnected) {
            let waits = |one: &&Operation<V>| one.state.waits_for() == Some(WaitReason::Connection);
            released.extend(self.outbox.heads().filter(waits).cloned());
        }
        if self.attempts.answers.values().any(|(_, outcome)| closes_breaker(outcome)) {
            let settled = |one: &&Operation<V>| one.state.epoch().is_none() && self.outbox.is_settled(one.id);
            released.extend(self.outbox.held_back().filter(settled).cloned());
        }
        released.retain(|operation| !before.iter().any(|other| other.id == operation.id));
        for operation in &mut released {
            operation.state = OperationState::Queued;
        }
        released
    }

    /// Operations that are wanted no more.
    pub(super) fn expired(&self, now: Now, before: &[Operation<V>]) -> Vec<Operation<V>> {
        let untouched = |operation: &&Operation<V>| !before.iter().any(|other| other.id == operation.id);
        let mut expired: Vec<_> = self.outbox.expired(now.wall_ms).filter(untouched).cloned().collect();
        for operation in &mut expired {
            operation.die(now.wall_ms, FailureCode::Expired);
        }
        expired
    }

    /// Operations to be sent next: the first of each scope that is ready, the urgent and then the old before the
    /// others, as far as the limit and the breaker allow.
    pub(super) fn claims(&mut self, now: Now, epoch: Epoch, before: &[Operation<V>]) -> Vec<Operation<V>> {
        let (mut free, probes) = self.free_turns(now, before);
        // An operation that comes first may be in the news that is missing.
        if free == 0 || self.revisions.has_gap() {
            return Vec::new();
        }
        let untouched = |operation: &&Operation<V>| !before.iter().any(|other| other.id == operation.id);
        let is_free = |one: &&Operation<V>| untouched(one) && !self.coalescing.is_looked_at(one.id);
        let can_go = |one: &&Operation<V>| is_due(one, now) && is_free(one);
        let mut ready: Vec<_> = self.outbox.successors(before).filter(can_go).collect();
        // As many as there are turns, in their order; those that nobody can run are in nobody's way.
        let heads = self.outbox.heads().filter(can_go);
        let mut runnable = 0;
        for head in heads {
            ready.push(head);
            runnable += usize::from(self.runner_of(head).is_some());
            if runnable == free {
                break;
            }
        }
        ready.sort_unstable_by_key(|operation| (Reverse(operation.terms.priority), operation.stamp));
        let mut claims = Vec::new();
        let mut unknown = Vec::new();
        for operation in ready {
            if free == 0 {
                break;
            }
            match self.runner_of(operation) {
                Some(runner) if self.connected => {
                    free -= 1;
                    claims.push(claimed(operation, now, OperationState::Claimed { epoch, runner, probes }));
                }
                None if operation.state.waits_for() != Some(WaitReason::NoHandler) => {
                    // A page that alone knows it sleeps: that is no lack of a definition.
                    unknown.extend((!operation.terms.sensitive).then_some(operation.id));
                    claims.push(without_handler(operation));
                }
                _ => {}
            }
        }
        for id in unknown {
            self.diagnose_operation(DiagnosticCode::NoHandler, Some(id), None);
        }
        claims
    }

    /// How many operations may be sent now besides those that are on their way, as the store will have it after what is
    /// already to be written; and whether that is to see if the server answers again.
    pub(super) fn free_turns(&self, now: Now, before: &[Operation<V>]) -> (usize, bool) {
        let coming = || self.batches.values().flat_map(Purpose::operations).chain(before);
        let untouched = |one: &&Operation<V>| !before.iter().any(|other| other.id == one.id);
        let under_way: Set<OperationId> = self
            .outbox
            .claimed()
            .filter(untouched)
            .chain(coming())
            .filter(|one| one.state.epoch().is_some())
            .map(|one| one.id)
            .collect();
        let under_way = under_way.len();
        let held_back = self.outbox.held_back().filter(untouched).chain(coming());
        let held_back = held_back.filter_map(|one| one.state.held_back_until()).max();
        match held_back.filter(|_| !self.has_planted(Plant::BreakerIgnored)) {
            Some(until_ms) if until_ms > now.wall_ms => (0, true),
            Some(_) => (1_usize.saturating_sub(under_way), true),
            None => (self.config.scopes_parallel_max.saturating_sub(under_way), false),
        }
    }

    /// Wakes when the next operation may go on, or is wanted no more.
    pub(super) fn await_next_turn(&mut self, now: Now) {
        self.timers.stop(Timer::Retry);
        if let Some(earliest) = self.outbox.deadlines.next(now.wall_ms) {
            self.timers.set(Timer::Retry, now, earliest - now.wall_ms);
        }
    }
}

/// The operation as it is claimed for its next attempt.
fn claimed<V: Clone>(operation: &Operation<V>, now: Now, claim: OperationState<V>) -> Operation<V> {
    let mut next = operation.clone();
    next.attempts = next.attempts.saturating_add(1);
    next.first_attempt_ms.get_or_insert(now.wall_ms);
    next.state = claim;
    next
}

/// The operation as it waits for a tab that knows its name.
fn without_handler<V: Clone>(operation: &Operation<V>) -> Operation<V> {
    let mut next = operation.clone();
    let failure = next.state.failure().cloned();
    next.state = OperationState::Waiting { until_ms: None, why: WaitReason::NoHandler, failure };
    next
}

/// Whether the server does something else than ask to hold back.
fn closes_breaker<V>(outcome: &Outcome<V>) -> bool {
    match outcome {
        Outcome::Accepted { .. } => true,
        Outcome::Failed { kind, .. } => outcome.is_answer() && kind.hindrance() != Some(Hindrance::Overload),
    }
}

/// Whether an attempt may be made now, as far as the operation itself is concerned.
fn is_due<V>(operation: &Operation<V>, now: Now) -> bool {
    match operation.state {
        OperationState::Queued => true,
        OperationState::Waiting { why: WaitReason::NoHandler, until_ms: None, .. } => true,
        OperationState::Waiting { until_ms: Some(until), .. } => until <= now.wall_ms,
        _ => false,
    }
}
