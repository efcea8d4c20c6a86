//! What became of attempts: how their operations go on from there.

use super::flat::Set;

use super::Engine;
use super::host::Host;
use super::ids::OperationId;
use super::operation::{Operation, OperationState, ParkReason, WaitReason};
use super::outcome::{FailedKind, Failure, FailureCode, Hindrance, Outcome};
use super::plant::Plant;
use super::protocol::Message;
use super::retry::{delay_bound_ms, delay_ms};
use super::time::{MOMENT_MS_MAX, Now};

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
        // What it is chained to is not known yet.
        if matches!(outcome, Outcome::Failed { rebased: Some(_), .. }) && self.recording.is_writing() {
            return None;
        }
        let mut next = operation.clone();
        match outcome {
            Outcome::Accepted { result, .. } => {
                next.state = OperationState::Done { result: result.clone(), at_ms: now.wall_ms };
            }
            Outcome::Failed { rebased: Some(rebased), .. } if next.rebase(rebased) => {}
            Outcome::Failed { kind, error, after_ms, current, .. } => {
                next.answered = next.answered.saturating_add(outcome.is_answer().into());
                next.is_in_doubt |= matches!(kind, FailedKind::Unknown(_) | FailedKind::Lost);
                next.state = self.after_failure(now, &next, *kind, error, *after_ms);
                next.state.note_current(current.clone());
            }
        }
        Some(next)
    }

    /// How an operation goes on, counted already, whose attempt failed.
    fn after_failure(
        &self,
        now: Now,
        operation: &Operation<V>,
        kind: FailedKind,
        error: &V,
        after_ms: Option<u64>,
    ) -> OperationState<V> {
        let at_ms = now.wall_ms;
        let failure = |code| Failure { code, error: Some(error.clone()) };
        let dead = |code| OperationState::Dead { failure: failure(code), at_ms };
        let parked = |why, code| OperationState::Parked { why, failure: Some(failure(code)), current: None };
        let hindrance = match kind {
            FailedKind::Rejected => return dead(FailureCode::Rejected),
            FailedKind::Lost => return dead(FailureCode::OutcomeUnknown),
            FailedKind::Conflict => return parked(ParkReason::Conflict, FailureCode::Conflict),
            FailedKind::Unauthenticated => return parked(ParkReason::SignedOut, FailureCode::SignedOut),
            FailedKind::Blocked => return parked(ParkReason::DependsOnFailed, FailureCode::DependsOnFailed),
            FailedKind::Unknown(_) if !operation.repeatable => {
                return parked(ParkReason::OutcomeUnknown, FailureCode::OutcomeUnknown);
            }
            // The key makes it safe to send it again, however often.
            FailedKind::Unknown(hindrance) | FailedKind::Retryable(hindrance) => hindrance,
        };
        let retry = &operation.terms.retry;
        let counts = matches!(hindrance, Hindrance::Server | Hindrance::Overload);
        if counts && operation.answered > retry.retries_max {
            // Whoever decides has to know that it may have been applied.
            let in_doubt = operation.is_in_doubt;
            return dead(if in_doubt { FailureCode::OutcomeUnknown } else { FailureCode::AttemptsExhausted });
        }
        let back_off = |count| delay_ms(retry, self.seed, operation.id, count);
        let (why, wait_ms) = match hindrance {
            Hindrance::Connection => (WaitReason::Connection, back_off(operation.attempts)),
            Hindrance::Handler => (WaitReason::NoHandler, back_off(operation.attempts)),
            Hindrance::Creator => (WaitReason::Creator, back_off(operation.attempts)),
            Hindrance::Server => (WaitReason::Retry, after_ms.unwrap_or(back_off(operation.answered))),
            // Of all tabs' operations only one is sent after it: nothing is gained by spreading it.
            Hindrance::Overload => (
                WaitReason::Overload,
                after_ms.max(Some(delay_bound_ms(retry, operation.answered))).unwrap_or(0),
            ),
        };
        let until_ms = Some(at_ms.saturating_add(wait_ms).min(MOMENT_MS_MAX));
        OperationState::Waiting { until_ms, why, failure: Some(failure(FailureCode::Retryable)) }
    }
}
