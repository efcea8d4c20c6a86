//! Topics: named sets of entries that tabs share. The entry with the latest stamp counts, wherever it was written
//! and in whichever order it is heard of, so all tabs that heard the same show the same.
//!
//! These are the *durable* ones, in the store first and announced then; [`ephemeral`](super::ephemeral) has the
//! ephemeral ones, which live in memory only and go with the tab that wrote them.

use super::clock::Stamp;
use super::flat::Map;
use super::ids::Revision;

/// Replaced entries that are kept in mind, and removals that are forgotten in one batch: as many as the store drops in
/// some 50 ms, so that no other tab waits longer.
const ENTRIES_DROPPED_MAX: usize = 500;

/// What a topic holds under one key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TopicEntry<V> {
    /// The topic's name.
    pub topic: String,
    /// The entry's key in the topic.
    pub key: String,
    /// When it was written.
    pub stamp: Stamp,
    /// What was written; none: the entry was removed.
    pub value: Option<V>,
}

/// A topic and a key.
pub(super) type Address = (String, String);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Held<V> {
    stamp: Stamp,
    value: Option<V>,
    /// The change of the store that it is from; none: the store has not acknowledged it.
    stored: Option<Revision>,
}

/// What became of an entry that was heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// It is older than what is held.
    Older,
    /// It is what is held.
    Same,
    /// It is held from now on.
    Newer,
}

/// The entries of durable topics.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Topics<V> {
    entries: Map<Address, Held<V>>,
    /// Entries that the store holds although it holds later ones of their keys. Whoever reads the store finds them
    /// again, so nothing depends on their being kept in mind.
    replaced: Vec<(Address, Stamp)>,
}

