//! What tabs tell each other, and what this one makes of it.

use super::flat::Set;

use super::Engine;
use super::effect::{DiagnosticCode, Effect, Event};
use super::election::Election;
use super::host::Host;
use super::ids::{OperationId, Revision, TabId};
use super::operation::Operation;
use super::peers::Peer;
use super::protocol::{Envelope, Message, PROTOCOL_VERSION};
use super::time::Now;
use super::timers::Timer;

impl<V: Clone> Engine<V> {
    /// Takes part: from here on others can see this tab, and it may be chosen to lead.
    pub(super) fn join(&mut self) {
        self.effects.push_back(Effect::Join { incarnation: self.incarnation });
        self.read_store();
        self.election = Election::Queuing;
        self.effects.push_back(Effect::RequestLeaderLock);
        if self.store.is_some() {
            self.greet(true);
        }
    }

    /// Whatever was waited for when the timers were stopped may be due.
    pub(super) fn take_up_timers(&mut self, now: Now) {
        self.timers.set(Timer::Rewrite, now, 0);
        self.timers.set(Timer::Confirm, now, 0);
        self.watch_for_stall(now);
    }

    /// Gives back everything that others might wait for.
    pub(super) fn leave(&mut self) {
        self.broadcast(Message::Goodbye);
        self.rest();
        self.peers.forget_all();
        self.writing.clear();
        self.effects.push_back(Effect::Leave);
    }

    pub(super) fn greet(&mut self, asks: bool) {
        let handlers = self.handlers.iter().cloned().collect();
        self.broadcast(Message::Hello { handlers, visible: self.visible, asks });
    }

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

    pub(super) fn hear(&mut self, now: Now, host: &mut impl Host<V>, envelope: Envelope<V>) {
        if !self.is_running() || envelope.from == self.tab {
            return;
        }
        if envelope.protocol != PROTOCOL_VERSION {
            return self.diagnose(DiagnosticCode::ProtocolMismatch);
        }
        self.clock.observe(envelope.stamp);
        if self.store != Some(envelope.store) {
            // Either this tab has not read the store yet, or one of the two speaks of a store that is gone.
            return self.read_store();
        }
        let from = envelope.from;
        self.ask_stranger(from, &envelope.message);
        match envelope.message {
            Message::Hello { handlers, visible, asks } => {
                let handlers = handlers.into_iter().collect();
                let peer = Peer { incarnation: envelope.incarnation, handlers, visible };
                self.meet(from, peer, asks);
            }
            Message::Goodbye => self.part(now, from),
            Message::Leading { epoch } => {
                self.last_epoch = self.last_epoch.max(epoch);
                if self.peers.follow(epoch, from) {
                    self.events.push_back(Event::PeersChanged);
                }
                self.tell_answers();
            }
            Message::Writing => self.expect_news(now, from),
            Message::Stored { revision, operations, removed } => {
                self.writing.remove(&from);
                self.hear_stored(now, host, revision, operations, removed);
            }
            Message::Delegate { to, epoch, id, attempt } if to == self.tab => {
                self.run_for(epoch, id, attempt)
            }
            Message::Delegate { .. } => {}
            Message::AttemptEnded { id, attempt, outcome } => self.take_answer(id, attempt, outcome),
            Message::Ask { id, wish, attempts } => self.grant_asked(now, id, wish, attempts),
        }
        self.work(now);
    }

    /// A tab that this one has lost sight of (it was not among the living at a glance, or its greeting was lost) is
    /// asked what it can do: the leader may have work that no other tab knows how to do.
    fn ask_stranger(&mut self, from: TabId, message: &Message<V>) {
        let introduces = matches!(message, Message::Hello { .. } | Message::Goodbye);
        if self.election.epoch().is_some() && !introduces && !self.peers.contains(from) {
            self.greet(true);
        }
    }

    fn meet(&mut self, tab: TabId, peer: Peer, asks: bool) {
        if self.peers.meet(tab, peer) {
            self.events.push_back(Event::PeersChanged);
        }
        if asks {
            self.greet(false);
            if let Some(epoch) = self.election.epoch() {
                self.broadcast(Message::Leading { epoch });
                // The new tab may be the reload of one that died.
                self.effects.push_back(Effect::FindOrphans);
            }
        }
    }

    fn part(&mut self, now: Now, tab: TabId) {
        if self.peers.part(tab) {
            self.events.push_back(Event::PeersChanged);
        }
        if self.writing.remove(&tab) && self.election.epoch().is_some() {
            self.timers.set(Timer::News, now, self.config.news_patience_ms);
        }
    }

    fn hear_stored(
        &mut self,
        now: Now,
        host: &mut impl Host<V>,
        revision: Revision,
        operations: Vec<Operation<V>>,
        removed: Vec<OperationId>,
    ) {
        if !self.note_revision(now, revision) {
            return;
        }
        for operation in operations {
            self.learn(now, operation, revision);
        }
        for id in removed {
            self.removed(now, id, revision);
        }
        self.refold(host, Set::new());
    }

    /// A tab is about to write. The leader looks if it hears no more of it.
    fn expect_news(&mut self, now: Now, from: TabId) {
        if self.election.epoch().is_some() {
            self.writing.insert(from);
            self.timers.set(Timer::News, now, self.config.news_patience_ms);
        }
    }

    pub(super) fn look_after_writers(&mut self) {
        if self.election.epoch().is_none() {
            return self.writing.clear();
        }
        if !core::mem::take(&mut self.writing).is_empty() {
            self.read_store();
            self.effects.push_back(Effect::FindOrphans);
        }
    }
}
