//! Entries of ephemeral topics: of each tab the last that it wrote under a key. Shown is the latest among the tabs that
//! are there, so all tabs that know the same tabs show the same, in whichever order they heard of them.

use super::clock::Stamp;
use super::flat::{Map, Set};
use super::ids::TabId;
use super::topics::{Address, TopicEntry};

/// What one tab wrote; no value: it removed what was there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Written<V> {
    stamp: Stamp,
    value: Option<V>,
}

/// What tabs that are there wrote, in the order of their stamps under each key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Presence<V> {
    entries: Map<Address, Vec<Written<V>>>,
}

impl<V: Clone> Presence<V> {
    pub(super) const fn new() -> Self {
        Self { entries: Map::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn contains(&self, address: &Address) -> bool {
        self.entries.contains_key(address)
    }

    /// Takes note of what a tab wrote. True if something else is shown now.
    pub(super) fn hear(&mut self, entry: &TopicEntry<V>) -> bool {
        let TopicEntry { topic, key, stamp, value } = entry.clone();
        let written = self.entries.entry((topic, key)).or_default();
        let is_older = |known: &Written<V>| known.stamp.tab == stamp.tab && known.stamp >= stamp;
        if written.iter().any(is_older) {
            return false;
        }
        let was_shown = written.last().is_some_and(|last| last.value.is_some());
        written.retain(|known| known.stamp.tab != stamp.tab);
        let place = written.partition_point(|known| known.stamp < stamp);
        let is_latest = place == written.len();
        let shows_something = was_shown || value.is_some();
        written.insert(place, Written { stamp, value });
        is_latest && shows_something
    }

    /// Drops what tabs wrote that are not to be kept; returns what is shown instead where something else was.
    pub(super) fn keep_writers(&mut self, is_kept: impl Fn(TabId) -> bool) -> Vec<(Address, Option<V>)> {
        let mut changed = Vec::new();
        for (address, written) in &mut self.entries {
            let sight =
                |written: &[Written<V>]| written.last().map(|last| (last.stamp, last.value.is_some()));
            let former = sight(written);
            written.retain(|known| is_kept(known.stamp.tab));
            let shown = sight(written);
            if former != shown && [former, shown].iter().flatten().any(|(_, has_value)| *has_value) {
                changed.push((address.clone(), written.last().and_then(|last| last.value.clone())));
            }
        }
        self.entries.retain(|_, written| !written.is_empty());
        changed
    }

    /// Whether this tab is the writer of something here that another one has removed since.
    pub(super) fn is_removed_from(&self, address: &Address, tab: TabId) -> bool {
        let Some(written) = self.entries.get(address) else { return false };
        let is_own = |known: &Written<V>| known.stamp.tab == tab && known.value.is_some();
        written.last().is_some_and(|last| last.value.is_none()) && written.iter().any(is_own)
    }

    /// What this tab wrote or removed.
    pub(super) fn written_by(&self, tab: TabId) -> Vec<TopicEntry<V>> {
        self.entries.iter().filter_map(|(address, written)| entry_of(address, written, tab)).collect()
    }

    /// What this tab wrote at these addresses.
    pub(super) fn own_at(&self, addresses: &Set<Address>, tab: TabId) -> Vec<TopicEntry<V>> {
        let own = |address| self.entries.get(address).and_then(|written| entry_of(address, written, tab));
        addresses.iter().filter_map(own).collect()
    }
}

fn entry_of<V: Clone>((topic, key): &Address, written: &[Written<V>], tab: TabId) -> Option<TopicEntry<V>> {
    let own = written.iter().find(|known| known.stamp.tab == tab)?;
    Some(TopicEntry { topic: topic.clone(), key: key.clone(), stamp: own.stamp, value: own.value.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: TabId = TabId::from_bytes([1; 16]);
    const BELA: TabId = TabId::from_bytes([2; 16]);

    fn entry(tab: TabId, at: u64, value: Option<u8>) -> TopicEntry<u8> {
        let stamp = Stamp { wall_ms: at, counter: 0, tab };
        TopicEntry { topic: "cursor".to_owned(), key: "k".to_owned(), stamp, value }
    }

    fn address() -> Address {
        ("cursor".to_owned(), "k".to_owned())
    }

    #[test]
    fn the_latest_of_those_who_are_there_is_shown_in_whichever_order_they_are_heard_of() {
        let (early, late) = (entry(ANNA, 1, Some(10)), entry(BELA, 2, Some(20)));
        let mut one = Presence::new();
        assert!(one.hear(&early) && one.hear(&late));
        let mut other = Presence::new();
        assert!(other.hear(&late) && !other.hear(&early));
        assert_eq!(one, other);
        assert_eq!(one.keep_writers(|tab| tab == ANNA), [(address(), Some(10))]);
        assert_eq!(other.keep_writers(|tab| tab == ANNA), [(address(), Some(10))]);
        assert_eq!(one.keep_writers(|_| false), [(address(), None)]);
        assert_eq!(one.len(), 0);
    }

    #[test]
    fn of_one_tab_an_older_entry_changes_nothing() {
        let mut presence = Presence::new();
        presence.hear(&entry(ANNA, 2, Some(20)));
        assert!(!presence.hear(&entry(ANNA, 1, Some(10))));
        assert!(!presence.hear(&entry(ANNA, 2, Some(20))));
        assert_eq!(presence.written_by(ANNA), [entry(ANNA, 2, Some(20))]);
    }

    #[test]
    fn a_removal_is_news_only_where_something_was() {
        let mut presence = Presence::new();
        assert!(!presence.hear(&entry(ANNA, 1, None)));
        presence.hear(&entry(ANNA, 2, Some(20)));
        assert!(presence.hear(&entry(BELA, 3, None)));
        assert!(presence.is_removed_from(&address(), ANNA) && !presence.is_removed_from(&address(), BELA));
    }
}
