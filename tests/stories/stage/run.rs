//! The stage's run loop: what engines want done, and in which order it happens.

use tabweave::engine::{Effect, Engine, Event, LockNews, Now, PersistFailure, Set};

use super::{Actor, Letter, Stage};
use crate::store::Job;
use crate::support::host::{self, App};
use crate::support::value::Value;

/// What may happen before the story goes on.
const HAPPENINGS_MAX: usize = 10_000;

impl Stage {
    /// Whatever a tab's person does meanwhile is done within one call.
    pub fn in_one_call<R>(&mut self, tab: usize, deeds: impl FnOnce(&mut Self) -> R) -> R {
        self.has_more_to_say = true;
        let result = deeds(self);
        self.has_more_to_say = false;
        if self.actors[tab].is_here {
            self.with(tab, |engine, _, now| engine.handle_gathered(now));
        }
        result
    }

    /// Does what a tab's engine wants done, as far as the story lets it.
    pub(super) fn play(&mut self, tab: usize) {
        while let Some(effect) = self.actors[tab].engine.poll_effect() {
            self.perform(tab, effect);
        }
        while let Some(event) = self.actors[tab].engine.poll_event() {
            if let Event::JournalReleased { id } = event {
                self.actors[tab].journal.retain(|request| request.id != id);
            }
            self.actors[tab].events.push(event);
        }
    }

    fn perform(&mut self, tab: usize, effect: Effect<Value>) {
        match effect {
            Effect::Join { incarnation } => {
                self.actors[tab].listens = true;
                self.locks.living.insert(tab, incarnation.0);
            }
            Effect::Leave => {
                self.actors[tab].listens = false;
                self.locks.living.remove(&tab);
            }
            Effect::ReadStore => {
                let store = self.store.id;
                self.actors[tab].connection.get_or_insert(store);
                self.issue(tab, Job::Read);
            }
            Effect::ReadQuery { query } => self.issue(tab, Job::ReadQuery { query }),
            Effect::Persist { batch, writes } => self.issue(tab, Job::Write { batch, writes }),
            Effect::RequestLeaderLock if !self.has_locks => {}
            Effect::RequestLeaderLock => self.actors[tab].lock = Some(self.locks.request(tab)),
            Effect::ReleaseLeaderLock => {
                if let Some(request) = self.actors[tab].lock.take() {
                    self.locks.release(request);
                }
            }
            Effect::Gather if self.has_more_to_say => {}
            Effect::Gather => {
                let actor = &mut self.actors[tab];
                let now = actor.now();
                actor.engine.handle_gathered(now);
            }
            Effect::Coalesce { operations } => {
                let mergers = host::mergers(&operations);
                let actor = &mut self.actors[tab];
                let now = actor.now();
                actor.engine.handle_coalesced(now, mergers);
            }
            Effect::Broadcast(envelope) => {
                let listens = |to: &usize| *to != tab && self.actors[*to].listens && !self.deaf.contains(to);
                for to in (0..self.actors.len()).filter(listens) {
                    let letter = Letter { to, envelope: envelope.clone() };
                    self.said.push(letter.clone());
                    self.letters.push_back(letter);
                }
            }
            Effect::StealLeaderLock => {
                if let Some(request) = self.actors[tab].lock.take() {
                    self.locks.release(request);
                }
                let (request, former) = self.locks.take(tab);
                self.actors[tab].lock = Some(request);
                if let Some((former, _)) = former.filter(|(former, _)| !self.stopped.contains(former)) {
                    self.tell(former, |engine, _, now| engine.handle_leader_lock(now, LockNews::Lost));
                }
            }
            Effect::Attempt(attempt) => self.actors[tab].calls.push(attempt),
            Effect::FindOrphans => self.find_orphans(tab, true),
            Effect::LookAround => self.find_orphans(tab, false),
            Effect::DropJournal { .. } if self.are_journals_kept => {}
            Effect::DropJournal { owner } => {
                let owner =
                    self.actors.iter_mut().find(|actor| actor.id == owner).expect("owners were on stage");
                owner.journal.clear();
            }
        }
    }

