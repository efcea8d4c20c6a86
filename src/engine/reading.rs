//! Reading the store, which is the truth: at the start, on return, after a gap in the news, after a take-over.

use std::collections::BinaryHeap;

use super::flat::Set;

use super::clock::Stamp;
use super::effect::{DiagnosticCode, Effect, Event};
use super::host::Host;
use super::ids::{Epoch, OperationId, Revision};
use super::operation::Operation;
use super::outbox::Learned;
use super::plant::Plant;
use super::protocol::Message;
use super::recording::Recording;
use super::storage::{PersistFailure, Purpose, StoreContents, WriteBatch};
use super::time::Now;
use super::timers::Timer;
use super::{Engine, OperationState, Settlement};

/// Whether the store is being read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Reading {
    #[default]
    Idle,
    /// An answer is on its way.
    UnderWay,
    /// An answer is on its way, and something happened since it was asked for.
    Outdated,
    /// The last reading failed and has to be done again.
    Owed,
}

impl<V: Clone> Engine<V> {
    /// Has the store read. A read that is under way may have missed the reason, so it is followed by another.
    pub(super) fn read_store(&mut self) {
        if matches!(self.reading, Reading::Idle | Reading::Owed) {
            self.reading = Reading::UnderWay;
            self.effects.push_back(Effect::ReadStore);
        } else {
            self.reading = Reading::Outdated;
        }
    }

    pub(super) fn take_in_store(
        &mut self,
        now: Now,
        host: &mut impl Host<V>,
        contents: Result<StoreContents<V>, PersistFailure>,
    ) {
        // An answer that comes though one is owed is to an earlier question, and may be from before what happened.
        let reading = core::mem::take(&mut self.reading);
        let outdated = matches!(reading, Reading::Outdated | Reading::Owed);
        match contents {
            Ok(contents) => self.take_in_contents(now, host, contents),
            Err(_) => {
                self.reading = Reading::Owed;
                return self.storage_failed(now, &contents);
            }
        }
        if outdated {
            self.read_store();
        } else {
            self.election.inform();
            self.take_over_found(now, host);
        }
        self.claim_if_holding(now);
        self.work(now);
    }

    fn take_in_contents(&mut self, now: Now, host: &mut impl Host<V>, contents: StoreContents<V>) {
        if self.store.is_some_and(|known| known != contents.store) {
            self.store_lost(now);
        }
        let first = self.store.replace(contents.store).is_none();
        self.recording.restore(contents.trail.clone());
        self.last_epoch = self.last_epoch.max(contents.epoch);
        self.tell_unannounced(contents.revision);
        self.revisions.read_at(contents.revision);
        self.stop_waiting_for_gap();
        if contents.unreadable > 0 {
            self.diagnose(DiagnosticCode::RecordUnreadable);
        }
        self.peers.is_outdated |= contents.newer > 0;
        self.take_in_entries(&contents.entries, contents.revision, contents.has_all_entries);
        // A store lists them in the order of their ids: there each one comes behind those before it.
        let mut stored: Set<_> = contents.operations.iter().map(|operation| operation.id).collect();
        // A record that this version cannot read is not gone.
        stored.extend(contents.unreadable_operations.iter().copied());
        // In the order in which people did them, so that what ended meanwhile is told in order too.
        for operation in in_order(contents.operations) {
            self.learn(now, operation, contents.revision, !first);
        }
        for id in self.outbox.missing_from(&stored, contents.revision) {
            self.removed(now, id, contents.revision);
        }
        self.outbox.lose_sight(contents.unreadable_operations, contents.revision);
        if first {
            self.drop_ended(now);
        }
        self.refold(host, Set::new());
        if first {
            self.arrive();
            self.rewrite(now);
        } else {
            self.take_unstored(now);
            self.store_entries(now);
        }
    }

    /// The leader finds a change in the store that it did not hear of. If its writer died before it could announce it,
    /// the others have not heard of it either.
    fn tell_unannounced(&mut self, revision: Revision) {
        if self.election.epoch().is_some() && !self.revisions.is_known(revision) {
            self.broadcast(Message::Bell { revision });
        }
    }

