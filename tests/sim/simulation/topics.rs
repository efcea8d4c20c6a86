//! Topics: what tabs publish, what each shows of it, and what must hold of both.

use std::collections::{BTreeMap, BTreeSet};

use tabweave::engine::{Stamp, TopicEntry, Write, WriteBatch};

use super::checkers::{Violation, ensure};
use super::input::{Input, Verdict};
use super::store::Store;
use super::strangers::DAY_MS;
use super::swarm::Transport;
use super::tab::Page;
use super::world::World;
use crate::support::value::Value;

const TOPICS: [&str; 2] = ["board", "cursor"];
const KEYS: [&str; 3] = ["a", "b", "c"];

/// Whether a topic is durable, its name, and a key in it.
pub type Address = (bool, String, String);

/// One entry that a tab published. Its value says which one it is.
#[derive(Clone, Debug)]
pub struct Publication {
    pub tab: usize,
    pub address: Address,
    pub is_removal: bool,
    /// The engine's stamp, once it has told it.
    pub stamp: Option<Stamp>,
    /// The latest stamp that the tab had seen by then.
    pub after: Option<Stamp>,
}

/// Everything that was ever published.
#[derive(Clone, Debug, Default)]
pub struct Topics {
    pub publications: Vec<Publication>,
    /// The latest entry of each durable address that the store was said to hold.
    pub acknowledged: BTreeMap<Address, Stamp>,
}

/// What one tab shows, and what the checkers remember of it.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    pub entries: BTreeMap<Address, usize>,
    /// The last publication that was shown under each address, and of each tab.
    last: BTreeMap<Address, usize>,
    last_of: BTreeMap<(Address, usize), usize>,
    /// What this tab last published under each address.
    own: BTreeMap<Address, usize>,
    latest: Option<Stamp>,
    /// When it last told what it wrote, by its own clock, there and anywhere, and what it has told.
    shared_at: BTreeMap<Address, u64>,
    spoke_at: Option<u64>,
    shared: BTreeSet<usize>,
    /// Whether what the tab does now was not brought about by others.
    pub is_own_pace: bool,
}

impl Shown {
    /// The page sleeps: the next message may come at once.
    pub fn begin_anew(&mut self) {
        self.shared_at.clear();
        self.spoke_at = None;
    }
}

impl World {
    // ---- Deeds.

    pub fn publish(&mut self, number: usize, is_removal: bool) -> Result<bool, Violation> {
        let durable = self.chance.strikes(500);
        let [topic, mut key] =
            [&TOPICS[..], &KEYS[..]].map(|names| names[self.chance.below(names.len())].to_owned());
        if !durable && self.chance.strikes(500) {
            key = format!("of tab {number}");
        }
        self.publish_at(number, (durable, topic, key), is_removal)
    }

    pub fn publish_at(
        &mut self,
        number: usize,
        address: Address,
        is_removal: bool,
    ) -> Result<bool, Violation> {
        let specimens = Value::specimens();
        let index = self.topics.publications.len();
        let specimen = specimens[index % specimens.len()].clone();
        let value = (!is_removal).then(|| Value::list([Value::number(index as f64), specimen]));
        let shown = &mut self.tabs[number].shown;
        let publication = Publication {
            tab: number,
            address: address.clone(),
            is_removal,
            stamp: None,
            after: shown.latest,
        };
        self.topics.publications.push(publication);
        let former = shown.own.insert(address.clone(), index);
        let (durable, topic, key) = address.clone();
        let verdict = self.tell(number, Input::Publish { durable, topic, key, value })?;
        if verdict != Verdict::Taken {
            let own = &mut self.tabs[number].shown.own;
            match former {
                Some(former) => own.insert(address, former),
                None => own.remove(&address),
            };
        }
        Ok(true)
    }

    // ---- What engines say of entries.

    /// Entries on their way to the store.
    pub fn check_put_entries(&mut self, number: usize, batch: &WriteBatch<Value>) -> Result<(), Violation> {
        for write in &batch.writes {
            // After the store was lost a tab writes what it knows of others, too.
            if let Write::PutEntry(entry) = write
                && entry.stamp.tab == self.tabs[number].id
            {
                self.note_stamp(number, true, entry)?;
            }
        }
        Ok(())
    }

