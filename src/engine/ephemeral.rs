//! Entries of ephemeral topics: of each tab the last that it wrote under a key. Shown is the latest among the tabs that
//! are there, so all tabs that know the same tabs show the same, in whichever order they heard of them.
//!
//! What this tab writes is told at once, but not twice in one frame under one key, and together with what else was
//! written in the same tick.

use super::clock::Stamp;
use super::config::Config;
use super::flat::Map;
use super::ids::TabId;
use super::time::Now;
use super::topics::{Address, TopicEntry};

/// What one tab wrote; no value: it removed what was there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Written<V> {
    stamp: Stamp,
    value: Option<V>,
}

/// What stands under one key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Entry<V> {
    /// What tabs that are there wrote, in the order of their stamps: the last is shown.
    written: Vec<Written<V>>,
    /// When this tab's own was last told, in steady milliseconds.
    told_ms: Option<u64>,
    /// Whether it was written since.
    is_waiting: bool,
}

/// All ephemeral entries, and when this tab's own are told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ephemeral<V> {
    entries: Map<Address, Entry<V>>,
    /// Where this tab's own wait to be told.
    waiting: Vec<Address>,
    /// When anything was last told, in steady milliseconds.
    last_ms: Option<u64>,
}

impl<V: Clone> Ephemeral<V> {
    pub(super) const fn new() -> Self {
        Self { entries: Map::new(), waiting: Vec::new(), last_ms: None }
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
        let fresh = Entry { written: Vec::new(), told_ms: None, is_waiting: false };
        let written = &mut self.entries.entry((topic, key)).or_insert(fresh).written;
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
    pub(super) fn keep_writers(&mut self, is_kept: &dyn Fn(TabId) -> bool) -> Vec<(Address, Option<V>)> {
        let mut changed = Vec::new();
        for (address, Entry { written, .. }) in &mut self.entries {
            let sight =
                |written: &[Written<V>]| written.last().map(|last| (last.stamp, last.value.is_some()));
            let former = sight(written);
            written.retain(|known| is_kept(known.stamp.tab));
            let shown = sight(written);
            if former != shown && [former, shown].iter().flatten().any(|(_, has_value)| *has_value) {
                changed.push((address.clone(), written.last().and_then(|last| last.value.clone())));
            }
        }
        self.entries.retain(|_, entry| !entry.written.is_empty());
        changed
    }

    /// Whether this tab is the writer of something here that another one has removed since.
    pub(super) fn is_removed_from(&self, address: &Address, tab: TabId) -> bool {
        let Some(Entry { written, .. }) = self.entries.get(address) else { return false };
        let is_own = |known: &Written<V>| known.stamp.tab == tab && known.value.is_some();
        written.last().is_some_and(|last| last.value.is_none()) && written.iter().any(is_own)
    }

    // ---- What is told, and when.

    /// This tab wrote an entry there; how long until it may be told, in milliseconds.
    pub(super) fn wrote(&mut self, now: Now, address: Address, config: &Config) -> u64 {
        let entry = self.entries.get_mut(&address).expect("it was written just now");
        let due_ms = due_ms(self.last_ms, entry.told_ms, config);
        if !core::mem::replace(&mut entry.is_waiting, true) {
            self.waiting.push(address);
        }
        due_ms.saturating_sub(now.steady_ms)
    }

    /// Takes out what may be told now; with it, how long until the rest may be.
    pub(super) fn take_due(
        &mut self,
        now: Now,
        tab: TabId,
        config: &Config,
    ) -> (Vec<TopicEntry<V>>, Option<u64>) {
        let (mut due, mut rest) = (Vec::new(), Vec::new());
        let mut rest_ms: Option<u64> = None;
        for address in core::mem::take(&mut self.waiting) {
            let entry = self.entries.get_mut(&address).expect("this tab's own entries stay");
            let wait_ms = due_ms(self.last_ms, entry.told_ms, config).saturating_sub(now.steady_ms);
            if wait_ms == 0 {
                entry.told_ms = Some(now.steady_ms);
                entry.is_waiting = false;
                due.extend(own_of(&address, entry, tab));
            } else {
                rest_ms = Some(rest_ms.map_or(wait_ms, |rest_ms| rest_ms.min(wait_ms)));
                rest.push(address);
            }
        }
        self.waiting = rest;
        if !due.is_empty() {
            self.last_ms = Some(now.steady_ms);
        }
        (due, rest_ms)
    }

    /// What this tab wrote or removed, but for what is to be told in time.
    pub(super) fn told(&self, tab: TabId) -> Vec<TopicEntry<V>> {
        let told = self.entries.iter().filter(|(_, entry)| !entry.is_waiting);
        told.filter_map(|(address, entry)| own_of(address, entry, tab)).collect()
    }

    /// Nothing waits any more: all of it is about to be told.
    pub(super) fn stop_waiting(&mut self) {
        for address in core::mem::take(&mut self.waiting) {
            self.entries.get_mut(&address).expect("this tab's own entries stay").is_waiting = false;
        }
    }
}

/// When an entry may be told, in steady milliseconds.
fn due_ms(last_ms: Option<u64>, told_ms: Option<u64>, config: &Config) -> u64 {
    let tick_ms = last_ms.map_or(0, |last_ms| last_ms + config.topic_tick_ms);
    let frame_ms = told_ms.map_or(0, |told_ms| told_ms + config.topic_frame_ms);
    tick_ms.max(frame_ms)
}

fn own_of<V: Clone>((topic, key): &Address, entry: &Entry<V>, tab: TabId) -> Option<TopicEntry<V>> {
    let Written { stamp, value } = entry.written.iter().find(|known| known.stamp.tab == tab)?.clone();
    Some(TopicEntry { topic: topic.clone(), key: key.clone(), stamp, value })
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
        let mut one = Ephemeral::new();
        assert!(one.hear(&early) && one.hear(&late));
        let mut other = Ephemeral::new();
        assert!(other.hear(&late) && !other.hear(&early));
        assert_eq!(one, other);
        assert_eq!(one.keep_writers(&|tab| tab == ANNA), [(address(), Some(10))]);
        assert_eq!(other.keep_writers(&|tab| tab == ANNA), [(address(), Some(10))]);
        assert_eq!(one.keep_writers(&|_| false), [(address(), None)]);
        assert_eq!(one.len(), 0);
    }

