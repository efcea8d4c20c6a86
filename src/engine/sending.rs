//! What the leader does with the outbox: claim what is next, make the attempts, write down how operations go on.

use super::flat::{Map, Set};

use super::Engine;
use super::effect::{Attempt, Effect};
use super::host::Host;
use super::ids::{Epoch, OperationId, Revision};
use super::operation::{Operation, OperationState};
use super::outcome::Outcome;
use super::plant::Plant;
use super::protocol::Message;
use super::storage::{PersistFailure, Purpose, Write, WriteBatch};
use super::terms::Terms;
use super::time::Now;
use super::timers::Timer;

/// Calls to the server that this tab made, and answers that are not written down yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Attempts<V> {
    pub(super) under_way: Map<OperationId, u32>,
    pub(super) answers: Map<OperationId, (u32, Outcome<V>)>,
    /// Attempts that the leader asked this tab for, and whose claims it has not heard of yet.
    asked: Vec<(Epoch, OperationId, u32)>,
}

impl<V> Attempts<V> {
    pub(super) const fn new() -> Self {
        Self { under_way: Map::new(), answers: Map::new(), asked: Vec::new() }
    }

    /// The store holds the operation like this now: an answer that led to it has served.
    pub(super) fn learned(&mut self, operation: &Operation<V>) {
        let answer = self.answers.get(&operation.id);
        if answer.is_some_and(|(attempt, outcome)| !outcome.tells_of(operation, *attempt)) {
            self.answers.remove(&operation.id);
        }
    }

    pub(super) fn forget(&mut self, id: OperationId) {
        self.answers.remove(&id);
    }
}

impl<V: Clone> Engine<V> {
    /// Everything that the leader can do now, as one batch.
    pub(super) fn work(&mut self, now: Now) {
        let Some(epoch) = self.election.working_epoch() else {
            self.run_asked();
            return self.watch_leader(now);
        };
        self.grant_wishes(now);
        self.look_for_mergers();
        self.look_for_origins(now);
        let mut next: Vec<Operation<V>> = Vec::new();
        let ids: Vec<_> = self.attempts.answers.keys().copied().collect();
        next.extend(ids.into_iter().filter_map(|id| self.answered(now, id)));
        next.extend(self.recovered(epoch, &next));
        next.extend(self.bereft(now, &next));
        next.extend(self.released(&next));
        next.extend(self.expired(now, &next));
        next.extend(self.reported(&next));
        next.extend(self.claims(now, epoch, &next));
        let has_work = !next.is_empty();
        let removed = if has_work { self.outdated(now) } else { Vec::new() };
        self.transition(now, epoch, next, removed);
        self.await_next_turn(now);
        self.look_after_tellers(now);
        if has_work {
            self.look_through_journals(now);
        }
    }

