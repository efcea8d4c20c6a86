//! What store and server do with what has reached them.

use tabweave::engine::{
    FailedKind, Hindrance, OperationId, PersistFailure, Revision, StoreContents, StoreId, WriteBatch,
};

use super::checkers::Violation;
use super::faults::Fault;
use super::input::{self, Input};
use super::server::{Mood, Reply, Request};
use super::store::{Job, Store};
use super::trace::Fingerprint;
use super::world::{Arrival, Fate, World};
use crate::support::database::is_news;
use crate::support::value::Value;

/// A page gave a call up.
pub const NO_ANSWER: Fate = Fate::Failed { kind: FailedKind::Unknown(Hindrance::Connection) };

impl World {
    /// A call reaches the server.
    pub fn serve(&mut self, request: &Request) -> Result<(), Violation> {
        let id = request.attempt.id;
        let mood = Mood {
            refuses: Fingerprint::of(&id) % 1_000 < u64::from(self.swarm.faults.of(Fault::Refused)),
            is_busy: self.strikes(Fault::NotNow),
            is_overloaded: self.strikes(Fault::Overloaded),
            knows_better: self.strikes(Fault::Conflicts),
            signs_out: self.strikes(Fault::SignsOut),
        };
        let before = self.server.at();
        let reply = self.server.answer(request, mood);
        self.trace.note(self.now, || format!("server: {} gives {reply:?}", input::short(id)));
        if self.server.at() != before {
            self.steps += 1;
            self.coverage.applied += 1;
            self.check_applied(id)?;
            self.send_bases();
        }
        let (number, attempt) = (request.tab, request.attempt.attempt);
        let session = self.tabs[number].session;
        let answer = |fate| Arrival::Answer { id, attempt, session, fate };
        let fate = match reply {
            Reply::Accepted { result } => Fate::Accepted { result },
            Reply::Failed(kind) => Fate::Failed { kind },
        };
        let patience_ms = 500 + self.chance.up_to(2_500);
        if self.strikes_tab(Fault::AnswerLost, number) {
            self.schedule_arrival(patience_ms, number, answer(NO_ANSWER));
        } else if self.strikes_tab(Fault::AnswerLate, number) {
            // The page gave the call up, and is answered after all.
            let later_ms = patience_ms + self.chance.up_to(3_000);
            self.schedule_arrival(patience_ms, number, answer(NO_ANSWER));
            self.schedule_arrival(later_ms, number, answer(fate));
        } else {
            let after_ms = 1 + self.chance.up_to(20);
            self.schedule_arrival(after_ms, number, answer(fate));
        }
        Ok(())
    }

    // ---- The store's side.

    pub fn run_job(
        &mut self,
        number: usize,
        job_number: u64,
        store: Option<StoreId>,
        job: Job,
    ) -> Result<(), Violation> {
        if job_number >= self.tabs[number].jobs_lost_from {
            self.trace.note(self.now, || format!("store: a job of tab {number} was lost with it"));
            return Ok(());
        }
        let is_open = store == Some(self.store.id);
        let input = match job {
            Job::Write { batch, writes } => {
                let result = self.write(number, is_open, &writes)?;
                self.trace.note(self.now, || format!("store: batch {batch} of tab {number}: {result:?}"));
                Input::Persisted { batch, result }
            }
            Job::Read => {
                let contents = match is_open {
                    false => Err(PersistFailure::Closed),
                    true if self.strikes_tab(Fault::ReadFails, number) => Err(PersistFailure::Failed),
                    true => Ok(self.contents()),
                };
                Input::StoreRead { contents }
            }
            Job::ReadQuery { query } => {
                let is_readable = is_open && !self.strikes_tab(Fault::ReadFails, number);
                let cached = self.store.queries.get(&query).filter(|_| is_readable).cloned();
                Input::QueryRead { query, cached }
            }
        };
        let late = self.strikes_tab(Fault::StoreAnswerLate, number);
        let takes_ms = if late { self.chance.up_to(3_000) } else { self.chance.up_to(2) };
        // Answers of one connection come in order. No tab has the number that stands for the store here.
        let after_ms = self.channel.in_order(usize::MAX, number, self.now, takes_ms);
        self.schedule_arrival(after_ms, number, Arrival::Told(input));
        Ok(())
    }

    fn write(
        &mut self,
        number: usize,
        is_open: bool,
        writes: &WriteBatch<Value>,
    ) -> Result<Result<Option<Revision>, PersistFailure>, Violation> {
        if !is_open {
            return Ok(Err(PersistFailure::Closed));
        }
        if self.is_store_full && writes.writes.iter().any(is_news) {
            return Ok(Err(PersistFailure::Quota));
        }
        if self.strikes_tab(Fault::WriteFails, number) {
            return Ok(Err(PersistFailure::Failed));
        }
        self.steps += 1;
        if self.store.can_commit(writes) {
            self.coverage.commits += 1;
            // Put aside for the checkers, who look at what the batch comes upon.
            let store = std::mem::replace(&mut self.store, Store::new(StoreId::from_bytes([0; 16])));
            let checked = self.check_committed(number, &store, writes);
            self.store = store;
            checked?;
        } else {
            self.coverage.undone += 1;
        }
        Ok(self.store.commit(number, writes))
    }

    /// What the store holds, and records in it that nobody can read.
    fn contents(&self) -> StoreContents<Value> {
        let (unreadable, newer) = self.swarm.unreadable;
        let mut contents = self.store.contents();
        if unreadable > 0 {
            contents.unreadable_operations.push(OperationId::from_bytes([0xee; 16]));
        }
        // The first is an operation, the second an entry.
        contents.has_all_entries = unreadable < 2;
        contents.unreadable += unreadable;
        contents.newer += newer;
        contents
    }
}