    #[test]
    fn of_one_tab_an_older_entry_changes_nothing() {
        let mut entries = Ephemeral::new();
        entries.hear(&entry(ANNA, 2, Some(20)));
        assert!(!entries.hear(&entry(ANNA, 1, Some(10))));
        assert!(!entries.hear(&entry(ANNA, 2, Some(20))));
        assert_eq!(entries.told(ANNA), [entry(ANNA, 2, Some(20))]);
    }

    #[test]
    fn a_removal_is_news_only_where_something_was() {
        let mut entries = Ephemeral::new();
        assert!(!entries.hear(&entry(ANNA, 1, None)));
        entries.hear(&entry(ANNA, 2, Some(20)));
        assert!(entries.hear(&entry(BELA, 3, None)));
        assert!(entries.is_removed_from(&address(), ANNA) && !entries.is_removed_from(&address(), BELA));
    }

    /// Anna writes under this key; how long until it may be told.
    fn write(entries: &mut Ephemeral<u8>, now_ms: u64, name: &str) -> u64 {
        let entry = TopicEntry { key: name.to_owned(), ..entry(ANNA, now_ms, Some(1)) };
        entries.hear(&entry);
        entries.wrote(at(now_ms), (entry.topic, entry.key), &Config::default())
    }

    fn at(steady_ms: u64) -> Now {
        Now { wall_ms: 0, steady_ms }
    }

    /// What is told then, and how long the rest has to wait.
    fn tell(entries: &mut Ephemeral<u8>, now_ms: u64) -> (Vec<String>, Option<u64>) {
        let (due, rest_ms) = entries.take_due(at(now_ms), ANNA, &Config::default());
        (due.into_iter().map(|entry| entry.key).collect(), rest_ms)
    }

    #[test]
    fn the_first_is_told_at_once_and_the_next_of_its_key_a_frame_later() {
        let mut entries = Ephemeral::new();
        assert_eq!(write(&mut entries, 100, "a"), 0);
        assert_eq!(tell(&mut entries, 100), (vec!["a".to_owned()], None));
        assert_eq!(write(&mut entries, 105, "a"), 11);
        assert_eq!(tell(&mut entries, 105), (vec![], Some(11)));
        assert_eq!(tell(&mut entries, 116), (vec!["a".to_owned()], None));
    }

    #[test]
    fn another_key_does_not_wait_for_the_frame() {
        let mut entries = Ephemeral::new();
        write(&mut entries, 100, "a");
        tell(&mut entries, 100);
        assert_eq!(write(&mut entries, 110, "b"), 0);
        assert_eq!(tell(&mut entries, 110), (vec!["b".to_owned()], None));
    }

    #[test]
    fn what_is_written_in_one_tick_is_told_together() {
        let mut entries = Ephemeral::new();
        write(&mut entries, 100, "a");
        tell(&mut entries, 100);
        assert_eq!(write(&mut entries, 100, "b"), 2);
        assert_eq!(write(&mut entries, 101, "c"), 1);
        assert_eq!(tell(&mut entries, 102), (vec!["b".to_owned(), "c".to_owned()], None));
    }
}
