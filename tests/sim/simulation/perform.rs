//! What engines want done, done.

use tabweave::engine::{
    Attempt, Effect, FailedKind, Hindrance, LockNews, OperationId, OperationRequest, Write,
};

use super::accounts::Call;
use super::checkers::{Violation, ensure};
use super::faults::Fault;
use super::input::{self, Input, short};
use super::server::Request;
use super::store::Job;
use super::world::{Arrival, Fate, Happening, World};
use crate::support::value::Value;

impl World {
    pub fn perform(&mut self, number: usize, effect: Effect<Value>) -> Result<(), Violation> {
        self.trace.note(self.now, || format!("      → {}", describe(&effect)));
        match effect {
            Effect::Join { incarnation } => {
                self.channels_opened += 1;
                self.tabs[number].channel = Some(self.channels_opened);
                self.locks.living.insert(number, incarnation.0);
            }
            Effect::Leave => self.leave(number),
            Effect::ReadStore => {
                // A lost database is opened again by whoever reads it.
                let store = self.store.id;
                self.tabs[number].connection.get_or_insert(store);
                self.tabs[number].memory.reads += 1;
                self.issue(number, Job::Read);
            }
            Effect::Gather => self.schedule_arrival(0, number, Arrival::Told(Input::Gathered)),
            Effect::ReadQuery { query } => self.issue(number, Job::ReadQuery { query }),
            Effect::Persist { batch, writes } => {
                self.check_kept(number, &writes)?;
                self.check_put_entries(number, &writes)?;
                if writes.fence.is_some() {
                    let now = self.tabs[number].now(self.now);
                    self.tabs[number].fenced.insert(batch, now);
                }
                self.issue(number, Job::Write { batch, writes });
            }
            Effect::RequestLeaderLock => {
                let known = self.tabs[number].lock_request;
                ensure(known.is_none(), "one lock request a tab", || format!("tab {number} asked again"))?;
                if self.swarm.has_locks {
                    self.tabs[number].lock_request = Some(self.locks.request(number));
                    self.grant_lock();
                } else {
                    let request = self.locks.request_in_vain();
                    self.tabs[number].lock_request = Some(request);
                    self.notify_lock(number, request, LockNews::Missing);
                }
            }
            Effect::ReleaseLeaderLock => self.release_lock(number),
            Effect::StealLeaderLock => {
                ensure(self.swarm.has_locks, "no lock is taken where there are none", || {
                    format!("tab {number}")
                })?;
                self.check_usurper(number)?;
                self.take_lock(number);
            }
            Effect::Broadcast(envelope) => self.broadcast(number, envelope)?,
            Effect::Attempt(attempt) => self.call_server(number, attempt)?,
            Effect::Coalesce { operations } => self.look_at_neighbours(number, &operations)?,
            Effect::FindOrphans => self.look_around_later(number, true),
            Effect::LookAround => self.look_around_later(number, false),
            Effect::DropJournal { owner } => self.drop_journal(number, owner),
        }
        Ok(())
    }

    // ---- The store.

    /// Every page's transactions run in the order in which they were issued.
    fn issue(&mut self, tab: usize, job: Job) {
        let slow = self.strikes_tab(Fault::StoreSlow, tab);
        let takes_ms = if slow { self.chance.up_to(8_000) } else { 1 + self.chance.up_to(4) };
        self.store_busy_until = self.store_busy_until.max(self.now) + takes_ms;
        self.jobs += 1;
        let (number, store) = (self.jobs, self.tabs[tab].connection);
        self.schedule(self.store_busy_until - self.now, Happening::Store { tab, number, store, job });
    }

    // ---- Locks.

    /// Gives the leader's lock to whoever stands next, if it is free.
    pub fn grant_lock(&mut self) {
        if let Some((tab, request)) = self.locks.grant() {
            self.notify_lock(tab, request, LockNews::Granted);
        }
    }

    /// A page hears of its own lock in order.
    pub fn notify_lock(&mut self, tab: usize, request: u64, news: LockNews) {
        let late_ms = self.delay(Fault::LockLate);
        let after_ms = self.channel.in_order(tab, tab, self.now, late_ms);
        self.schedule_arrival(after_ms, tab, Arrival::Lock { request, news });
    }

    pub fn release_lock(&mut self, number: usize) {
        if let Some(request) = self.tabs[number].lock_request.take() {
            self.locks.release(request);
            self.grant_lock();
        }
    }

