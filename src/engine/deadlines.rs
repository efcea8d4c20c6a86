//! The operations that something happens to by time alone: which of them, and when.

use super::flat::Set;
use super::ids::OperationId;
use super::operation::{Operation, OperationState};

/// Indexes of the outbox by time; in milliseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Deadlines {
    /// Operations because of which everybody holds back, for the server did not answer or asked for it: the breaker that
    /// all tabs share.
    held_back: Set<OperationId>,
    /// Operations that wait until a time.
    waiting: Set<(u64, OperationId)>,
    /// Unfinished operations that are wanted no more from a time on.
    expiring: Set<(u64, OperationId)>,
    /// Operations that were done or withdrawn, whose records are kept for a while.
    ended: Set<(u64, OperationId)>,
    /// Operations that ended and whose end is still to be told; they are kept as long as it takes.
    unreported: Set<OperationId>,
}

impl Deadlines {
    pub(super) const fn new() -> Self {
        Self {
            held_back: Set::new(),
            waiting: Set::new(),
            expiring: Set::new(),
            ended: Set::new(),
            unreported: Set::new(),
        }
    }

    pub(super) fn add<V>(&mut self, operation: &Operation<V>) {
        if operation.state.held_back_until().is_some() {
            self.held_back.insert(operation.id);
        }
        if let Some(until_ms) = waits_until(operation) {
            self.waiting.insert((until_ms, operation.id));
        }
        if operation.report.is_some() {
            self.unreported.insert(operation.id);
        } else if let Some(at_ms) = ended_ms(operation) {
            self.ended.insert((at_ms, operation.id));
        }
        if let Some(at_ms) = operation.expires_ms().filter(|_| !operation.is_finished()) {
            self.expiring.insert((at_ms, operation.id));
        }
    }

    /// Takes out what [`add`](Self::add) put in for the operation as it was then.
    pub(super) fn remove<V>(&mut self, operation: &Operation<V>) {
        self.held_back.remove(&operation.id);
        self.unreported.remove(&operation.id);
        if let Some(until_ms) = waits_until(operation) {
            self.waiting.remove(&(until_ms, operation.id));
        }
        if let Some(at_ms) = ended_ms(operation) {
            self.ended.remove(&(at_ms, operation.id));
        }
        if let Some(at_ms) = operation.expires_ms() {
            self.expiring.remove(&(at_ms, operation.id));
        }
    }

    pub(super) fn held_back(&self) -> impl Iterator<Item = OperationId> {
        self.held_back.iter().copied()
    }

    /// Those that are wanted no more at this time.
    pub(super) fn expired(&self, now_ms: u64) -> impl Iterator<Item = OperationId> {
        self.expiring.iter().take_while(move |(at_ms, _)| *at_ms <= now_ms).map(|(_, id)| *id)
    }

    /// When the next one, after this time, has waited long enough or is wanted no more.
    pub(super) fn next(&self, now_ms: u64) -> Option<u64> {
        let after_now = |times: &Set<(u64, OperationId)>| {
            times.iter().map(|(at_ms, _)| *at_ms).find(|at_ms| *at_ms > now_ms)
        };
        [after_now(&self.waiting), after_now(&self.expiring)].into_iter().flatten().min()
    }

    /// Those whose end is still to be told.
    pub(super) fn unreported(&self) -> impl Iterator<Item = OperationId> {
        self.unreported.iter().copied()
    }

    /// Those that were done or withdrawn at this time or before.
    pub(super) fn ended_by(&self, at_ms: u64) -> impl Iterator<Item = OperationId> {
        self.ended.iter().take_while(move |(ended, _)| *ended <= at_ms).map(|(_, id)| *id)
    }
}

const fn waits_until<V>(operation: &Operation<V>) -> Option<u64> {
    match operation.state {
        OperationState::Waiting { until_ms, .. } => until_ms,
        _ => None,
    }
}

const fn ended_ms<V>(operation: &Operation<V>) -> Option<u64> {
    match operation.state {
        OperationState::Done { at_ms, .. } | OperationState::Cancelled { at_ms, .. } => Some(at_ms),
        _ => None,
    }
}
