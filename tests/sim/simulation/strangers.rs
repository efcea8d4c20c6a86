//! Tabs of other builds and other stores, and clocks that cannot be: their messages reach ours, and must do no harm.

use std::collections::BTreeMap;
use std::rc::Rc;

use tabweave::engine::{Envelope, Incarnation, Message, PROTOCOL_VERSION, Revision, Stamp, StoreId, TabId};

use super::chance::Chance;
use super::checkers::{Violation, ensure};
use super::input::{Input, Verdict};
use super::swarm::Transport;
use super::world::{Arrival, WALL_START_MS, World};
use crate::support::value::Value;

pub const DAY_MS: u64 = 86_400_000;

/// What is strange about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strangeness {
    Protocol,
    Store,
    Clock,
}

/// Those that send them. They hold life locks as other builds do.
#[derive(Clone, Debug, Default)]
pub struct Strangers {
    pub tabs: Vec<TabId>,
    stores: Vec<StoreId>,
}

/// What one tab has made of them in its present incarnation.
#[derive(Clone, Debug, Default)]
pub struct Acquaintance {
    answered: BTreeMap<TabId, u64>,
    looked_for: BTreeMap<StoreId, u64>,
    /// The store that the tab last read.
    own: Option<StoreId>,
}

impl Acquaintance {
    /// The tab's own store is gone: any may be the next.
    pub fn forget_stores(&mut self) {
        self.looked_for.clear();
    }

    /// The tab has read this store.
    pub fn stand_by(&mut self, store: StoreId) {
        if self.own.replace(store) != Some(store) {
            self.forget_stores();
        }
    }
}

impl Strangers {
    pub fn draw(chance: &mut Chance) -> Self {
        let names = [chance.bytes(), chance.bytes()];
        Self { tabs: names.map(TabId::from_bytes).to_vec(), stores: names.map(StoreId::from_bytes).to_vec() }
    }
}

impl World {
    /// A stranger says something on our channel.
    pub fn let_stranger_speak(&mut self) {
        let which = self.chance.below(self.strangers.tabs.len());
        let kinds = [Strangeness::Protocol, Strangeness::Store, Strangeness::Clock];
        let kind = kinds[self.chance.below(kinds.len())];
        let from = self.strangers.tabs[which];
        let wall_ms = WALL_START_MS + self.now;
        let ahead_ms = if kind == Strangeness::Clock { 400 * DAY_MS } else { 0 };
        let envelope = Envelope {
            protocol: if kind == Strangeness::Protocol { PROTOCOL_VERSION + 1 } else { PROTOCOL_VERSION },
            store: if kind == Strangeness::Store { self.strangers.stores[which] } else { self.store.id },
            from,
            incarnation: Incarnation(0),
            stamp: Stamp { wall_ms: wall_ms + ahead_ms, counter: 0, tab: from },
            message: Message::Bell { revision: Revision(0) },
        };
        self.trace.note(self.now, || format!("a stranger speaks: {kind:?}"));
        self.say_to_all(envelope);
    }

    /// Something that none of our pages says reaches all of them.
    pub fn say_to_all(&mut self, envelope: Envelope<Value>) {
        if self.swarm.transport == Transport::Silence {
            return;
        }
        let envelope = Rc::new(envelope);
        let listeners: Vec<_> = self.tabs.iter().filter_map(|tab| Some((tab.number, tab.channel?))).collect();
        for (to, channel) in listeners {
            let envelope = Rc::clone(&envelope);
            self.schedule_arrival(1, to, Arrival::Message { channel, envelope });
        }
    }

    /// A message reaches a page. What a stranger says is dropped, and makes it do little.
    pub fn hear(&mut self, number: usize, envelope: Envelope<Value>) -> Result<(), Violation> {
        let (from, store) = (envelope.from, envelope.store);
        if !self.strangers.tabs.contains(&from) {
            return self.tell(number, Input::Message { envelope }).map(|_| ());
        }
        let is_foreign_store = self.strangers.stores.contains(&store);
        let knows_store = self.tabs[number].engine.status().started;
        let (mismatches, reads) = (self.tabs[number].memory.mismatches, self.tabs[number].memory.reads);
        let verdict = self.tell(number, Input::Message { envelope })?;
        ensure(verdict == Verdict::Unheard, "strangers are not listened to", || format!("tab {number}"))?;
        let tab = &mut self.tabs[number];
        let answered = tab.strangers.answered.entry(from).or_default();
        *answered += tab.memory.mismatches - mismatches;
        ensure(*answered <= 1, "a stranger is answered once", || {
            format!("tab {number} answered {answered} times")
        })?;
        if is_foreign_store && knows_store {
            let looked_for = tab.strangers.looked_for.entry(store).or_default();
            *looked_for += tab.memory.reads - reads;
            ensure(*looked_for <= 1, "a foreign store is looked for once", || format!("tab {number}"))?;
        }
        Ok(())
    }

    /// The server tells its time to a page; now and then one that cannot be.
    pub fn tell_server_time(&mut self, number: usize) -> Result<(), Violation> {
        let is_absurd = self.chance.strikes(200);
        let ahead_ms = if is_absurd { 400 * DAY_MS } else { 0 };
        let server_ms = WALL_START_MS + self.now + ahead_ms;
        let before = self.tabs[number].engine.status().server_offset_ms;
        self.tell(number, Input::ServerTime { server_ms })?;
        let tab = &self.tabs[number];
        let offset_ms = tab.engine.status().server_offset_ms;
        let true_ms = server_ms as i64 - tab.now(self.now).wall_ms as i64;
        let expected = if is_absurd { before } else { Some(true_ms) };
        ensure(offset_ms == expected, "the server's time is known", || {
            format!("tab {number} is {offset_ms:?} ms behind, and not {expected:?}")
        })
    }
}
