//! A stage for stories: tabs with real engines over one store, one channel and one lock. Everything that can
//! happen happens at once and in order, unless the story holds it back; the story alone is the server.

mod run;
mod sight;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tabweave::engine::{
    Attempt, BaseUpdate, Body, Config, Engine, Envelope, Event, FailedKind, Hindrance, LockNews, Now,
    Operation, OperationId, OperationRequest, Outcome, PersistFailure, QueryToken, Refusal, StoreId, TabId,
    Terms,
};

use crate::locks::Locks;
use crate::store::{Job, Store};
use crate::support::host::{self, App, NAMES};
use crate::support::value::Value;

/// What every story looks at.
pub const CARDS: &str = "cards:*";
const START_MS: u64 = 1_700_000_000_000;

/// A message on its way to one tab.
#[derive(Clone, Debug)]
struct Letter {
    to: usize,
    envelope: Envelope<Value>,
}

/// One tab on the stage.
#[derive(Debug)]
struct Actor {
    id: TabId,
    engine: Engine<Value>,
    app: App,
    is_here: bool,
    listens: bool,
    lock: Option<u64>,
    connection: Option<StoreId>,
    /// Transactions that were issued and have not run.
    jobs: VecDeque<(Option<StoreId>, Job)>,
    is_store_held: bool,
    failures: VecDeque<PersistFailure>,
    /// Transactions that it issues get lost with the page.
    loses_jobs: bool,
    failed_reads: u32,
    calls: Vec<Attempt<Value>>,
    events: Vec<Event<Value>>,
    journal: Vec<OperationRequest<Value>>,
    clock_ms: u64,
}

/// The stage.
#[derive(Debug)]
pub struct Stage {
    config: Config,
    actors: Vec<Actor>,
    pub store: Store,
    locks: Locks,
    letters: VecDeque<Letter>,
    /// Everything that was said.
    said: Vec<Letter>,
    /// Tabs that hear nothing of what is said.
    pub deaf: BTreeSet<usize>,
    /// Tabs that hang: what reaches them waits.
    stopped: BTreeSet<usize>,
    /// Nothing that is said arrives for now.
    pub are_letters_held: bool,
    /// Journals that were taken over are not cleared away.
    pub are_journals_kept: bool,
    /// Whether the browser has Web Locks.
    pub has_locks: bool,
    /// Whether the call at hand goes on.
    has_more_to_say: bool,
    ids: u8,
}

impl Stage {
    pub fn new() -> Self {
        Self {
            config: Config::default(),
            actors: Vec::new(),
            store: Store::new(StoreId::from_bytes([1; 16])),
            locks: Locks::default(),
            letters: VecDeque::new(),
            said: Vec::new(),
            deaf: BTreeSet::new(),
            stopped: BTreeSet::new(),
            are_letters_held: false,
            are_journals_kept: false,
            has_locks: true,
            has_more_to_say: false,
            ids: 0,
        }
    }

    /// A stage for engines with other limits.
    pub fn limited(limit: impl FnOnce(&mut Config)) -> Self {
        let mut stage = Self::new();
        limit(&mut stage.config);
        stage
    }

    /// A tab that knows all operations, looks at the cards and is connected.
    pub fn open(&mut self) -> usize {
        self.open_knowing(&NAMES, true)
    }

    pub fn open_knowing(&mut self, names: &[&str], connected: bool) -> usize {
        self.open_with(names, connected, 0)
    }

    /// A tab whose first readings of the store fail.
    pub fn open_unable_to_read(&mut self, failed_reads: u32) -> usize {
        self.open_with(&NAMES, true, failed_reads)
    }

    fn open_with(&mut self, names: &[&str], connected: bool, failed_reads: u32) -> usize {
        let tab = self.actors.len();
        let id = TabId::from_bytes([0xa0 + tab as u8; 16]);
        self.actors.push(Actor {
            id,
            engine: Engine::new(self.config.clone(), id, 7),
            app: App::default(),
            is_here: true,
            listens: false,
            lock: None,
            connection: Some(self.store.id),
            jobs: VecDeque::new(),
            is_store_held: false,
            failures: VecDeque::new(),
            loses_jobs: false,
            failed_reads,
            calls: Vec::new(),
            events: Vec::new(),
            journal: Vec::new(),
            clock_ms: 0,
        });
        self.with(tab, |engine, _, now| engine.start(now, true));
        self.register(tab, names);
        self.with(tab, |engine, _, now| {
            engine.watch(now, QueryToken::new(CARDS));
            engine.handle_connection(now, connected);
        });
        tab
    }

