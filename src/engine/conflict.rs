//! Edits that the server holds something else against: merged where the app's policy can, parked where a person has to
//! decide.
//!
//! Merging takes the app's policy and looks into documents, so the tab that makes an attempt does it, and says in its
//! answer what came of it ([`Rebased`]). Here it is written down: in the same batch in which the leader learns of the
//! conflict the edit becomes one from what the server holds to what is wanted now, under a new key, and waits for its turn.
//! That is right only if no earlier attempt can have taken effect: what the server holds may be this very edit else, and
//! merged with itself it would count twice. So whatever is in doubt is left to a person.

use super::Engine;
use super::audit::Told;
use super::ids::OperationId;
use super::operation::{Body, Operation, OperationState, ParkReason};
use super::outcome::{Current, Rebased};
use super::protocol::Wish;
use super::time::Now;

impl<V: Clone> Engine<V> {
    /// A person has decided what an edit in conflict is to be, which the leader writes down.
    pub(super) fn take_resolution(&mut self, now: Now, id: OperationId, resolution: Rebased<V>) -> bool {
        self.ask_for(now, id, Wish::Resolve, Some(resolution), Vec::new())
    }

    /// A person gives up an edit in conflict: that what they wanted is lost has an entry in the trail.
    pub(super) fn take_discard(&mut self, now: Now, id: OperationId, decided: Vec<Told<V>>) -> bool {
        let is_in_conflict = |one: &Operation<V>| one.state.parked_for() == Some(ParkReason::Conflict);
        self.outbox.get(id).is_some_and(is_in_conflict) && self.ask_for(now, id, Wish::Cancel, None, decided)
    }
}

impl<V: Clone> Operation<V> {
    /// Makes it an edit of what the server holds by now, to be sent anew. False if it must not be.
    pub(super) fn rebase(&mut self, rebased: &Rebased<V>) -> bool {
        !self.is_in_doubt && self.begin_anew(rebased)
    }

    /// The same after a person has decided, who knows whether it took effect already.
    pub(super) fn resolve(&mut self, resolution: &Rebased<V>) -> bool {
        self.state.parked_for() == Some(ParkReason::Conflict) && self.begin_anew(resolution)
    }

    fn begin_anew(&mut self, Rebased { base: held, next: wanted, .. }: &Rebased<V>) -> bool {
        // What stays in its page is not merged elsewhere.
        let Body::Edit { base, next, .. } = &mut self.body else { return false };
        if self.terms.sensitive {
            return false;
        }
        *base = held.clone();
        *next = wanted.clone();
        self.rebases = self.rebases.saturating_add(1);
        self.answered = 0;
        self.state = OperationState::Queued;
        true
    }
}

impl<V> OperationState<V> {
    /// What the server holds, if this is a conflict.
    pub(super) fn note_current(&mut self, held: Option<Current<V>>) {
        if let Self::Parked { why: ParkReason::Conflict, current, .. } = self {
            *current = held;
        }
    }
}
