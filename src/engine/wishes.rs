//! What a person wants of an operation, here or in another tab: the leader alone grants it.

use super::Engine;
use super::audit::Told;
use super::ids::OperationId;
use super::operation::{Operation, OperationState, ParkReason, WaitReason};
use super::outcome::{FailureCode, Rebased};
use super::protocol::{Message, Wish};
use super::time::Now;

impl<V: Clone> Engine<V> {
    /// Grants a wish here if this tab leads, or asks the leader to: whoever leads once the store has the operation.
    pub(super) fn ask_for(
        &mut self,
        now: Now,
        id: OperationId,
        wish: Wish,
        resolution: Option<Rebased<V>>,
        given_up: Vec<Told<V>>,
    ) -> bool {
        let Some(operation) = self.outbox.get(id) else {
            return false;
        };
        let asked = Asked { wish, attempts: operation.attempts, resolution, given_up };
        // Of what this version cannot read it knows an old state only, and no leader of it grants anything.
        if self.outbox.is_hidden(id) || wished(operation, &asked, now).is_none() {
            return false;
        }
        // Another tab could not tell for how long its page is there.
        if is_secret_retried(operation, wish) && !self.can_run(operation) {
            return false;
        }
        self.wishes.insert(id, asked);
        self.tell_wish(id);
        self.work(now);
        true
    }

    /// A tab that does not lead tells the leader what a person wants of an operation.
    pub(super) fn tell_wish(&mut self, id: OperationId) {
        if self.election.epoch().is_some() {
            return;
        }
        if let Some(asked) = self.wishes.get(&id).cloned() {
            self.broadcast(Message::Ask { id, asked });
        }
    }

    /// A leader that begins hears what people wanted of the one before.
    pub(super) fn tell_wishes(&mut self) {
        let ids: Vec<_> = self.wishes.keys().copied().collect();
        for id in ids {
            self.tell_wish(id);
        }
    }

    /// This tab leads now: what it asked another one for it does itself.
    pub(super) fn grant_wishes(&mut self, now: Now) {
        for (id, asked) in core::mem::take(&mut self.wishes).into_tuple_vec() {
            let is_settled = self.outbox.is_settled(id) && !self.has_to_wait(&asked);
            // Kept until the store has what it led to: the write may fail, or another tab may lead by then.
            if self.outbox.contains(id) && (!is_settled || self.grant_asked(now, id, &asked)) {
                self.wishes.insert(id, asked);
            }
        }
    }

    /// The person has signed in again: what waits for that is tried again, and so is what turns out to wait for it
    /// though its attempt was begun before.
    pub(super) fn signed_in_again(&mut self, now: Now) {
        let waiting = self.outbox.iter().filter(|one| one.state.parked_for() == Some(ParkReason::SignedOut));
        let waiting: Vec<_> = waiting.map(|operation| operation.id).collect();
        let under_way = self.outbox.claimed().map(|operation| operation.id);
        self.reauthorized = under_way.collect();
        for id in waiting {
            self.try_again_signed_in(id);
        }
        self.work(now);
    }

    /// News of an operation: did it stop for want of the signature that has come meanwhile?
    pub(super) fn look_for_signed_out(&mut self, id: OperationId) {
        let state = self.outbox.get(id).map(|operation| &operation.state);
        if !matches!(state, Some(OperationState::Claimed { .. }))
            && self.reauthorized.remove(&id)
            && state.and_then(OperationState::parked_for) == Some(ParkReason::SignedOut)
        {
            self.try_again_signed_in(id);
        }
    }

    fn try_again_signed_in(&mut self, id: OperationId) {
        let Some(attempts) = self.outbox.get(id).map(|operation| operation.attempts) else {
            return;
        };
        self.wishes
            .insert(id, Asked { wish: Wish::Resume, attempts, resolution: None, given_up: Vec::new() });
        self.tell_wish(id);
    }

    /// Another tab's person wants this of an operation.
    pub(super) fn hear_asked(&mut self, now: Now, id: OperationId, asked: Asked<V>) {
        if self.has_to_wait(&asked) && self.outbox.contains(id) {
            self.wishes.insert(id, asked);
        } else {
            self.grant_asked(now, id, &asked);
        }
    }

    /// Whether it is a decision, and those before it are not written down yet.
    fn has_to_wait(&self, asked: &Asked<V>) -> bool {
        (matches!(asked.wish, Wish::Resolve) || !asked.given_up.is_empty()) && self.recording.is_writing()
    }