impl<V: Clone> Topics<V> {
    pub(super) const fn new() -> Self {
        Self { entries: Map::new(), replaced: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn contains(&self, address: &Address) -> bool {
        self.entries.contains_key(address)
    }

    /// Writes an entry here; the clock has seen all that is held, so it is the latest.
    pub(super) fn write(&mut self, entry: TopicEntry<V>) {
        let TopicEntry { topic, key, stamp, value } = entry;
        let address = (topic, key);
        let former = self.entries.insert(address.clone(), Held { stamp, value, stored: None });
        if let Some(former) = former {
            assert!(former.stamp < stamp, "the clock only goes forward");
            if former.stored.is_some() {
                self.note_replaced(address, former.stamp);
            }
        }
    }

    /// Takes note of an entry that was written elsewhere, or read; `stored`: the store held it at this change.
    pub(super) fn hear(&mut self, entry: &TopicEntry<V>, stored: Option<Revision>) -> Heard {
        let address = (entry.topic.clone(), entry.key.clone());
        let next = Held { stamp: entry.stamp, value: entry.value.clone(), stored };
        let Some(held) = self.entries.get_mut(&address) else {
            self.entries.insert(address, next);
            // Nothing was shown there, and nothing is: a removal is news to nobody.
            return if entry.value.is_some() { Heard::Newer } else { Heard::Same };
        };
        if held.stamp > entry.stamp {
            if stored.is_some() {
                self.note_replaced(address, entry.stamp);
            }
            return Heard::Older;
        }
        if held.stamp == entry.stamp {
            held.stored = held.stored.max(stored);
            return Heard::Same;
        }
        *held = next;
        Heard::Newer
    }

    /// Who reads the store finds all of them: what was noted before would be noted twice.
    pub(super) fn find_replaced(&mut self) {
        self.replaced.clear();
    }

    fn note_replaced(&mut self, address: Address, stamp: Stamp) {
        if self.replaced.len() < ENTRIES_DROPPED_MAX {
            self.replaced.push((address, stamp));
        }
    }

    /// Entries that the store is to drop, once there are so many.
    pub(super) fn take_replaced(&mut self, entries_min: usize) -> Vec<(Address, Stamp)> {
        if self.replaced.len() < entries_min { Vec::new() } else { core::mem::take(&mut self.replaced) }
    }

    /// Whether the store has not acknowledged what is held there.
    pub(super) fn is_unstored(&self, address: &Address) -> bool {
        self.entries.get(address).is_some_and(|held| held.stored.is_none())
    }

    /// The first entries that the store has not acknowledged, as many as fit in one batch.
    pub(super) fn unstored(&self, entries_max: usize) -> Vec<TopicEntry<V>> {
        let unstored = self.entries.iter().filter(|(_, held)| held.stored.is_none());
        unstored.take(entries_max).map(|(address, held)| entry_of(address, held)).collect()
    }

    /// Drops the entries that the store was last seen to hold before this change, at which all that it holds was heard;
    /// returns those that showed something.
    pub(super) fn drop_unseen(&mut self, revision: Revision) -> Vec<Address> {
        let mut dropped = Vec::new();
        self.entries.retain(|address, held| {
            let kept = held.stored.is_none_or(|at| at >= revision);
            if !kept && held.value.is_some() {
                dropped.push(address.clone());
            }
            kept
        });
        dropped
    }

    /// Removals that the store holds and that were made before this moment, as many as it forgets at once.
    pub(super) fn removed_before(&self, wall_ms: u64) -> Vec<(Address, Stamp)> {
        let has_served =
            |held: &Held<V>| held.value.is_none() && held.stored.is_some() && held.stamp.wall_ms < wall_ms;
        let removed = self.entries.iter().filter(|(_, held)| has_served(held));
        removed.take(ENTRIES_DROPPED_MAX).map(|(address, held)| (address.clone(), held.stamp)).collect()
    }

    /// The store has forgotten this removal.
    pub(super) fn forget_removed(&mut self, address: &Address, stamp: Stamp) {
        if self.entries.get(address).is_some_and(|held| held.stamp == stamp) {
            self.entries.remove(address);
        }
    }

    /// The store is another one: nothing is acknowledged any more.
    pub(super) fn forget_store(&mut self) {
        self.replaced.clear();
        for (_, held) in &mut self.entries {
            held.stored = None;
        }
    }
}

fn entry_of<V: Clone>((topic, key): &Address, held: &Held<V>) -> TopicEntry<V> {
    TopicEntry { topic: topic.clone(), key: key.clone(), stamp: held.stamp, value: held.value.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::TabId;

    fn entry(at: u64, value: u8) -> TopicEntry<u8> {
        let stamp = Stamp { wall_ms: at, counter: 0, tab: TabId::from_bytes([1; 16]) };
        TopicEntry { topic: "board".to_owned(), key: "k".to_owned(), stamp, value: Some(value) }
    }

    fn address() -> Address {
        ("board".to_owned(), "k".to_owned())
    }

    #[test]
    fn the_latest_counts_in_whichever_order_it_is_heard_of() {
        let mut topics = Topics::new();
        assert_eq!(topics.hear(&entry(2, 20), None), Heard::Newer);
        assert_eq!(topics.hear(&entry(1, 10), None), Heard::Older);
        assert_eq!(topics.hear(&entry(2, 20), None), Heard::Same);
        assert_eq!(topics.unstored(9), [entry(2, 20)]);
    }

    #[test]
    fn what_was_written_is_unstored_until_the_store_is_heard_to_hold_it() {
        let mut topics = Topics::new();
        topics.write(entry(1, 10));
        assert_eq!(topics.unstored(9), [entry(1, 10)]);
        topics.hear(&entry(1, 10), Some(Revision(4)));
        assert!(topics.unstored(9).is_empty());
        topics.forget_store();
        assert!(topics.is_unstored(&address()));
    }

    #[test]
    fn what_is_replaced_is_noted_once_however_often_the_store_is_read() {
        let mut topics = Topics::new();
        for revision in [5, 6, 7] {
            topics.find_replaced();
            topics.hear(&entry(2, 20), Some(Revision(revision)));
            topics.hear(&entry(1, 10), Some(Revision(revision)));
        }
        assert_eq!(topics.take_replaced(1), [(address(), entry(1, 10).stamp)]);
        assert!(topics.take_replaced(0).is_empty());
    }

    #[test]
    fn only_what_the_store_held_before_can_be_missing_from_it() {
        let mut topics = Topics::new();
        topics.hear(&entry(1, 10), Some(Revision(4)));
        assert!(topics.drop_unseen(Revision(4)).is_empty());
        assert_eq!(topics.drop_unseen(Revision(5)), [address()]);
        assert_eq!(topics.len(), 0);
    }

    #[test]
    fn an_older_entry_in_the_store_counts_once_the_store_forgot_the_newer_one() {
        let mut topics = Topics::new();
        topics.hear(&entry(2, 20), Some(Revision(4)));
        assert_eq!(topics.hear(&entry(1, 10), Some(Revision(5))), Heard::Older);
        assert_eq!(topics.drop_unseen(Revision(5)), [address()]);
        assert_eq!(topics.hear(&entry(1, 10), Some(Revision(5))), Heard::Newer);
    }
}