    fn issue(&mut self, tab: usize, job: Job) {
        let connection = self.actors[tab].connection;
        if !self.actors[tab].loses_jobs {
            self.actors[tab].jobs.push_back((connection, job));
        }
    }

    fn find_orphans(&mut self, tab: usize, journals_too: bool) {
        let living: Set<_> = self.locks.living.keys().map(|living| self.actors[*living].id).collect();
        let orphans: Vec<_> = self
            .actors
            .iter()
            .filter(|actor| journals_too && !living.contains(&actor.id) && !actor.journal.is_empty())
            .map(|actor| (actor.id, actor.journal.clone()))
            .collect();
        let pages = self.actors.iter().filter(|actor| actor.is_here).map(|actor| actor.id).collect();
        let actor = &mut self.actors[tab];
        let now = actor.now();
        for (owner, requests) in orphans {
            actor.engine.adopt(now, &mut actor.app, owner, requests);
        }
        actor.engine.handle_presence(now, &living, &pages);
    }

    /// Lets everything happen that is not held back, one thing after another.
    pub(super) fn run(&mut self) {
        for _ in 0..HAPPENINGS_MAX {
            if !self.run_next() {
                return;
            }
        }
        panic!("the stage does not come to rest");
    }

    /// False if nothing is left to happen.
    fn run_next(&mut self) -> bool {
        if let Some((holder, _)) = self.locks.grant() {
            self.tell(holder, |engine, _, now| engine.handle_leader_lock(now, LockNews::Granted));
        } else if let Some(tab) = self.runnable() {
            self.run_job(tab);
        } else if let Some(Letter { to, envelope }) = self.next_letter() {
            if self.actors[to].listens {
                self.tell(to, |engine, app, now| {
                    engine.handle_message(now, app, envelope);
                });
            }
        } else {
            return false;
        }
        true
    }

    fn tell(&mut self, tab: usize, call: impl FnOnce(&mut Engine<Value>, &mut App, Now)) {
        let actor = &mut self.actors[tab];
        let now = actor.now();
        call(&mut actor.engine, &mut actor.app, now);
        self.play(tab);
    }

    fn next_letter(&mut self) -> Option<Letter> {
        if self.are_letters_held {
            return None;
        }
        let arrives = |letter: &Letter| !self.stopped.contains(&letter.to);
        let first = self.letters.iter().position(arrives)?;
        self.letters.remove(first)
    }

    fn runnable(&self) -> Option<usize> {
        let ready = |actor: &Actor| !actor.jobs.is_empty() && !actor.is_store_held;
        let runs = |tab: &usize| ready(&self.actors[*tab]) && !self.stopped.contains(tab);
        (0..self.actors.len()).find(runs)
    }

    pub(super) fn run_job(&mut self, tab: usize) {
        let (connection, job) = self.actors[tab].jobs.pop_front().expect("it was seen just now");
        let is_open = connection == Some(self.store.id);
        match job {
            Job::Write { batch, writes } => {
                let result = match self.actors[tab].failures.pop_front() {
                    Some(failure) => Err(failure),
                    None if !is_open => Err(PersistFailure::Closed),
                    None => self.store.commit(tab, &writes),
                };
                self.tell_if_here(tab, |engine, app, now| engine.handle_persisted(now, app, batch, result));
            }
            Job::Read => {
                let actor = &mut self.actors[tab];
                let contents = match actor.failed_reads.checked_sub(1) {
                    Some(left) => {
                        actor.failed_reads = left;
                        Err(PersistFailure::Failed)
                    }
                    None if is_open => Ok(self.store.contents()),
                    None => Err(PersistFailure::Closed),
                };
                self.tell_if_here(tab, |engine, app, now| engine.handle_store_read(now, app, contents));
            }
            Job::ReadQuery { query } => {
                let cached = self.store.queries.get(&query).cloned();
                self.tell_if_here(tab, |engine, app, now| engine.handle_query_read(now, app, query, cached));
            }
        }
    }

    fn tell_if_here(&mut self, tab: usize, call: impl FnOnce(&mut Engine<Value>, &mut App, Now)) {
        if self.actors[tab].is_here {
            self.tell(tab, call);
        }
    }
}