    pub(super) fn transition(
        &mut self,
        now: Now,
        epoch: Epoch,
        mut operations: Vec<Operation<V>>,
        removed: Vec<OperationId>,
    ) {
        if operations.is_empty() && removed.is_empty() {
            return;
        }
        let mut writes = Vec::with_capacity(operations.len() + removed.len());
        for operation in &mut operations {
            self.order_report(operation);
            self.outbox.set_changing(operation.id, true);
            writes.push(Write::PutOperation(operation.clone()));
        }
        for id in &removed {
            self.outbox.set_changing(*id, true);
            writes.push(Write::RemoveOperation(*id));
        }
        let (entries, trail) = self.record(now, &operations);
        writes.extend(entries.into_iter().map(Write::AppendAudit));
        let is_early = |operation: &&Operation<V>| {
            self.has_planted(Plant::SentBeforeClaimed)
                && operation.is_claimed_by(self.tab, epoch, operation.attempts)
        };
        let early: Vec<_> = operations.iter().filter(is_early).cloned().collect();
        let purpose = Purpose::Transition { epoch, operations, removed, issued: now, trail };
        let fence = Some(epoch).filter(|_| !self.has_planted(Plant::FenceUnasserted));
        self.persist(now, purpose, WriteBatch { fence, writes });
        for operation in early {
            self.send(operation);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one batch and its answer")]
    pub(super) fn transition_ended(
        &mut self,
        now: Now,
        host: &mut impl Host<V>,
        epoch: Epoch,
        operations: Vec<Operation<V>>,
        removed: Vec<OperationId>,
        issued: Now,
        result: Result<Option<Revision>, PersistFailure>,
    ) {
        let ids: Vec<_> = operations.iter().map(|operation| operation.id).collect();
        for id in ids.iter().chain(&removed) {
            self.outbox.set_changing(*id, false);
            if let Some(operation) = self.outbox.get(*id).filter(|_| result.is_err()) {
                self.coalescing.learned(operation);
            }
        }
        match result {
            Ok(revision) => {
                let revision = revision.expect("a batch with operations is numbered");
                self.election.prove(epoch, issued);
                self.note_revision(now, revision);
                for operation in operations {
                    self.learn(now, operation, revision, true);
                }
                for id in &removed {
                    self.removed(now, *id, revision);
                }
                self.refold(host, Set::new());
                self.announce(revision, &ids, removed);
                self.send_claimed(now, epoch, issued, &ids);
                self.work(now);
            }
            Err(PersistFailure::Conflict) => {
                self.fenced_off(now, epoch);
                // What came undone is for another leader now, who may not answer.
                self.work(now);
            }
            Err(_) => self.storage_failed(now, &result),
        }
    }

    /// Operations that were claimed under another epoch, or by a tab that lives no more.
    fn recovered(&self, epoch: Epoch, before: &[Operation<V>]) -> Vec<Operation<V>> {
        let abandoned = |operation: &&Operation<V>| match operation.state {
            OperationState::Claimed { epoch: claimed, runner, .. }
                if claimed == epoch && runner == self.tab =>
            {
                // A call from an earlier lead was still open when it was claimed again, and has failed since.
                !self.attempts.under_way.contains_key(&operation.id)
                    && !self.attempts.answers.contains_key(&operation.id)
            }
            OperationState::Claimed { epoch: claimed, runner, .. } => {
                claimed != epoch || !self.peers.contains(runner)
            }
            _ => false,
        };
        self.outbox
            .claimed()
            .filter(|operation| self.outbox.is_settled(operation.id))
            .filter(abandoned)
            .filter(|operation| !before.iter().any(|other| other.id == operation.id))
            .map(|operation| {
                let mut next = operation.clone();
                if self.attempts.under_way.contains_key(&next.id) {
                    // This tab's own call is still open, from before it lost the lead: its answer will do.
                    let probes = next.state.held_back_until().is_some();
                    next.state = OperationState::Claimed { epoch, runner: self.tab, probes };
                } else {
                    next.abandon();
                }
                next
            })
            .collect()
    }

    // ---- Attempts.

    /// The claims are committed: make the attempts, here or in the tab that knows how.
    fn send_claimed(&mut self, now: Now, epoch: Epoch, issued: Now, ids: &[OperationId]) {
        if self.election.epoch() != Some(epoch) {
            return;
        }
        let claimed: Vec<_> = ids.iter().filter_map(|id| self.outbox.get(*id).cloned()).collect();
        self.send_or_prove(now, epoch, issued, claimed);
    }

    /// Has the attempts made if the proof of leadership is fresh, else proves it once more first: the
    /// acknowledgement took so long that another tab may lead by now.
    fn send_or_prove(&mut self, now: Now, epoch: Epoch, proof: Now, claimed: Vec<Operation<V>>) {
        let stale =
            now.since_ms(proof) >= self.config.lease_duration_ms && !self.has_planted(Plant::LeaseUnchecked);
        let mut again = Vec::new();
        for operation in claimed {
            let OperationState::Claimed { runner, .. } = operation.state else {
                continue;
            };
            if runner != self.tab {
                self.timers.set(Timer::Presence, now, self.config.presence_check_ms);
            }
            if stale {
                again.push(operation);
            } else if runner == self.tab {
                self.send(operation);
            } else {
                let (id, attempt) = (operation.id, operation.attempts);
                self.broadcast(Message::Delegate { to: runner, epoch, id, attempt });
            }
        }
        self.transition(now, epoch, again, Vec::new());
    }

    /// Makes the attempt, once: until it is answered, and until its answer is written down.
    fn send(&mut self, operation: Operation<V>) {
        let key = operation.key();
        let Operation { id, name, body, attempts: attempt, first_attempt_ms, terms, is_in_doubt, .. } =
            operation;
        // Also one to an earlier attempt, as long as it is kept: an acceptance holds.
        if self.attempts.answers.contains_key(&id) {
            return self.tell_answers();
        }
        if let litemap::Entry::Vacant(free) = self.attempts.under_way.entry(id) {
            free.insert(attempt);
            let first_attempt_ms = first_attempt_ms.expect("a claim says when the first attempt began");
            let Terms { version, sensitive, retry, .. } = terms;
            let (timeout_ms, accepted_ms) = (retry.timeout_ms, operation.stamp.wall_ms);
            self.effects.push_back(Effect::Attempt(Attempt {
                id,
                key,
                name,
                body,
                version,
                sensitive,
                is_in_doubt,
                accepted_ms,
                attempt,
                first_attempt_ms,
                timeout_ms,
            }));
        }
    }

    /// The leader asks this tab to make the attempt.
    pub(super) fn run_for(&mut self, epoch: Epoch, id: OperationId, attempt: u32) {
        self.attempts.asked.retain(|(_, asked, _)| *asked != id);
        self.attempts.asked.push((epoch, id, attempt));
        self.run_asked();
        if !self.attempts.asked.is_empty() {
            self.read_store();
        }
    }

    /// Makes the attempts that the leader asked for, as far as the news of their claims has arrived.
    pub(super) fn run_asked(&mut self) {
        for (epoch, id, attempt) in core::mem::take(&mut self.attempts.asked) {
            let known = self.outbox.get(id);
            match known.filter(|operation| operation.is_claimed_by(self.tab, epoch, attempt)).cloned() {
                Some(operation) if self.can_run(&operation) => self.send(operation),
                None if epoch >= self.last_epoch => self.attempts.asked.push((epoch, id, attempt)),
                _ => {}
            }
        }
    }

    pub(super) fn look_after_runners(&mut self, now: Now) {
        let Some(leadership) = self.election.leadership().copied() else {
            return;
        };
        let epoch = leadership.epoch;
        let elsewhere = |operation: &&Operation<V>| {
            let state = &operation.state;
            matches!(state, OperationState::Claimed { epoch: claimed, runner, .. }
                if *claimed == epoch && *runner != self.tab)
        };
        let delegated: Vec<_> = self.outbox.claimed().filter(elsewhere).cloned().collect();
        self.remind_tellers();
        self.look_after_tellers(now);
        if delegated.is_empty() && !self.timers.is_set(Timer::Presence) {
            return;
        }
        // The request may have been lost, or its answer: ask again, but only as one who surely leads.
        self.find_orphans(now);
        self.timers.set(Timer::Presence, now, self.config.presence_check_ms);
        let settled =
            delegated.into_iter().filter(|operation| self.outbox.is_settled(operation.id)).collect();
        self.send_or_prove(now, epoch, leadership.proof, settled);
    }
}