    /// An operation as the store holds it since this change; `is_news`: what this tab does not know happened while it
    /// was there, or slept.
    pub(super) fn learn(&mut self, now: Now, operation: Operation<V>, revision: Revision, is_news: bool) {
        let id = operation.id;
        self.observe(operation.stamp);
        let former = self.outbox.get(id).map(|known| known.stamp);
        let was_unstored = former.is_some() && !self.outbox.is_stored(id);
        let learned = self.outbox.learn(operation, revision);
        if was_unstored {
            self.release_journal(id);
        }
        if learned == Learned::Nothing {
            // It had come this far here already, perhaps by another way than by the answer that is still kept.
            if let Some(known) = self.outbox.get(id) {
                self.attempts.learned(known);
            }
            return;
        }
        let operation = self.outbox.get(id).expect("it was learned just now").clone();
        if learned == Learned::Report {
            return self.report_if_chosen(&operation);
        }
        if let Some(former) = former.filter(|former| *former != operation.stamp) {
            self.order_behind(now, &operation, former);
        }
        self.replica.learn(&operation);
        self.pending_changed();
        self.events.push_back(Event::OperationChanged { id });
        // A dead letter that was tried again and done ends once more, though its way there was missed.
        let is_done = matches!(operation.state, OperationState::Done { .. });
        let has_ended_now = match learned {
            Learned::Progress { was_finished } => is_done || !was_finished,
            _ => is_news,
        };
        if has_ended_now && let Some(settlement) = settlement(&operation.state) {
            self.events.push_back(Event::Settled { id, settlement });
        }
        self.attempts.learned(&operation);
        self.coalescing.learned(&operation);
        self.wishes.remove(&id);
        self.look_for_signed_out(id);
        self.confirm_without_key(now, &operation);
        self.report_if_chosen(&operation);
    }

    /// Another tab stored the operation, and so ordered it later: what this tab accepted after it stays after it.
    fn order_behind(&mut self, now: Now, operation: &Operation<V>, former: Stamp) {
        for id in self.outbox.unstored_after(&operation.scope, former) {
            let stamp = self.clock.tick(now);
            self.outbox.restamp(id, stamp);
            if let Some(later) = self.outbox.get(id).filter(|_| self.replica.is_pending(id)) {
                self.replica.learn(later);
            }
            self.events.push_back(Event::OperationChanged { id });
        }
    }

    /// What had ended in the store that was lost is not written to the new one.
    fn drop_ended(&mut self, now: Now) {
        let ended =
            |operation: &&Operation<V>| operation.is_finished() && !self.outbox.is_stored(operation.id);
        let ended: Vec<OperationId> =
            self.outbox.iter().filter(ended).map(|operation| operation.id).collect();
        for id in ended {
            self.drop_operation(now, id);
        }
    }

    /// The operation was removed from the store by this change.
    pub(super) fn removed(&mut self, now: Now, id: OperationId, revision: Revision) {
        let writing = self.batches.values().any(|purpose| !matches!(purpose, Purpose::KeepQueries { .. }));
        let older_may_come = writing || self.revisions.has_gap() || self.reading != Reading::Idle;
        self.outbox.bury(id, revision, older_may_come);
        self.drop_operation(now, id);
    }

    /// The store holds the operation no more.
    fn drop_operation(&mut self, now: Now, id: OperationId) {
        let Some(operation) = self.outbox.remove(id) else {
            return;
        };
        if !operation.confirmed_by_key {
            self.replica.withdraw(id);
        }
        self.replica.forget(id);
        self.attempts.forget(id);
        self.wishes.remove(&id);
        self.reports.forget(id);
        self.outbox.keeping.forget(id);
        self.coalescing.forget(id);
        self.reauthorized.remove(&id);
        self.confirm_by.remove(&id);
        self.stirred.remove(&id);
        // Nobody knows any more whether it was done or cancelled. If it was done, a base will soon contain it.
        if self.replica.is_pending(id) && !matches!(operation.state, OperationState::Done { .. }) {
            self.show_a_while_longer(now, id);
        }
        self.events.push_back(Event::OperationChanged { id });
        self.pending_changed();
    }

    pub(super) fn note_revision(&mut self, now: Now, revision: Revision) -> bool {
        let new = self.revisions.note(revision);
        self.wait_for_gap(now);
        new
    }

