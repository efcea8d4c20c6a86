//! One page: its engine, its clocks, and what has reached it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tabweave::engine::{
    BatchId, Engine, Map, Now, OperationId, OperationRequest, QueryToken, Stamp, StoreId, TabId,
};

use super::strangers::Acquaintance;
use super::topics;
use super::world::Arrival;
use crate::support::host::App;
use crate::support::value::Value;

/// Whether the page runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    Awake,
    /// Frozen, or in the back/forward cache, and told so beforehand.
    Asleep,
    /// Stopped without a word: nothing runs, everything is kept.
    Frozen,
    /// Closed or crashed.
    Gone,
}

/// A clock that can be stopped and set.
#[derive(Clone, Debug, Default)]
pub struct Hand {
    offset_ms: i64,
    stopped_at: Option<u64>,
}

impl Hand {
    pub fn starting_at(reading_ms: u64, now: u64) -> Self {
        Self { offset_ms: reading_ms as i64 - now as i64, stopped_at: None }
    }

    pub fn reading(&self, now: u64) -> u64 {
        (self.stopped_at.unwrap_or(now) as i64 + self.offset_ms).max(0) as u64
    }

    pub fn set(&mut self, reading_ms: u64, now: u64) {
        *self = Self::starting_at(reading_ms, now);
    }

    pub fn jump(&mut self, by_ms: i64) {
        self.offset_ms += by_ms;
    }

    pub fn stop(&mut self, now: u64) {
        self.stopped_at.get_or_insert(now);
    }

    /// Goes on where it stopped. False if it ran.
    pub fn start(&mut self, now: u64) -> bool {
        let stopped = self.stopped_at.take();
        self.offset_ms -= stopped.map_or(0, |stopped| (now - stopped) as i64);
        stopped.is_some()
    }

    /// The world's time at which the clock will show this; none while it stands still.
    pub fn shows_at(&self, reading_ms: u64) -> Option<u64> {
        let running = self.stopped_at.is_none();
        running.then(|| (reading_ms as i64 - self.offset_ms).max(0) as u64)
    }
}

/// A result that a tab was given.
#[derive(Clone, Debug)]
pub struct Base {
    pub value: Value,
    /// Operations that it was said to contain, if it comes from the store.
    pub contains: BTreeSet<OperationId>,
}

/// What a query shows, and the operations that changed each document.
pub type Shown = (Value, Map<String, Vec<OperationId>>);

/// What every query should show, with all that it depends on but the bases.
#[derive(Clone, Debug, Default)]
pub struct Fold {
    pub shown: BTreeMap<QueryToken, Shown>,
    /// With how often each took over what others were to do.
    pub pending: Vec<(OperationId, Stamp, u32)>,
    pub registered: usize,
}

/// What the checkers remember of a tab, to compare with what it says next.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// Its part in the election.
    pub standing: &'static str,
    /// How often it read the store, and how often it told a stranger that they do not speak the same.
    pub reads: u64,
    pub reads_answered: u64,
    pub mismatches: u64,
    /// Whether the tab was given something since the last look at it.
    pub is_outdated: bool,
    pub views: BTreeMap<QueryToken, Option<Shown>>,
    pub fold: Fold,
    pub pending: Vec<OperationId>,
    pub states: Vec<(OperationId, &'static str, u32)>,
    /// How often each operation was reported as settled, and as what it was the last time.
    pub settled: BTreeMap<OperationId, (u32, &'static str)>,
}

/// One page.
#[derive(Debug)]
pub struct Tab {
    pub number: usize,
    pub id: TabId,
    pub engine: Engine<Value>,
    pub app: App,
    /// Operations that its build knows; the engine is told once it is ready.
    pub names: Vec<String>,
    pub page: Page,
    /// Whether it sleeps in the back/forward cache, where it holds no lock at all.
    pub is_cached: bool,
    /// Whether it ever slept.
    pub has_slept: bool,
    /// Whether it ever did: others took it for gone.
    pub was_cached: bool,
    pub is_started: bool,
    pub is_visible: bool,
    pub is_online: bool,
    pub wall: Hand,
    pub steady: Hand,
    /// What reached the page while it could not run, in order.
    pub inbox: VecDeque<Arrival>,
    /// Which opening of the channel it listens on; none: it does not.
    pub channel: Option<u64>,
    pub lock_request: Option<u64>,
    /// When the fenced batches that are on their way were issued, by the tab's clocks.
    pub fenced: BTreeMap<BatchId, Now>,
    /// When the last one was issued that the store let through, as far as the tab has heard.
    pub proof: Option<Now>,
    /// The life of the database that its connection belongs to.
    pub connection: Option<StoreId>,
    /// Which connection to the server this is: what an earlier one was to bring never comes.
    pub session: u64,
    /// The server's time as of which all results from the server are.
    pub synced_at: Option<u64>,
    pub watched: BTreeSet<QueryToken>,
    /// The results that the tab was given, from the server or the store.
    pub base: BTreeMap<QueryToken, Base>,
    /// Queries that were delivered in this session.
    pub delivered: BTreeSet<QueryToken>,
    /// Store jobs of this number and later were lost with the page.
    pub jobs_lost_from: u64,
    /// When the next timer fires, late as timers are; kept until it fires or another is due.
    pub alarm: Option<(u64, u64)>,
    pub fingerprint: u64,
    pub memory: Memory,
    /// What it shows of topics.
    pub shown: topics::Shown,
    pub strangers: Acquaintance,
    /// Operations accepted before the engine was there.
    pub early: Vec<OperationRequest<Value>>,
    /// What it read of other tabs' journals.
    pub handed: BTreeMap<usize, BTreeSet<OperationId>>,
    /// Operations that this page accepted.
    pub accepted: BTreeSet<OperationId>,
}

impl Tab {
    pub fn now(&self, world_now: u64) -> Now {
        Now { wall_ms: self.wall.reading(world_now), steady_ms: self.steady.reading(world_now) }
    }

    pub fn is_gone(&self) -> bool {
        self.page == Page::Gone
    }

    /// Whether a person can use the page.
    pub fn is_usable(&self) -> bool {
        self.page == Page::Awake
    }
}
