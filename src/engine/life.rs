//! The page's life as the engine lives it: it takes part, sleeps, comes back, and ends.

use std::collections::VecDeque;

use super::clock::Clock;
use super::coalescing::Coalescing;
use super::config::Config;
use super::effect::Effect;
use super::election::Election;
use super::flat::{Map, Set};
use super::ids::{Epoch, Incarnation, TabId};
use super::outbox::Outbox;
use super::peers::Peers;
use super::plant::Plant;
use super::protocol::Message;
use super::publishing::Publishing;
use super::recording::Recording;
use super::replica::Replica;
use super::reports::Reports;
use super::revisions::Revisions;
use super::sending::Attempts;
use super::storage::Batches;
use super::time::Now;
use super::timers::{Timer, Timers};
use super::{Engine, Reading};

/// Whether the page runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Life {
    New,
    Running,
    /// Frozen, or in the back/forward cache: nothing is held, nothing is sent.
    Suspended,
    Closed,
}

impl<V: Clone> Engine<V> {
    /// An engine for this tab. The seed spreads back-offs; 8 random bytes in an app, a printed one in tests.
    pub fn new(config: Config, tab: TabId, seed: u64) -> Self {
        Self {
            config,
            tab,
            seed,
            life: Life::New,
            incarnation: Incarnation(0),
            visible: false,
            connected: false,
            reconnected: false,
            handlers: Set::new(),
            clock: Clock::new(tab),
            timers: Timers::default(),
            store: None,
            last_epoch: Epoch(0),
            revisions: Revisions::default(),
            reading: Reading::default(),
            batches: Batches::new(),
            strange_stores: Set::new(),
            outbox: Outbox::new(),
            replica: Replica::new(),
            watched: Set::new(),
            unkept: Set::new(),
            stirred: Set::new(),
            confirm_by: Map::new(),
            wishes: Map::new(),
            reauthorized: Set::new(),
            reports: Reports::new(),
            coalescing: Coalescing::new(),
            recording: Recording::new(),
            topics: Publishing::new(),
            election: Election::Resting,
            lockless: false,
            peers: Peers::default(),
            attempts: Attempts::new(),
            orphans_found: Map::new(),
            orphans: Map::new(),
            writing: Set::new(),
            effects: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    pub(super) fn end(&mut self, now: Now) {
        self.gathered(now);
        if self.life == Life::Running {
            self.keep_queries(now);
            self.leave(false);
        }
        self.life = Life::Closed;
        self.timers.clear();
    }

    pub(super) fn suspend(&mut self, now: Now) {
        self.gathered(now);
        if self.life == Life::Running {
            self.keep_queries(now);
            self.leave(true);
            self.life = Life::Suspended;
            self.timers.clear();
        }
    }

    pub(super) fn resume(&mut self, now: Now) {
        if self.life == Life::Suspended {
            self.life = Life::Running;
            self.incarnation = self.incarnation.next();
            self.join();
            self.take_up_timers(now);
        }
    }

    /// Takes part: from here on others can see this tab, and it may be chosen to lead.
    pub(super) fn join(&mut self) {
        self.effects.push_back(Effect::Join { incarnation: self.incarnation });
        if self.store.is_none() || !self.has_planted(Plant::ReturnUnread) {
            self.read_store();
        }
        self.election = Election::Queuing;
        self.effects.push_back(Effect::RequestLeaderLock);
        if self.store.is_some() {
            self.arrive();
        }
    }

    /// Makes itself known to the others, and has them make themselves known.
    pub(super) fn arrive(&mut self) {
        self.greet(true);
        self.share_on_arrival();
    }

    /// Whatever was waited for when the timers were stopped may be due.
    pub(super) fn take_up_timers(&mut self, now: Now) {
        self.timers.set(Timer::Rewrite, now, 0);
        self.timers.set(Timer::Confirm, now, 0);
        self.watch_for_stall(now);
        self.watch_roster(now);
    }

    /// Gives back everything that others might wait for.
    pub(super) fn leave(&mut self, asleep: bool) {
        self.broadcast(Message::Goodbye { asleep });
        self.rest();
        self.peers.forget_all();
        self.keep_writers(&|_| false);
        self.writing.clear();
        self.orphans_found.clear();
        // A journal may grow in the meantime: it is dropped by who finds it then.
        self.orphans.clear();
        self.effects.push_back(Effect::Leave);
    }

    pub(super) fn is_running(&self) -> bool {
        self.life == Life::Running
    }
}