    /// The store was said to have had this change.
    pub(super) fn expect_revision(&mut self, now: Now, revision: Revision) {
        self.revisions.expect(revision);
        self.wait_for_gap(now);
    }

    fn wait_for_gap(&mut self, now: Now) {
        if self.revisions.has_gap() {
            self.timers.set(Timer::Gap, now, self.config.gap_patience_ms);
        } else {
            self.timers.stop(Timer::Gap);
        }
    }

    pub(super) fn read_if_gap(&mut self) {
        if self.revisions.has_gap() && !self.has_planted(Plant::GapIgnored) {
            self.read_store();
        }
    }

    fn stop_waiting_for_gap(&mut self) {
        if !self.revisions.has_gap() {
            self.timers.stop(Timer::Gap);
        }
    }

    /// The database is gone, or another one. What this tab still has in memory is written to the new one.
    pub(super) fn store_lost(&mut self, now: Now) {
        self.diagnose(DiagnosticCode::StoreLost);
        self.store = None;
        self.last_epoch = Epoch(0);
        self.peers.forget_leader();
        self.revisions = super::Revisions::default();
        self.batches.forget_all();
        self.recording = Recording::new();
        self.topics.forget_store();
        self.reports.forget_store();
        self.strange_stores.clear();
        self.reading = Reading::Idle;
        for id in self.outbox.forget_store() {
            self.events.push_back(Event::OperationChanged { id });
        }
        self.unkept.extend(self.watched.iter().cloned());
        self.timers.set(Timer::KeepQueries, now, self.config.queries_flush_ms);
        self.hold_again();
        if self.is_running() {
            self.read_store();
        }
    }

    pub(super) fn persist(&mut self, now: Now, purpose: Purpose<V>, writes: WriteBatch<V>) {
        // What was done before is written before.
        self.gathered(now);
        let batch = self.batches.begin(now, purpose);
        self.effects.push_back(Effect::Persist { batch, writes });
        self.timers.set(Timer::Stall, now, self.config.persist_timeout_ms);
    }

    /// Sets the stall timer to the batch that waits longest now.
    pub(super) fn watch_for_stall(&mut self, now: Now) {
        self.timers.stop(Timer::Stall);
        if let Some(issued) = self.batches.oldest() {
            let left = self.config.persist_timeout_ms.saturating_sub(now.since_ms(issued));
            self.timers.set(Timer::Stall, now, left);
        }
    }

    pub(super) fn report_stall(&mut self, now: Now) {
        if self.batches.oldest().is_some() {
            self.diagnose(DiagnosticCode::StorageStalled);
            self.timers.set(Timer::Stall, now, self.config.persist_timeout_ms);
        }
    }

    /// Tells the others what the store holds now.
    pub(super) fn announce(
        &mut self,
        revision: Revision,
        changed: &[OperationId],
        removed: Vec<OperationId>,
    ) {
        if self.has_planted(Plant::UnannouncedStore) {
            return;
        }
        // What has changed again since was told with that change: told here, it would seem to be older than it is.
        let current = |id: &&OperationId| self.outbox.is_stored_at(**id, revision);
        let current = changed.iter().filter(current).filter_map(|id| self.outbox.get(*id));
        let operations = current.cloned().collect();
        self.broadcast(Message::Stored { revision, operations, removed });
    }
}

/// Operations in the order of their stamps. What is sorted is their places, for there may be thousands of them; by a heap,
/// whose code is the shortest.
fn in_order<V>(operations: Vec<Operation<V>>) -> impl Iterator<Item = Operation<V>> {
    let places: BinaryHeap<(Stamp, usize)> =
        operations.iter().map(|operation| operation.stamp).zip(0..).collect();
    let mut operations: Vec<_> = operations.into_iter().map(Some).collect();
    places.into_sorted_vec().into_iter().filter_map(move |(_, place)| operations[place].take())
}

fn settlement<V: Clone>(state: &OperationState<V>) -> Option<Settlement<V>> {
    match state {
        OperationState::Done { result, .. } => Some(Settlement::Done { result: result.clone() }),
        OperationState::Dead { failure, .. } => Some(Settlement::Dead { failure: failure.clone() }),
        OperationState::Cancelled { into, .. } => {
            Some(into.map_or(Settlement::Cancelled, |into| Settlement::Merged { into }))
        }
        _ => None,
    }
}
