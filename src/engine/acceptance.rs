//! From a person's deed to a stored operation: it is shown, then written to the store, then announced.

use super::flat::Set;

use super::config::Config;
use super::effect::{DiagnosticCode, Effect, Event};
use super::host::{Host, HostRefusal};
use super::ids::{OperationId, Revision, TabId};
use super::operation::{Body, Operation, OperationState};
use super::plant::Plant;
use super::protocol::Message;
use super::storage::{PersistFailure, Purpose, Write, WriteBatch};
use super::terms::Terms;
use super::time::Now;
use super::timers::Timer;
use super::{Engine, Life, Reading};

/// What the app wants done.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OperationRequest<V> {
    /// A fresh id, made by the platform: the journal may have it already.
    pub id: OperationId,
    /// The name under which the app defined the operation.
    pub name: String,
    /// What is to be done.
    pub body: Body<V>,
    /// Operations of one scope run one after another.
    pub scope: String,
    /// Whether the server applies it once however often it is sent under its key.
    pub repeatable: bool,
    /// Whether the platform can tell by the key when a base contains it.
    pub confirmed_by_key: bool,
    /// How many bytes its arguments take, as the platform estimates it.
    pub bytes: u32,
    /// On which terms it is tried.
    pub terms: Terms,
}

/// Why an operation was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal<V> {
    /// Its optimistic function did not run.
    #[error("the optimistic function did not run")]
    Optimistic(HostRefusal<V>),
    /// An operation of this id is known.
    #[error("an operation of this id is known")]
    Duplicate,
    /// The outbox is full.
    #[error("the outbox holds {operations_max} operations, its limit")]
    OutboxFull {
        /// The limit, `outbox_operations_max`.
        operations_max: usize,
    },
    /// What the operations of the outbox take would be more than they may.
    #[error("the arguments of the outbox may take {bytes_max} bytes")]
    OutboxHeavy {
        /// The limit, `outbox_bytes_max`.
        bytes_max: u64,
    },
    /// The engine was closed.
    #[error("the engine was closed")]
    Closed,
}

impl<V: Clone> Engine<V> {
    pub(super) fn accept(
        &mut self,
        now: Now,
        host: &mut impl Host<V>,
        request: OperationRequest<V>,
    ) -> Result<(), Refusal<V>> {
        if self.life == Life::Closed {
            return Err(Refusal::Closed);
        }
        if self.outbox.contains(request.id) {
            return Err(Refusal::Duplicate);
        }
        self.make_sure_of_room(request.bytes)?;
        let operation = self.operation_of(request, now, self.tab);
        let queries = self.replica.append(host, &operation).map_err(Refusal::Optimistic)?;
        self.changed(queries);
        let id = operation.id;
        self.begin(operation);
        self.gather(id);
        Ok(())
    }

    /// Refuses what would make the outbox hold more than it may.
    fn make_sure_of_room(&self, bytes: u32) -> Result<(), Refusal<V>> {
        let Config { outbox_operations_max: operations_max, outbox_bytes_max: bytes_max, .. } = self.config;
        if self.outbox.tally.operations() >= operations_max {
            Err(Refusal::OutboxFull { operations_max })
        } else if self.outbox.tally.bytes() + u64::from(bytes) > bytes_max {
            Err(Refusal::OutboxHeavy { bytes_max })
        } else {
            Ok(())
        }
    }

    pub(super) fn accept_journal(
        &mut self,
        now: Now,
        host: &mut impl Host<V>,
        owner: TabId,
        requests: Vec<OperationRequest<V>>,
    ) {
        if owner == self.tab {
            self.take_over(now, host, owner, requests);
        } else if self.is_running() && !self.has_planted(Plant::OrphansLeft) {
            // What it comes after may be in the store, and this tab may have missed the news of that.
            self.outbox.keeping.hold(requests.iter().map(|request| request.id));
            self.orphans_found.insert(owner, requests);
            // What is dropped is what was found last: it is dropped once all of it is stored.
            self.orphans.remove(&owner);
            self.read_store();
        }
    }

    /// The store was read since these journals were found without their tabs: they are ordered behind what it holds.
    pub(super) fn take_over_found(&mut self, now: Now, host: &mut impl Host<V>) {
        for (owner, requests) in core::mem::take(&mut self.orphans_found).into_tuple_vec() {
            self.take_over(now, host, owner, requests);
        }
    }

    fn take_over(
        &mut self,
        now: Now,
        host: &mut impl Host<V>,
        owner: TabId,
        requests: Vec<OperationRequest<V>>,
    ) {
        let foreign = owner != self.tab;
        let mut waiting_for = Set::new();
        for request in requests {
            let id = request.id;
            if self.outbox.is_stored(id) {
                self.events.push_back(Event::JournalReleased { id });
                continue;
            }
            waiting_for.insert(id);
            if !self.outbox.contains(id) {
                let operation = self.operation_of(request, now, owner);
                self.replica.learn(&operation);
                self.begin(operation);
            }
        }
        self.refold(host, Set::new());
        if foreign && waiting_for.is_empty() {
            self.effects.push_back(Effect::DropJournal { owner });
        } else if foreign {
            self.orphans.insert(owner, waiting_for);
        }
        self.take_unstored(now);
    }

