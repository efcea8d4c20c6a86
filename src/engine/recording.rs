//! The audit trail as the leader writes it: an entry for each part that a merge or a person decided, in the batch in which
//! the edit becomes what was decided. So nothing is decided without an entry, and no entry is about what was not.
//!
//! Entries are a chain, and its end is known here and in the store. Only one batch with entries is on its way at a time:
//! if it comes undone, what follows is chained to what the store has.

use super::Engine;
use super::audit::{AuditEntry, Decided, Told, Trail, Weighed};
use super::flat::Map;
use super::ids::OperationId;
use super::operation::{Body, Operation, OperationState};
use super::outcome::Outcome;
use super::time::Now;

/// The end of the chain, and what is on its way to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Recording<V> {
    /// As the store has it, since this tab leads.
    trail: Trail,
    is_writing: bool,
    /// What a person decided about operations that go on with the next batch.
    decided: Map<OperationId, Vec<Told<V>>>,
}

impl<V> Recording<V> {
    pub(super) const fn new() -> Self {
        Self { trail: Trail::new(), is_writing: false, decided: Map::new() }
    }

    /// Whether what is decided now has to wait until it is known what it is chained to.
    pub(super) const fn is_writing(&self) -> bool {
        self.is_writing
    }

    /// The store was read, and held this trail. What was written since the question may be missing from it.
    pub(super) fn restore(&mut self, trail: Trail) {
        let number = |trail: &Trail| trail.head().map(|head| head.number);
        if number(&trail) > number(&self.trail) {
            self.trail = trail;
        }
    }

    /// A person has decided this about an operation.
    pub(super) fn note(&mut self, id: OperationId, decided: Vec<Told<V>>) {
        self.decided.insert(id, decided);
    }

    /// The batch with entries came to its end; if it was committed, with the trail as it is then.
    pub(super) fn ended(&mut self, committed: Option<Trail>) {
        self.is_writing = false;
        if let Some(trail) = committed {
            self.trail = trail;
        }
    }
}

impl<V: Clone> Engine<V> {
    /// The entries of what was decided about these operations, and the trail with them. None: nothing was.
    pub(super) fn record(
        &mut self,
        now: Now,
        operations: &[Operation<V>],
    ) -> (Vec<AuditEntry<V>>, Option<Trail>) {
        let mut trail = self.recording.trail.clone();
        let mut entries = Vec::new();
        for operation in operations {
            for decided in self.decided_about(now, operation) {
                entries.push(trail.append_told(decided, self.config.audit_values));
            }
        }
        if entries.is_empty() {
            return (entries, None);
        }
        assert!(!self.recording.is_writing, "what is decided waits for the entries before it");
        self.recording.is_writing = true;
        (entries, Some(trail))
    }

    fn decided_about(&mut self, now: Now, operation: &Operation<V>) -> Vec<Decided<Weighed<V>, Weighed<V>>> {
        let by_person = self.recording.decided.remove(&operation.id);
        let is_given_up = by_person.is_some() && matches!(operation.state, OperationState::Cancelled { .. });
        let is_merged = |known: &Operation<V>| known.rebases < operation.rebases || is_given_up;
        let Body::Edit { collection, document, .. } = &operation.body else { return Vec::new() };
        if !self.outbox.get(operation.id).is_some_and(is_merged) {
            return Vec::new();
        }
        let told = by_person.unwrap_or_else(|| match self.attempts.answers.get(&operation.id) {
            Some((_, Outcome::Failed { rebased: Some(rebased), .. })) => rebased.decided.clone(),
            _ => Vec::new(),
        });
        let decided = told.into_iter().map(|told| Decided {
            at_ms: now.wall_ms,
            who: told.who,
            operation: operation.id,
            collection: collection.clone(),
            document: document.clone(),
            path: told.path,
            rule: told.rule,
            kind: told.kind,
            base: told.base,
            local: told.local,
            server: told.server,
            result: told.result,
        });
        decided.collect()
    }
}
