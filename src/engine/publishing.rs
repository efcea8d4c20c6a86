//! From an entry that the app publishes to one that all tabs show. A durable one goes by way of the store; an ephemeral
//! one is [shared](super::sharing).

use super::clock::Stamp;
use super::effect::Event;
use super::ephemeral::Ephemeral;
use super::ids::Revision;
use super::plant::Plant;
use super::protocol::Message;
use super::storage::{PersistFailure, Purpose, Write, WriteBatch};
use super::time::Now;
use super::topics::{Address, Heard, TopicEntry, Topics};
use super::{Engine, Life};

/// The most entries in one batch or one message.
pub(super) const ENTRIES_MAX: usize = 5_000;

/// Why an entry was not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PublishRefusal {
    /// The topics hold as many entries as they may, and this one would be new.
    #[error("the topics hold {entries_max} entries, their limit")]
    TopicFull {
        /// The limit, `topic_entries_max`.
        entries_max: usize,
    },
    /// The engine was closed.
    #[error("the engine was closed")]
    Closed,
}

/// The topics of both kinds, and what is still to be told of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Publishing<V> {
    durable: Topics<V>,
    pub(super) ephemeral: Ephemeral<V>,
    /// Whether a batch of durable entries is on its way: what is written meanwhile goes with the next one.
    is_storing: bool,
    /// Whether all records of the store could be read when it was last read.
    is_whole: bool,
}

impl<V: Clone> Publishing<V> {
    pub(super) fn new() -> Self {
        Self { durable: Topics::new(), ephemeral: Ephemeral::new(), is_storing: false, is_whole: false }
    }

    /// The store is another one: batches for the former are answered no more.
    pub(super) fn forget_store(&mut self) {
        self.durable.forget_store();
        self.is_storing = false;
    }
}

impl<V: Clone> Engine<V> {
    pub(super) fn put_entry(
        &mut self,
        now: Now,
        durable: bool,
        address: Address,
        value: Option<V>,
    ) -> Result<(), PublishRefusal> {
        if self.life == Life::Closed {
            return Err(PublishRefusal::Closed);
        }
        let entries_max = self.config.topic_entries_max;
        let Publishing { durable: stored, ephemeral, .. } = &self.topics;
        let has_room = if durable {
            stored.contains(&address) || stored.len() < entries_max
        } else {
            ephemeral.contains(&address) || ephemeral.len() < entries_max
        };
        if !has_room {
            return Err(PublishRefusal::TopicFull { entries_max });
        }
        let (topic, key) = address.clone();
        let entry = TopicEntry { topic, key, stamp: self.clock.tick(now), value };
        self.topic_changed(durable, vec![entry.clone()]);
        if durable {
            self.topics.durable.write(entry);
            self.store_entries(now);
        } else {
            self.topics.ephemeral.hear(&entry);
            self.tell_in_time(now, address);
        }
        Ok(())
    }

    pub(super) fn topic_changed(&mut self, durable: bool, entries: Vec<TopicEntry<V>>) {
        for TopicEntry { topic, key, value, .. } in entries {
            match self.events.back_mut() {
                Some(Event::TopicChanged { durable: of, topic: last, entries })
                    if *of == durable && *last == topic =>
                {
                    entries.push((key, value));
                }
                _ => {
                    self.events.push_back(Event::TopicChanged { durable, topic, entries: vec![(key, value)] })
                }
            }
        }
    }

    // ---- Durable entries: in the store first, announced then.

    /// Has the store take what it lacks, unless it is at it.
    pub(super) fn store_entries(&mut self, now: Now) {
        if self.topics.is_storing {
            return;
        }
        let entries = self.topics.durable.unstored(ENTRIES_MAX);
        if entries.is_empty() {
            return;
        }
        self.topics.is_storing = true;
        self.broadcast(Message::Writing);
        // What replaced them is in the store, or in this batch if all that is new fits into it.
        let is_all_new = entries.len() < ENTRIES_MAX;
        let replaced_min = if is_all_new { self.config.topic_replaced_max } else { usize::MAX };
        let replaced = self.topics.durable.take_replaced(replaced_min);
        let drop = |((topic, key), stamp): (Address, Stamp)| Write::DropEntry { topic, key, stamp };
        let writes = entries.iter().cloned().map(Write::PutEntry);
        let writes = writes.chain(replaced.into_iter().map(drop)).collect();
        self.persist(now, Purpose::Publish { entries }, WriteBatch { fence: None, writes });
    }