    /// Grants the wish of another tab's person, unless it is of another attempt than the last.
    pub(super) fn grant_asked(&mut self, now: Now, id: OperationId, asked: &Asked<V>) -> bool {
        let is_current = self.outbox.get(id).is_some_and(|operation| operation.attempts == asked.attempts);
        // Who gave up an edit decided about the conflict that there was, and about no later one.
        let is_for_good = matches!(asked.wish, Wish::Cancel | Wish::SetAside) && asked.given_up.is_empty();
        (is_current || is_for_good) && self.grant(now, id, asked)
    }

    fn grant(&mut self, now: Now, id: OperationId, asked: &Asked<V>) -> bool {
        let Some(epoch) = self.election.working_epoch() else {
            return false;
        };
        let known = self.outbox.get(id);
        if known.is_some_and(|one| is_secret_retried(one, asked.wish) && self.runner_of(one).is_none()) {
            return false;
        }
        let next = known.and_then(|operation| wished(operation, asked, now));
        let Some(next) = next.filter(|_| self.outbox.is_settled(id)) else {
            return false;
        };
        let resolved = asked.resolution.as_ref().map(|resolution| &resolution.decided);
        let decided = resolved.unwrap_or(&asked.given_up);
        if !decided.is_empty() {
            self.recording.note(id, decided.clone());
        }
        self.transition(now, epoch, vec![next], Vec::new());
        true
    }
}

/// What a person wants of an operation, as tabs tell each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asked<V> {
    /// What is wanted.
    pub wish: Wish,
    /// How many attempts the person knew of: a wish that arrives twice is granted once.
    pub attempts: u32,
    /// What the person decided, if a conflict is to be resolved.
    pub resolution: Option<Rebased<V>>,
    /// What of an edit in conflict is lost, if it is to be withdrawn.
    pub given_up: Vec<Told<V>>,
}

/// The operation as a person wants it, if it can become that now.
fn wished<V: Clone>(operation: &Operation<V>, asked: &Asked<V>, now: Now) -> Option<Operation<V>> {
    let mut next = operation.clone();
    match (asked.wish, &operation.state) {
        (
            _,
            OperationState::Claimed { .. } | OperationState::Done { .. } | OperationState::Cancelled { .. },
        )
        | (Wish::Retry, OperationState::Queued)
        // It is tried as soon as some tab knows how; until then it would end where it is, unnoticed by who asked.
        | (Wish::Retry, OperationState::Waiting { why: WaitReason::NoHandler, .. })
        | (Wish::SetAside, OperationState::Dead { .. }) => return None,
        (Wish::Resume, state) if !lacks_something(state) => return None,
        (Wish::Resume, _) => next.state = OperationState::Queued,
        (Wish::Resolve, _) => {
            let resolution = asked.resolution.as_ref()?;
            return next.resolve(resolution).then_some(next);
        }
        (Wish::Cancel, state)
            if !asked.given_up.is_empty() && state.parked_for() != Some(ParkReason::Conflict) =>
        {
            return None;
        }
        (Wish::Cancel, _) => next.state = OperationState::Cancelled { at_ms: now.wall_ms, into: None },
        (Wish::SetAside, _) => next.die(now.wall_ms, FailureCode::SetAside),
        // Attempts are numbered on, so that a late answer to an earlier one is told from the new one's.
        (Wish::Retry, _) => {
            next.state = OperationState::Queued;
            next.answered = 0;
            // It is wanted again, however old it is.
            next.terms.expire_after_ms = None;
        }
    }
    Some(next)
}

/// Whether a dead letter is to be tried again of which its page alone knows what is to be done: without that it would be
/// one again at once, however often an old wish arrives.
const fn is_secret_retried<V>(operation: &Operation<V>, wish: Wish) -> bool {
    operation.terms.sensitive
        && matches!((wish, &operation.state), (Wish::Retry, OperationState::Dead { .. }))
}

/// Whether it stopped for want of something that may come: a person who signs in, or what another operation creates.
const fn lacks_something<V>(state: &OperationState<V>) -> bool {
    matches!(
        state,
        OperationState::Parked { why: ParkReason::SignedOut | ParkReason::DependsOnFailed, .. }
            | OperationState::Waiting { why: WaitReason::Creator, .. }
    )
}
