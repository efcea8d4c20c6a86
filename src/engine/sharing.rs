//! From an ephemeral entry that the app writes to one that all tabs show: told at once, but not twice in one frame, and
//! as long as its writer is there.

use super::Engine;
use super::ids::TabId;
use super::plant::Plant;
use super::protocol::Message;
use super::publishing::ENTRIES_MAX;
use super::time::Now;
use super::timers::Timer;
use super::topics::{Address, TopicEntry};

impl<V: Clone> Engine<V> {
    pub(super) fn tell_in_time(&mut self, now: Now, address: Address) {
        let wait_ms = self.topics.ephemeral.wrote(now, address, &self.config);
        // Once something waits, all that is written in the same task goes with it, however long that takes.
        if wait_ms > 0 || self.timers.is_set(Timer::Frame) {
            self.timers.set(Timer::Frame, now, wait_ms);
        } else {
            self.share(now);
        }
    }

    /// Tells what was written and may be told now.
    pub(super) fn share(&mut self, now: Now) {
        // Who sleeps, or looks for the store, tells it on arrival.
        if !self.is_running() || self.store.is_none() {
            return;
        }
        let (due, rest_ms) = self.topics.ephemeral.take_due(now, self.tab, &self.config);
        if !due.is_empty() {
            self.timers.set(Timer::Frame, now, self.config.topic_tick_ms);
        }
        self.share_entries(due);
        if let Some(rest_ms) = rest_ms {
            self.timers.set(Timer::Frame, now, rest_ms);
        }
    }

    /// A tab that arrives tells what it wrote, also what it could not tell before.
    pub(super) fn share_on_arrival(&mut self) {
        self.topics.ephemeral.stop_waiting();
        self.share_own();
    }

    /// A tab that arrives hears what the others last wrote, and what they removed: it may have known that before it lost
    /// sight of the store.
    pub(super) fn share_own(&mut self) {
        self.share_entries(self.topics.ephemeral.told(self.tab));
    }

    fn share_entries(&mut self, entries: Vec<TopicEntry<V>>) {
        for entries in entries.chunks(ENTRIES_MAX) {
            self.broadcast(Message::Shared { entries: entries.to_vec() });
        }
    }

    pub(super) fn hear_shared(&mut self, now: Now, from: TabId, entries: Vec<TopicEntry<V>>) {
        let mut changed = Vec::new();
        for entry in entries {
            let address = (entry.topic.clone(), entry.key.clone());
            let has_room = self.topics.ephemeral.len() < self.config.topic_entries_max;
            // An entry that its writer cannot take away with it would stay for ever.
            if entry.stamp.tab != from || !(has_room || self.topics.ephemeral.contains(&address)) {
                continue;
            }
            self.observe(entry.stamp);
            if self.topics.ephemeral.hear(&entry) {
                changed.push(entry);
            }
            if self.topics.ephemeral.is_removed_from(&address, self.tab) {
                self.withdraw(now, address);
            }
        }
        self.topic_changed(false, changed);
    }

    /// Another tab removed what this one wrote: it is not to come back when that tab leaves.
    fn withdraw(&mut self, now: Now, address: Address) {
        let (topic, key) = address.clone();
        let stamp = self.clock.tick(now);
        self.topics.ephemeral.hear(&TopicEntry { topic, key, stamp, value: None });
        self.tell_in_time(now, address);
    }

    /// Drops what tabs wrote that are not to be kept.
    pub(super) fn keep_writers(&mut self, is_kept: &dyn Fn(TabId) -> bool) {
        if self.has_planted(Plant::GhostsKept) {
            return;
        }
        let (own, stamp) = (self.tab, self.clock.last());
        let changed = self.topics.ephemeral.keep_writers(&|writer| writer == own || is_kept(writer));
        let entry = |((topic, key), value)| TopicEntry { topic, key, stamp, value };
        self.topic_changed(false, changed.into_iter().map(entry).collect());
    }
}