    /// The tab takes the lock by force, whoever holds it.
    fn take_lock(&mut self, number: usize) {
        if let Some(request) = self.tabs[number].lock_request.take() {
            self.locks.release(request);
        }
        let (request, former) = self.locks.take(number);
        self.tabs[number].lock_request = Some(request);
        if let Some((tab, request)) = former {
            self.notify_lock(tab, request, LockNews::Lost);
        }
        self.notify_lock(number, request, LockNews::Granted);
    }

    fn look_around_later(&mut self, tab: usize, journals_too: bool) {
        let after_ms = self.delay(Fault::PresenceLate);
        self.schedule(after_ms, Happening::LookAround { tab, journals_too });
    }

    pub fn leave(&mut self, number: usize) {
        self.tabs[number].channel = None;
        self.locks.living.remove(&number);
    }

    // ---- Journals.

    /// The operation is the person's from here on: it must not be lost.
    pub fn journal(&mut self, number: usize, request: OperationRequest<Value>) {
        self.accept(number, &request);
        self.journals.entry(number).or_default().push(request);
    }

    pub fn release_journal(&mut self, number: usize, id: OperationId) -> Result<(), Violation> {
        self.check_released(number, id)?;
        if let Some(journal) = self.journals.get_mut(&number) {
            journal.retain(|request| request.id != id);
        }
        Ok(())
    }

    /// Only what was handed over is deleted: its owner may have come back and written more.
    fn drop_journal(&mut self, number: usize, owner: tabweave::engine::TabId) {
        let Some(owner) = self.tab_number(owner) else {
            return;
        };
        let handed = self.tabs[number].handed.remove(&owner).unwrap_or_default();
        if let Some(journal) = self.journals.get_mut(&owner) {
            journal.retain(|request| !handed.contains(&request.id));
        }
    }

    // ---- The server.

    fn call_server(&mut self, number: usize, attempt: Attempt<Value>) -> Result<(), Violation> {
        self.check_call(number, &attempt)?;
        self.coverage.sent += 1;
        let (id, session) = (attempt.id, self.tabs[number].session);
        let account = self.accounts.of(id);
        let repeatable = account.is_repeatable;
        account.calls.push(Call { tab: number, attempt: attempt.attempt, is_known_unapplied: false });
        let answer = |fate| Arrival::Answer { id, attempt: attempt.attempt, session, fate };
        if !self.tabs[number].is_online {
            // Nothing is handed to a disconnected client, so this one was surely not applied.
            let after_ms = 1 + self.chance.up_to(10);
            self.schedule_arrival(
                after_ms,
                number,
                answer(Fate::Failed { kind: FailedKind::Retryable(Hindrance::Connection) }),
            );
        } else if self.strikes_tab(Fault::RequestLost, number) {
            let after_ms = 500 + self.chance.up_to(2_500);
            self.schedule_arrival(
                after_ms,
                number,
                answer(Fate::Failed { kind: FailedKind::Unknown(Hindrance::Connection) }),
            );
        } else {
            let late = self.strikes_tab(Fault::RequestLate, number);
            let after_ms = if late { self.chance.up_to(5_000) } else { 1 + self.chance.up_to(20) };
            self.schedule(after_ms, Happening::Request(Request { tab: number, attempt, repeatable }));
        }
        Ok(())
    }
}

fn describe(effect: &Effect<Value>) -> String {
    match effect {
        Effect::Persist { batch, writes } => {
            let fence = writes.fence.map_or("no fence".to_owned(), |epoch| format!("fence {epoch}"));
            let writes: Vec<_> = writes.writes.iter().map(describe_write).collect();
            format!("persist batch {batch}, {fence}: {}", writes.join(", "))
        }
        Effect::Broadcast(envelope) => format!("broadcast {}", input::message(&envelope.message)),
        Effect::Attempt(attempt) => {
            format!("attempt {} of {} {}", attempt.attempt, attempt.name, short(attempt.id))
        }
        other => format!("{other:?}"),
    }
}

fn describe_write(write: &Write<Value>) -> String {
    match write {
        Write::ClaimEpoch(epoch) => format!("claim epoch {epoch}"),
        Write::AddOperation(operation) => format!("add {} {}", short(operation.id), operation.state.name()),
        Write::PutOperation(operation) => format!("put {} {}", short(operation.id), operation.state.name()),
        Write::RemoveOperation(id) => format!("remove {}", short(id)),
        Write::PutQuery { query, .. } => format!("keep {}", query.as_str()),
        Write::PutEntry(entry) => format!("put entry {} {}", entry.topic, entry.key),
        Write::DropEntry { topic, key, .. } => format!("drop entry {topic} {key}"),
        Write::AppendAudit(entry) => format!("audit entry {}", entry.number),
        Write::ForgetEntry { topic, key, .. } => format!("forget entry {topic} {key}"),
    }
}