    /// Entries on their way to the other tabs.
    pub fn check_shared(&mut self, number: usize, entries: &[TopicEntry<Value>]) -> Result<(), Violation> {
        let now = self.tabs[number].now(self.now).steady_ms;
        let mut news = Vec::new();
        for entry in entries {
            ensure(entry.stamp.tab == self.tabs[number].id, "a tab shares what it wrote itself", || {
                format!("tab {number} shares {} {}", entry.topic, entry.key)
            })?;
            let index = self.note_stamp(number, false, entry)?;
            news.extend(index.filter(|index| !self.tabs[number].shown.shared.contains(index)));
        }
        if news.is_empty() {
            return Ok(());
        }
        let shown = &mut self.tabs[number].shown;
        let (frame_ms, tick_ms) = (self.swarm.config.topic_frame_ms, self.swarm.config.topic_tick_ms);
        // A tab that greets, or is asked who is there, tells all it wrote, whenever that is.
        if shown.is_own_pace {
            let is_due = shown.spoke_at.replace(now).is_none_or(|before| now >= before + tick_ms);
            ensure(is_due, "one message a tick", || {
                format!("tab {number} speaks again within {tick_ms} ms")
            })?;
            for index in &news {
                let address = &self.topics.publications[*index].address;
                let before = shown.shared_at.insert(address.clone(), now);
                ensure(before.is_none_or(|before| now >= before + frame_ms), "one message a frame", || {
                    format!("tab {number} tells of {address:?} again within {frame_ms} ms")
                })?;
            }
        }
        shown.shared.extend(news);
        Ok(())
    }

    /// The engine stamped a publication: later than everything its tab had seen.
    fn note_stamp(
        &mut self,
        number: usize,
        durable: bool,
        entry: &TopicEntry<Value>,
    ) -> Result<Option<usize>, Violation> {
        let address = (durable, entry.topic.clone(), entry.key.clone());
        let shown = &mut self.tabs[number].shown;
        let index = match &entry.value {
            Some(value) => Some(index_of(value)),
            None => shown.own.get(&address).copied(),
        };
        let Some(index) = index else { return Ok(None) };
        let publication = &mut self.topics.publications[index];
        if publication.is_removal != entry.value.is_none() {
            return Ok(None);
        }
        let what = || format!("tab {number} stamped {address:?} {:?}", entry.stamp);
        let is_known = publication.stamp == Some(entry.stamp);
        ensure(publication.stamp.is_none() || is_known, "a publication keeps its stamp", what)?;
        ensure(publication.tab == number, "a publication keeps its stamp", what)?;
        let is_later = publication.after.is_none_or(|after| entry.stamp > after);
        ensure(is_known || is_later, "a change is later than what it had seen", what)?;
        // A clock may be put right by the server's time and jump then.
        let plausible_ms = self.wall_ms_max + DAY_MS;
        ensure(entry.stamp.wall_ms <= plausible_ms, "no clock is believed that cannot be", what)?;
        publication.stamp = Some(entry.stamp);
        shown.latest = shown.latest.max(Some(entry.stamp));
        Ok(Some(index))
    }

    /// A tab shows something else under these keys.
    pub fn check_topic_changed(
        &mut self,
        number: usize,
        durable: bool,
        topic: &str,
        entries: &[(String, Option<Value>)],
    ) -> Result<(), Violation> {
        let shown = &mut self.tabs[number].shown;
        for (key, value) in entries {
            let address = (durable, topic.to_owned(), key.clone());
            let Some(value) = value else {
                shown.entries.remove(&address);
                // An ephemeral entry went with its writer, who may come back with it. Where removals are soon forgotten,
                // an older entry may come that nobody had seen.
                if !durable || self.swarm.config.topic_removed_max == 0 {
                    shown.last.remove(&address);
                    shown.last_of.retain(|(of, _), _| *of != address);
                }
                continue;
            };
            let index = index_of(value);
            let publications = &self.topics.publications;
            let stamp = publications[index].stamp;
            let what = || format!("tab {number} shows publication {index} under {address:?}");
            ensure(publications[index].address == address, "entries stay where they were published", what)?;
            let before = shown.last.insert(address.clone(), index);
            ensure(before != Some(index), "each change is told once", what)?;
            // Of an ephemeral topic the latest of those who are there is shown, so when its writer leaves, the one of
            // another tab that it replaced.
            let writer = if durable { 0 } else { publications[index].tab };
            let before = shown.last_of.insert((address.clone(), writer), index);
            if let (Some(before), Some(stamp)) = (before.and_then(|before| publications[before].stamp), stamp)
            {
                let is_back = !durable && stamp == before;
                ensure(stamp > before || is_back, "no older entry after a newer one", what)?;
            }
            shown.entries.insert(address, index);
            shown.latest = shown.latest.max(stamp);
        }
        Ok(())
    }

    /// A tab was told that the store holds what it published, or something newer.
    pub fn check_topic_stored(&mut self, number: usize, topic: String, key: String) -> Result<(), Violation> {
        let tab = &self.tabs[number];
        let address = (true, topic, key);
        let own = tab.shown.own.get(&address).map(|index| &self.topics.publications[*index]);
        let Some(stamp) = own.and_then(|own| own.stamp) else { return Ok(()) };
        if tab.connection != Some(self.store.id) {
            return Ok(());
        }
        let held = latest_of(&self.store, &address).map(|entry| entry.stamp);
        let is_stored = held >= Some(stamp) || self.was_removed_since(&address, stamp);
        ensure(is_stored, "what is acknowledged is stored", || {
            format!("tab {number} was told of {address:?} {stamp:?}, the store holds {held:?}")
        })?;
        let acknowledged = self.topics.acknowledged.entry(address).or_insert(stamp);
        *acknowledged = stamp.max(*acknowledged);
        Ok(())
    }

