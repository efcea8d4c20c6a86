//! What tabs tell each other, and what this one makes of it.

use super::flat::Set;

use super::Engine;
use super::clock::Stamp;
use super::effect::{DiagnosticCode, Effect, Event};
use super::host::Host;
use super::ids::{Epoch, OperationId, Revision, StoreId, TabId};
use super::operation::Operation;
use super::peers::Peer;
use super::plant::Plant;
use super::protocol::{Envelope, Message, PROTOCOL_VERSION};
use super::publishing::latest;
use super::time::Now;
use super::timers::Timer;

/// Stores that messages spoke of and that turned out not to be this one: they are not looked for again.
const STRANGE_STORES_MAX: usize = 16;

impl<V: Clone> Engine<V> {
    /// Says something, if this tab is awake and knows the store it speaks of.
    pub(super) fn broadcast(&mut self, message: Message<V>) {
        let Some(store) = self.store.filter(|_| self.is_running()) else {
            return;
        };
        let envelope = Envelope {
            protocol: PROTOCOL_VERSION,
            store,
            from: self.tab,
            incarnation: self.incarnation,
            stamp: self.clock.last(),
            message,
        };
        self.effects.push_back(Effect::Broadcast(envelope));
    }

    /// False: the message was of no use here.
    pub(super) fn hear(&mut self, now: Now, host: &mut impl Host<V>, envelope: Envelope<V>) -> bool {
        let Envelope { protocol, store, from, incarnation, stamp, message } = envelope;
        if !self.is_running() || from == self.tab {
            return false;
        }
        if protocol != PROTOCOL_VERSION {
            self.peers.hear(from);
            self.meet_foreigner(from, incarnation, protocol);
            return false;
        }
        if !self.is_plausible(now, stamp.max(stamp_within(&message).unwrap_or(stamp))) {
            self.diagnose(DiagnosticCode::ClockSkewed);
            return false;
        }
        if self.store != Some(store) && !self.has_planted(Plant::StoreIdentityIgnored) {
            self.look_for_store(store);
            return false;
        }
        self.observe(stamp);
        // What it shared before it left is gone with it, whenever it arrives.
        if matches!(message, Message::Shared { .. }) && self.peers.has_ended(from, incarnation) {
            return false;
        }
        self.peers.hear(from);
        self.ask_stranger(from, &message);
        if matches!(message, Message::Ping) {
            // Who asks for the leader is not it.
            self.peers.unfollow(from);
        } else if self.peers.leader() == Some(from) {
            self.trust_leader();
        }
        match message {
            Message::Hello { handlers, visible, asks, app } => {
                self.peers.hear_hello(from, incarnation);
                let handlers = handlers.into_iter().collect();
                let peer = Peer { incarnation, handlers, visible, protocol, app, asleep: false };
                self.meet(now, from, peer, asks);
            }
            Message::Goodbye { asleep } => {
                self.peers.hear_farewell(from, incarnation);
                self.part(now, from, asleep);
            }
            Message::Ping => self.hear_ping(now),
            Message::Mismatch => {}
            Message::Leading { epoch, revision } => self.hear_leading(now, from, epoch, revision),
            Message::Writing => self.expect_news(now, from),
            Message::Stored { revision, operations, removed } => {
                self.writing.remove(&from);
                self.hear_stored(now, host, revision, operations, removed);
            }
            Message::Published { revision, entries } => {
                self.writing.remove(&from);
                self.hear_published(now, revision, &entries);
            }
            Message::Shared { entries } => self.hear_shared(now, from, entries),
            Message::Bell { revision } => self.expect_revision(now, revision),
            Message::Delegate { to, epoch, id, attempt } if to == self.tab => {
                self.run_for(epoch, id, attempt)
            }
            Message::Delegate { .. } => {}
            Message::AttemptEnded { id, attempt, outcome } => self.take_answer(id, attempt, outcome),
            Message::Ask { id, asked } => self.hear_asked(now, id, asked),
            Message::Reported { id, ended_ms } => self.hear_reported(id, ended_ms),
        }
        self.work(now);
        true
    }

    /// Takes note of a stamp from elsewhere.
    pub(super) fn observe(&mut self, stamp: Stamp) {
        if !self.has_planted(Plant::ClockNotObserved) {
            self.clock.observe(stamp);
        }
    }

    /// Whether no clock that this tab would believe is so far ahead.
    fn is_plausible(&self, now: Now, stamp: Stamp) -> bool {
        let known_ms = now.wall_ms.max(self.clock.last().wall_ms);
        stamp.wall_ms <= known_ms.saturating_add(self.config.clock_skew_ms_max)
            || self.has_planted(Plant::ClockUnbounded)
    }

    /// Either this tab has not read the store yet, or one of the two speaks of a store that is gone, or the message
    /// is no business of this tab's. One look at the store tells.
    fn look_for_store(&mut self, store: StoreId) {
        let is_new = self.strange_stores.len() < STRANGE_STORES_MAX && self.strange_stores.insert(store);
        if self.store.is_none() || is_new {
            self.read_store();
        }
    }

    fn hear_leading(&mut self, now: Now, from: TabId, epoch: Epoch, revision: Revision) {
        self.last_epoch = self.last_epoch.max(epoch);
        self.expect_revision(now, revision);
        if self.peers.follow(epoch, from) {
            self.events.push_back(Event::PeersChanged);
        }
        if self.peers.leader() == Some(from) {
            self.trust_leader();
        }
        // Where there are no locks to lose, nothing else would tell a leader that hung for a while.
        if let Some(own) = self.election.epoch().filter(|own| *own < epoch) {
            self.fenced_off(now, own);
        }
        self.tell_answers();
        self.tell_wishes();
        self.tell_reports();
    }

    fn hear_stored(
        &mut self,
        now: Now,
        host: &mut impl Host<V>,
        revision: Revision,
        operations: Vec<Operation<V>>,
        removed: Vec<OperationId>,
    ) {
        let is_new = self.note_revision(now, revision);
        let repeats = self.has_planted(Plant::DuplicateTaken);
        if !is_new && !repeats {
            return;
        }
        let revision = if repeats { revision.max(self.revisions.complete()) } else { revision };
        for operation in operations {
            self.learn(now, operation, revision, true);
        }
        for id in removed {
            self.removed(now, id, revision);
        }
        self.refold(host, Set::new());
    }

    /// Something changed, and only the store says what.
    pub(super) fn hear_doorbell(&mut self) {
        if self.is_running() {
            self.read_store();
        }
    }

    /// A tab is about to write. The leader looks if it hears no more of it.
    fn expect_news(&mut self, now: Now, from: TabId) {
        if self.election.epoch().is_some() {
            self.writing.insert(from);
            self.timers.set(Timer::News, now, self.config.news_patience_ms);
        }
    }

    pub(super) fn look_after_writers(&mut self, now: Now) {
        if self.election.epoch().is_none() {
            return self.writing.clear();
        }
        if !core::mem::take(&mut self.writing).is_empty() {
            self.read_store();
            self.find_orphans(now);
        }
    }
}

/// The latest stamp that a message would have this tab believe.
fn stamp_within<V>(message: &Message<V>) -> Option<Stamp> {
    match message {
        Message::Stored { operations, .. } => operations.iter().map(|operation| operation.stamp).max(),
        Message::Published { entries, .. } | Message::Shared { entries } => latest(entries),
        _ => None,
    }
}