    pub fn register(&mut self, tab: usize, names: &[&str]) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        self.actors[tab].app.registered.extend(names.iter().cloned());
        self.with(tab, |engine, app, now| engine.register(now, app, names));
    }

    // ---- What people do.

    /// A person changes a card; the operation is named by its number.
    pub fn mutate(&mut self, tab: usize, name: &str, document: &str, value: f64) -> OperationId {
        let request = self.request(name, document, value);
        let id = request.id;
        assert_eq!(self.ask(tab, request), Ok(()));
        id
    }

    pub fn request(&mut self, name: &str, document: &str, value: f64) -> OperationRequest<Value> {
        self.ids += 1;
        let arguments = host::arguments("cards", document, "n", Value::number(value));
        OperationRequest {
            id: OperationId::from_bytes([self.ids; 16]),
            name: name.to_owned(),
            body: Body::Intent { arguments },
            scope: document.to_owned(),
            repeatable: true,
            confirmed_by_key: true,
            bytes: 1_000,
            terms: Terms::default(),
        }
    }

    /// Journals and accepts, as the package does.
    pub fn ask(&mut self, tab: usize, request: OperationRequest<Value>) -> Result<(), Refusal<Value>> {
        let journalled = request.clone();
        let result = self.with(tab, |engine, app, now| engine.mutate(now, app, request));
        if result.is_ok() && !self.is_stored(journalled.id) {
            self.actors[tab].journal.push(journalled);
        }
        result
    }

    pub fn with<R>(&mut self, tab: usize, call: impl FnOnce(&mut Engine<Value>, &mut App, Now) -> R) -> R {
        let actor = &mut self.actors[tab];
        let now = actor.now();
        let result = call(&mut actor.engine, &mut actor.app, now);
        self.play(tab);
        self.run();
        result
    }

    // ---- What the server does.

    /// The calls that a tab has made and that nobody answered.
    pub fn calls(&self, tab: usize) -> Vec<OperationId> {
        self.actors[tab].calls.iter().map(|call| call.id).collect()
    }

    /// Answers the tab's first open call.
    pub fn answer(&mut self, tab: usize, outcome: Outcome<Value>) {
        let call = self.actors[tab].calls.remove(0);
        self.with(tab, |engine, app, now| engine.handle_attempt(now, app, call.id, call.attempt, outcome));
    }

    pub fn accept(&mut self, tab: usize) {
        self.answer(tab, Outcome::Accepted { result: Value::Null, seen: false });
    }

    /// The tab's app is through with all that it was told of ends.
    pub fn through(&mut self, tab: usize) {
        let ends = self.actors[tab].events.iter().filter_map(|event| match event {
            Event::Report { operation } => Some((operation.id, operation.state.ended_ms()?)),
            _ => None,
        });
        for (id, ended_ms) in ends.collect::<Vec<_>>() {
            self.with(tab, |engine, _, now| engine.handle_reported(now, id, ended_ms));
        }
    }

    /// The server tells a tab the cards as of one moment: their keys and numbers, and what they contain.
    pub fn base(&mut self, tab: usize, cards: &[(&str, f64)], seen: &[OperationId]) {
        let value = host::query_value(0, cards_of(cards).values());
        let update = BaseUpdate { queries: vec![(QueryToken::new(CARDS), value)], seen: seen.to_vec() };
        self.with(tab, |engine, app, now| engine.handle_base(now, app, update));
    }

    // ---- What the browser does.

    /// The page dies: nothing that it had not issued is left, but for its journal.
    pub fn crash(&mut self, tab: usize) {
        let actor = &mut self.actors[tab];
        actor.is_here = false;
        actor.listens = false;
        self.locks.living.remove(&tab);
        if let Some(request) = self.actors[tab].lock.take() {
            self.locks.release(request);
        }
        self.run();
    }

    /// The page hangs: it holds what it held, and nothing in it runs.
    pub fn stop(&mut self, tab: usize) {
        self.stopped.insert(tab);
    }

    /// It runs again, and finds out what became of its lock.
    pub fn go_on(&mut self, tab: usize) {
        self.stopped.remove(&tab);
        let held = self.locks.holder().is_some_and(|(holder, _)| holder == tab);
        if !held && self.leads(tab) {
            self.with(tab, |engine, _, now| engine.handle_leader_lock(now, LockNews::Lost));
        }
        self.run();
    }

    pub fn suspend(&mut self, tab: usize) {
        self.with(tab, |engine, _, now| engine.handle_suspend(now));
    }

    /// The page was in the cache, where nobody could tell it from one that is gone.
    pub fn come_back(&mut self, tab: usize) {
        self.actors[tab].is_here = true;
        self.resume(tab);
    }

    pub fn resume(&mut self, tab: usize) {
        self.with(tab, |engine, _, now| engine.handle_resume(now));
    }

    /// Another tab takes the leader's lock, and the holder has not heard of it yet.
    pub fn steal_lock_unheard(&mut self) {
        assert!(self.locks.steal().is_some(), "somebody holds the lock, and somebody waits for it");
        self.run();
    }

    pub fn fail_next_write(&mut self, tab: usize, failure: PersistFailure) {
        self.actors[tab].failures.push_back(failure);
    }

    /// Transactions of this tab wait from now on, or run.
    pub fn hold_store(&mut self, tab: usize, held: bool) {
        self.actors[tab].is_store_held = held;
        self.run();
    }

    /// Runs the first few of the transactions that are held back.
    pub fn run_jobs(&mut self, tab: usize, count: usize) {
        for _ in 0..count {
            self.run_job(tab);
        }
        self.run();
    }

    /// Transactions that this tab issues from now on die with it.
    pub fn lose_jobs(&mut self, tab: usize) {
        self.actors[tab].loses_jobs = true;
    }

    /// The last change is not in the journal yet.
    pub fn forget_last_journalled(&mut self, tab: usize) {
        assert!(self.actors[tab].journal.pop().is_some(), "something was journalled");
    }

    /// A tab hears once more what was said to it under this name.
    pub fn repeat(&mut self, to: usize, name: &str) {
        let again = |letter: &&Letter| letter.to == to && letter.envelope.message.name() == name;
        let letters: Vec<_> = self.said.iter().filter(again).cloned().collect();
        self.letters.extend(letters);
        self.run();
    }

    /// What was held back arrives, the last first.
    pub fn deliver_backwards(&mut self) {
        self.letters = self.letters.drain(..).rev().collect();
        self.are_letters_held = false;
        self.run();
    }

    /// A tab of a newer version goes on with an operation that it found in the store or in a journal.
    pub fn overtake(&mut self, operation: Operation<Value>) {
        self.store.unreadable.insert(operation.id);
        self.store.operations.insert(operation.id, operation);
        self.store.revision = self.store.revision.next();
    }

    /// The person clears the site's data.
    pub fn wipe_store(&mut self) {
        let next = StoreId::from_bytes([self.store.id.bytes()[0] + 1; 16]);
        self.store = Store::new(next);
        for tab in 0..self.actors.len() {
            self.actors[tab].connection = None;
            if self.actors[tab].is_here {
                self.with(tab, |engine, _, now| engine.handle_store_closed(now));
            }
        }
    }

    /// Time passes in all tabs; timers fire when they are due.
    pub fn wait(&mut self, ms: u64) {
        for tab in 0..self.actors.len() {
            let until = self.actors[tab].clock_ms + ms;
            while let Some(due) = self.due(tab).filter(|due| *due <= until) {
                self.actors[tab].clock_ms = self.actors[tab].clock_ms.max(due);
                self.with(tab, |engine, app, now| engine.handle_timeout(now, app));
            }
            self.actors[tab].clock_ms = until;
        }
    }

    fn due(&self, tab: usize) -> Option<u64> {
        let runs = self.actors[tab].is_here && !self.stopped.contains(&tab);
        self.actors[tab].engine.poll_timeout().filter(|_| runs)
    }
}

impl Actor {
    fn now(&self) -> Now {
        Now { wall_ms: START_MS + self.clock_ms, steady_ms: self.clock_ms }
    }
}

/// Cards with a number each.
pub fn cards_of(cards: &[(&str, f64)]) -> host::Documents {
    let card =
        |key: &str, number: f64| Value::object([("_id", Value::text(key)), ("n", Value::number(number))]);
    cards.iter().map(|(key, number)| ((*key).to_owned(), card(key, *number))).collect()
}

/// What a tab should show, for comparison with [`Stage::shows`].
pub fn cards(cards: &[(&str, f64)]) -> BTreeMap<String, f64> {
    cards.iter().map(|(key, number)| ((*key).to_owned(), *number)).collect()
}

pub fn rejected() -> Outcome<Value> {
    Outcome::failed(FailedKind::Rejected, Value::text("no"))
}

pub fn unknown() -> Outcome<Value> {
    Outcome::failed(FailedKind::Unknown(Hindrance::Connection), Value::text("no answer"))
}

pub fn not_now() -> Outcome<Value> {
    Outcome::failed(FailedKind::Retryable(Hindrance::Server), Value::text("later"))
}
