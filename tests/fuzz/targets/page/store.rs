//! The store: what it was asked, what comes of that, and what it has to say.

use tabweave::engine::{
    BatchId, CachedQuery, PersistFailure, QueryToken, Revision, StoreContents, Write, WriteBatch,
};

use super::super::app::{self, App, Marks};
use super::Page;

/// What the store is to do. A transaction of a former life of the store fails.
pub(super) enum Job {
    Write { batch: BatchId, writes: WriteBatch<Marks> },
    Read,
    ReadQuery { query: QueryToken },
}

/// What the store has to say.
pub(super) enum Answer {
    Written { batch: BatchId, result: Result<Option<Revision>, PersistFailure> },
    Read(Result<StoreContents<Marks>, PersistFailure>),
    Cached { query: QueryToken, cached: Option<CachedQuery<Marks>> },
}

impl Page {
    /// Carries out the oldest transaction, or has it fail.
    pub fn run_job(&mut self, failure: Option<PersistFailure>) {
        let Some((life, job)) = self.jobs.pop_front() else { return };
        let failure = failure.or((life != self.life).then_some(PersistFailure::Closed));
        let answer = match job {
            Job::Write { batch, writes } => {
                let result = match failure {
                    Some(failure) => Err(failure),
                    None => self.store.commit(self.tab, &writes),
                };
                self.book(life, &writes, result.as_ref().err());
                Answer::Written { batch, result }
            }
            Job::Read => Answer::Read(failure.map_or_else(|| Ok(self.store.contents()), Err)),
            Job::ReadQuery { query } => Answer::Cached { query, cached: None },
        };
        self.answers.push(answer);
    }

    fn book(&mut self, life: u8, batch: &WriteBatch<Marks>, failure: Option<&PersistFailure>) {
        // Of several nobody knows which of them is there.
        let is_final = failure == Some(&PersistFailure::Conflict) && batch.writes.len() == 1;
        for write in &batch.writes {
            match write {
                Write::AddOperation(operation) if failure.is_none() => {
                    self.stored.insert(operation.id);
                }
                // What is there already is not to be added again either.
                Write::AddOperation(operation) if !is_final && life == self.life => {
                    self.added.remove(&operation.id);
                }
                Write::PutOperation(operation) if failure.is_none() => {
                    assert!(
                        self.stored.contains(&operation.id),
                        "only what is stored goes on: {operation:?}"
                    );
                }
                Write::RemoveOperation(id) if failure.is_none() => {
                    self.removed.insert(*id);
                    // Nobody knows of it any more: a journal that still holds it has it stored again.
                    self.added.remove(id);
                }
                _ => {}
            }
        }
    }

    /// One of the answers arrives. What was read is told in its turn: a transaction that reads the store is over before
    /// one that writes begins.
    pub fn answer(&mut self, which: u8) {
        let first_read = self.answers.iter().position(|answer| matches!(answer, Answer::Read(_)));
        let at = match first_read.unwrap_or(self.answers.len()) {
            0 if self.answers.is_empty() => return,
            0 => 0,
            count => usize::from(which) % count,
        };
        match self.answers.remove(at) {
            Answer::Written { batch, result } => {
                self.tell(|engine, now| engine.handle_persisted(now, &mut App, batch, result));
            }
            Answer::Read(contents) => {
                self.tell(|engine, now| engine.handle_store_read(now, &mut App, contents));
            }
            Answer::Cached { query, cached } => {
                self.tell(|engine, now| engine.handle_query_read(now, &mut App, query, cached));
            }
        }
    }

    /// The site's data is cleared. What the former store was asked fails.
    pub fn wipe(&mut self) {
        if self.life == u8::MAX - 0xd0 {
            return;
        }
        self.life += 1;
        self.store = app::new_store(self.life);
        self.formerly_stored.append(&mut self.stored);
        self.added.clear();
        self.news.clear();
        for answer in &mut self.answers {
            match answer {
                Answer::Written { result, .. } => *result = Err(PersistFailure::Closed),
                Answer::Read(contents) => *contents = Err(PersistFailure::Closed),
                Answer::Cached { .. } => {}
            }
        }
        self.tell(|engine, now| engine.handle_store_closed(now));
    }
}