    fn operation_of(&mut self, request: OperationRequest<V>, now: Now, owner: TabId) -> Operation<V> {
        let OperationRequest { id, name, body, scope, repeatable, confirmed_by_key, bytes, terms } = request;
        Operation {
            id,
            name,
            body,
            scope,
            stamp: self.clock.tick(now),
            // Of what is sensitive only its owner knows more than a journal.
            origin: if terms.sensitive { owner } else { self.tab },
            repeatable,
            confirmed_by_key,
            bytes,
            terms,
            merges: 0,
            rebases: 0,
            attempts: 0,
            answered: 0,
            first_attempt_ms: None,
            is_in_doubt: false,
            report: None,
            state: OperationState::Queued,
        }
    }

    /// The operation is shown, and is to be written down.
    fn begin(&mut self, operation: Operation<V>) {
        self.events.push_back(Event::OperationChanged { id: operation.id });
        self.pending_changed();
        self.outbox.accept(operation);
    }

    /// Waits for what else the call at hand has to say, so that all of it is one batch.
    fn gather(&mut self, id: OperationId) {
        if !self.outbox.taking.gather(id) {
            return;
        }
        if !self.is_taking() {
            self.say_writing();
        }
        self.effects.push_back(Effect::Gather);
    }

    /// Said before the write, so that the leader looks should this page die in it; a leader that dies has an heir, who
    /// looks anyway. Once is enough for a burst.
    fn say_writing(&mut self) {
        if self.election.epoch().is_none() {
            self.broadcast(Message::Writing);
        }
    }

    /// The call is over: the store takes over what was accepted in it. What comes after an operation whose write failed
    /// waits until that is tried again.
    pub(super) fn gathered(&mut self, now: Now) {
        let gathered = self.outbox.taking.take_gathered();
        if !gathered.is_empty() {
            self.take(now, |first| gathered.contains(&first));
        }
    }

    fn is_taking(&self) -> bool {
        self.batches.values().any(|purpose| !purpose.taken().is_empty())
    }

    /// Has the store take over what it lacks and is not on its way to it.
    pub(super) fn take_unstored(&mut self, now: Now) {
        if !self.is_taking() && self.outbox.has_unstored() {
            self.say_writing();
        }
        self.take(now, |_| true);
    }

    /// Has the store take over the scopes of which this may be the first.
    fn take(&mut self, now: Now, may_begin: impl Fn(OperationId) -> bool) {
        let on_the_way: Set<_> = self.batches.values().flat_map(Purpose::taken).copied().collect();
        for ids in self.outbox.unstored(|first| !on_the_way.contains(&first) && may_begin(first)) {
            let operations = ids.iter().filter_map(|id| self.outbox.get(*id));
            let writes = operations.cloned().map(Write::AddOperation).collect();
            if self.has_planted(Plant::EarlyRelease) {
                ids.iter().for_each(|id| self.release_journal(*id));
            }
            self.persist(now, Purpose::Take { ids }, WriteBatch { fence: None, writes });
        }
    }

    pub(super) fn taken(
        &mut self,
        now: Now,
        ids: Vec<OperationId>,
        result: Result<Option<Revision>, PersistFailure>,
    ) {
        match result {
            Ok(revision) => {
                let revision = revision.expect("a batch with an operation is numbered");
                self.note_revision(now, revision);
                for id in &ids {
                    self.outbox.acknowledge(*id, revision);
                    if let Some(operation) = self.outbox.get(*id) {
                        self.coalescing.learned(operation);
                    }
                }
                self.announce(revision, &ids, Vec::new());
                // Asked before, the leader did not know the operations.
                ids.iter().for_each(|id| self.tell_wish(*id));
            }
            // Another tab took it over from the journal: the store knows more about it than this tab.
            Err(PersistFailure::Conflict) if ids.len() == 1 || self.has_planted(Plant::PartTakenForAll) => {
                ids.iter().for_each(|id| self.outbox.acknowledge_unread(*id));
                self.read_store();
            }
            Err(ref failure) => {
                // It may be one of them that the store has already, or cannot take.
                self.outbox.part(&ids);
                if *failure == PersistFailure::Conflict {
                    self.take_unstored(now);
                } else {
                    self.storage_failed(now, &result);
                }
                return;
            }
        }
        ids.iter().for_each(|id| self.release_journal(*id));
        self.take_unstored(now);
        self.work(now);
    }

    pub(super) fn release_journal(&mut self, id: OperationId) {
        self.events.push_back(Event::JournalReleased { id });
        let emptied = |ids: &mut Set<OperationId>| ids.remove(&id) && ids.is_empty();
        let owners: Vec<_> =
            self.orphans.iter_mut().filter_map(|(owner, ids)| emptied(ids).then_some(*owner)).collect();
        for owner in owners {
            self.orphans.remove(&owner);
            self.effects.push_back(Effect::DropJournal { owner });
        }
    }

    /// A write failed a while ago: whatever was to be written is tried again.
    pub(super) fn rewrite(&mut self, now: Now) {
        self.take_unstored(now);
        self.store_entries(now);
        self.keep_queries(now);
        if self.store.is_none() || self.reading == Reading::Owed {
            self.read_store();
        }
        self.claim_if_holding(now);
        self.work(now);
    }

    pub(super) fn storage_failed<T>(&mut self, now: Now, result: &Result<T, PersistFailure>) {
        let code = match result {
            Err(PersistFailure::Quota) => DiagnosticCode::StorageQuota,
            _ => DiagnosticCode::StorageFailed,
        };
        self.diagnose(code);
        self.timers.set(Timer::Rewrite, now, self.config.persist_retry_ms);
    }
}
