//! What became of attempts, and what a person wants of an operation: how it goes on from there.

use super::flat::Set;

use super::Engine;
use super::host::Host;
use super::ids::OperationId;
use super::operation::{Failure, FailureCode, Operation, OperationState, Outcome, ParkReason, WaitReason};
use super::plant::Plant;
use super::protocol::{Message, Wish};
use super::retry::delay_ms;
use super::time::Now;

impl<V: Clone> Engine<V> {
    pub(super) fn attempt_ended(
        &mut self,
        now: Now,
        host: &mut impl Host<V>,
        id: OperationId,
        attempt: u32,
        outcome: Outcome<V>,
    ) {
        if self.attempts.under_way.get(&id) == Some(&attempt) {
            self.attempts.under_way.remove(&id);
        }
        if let Outcome::Accepted { seen: true, .. } = outcome
            && self.replica.settle([id])
        {
            self.pending_changed();
            self.refold(host, Set::new());
        }
        self.take_answer(id, attempt, outcome);
        self.tell_answers();
        self.work(now);
    }

    pub(super) fn take_answer(&mut self, id: OperationId, attempt: u32, outcome: Outcome<V>) {
        let Some(operation) = self.outbox.get(id) else {
            return;
        };
        if outcome.tells_of(operation, attempt) && !self.has_planted(Plant::AnswerForgotten) {
            self.attempts.answers.insert(id, (attempt, outcome));
        }
    }

    /// A tab that does not lead tells the leader what became of its attempts.
    pub(super) fn tell_answers(&mut self) {
        if self.election.epoch().is_some() {
            return;
        }
        let answers: Vec<_> =
            self.attempts.answers.iter().map(|(id, answer)| (*id, answer.clone())).collect();
        for (id, (attempt, outcome)) in answers {
            self.broadcast(Message::AttemptEnded { id, attempt, outcome });
        }
    }

    /// The operation as it goes on after the answer that came for it.
    pub(super) fn answered(&self, now: Now, id: OperationId) -> Option<Operation<V>> {
        let (attempt, outcome) = self.attempts.answers.get(&id)?;
        let operation = self.outbox.get(id)?;
        // An answer that led nowhere would be written down again and again.
        if !self.outbox.is_settled(id) || !outcome.tells_of(operation, *attempt) {
            return None;
        }
        let at_ms = now.wall_ms;
        let mut next = operation.clone();
        let wait = |error: &V, after_ms: Option<u64>| {
            let back_off = delay_ms(&self.config, self.seed, id, operation.attempts);
            let until_ms = Some(at_ms.saturating_add(after_ms.unwrap_or(back_off)));
            let failure = Some(Failure { code: FailureCode::Retryable, error: error.clone() });
            OperationState::Waiting { until_ms, why: WaitReason::Retry, failure }
        };
        let failed = |code, error: &V| Failure { code, error: error.clone() };
        next.state = match outcome {
            Outcome::Accepted { result, .. } => OperationState::Done { result: result.clone(), at_ms },
            Outcome::Rejected { error } => {
                OperationState::Dead { failure: failed(FailureCode::Rejected, error), at_ms }
            }
            Outcome::Retryable { error, .. } if operation.attempts >= self.config.operation_attempts_max => {
                OperationState::Dead { failure: failed(FailureCode::AttemptsExhausted, error), at_ms }
            }
            Outcome::Retryable { error, after_ms } => wait(error, *after_ms),
            // The key makes it safe to send it again, however often.
            Outcome::Unknown { error } if operation.repeatable => wait(error, None),
            Outcome::Unknown { error } => OperationState::Parked {
                why: ParkReason::OutcomeUnknown,
                failure: Some(failed(FailureCode::OutcomeUnknown, error)),
            },
        };
        Some(next)
    }

    // ---- Wishes.

    /// Grants a wish here if this tab leads, or asks the leader to.
    pub(super) fn wish(&mut self, now: Now, id: OperationId, wish: Wish) -> bool {
        if self.election.working_epoch().is_some() {
            let granted = self.grant(now, id, wish);
            self.work(now);
            return granted;
        }
        let Some(operation) = self.outbox.get(id) else {
            return false;
        };
        let (possible, attempts) = (wished(operation, wish, now).is_some(), operation.attempts);
        let heard = self.peers.leader().is_some_and(|leader| leader != self.tab) && self.store.is_some();
        if possible && heard {
            self.wishes.insert(id, (wish, attempts));
            self.broadcast(Message::Ask { id, wish, attempts });
            self.watch_leader(now);
        }
        possible && heard
    }

    /// A leader that begins hears what people wanted of the one before.
    pub(super) fn tell_wishes(&mut self) {
        let wishes: Vec<_> = self.wishes.iter().map(|(id, wish)| (*id, *wish)).collect();
        for (id, (wish, attempts)) in wishes {
            self.broadcast(Message::Ask { id, wish, attempts });
        }
    }

    /// This tab leads now: what it asked another one for it does itself.
    pub(super) fn grant_wishes(&mut self, now: Now) {
        for (id, (wish, attempts)) in core::mem::take(&mut self.wishes).into_tuple_vec() {
            self.grant_asked(now, id, wish, attempts);
        }
    }

    /// Grants the wish of another tab's person, unless it is of another attempt than the last.
    pub(super) fn grant_asked(&mut self, now: Now, id: OperationId, wish: Wish, attempts: u32) {
        let is_current = self.outbox.get(id).is_some_and(|operation| operation.attempts == attempts);
        if is_current || wish == Wish::Cancel {
            self.grant(now, id, wish);
        }
    }

    fn grant(&mut self, now: Now, id: OperationId, wish: Wish) -> bool {
        let Some(epoch) = self.election.working_epoch() else {
            return false;
        };
        let next = self.outbox.get(id).and_then(|operation| wished(operation, wish, now));
        let Some(next) = next.filter(|_| self.outbox.is_settled(id)) else {
            return false;
        };
        self.transition(now, epoch, vec![next], Vec::new());
        true
    }
}

/// The operation as a person wants it, if it can become that now.
fn wished<V: Clone>(operation: &Operation<V>, wish: Wish, now: Now) -> Option<Operation<V>> {
    let mut next = operation.clone();
    match (wish, &operation.state) {
        (
            _,
            OperationState::Claimed { .. } | OperationState::Done { .. } | OperationState::Cancelled { .. },
        )
        | (Wish::Retry, OperationState::Queued)
        // It is tried as soon as some tab knows how; until then it would end where it is, unnoticed by who asked.
        | (Wish::Retry, OperationState::Waiting { why: WaitReason::NoHandler, .. }) => return None,
        (Wish::Cancel, _) => next.state = OperationState::Cancelled { at_ms: now.wall_ms },
        // Attempts are numbered on, so that a late answer to an earlier one is told from the new one's.
        (Wish::Retry, _) => next.state = OperationState::Queued,
    }
    Some(next)
}