    pub(super) fn entries_stored(
        &mut self,
        now: Now,
        entries: Vec<TopicEntry<V>>,
        result: Result<Option<Revision>, PersistFailure>,
    ) {
        self.topics.is_storing = false;
        match result {
            Ok(revision) => {
                let revision = revision.expect("a batch with entries is numbered");
                self.note_revision(now, revision);
                self.learn_entries(&entries, revision);
                self.broadcast(Message::Published { revision, entries });
                self.store_entries(now);
                self.forget_removed(now);
            }
            Err(_) => self.storage_failed(now, &result),
        }
    }

    /// Has the store forget removals, once there are many, that every write has long seen which might have come after
    /// them with an older stamp.
    fn forget_removed(&mut self, now: Now) {
        let until_ms = self.clock.last().wall_ms.saturating_sub(self.config.topic_removed_keep_ms);
        let removed = self.topics.durable.removed_before(until_ms);
        let is_forgetting = |purpose: &Purpose<V>| matches!(purpose, Purpose::ForgetRemoved { .. });
        // Where records cannot be read nobody takes it for gone what the store seems to lack: only the removal tells.
        let may_forget = self.topics.is_whole && !self.batches.values().any(is_forgetting);
        if removed.len() <= self.config.topic_removed_max || !may_forget {
            return;
        }
        let forget = |((topic, key), stamp): (Address, Stamp)| Write::ForgetEntry { topic, key, stamp };
        let writes = removed.iter().cloned().map(forget).collect();
        self.persist(now, Purpose::ForgetRemoved { removed }, WriteBatch { fence: None, writes });
    }

    /// The others read the store: what they would do about a removal that is forgotten depends on what else it holds.
    pub(super) fn removed_forgotten(
        &mut self,
        now: Now,
        removed: &[(Address, Stamp)],
        result: Result<Option<Revision>, PersistFailure>,
    ) {
        let Ok(revision) = result else {
            // They are still there, and tried again with the next entry that is published.
            return;
        };
        let revision = revision.expect("a batch that forgets is numbered");
        self.note_revision(now, revision);
        for (address, stamp) in removed {
            self.topics.durable.forget_removed(address, *stamp);
        }
        self.broadcast(Message::Bell { revision });
    }

    /// Entries as the store holds them since this change.
    pub(super) fn learn_entries(&mut self, entries: &[TopicEntry<V>], revision: Revision) {
        let mut changed = Vec::new();
        for entry in entries {
            self.observe(entry.stamp);
            let address = (entry.topic.clone(), entry.key.clone());
            let was_unstored = self.topics.durable.is_unstored(&address);
            let heard = self.topics.durable.hear(entry, Some(revision));
            if heard == Heard::Newer || heard == Heard::Older && self.has_planted(Plant::OlderEntryTold) {
                changed.push(entry.clone());
            }
            if was_unstored && heard != Heard::Older {
                let (topic, key) = address;
                self.events.push_back(Event::TopicStored { topic, key });
            }
        }
        self.topic_changed(true, changed);
    }

    /// Everything that the store held at this change; `is_whole`: nothing of it was unreadable.
    pub(super) fn take_in_entries(&mut self, entries: &[TopicEntry<V>], revision: Revision, is_whole: bool) {
        self.topics.durable.find_replaced();
        self.learn_entries(entries, revision);
        self.topics.is_whole = is_whole;
        if !is_whole {
            return;
        }
        let known = self.topics.durable.len();
        let dropped = self.topics.durable.drop_unseen(revision);
        let gone = |(topic, key)| TopicEntry { topic, key, stamp: self.clock.last(), value: None };
        self.topic_changed(true, dropped.into_iter().map(gone).collect());
        if self.topics.durable.len() < known {
            // What the store forgot may have hidden an older entry that it holds.
            self.topics.durable.find_replaced();
            self.learn_entries(entries, revision);
        }
    }

    pub(super) fn hear_published(&mut self, now: Now, revision: Revision, entries: &[TopicEntry<V>]) {
        if self.note_revision(now, revision) {
            self.learn_entries(entries, revision);
        }
    }
}

/// The latest stamp among entries, by which a message is judged.
pub(super) fn latest<V>(entries: &[TopicEntry<V>]) -> Option<Stamp> {
    entries.iter().map(|entry| entry.stamp).max()
}