    /// Only what the store holds a later entry of is dropped.
    pub fn check_replaced(
        &self,
        before: &Store,
        batch: &WriteBatch<Value>,
        (topic, key, stamp): (&str, &str, Stamp),
    ) -> Result<(), Violation> {
        let added = batch.writes.iter().filter_map(|write| match write {
            Write::PutEntry(entry) => Some(entry),
            _ => None,
        });
        let of_key = |entry: &&TopicEntry<Value>| entry.topic == topic && entry.key == key;
        let latest = before.entries.values().chain(added).filter(of_key).map(|entry| entry.stamp).max();
        let is_held = before.entries.contains_key(&(topic.to_owned(), key.to_owned(), stamp));
        ensure(!is_held || latest > Some(stamp), "only what was replaced is dropped", || {
            format!("{topic} {key} {stamp:?} is the latest")
        })
    }

    /// Only what was removed is forgotten.
    pub fn check_forgotten(&self, topic: &str, key: &str, stamp: Stamp) -> Result<(), Violation> {
        let address = (true, topic.to_owned(), key.to_owned());
        ensure(self.was_removed_since(&address, stamp), "only removals are forgotten", || {
            format!("{address:?} {stamp:?} was not removed")
        })
    }

    /// Whether an entry was removed at this moment or later, so that the store may hold nothing of it any more.
    fn was_removed_since(&self, address: &Address, stamp: Stamp) -> bool {
        let removals = self.topics.publications.iter().filter(|one| one.is_removal);
        removals.filter(|one| one.address == *address).any(|one| one.stamp >= Some(stamp))
    }

    // ---- After healing.

    pub fn check_topics(&self) -> Result<(), Violation> {
        for (address, stamp) in &self.topics.acknowledged {
            let held = latest_of(&self.store, address).map(|entry| entry.stamp);
            let is_kept = held >= Some(*stamp) || self.was_removed_since(address, *stamp);
            ensure(is_kept, "no acknowledged entry is lost", || {
                format!("{address:?} {stamp:?} was acknowledged, the store holds {held:?}")
            })?;
        }
        let mut stored = BTreeMap::new();
        for entry in self.store.entries.values() {
            let address = (true, entry.topic.clone(), entry.key.clone());
            // In the order of their stamps: the latest counts.
            stored.insert(address, entry.value.as_ref().map(index_of));
        }
        stored.retain(|_, index| index.is_some());
        let durable = |number: usize| -> BTreeMap<_, _> {
            let entries = self.tabs[number].shown.entries.iter().filter(|((durable, ..), _)| *durable);
            entries.map(|(address, index)| (address.clone(), Some(*index))).collect()
        };
        for number in self.living() {
            let shown = durable(number);
            ensure(shown == stored, "durable entries are everywhere as in the store", || {
                format!("tab {number} shows {shown:?}, the store holds {stored:?}")
            })?;
        }
        self.check_ephemeral()
    }

    fn check_ephemeral(&self) -> Result<(), Violation> {
        let ephemeral = |number: usize| -> BTreeMap<_, _> {
            let entries = self.tabs[number].shown.entries.iter().filter(|((durable, ..), _)| !durable);
            entries.map(|(address, index)| (address.clone(), *index)).collect()
        };
        let living = self.living();
        for number in &living {
            let ghost = ephemeral(*number)
                .into_iter()
                .find(|(_, index)| self.tabs[self.topics.publications[*index].tab].page == Page::Gone);
            ensure(ghost.is_none(), "ephemeral entries go with their tab", || {
                format!("tab {number} shows {ghost:?}")
            })?;
        }
        let is_all_told = self.was_all_heard() && self.swarm.config.topic_entries_max > 100;
        let Some(first) = living.first().filter(|_| is_all_told) else { return Ok(()) };
        for number in &living {
            let [one, other] = [first, number].map(|number| ephemeral(*number));
            ensure(one == other, "living tabs agree on ephemeral entries", || {
                format!("tab {first} shows {one:?}, tab {number} {other:?}")
            })?;
        }
        Ok(())
    }

    /// Whether no message was lost in this world for good.
    fn was_all_heard(&self) -> bool {
        use super::faults::Fault;
        self.swarm.faults.of(Fault::MessageLost) == 0
            && self.swarm.faults.of(Fault::MessageOvertakes) == 0
            && self.swarm.transport == Transport::Channel
            && self.swarm.has_locks
    }
}

/// The latest entry that the store holds at an address.
fn latest_of<'a>(store: &'a Store, (_, topic, key): &Address) -> Option<&'a TopicEntry<Value>> {
    store.entries.values().rfind(|entry| entry.topic == *topic && entry.key == *key)
}

/// Which publication a value is from.
fn index_of(value: &Value) -> usize {
    let first = value.items().and_then(<[Value]>::first).and_then(Value::as_number);
    first.expect("every published value begins with its number") as usize
}
