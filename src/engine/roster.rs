//! Who is there: greetings, farewells, and a look at the browser's locks for those who left without one.

use super::Engine;
use super::effect::{DiagnosticCode, Effect, Event};
use super::flat::Set;
use super::ids::{Incarnation, TabId};
use super::peers::Peer;
use super::plant::Plant;
use super::protocol::{Message, PROTOCOL_VERSION};
use super::time::Now;
use super::timers::Timer;

/// How long the browser may take to give back the locks of a page that is left for good.
const LOCKS_RETURN_MS: u64 = 250;

impl<V: Clone> Engine<V> {
    pub(super) fn greet(&mut self, asks: bool) {
        let handlers = self.handlers.iter().cloned().collect();
        let app = self.config.app.clone();
        self.broadcast(Message::Hello { handlers, visible: self.visible, asks, app });
    }

    /// A tab that this one has lost sight of (it was not among the living at a glance, or its greeting was lost) is
    /// asked what it can do: the leader may have work that no other tab knows how to do.
    pub(super) fn ask_stranger(&mut self, from: TabId, message: &Message<V>) {
        let introduces = matches!(message, Message::Hello { .. } | Message::Goodbye { .. });
        if self.election.epoch().is_some() && !introduces && !self.peers.contains(from) {
            self.greet(true);
        }
    }

    pub(super) fn meet(&mut self, now: Now, tab: TabId, peer: Peer, asks: bool) {
        if self.peers.meet(tab, peer) {
            self.events.push_back(Event::PeersChanged);
        }
        if asks {
            match self.peers.answer_in_ms(now, self.config.greetings_gather_ms) {
                0 => self.answer_greetings(now),
                wait_ms => self.timers.set(Timer::Greetings, now, wait_ms),
            }
        }
    }

    /// Tells everybody who arrived since the last time what they want to know.
    pub(super) fn answer_greetings(&mut self, now: Now) {
        self.peers.answered(now);
        self.greet(false);
        self.share_own();
        if self.election.epoch().is_some() {
            self.tell_lead();
            // The new tab may be the reload of one that died.
            self.find_orphans(now);
        }
    }

    /// A tab of another build: no more than its presence is understood. Each is told so once.
    pub(super) fn meet_foreigner(&mut self, tab: TabId, incarnation: Incarnation, protocol: u32) {
        self.peers.is_outdated |= protocol > PROTOCOL_VERSION;
        let is_new = self.peers.meet(tab, Peer::foreigner(incarnation, protocol));
        if is_new || self.has_planted(Plant::StrangerAnsweredAgain) {
            self.events.push_back(Event::PeersChanged);
            self.diagnose(DiagnosticCode::ProtocolMismatch);
            self.broadcast(Message::Mismatch);
        }
    }

    pub(super) fn part(&mut self, now: Now, tab: TabId, asleep: bool) {
        // Nobody could tell later whether its page still exists.
        let asleep = asleep && !self.lockless;
        if self.peers.part(tab, asleep) {
            self.events.push_back(Event::PeersChanged);
        }
        if !asleep {
            self.lose_origin(tab);
        }
        self.keep_writers(&|writer| writer != tab);
        if self.writing.remove(&tab) && self.election.epoch().is_some() {
            self.timers.set(Timer::News, now, self.config.news_patience_ms);
        }
        let is_missed = self.visible || self.election.epoch().is_some() && self.is_origin(tab);
        if asleep && is_missed {
            // A page that is left for good says the same as one that is kept.
            self.timers.set(Timer::Roster, now, LOCKS_RETURN_MS);
        }
    }

    /// Looks who lives, and which journals have lost their tab.
    pub(super) fn find_orphans(&mut self, now: Now) {
        if self.lockless && !self.ask_who_lives(now) {
            return;
        }
        self.begin_look();
        self.effects.push_back(Effect::FindOrphans);
    }

    fn begin_look(&mut self) {
        if self.peers.is_looking() {
            // The answers may overtake each other.
            self.outbox.keeping.give_up_look();
        } else if !self.lockless {
            self.seek_origins();
        }
        self.peers.look();
    }

    /// It could not be told who is there.
    pub(super) fn look_failed(&mut self) {
        self.peers.end_look();
        self.outbox.keeping.give_up_look();
    }

    /// Where no locks tell who lives, everybody is asked, and who said nothing for a while after is taken for gone. True
    /// if the answers are in; else they are looked at later.
    fn ask_who_lives(&mut self, now: Now) -> bool {
        let Some(since_ms) = self.peers.asked_since_ms(now) else {
            self.peers.ask(now);
            self.seek_origins();
            self.greet(true);
            self.timers.set(Timer::Answers, now, self.config.presence_check_ms);
            return false;
        };
        if since_ms < self.config.presence_check_ms {
            return false;
        }
        let (silent, heard) = self.peers.take_answers();
        for tab in silent {
            self.part(now, tab, false);
        }
        let known: Set<_> = self.peers.iter().map(|(tab, _)| tab).collect();
        // Who is known still answered, or does not understand the question.
        self.judge_origins(|tab| known.contains(&tab));
        self.keep_writers(&|writer| heard.contains(&writer));
        true
    }

    /// Everybody who lives has had the time to say so.
    pub(super) fn take_in_answers(&mut self, now: Now) {
        if self.election.epoch().is_some() {
            self.find_orphans(now);
        } else if self.lockless {
            self.ask_who_lives(now);
        }
        self.work(now);
    }

    pub(super) fn take_in_presence(&mut self, living: &Set<TabId>, pages: &Set<TabId>) {
        let found = self.peers.found(living);
        // The journals that were found were handed over before.
        self.outbox.keeping.end_look();
        if self.lockless {
            // There are no locks to tell by: who is asked and does not answer is gone.
            return;
        }
        let others = |tabs: &Set<TabId>| tabs.iter().copied().filter(|tab| *tab != self.tab).collect();
        let (living, pages): (Set<_>, Set<_>) = (others(&found), others(pages));
        self.judge_origins(|tab| living.contains(&tab) || pages.contains(&tab));
        if self.peers.keep(&living, &pages) {
            self.events.push_back(Event::PeersChanged);
        }
        self.keep_writers(&|writer| living.contains(&writer) || pages.contains(&writer));
    }

    // ---- The list of tabs, while a person sees it.

    fn is_roster_seen(&self) -> bool {
        self.peers.is_watched && self.visible && self.is_running()
    }

    /// The page came into a person's sight, or left it.
    pub(super) fn come_into_sight(&mut self, now: Now, visible: bool) {
        self.visible = visible;
        self.greet(false);
        self.watch_roster(now);
        self.work(now);
        if visible && self.election.epoch().is_some() {
            self.find_orphans(now);
        }
    }

    /// A person begins or ceases to see the list.
    pub(super) fn watch_roster(&mut self, now: Now) {
        self.timers.stop(Timer::Roster);
        if self.is_roster_seen() {
            self.look_around(now);
        }
    }

    /// Looks who is there, once, and every now and then as long as a person sees the list.
    pub(super) fn look_around(&mut self, now: Now) {
        if self.lockless {
            self.ask_who_lives(now);
        } else {
            self.begin_look();
            self.effects.push_back(Effect::LookAround);
        }
        if self.is_roster_seen() {
            self.timers.set(Timer::Roster, now, self.config.presence_check_ms);
        }
    }
}
