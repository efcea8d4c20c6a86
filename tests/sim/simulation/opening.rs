//! How a world begins, and how a page does.

use std::collections::BTreeMap;

use tabweave::engine::{Engine, StoreId, TabId};

use super::accounts::Accounts;
use super::chance::Chance;
use super::channel::Channel;
use super::coverage::Coverage;
use super::input::{self, Input};
use super::locks::Locks;
use super::plan::Plan;
use super::server::Server;
use super::store::Store;
use super::strangers::{Acquaintance, Strangers};
use super::swarm::Swarm;
use super::tab::{Hand, Memory, Page, Tab};
use super::topics::{Shown, Topics};
use super::trace::Trace;
use super::world::{Arrival, COLLECTIONS, WALL_START_MS, World};
use crate::support::host::App;

impl World {
    pub fn new(plan: &Plan, is_traced: bool) -> Self {
        let mut chance = Chance::new(plan.seed);
        let swarm = Swarm::draw(&mut chance, plan);
        let store = Store::new(StoreId::from_bytes(chance.bytes()));
        let strangers = Strangers::draw(&mut chance);
        let faults = swarm.faults.clone();
        let mut world = Self {
            plan: plan.clone(),
            now: 0,
            swarm,
            faults,
            tabs: Vec::new(),
            store,
            is_store_full: false,
            locks: Locks::default(),
            channel: Channel::default(),
            journals: BTreeMap::new(),
            server: Server::new(&COLLECTIONS, 3),
            accounts: Accounts::default(),
            topics: Topics::default(),
            strangers,
            wall_ms_max: 0,
            trace: Trace::new(is_traced),
            coverage: Coverage::default(),
            steps: 0,
            next_deed_at: Some(0),
            deeds_drawn: 0,
            deeds_done: Vec::new(),
            device_jump_ms: 0,
            channels_opened: 0,
            jobs: 0,
            store_busy_until: 0,
            queue: BTreeMap::new(),
            scheduled: 0,
            chance,
        };
        world.open_tab();
        world
    }

    /// A page appears; its engine is ready a little later.
    pub fn open_tab(&mut self) -> usize {
        let number = self.tabs.len();
        let id = TabId::from_bytes(self.chance.bytes());
        let skew_ms = self.chance.up_to(self.swarm.skew_ms_max);
        let mut wall = Hand::starting_at(WALL_START_MS + self.now + skew_ms, self.now);
        wall.jump(self.device_jump_ms);
        let is_online = self.tabs.is_empty() || self.chance.strikes(800);
        let tab = Tab {
            number,
            id,
            engine: Engine::new(self.swarm.config.clone(), id, self.chance.seed()),
            app: App::default(),
            names: self.draw_names(),
            page: Page::Awake,
            is_started: false,
            is_cached: false,
            has_slept: false,
            was_cached: false,
            is_visible: self.chance.strikes(500),
            is_online,
            wall,
            steady: Hand::starting_at(0, self.now),
            inbox: Default::default(),
            channel: None,
            lock_request: None,
            fenced: BTreeMap::new(),
            proof: None,
            connection: Some(self.store.id),
            session: 0,
            synced_at: None,
            watched: Default::default(),
            base: BTreeMap::new(),
            delivered: Default::default(),
            jobs_lost_from: u64::MAX,
            alarm: None,
            fingerprint: 0,
            memory: Memory { standing: "resting", ..Memory::default() },
            shown: Shown::default(),
            strangers: Acquaintance::default(),
            early: Vec::new(),
            handed: BTreeMap::new(),
            accepted: Default::default(),
        };
        self.trace
            .note(self.now, || format!("tab {number} opens as {}, knows {:?}", input::short(id), tab.names));
        self.tabs.push(tab);
        let ready_ms = self.chance.up_to(300);
        let visible = self.tabs[number].is_visible;
        self.schedule_arrival(ready_ms, number, Arrival::Told(Input::Start { visible }));
        number
    }
}
