//! Tabs over one store, one channel and one lock. All that can happen happens at once, in the order in which it was
//! wanted, unless the story holds it back; the story itself is the server and the clock.

use std::collections::{BTreeSet, VecDeque};

use tabweave::engine::{
    BaseUpdate, BatchId, Body, Config, Effect, Engine, Envelope, Event, FailedKind, Incarnation, LockNews,
    Now, OperationId, OperationRequest, Origin, Outcome, PersistFailure, QueryToken, Refusal, Revision,
    StoreId, TabId, Terms,
};

use crate::store::{Job, Store};
use crate::support::host::{App, arguments, by_key, query_value};
use crate::support::value::Value;

/// What every story looks at.
const CARDS: &str = "cards:*";

/// An acknowledgement on its way back from the store.
type Acknowledgement = (BatchId, Result<Option<Revision>, PersistFailure>);

/// One page.
struct Tab {
    engine: Engine<Value>,
    app: App,
    is_alive: bool,
    /// The incarnation whose life lock it holds, while it listens on the channel.
    joined: Option<Incarnation>,
    /// Acknowledgements that are held back; none: they are not.
    held: Option<VecDeque<Acknowledgement>>,
    readings: u32,
    events: Vec<Event<Value>>,
}

/// Something that is about to happen.
#[expect(clippy::large_enum_variant, reason = "there are a handful at a time")]
enum Happening {
    Store { tab: usize, job: Job },
    Message { to: usize, envelope: Envelope<Value> },
    LookAround { tab: usize },
}

/// The tabs, and all around them.
pub struct Story {
    config: Config,
    tabs: Vec<Tab>,
    pub store: Store,
    /// The tabs that hold the leader's lock (the first) or wait for it, and whom the holder was told.
    lock: VecDeque<usize>,
    told: Option<usize>,
    happenings: VecDeque<Happening>,
    ms: u64,
    /// What every write to the store comes to, if not to a commit.
    pub failure: Option<PersistFailure>,
    /// Calls to the server: the tab, the operation and the number of the attempt.
    pub calls: Vec<(usize, u8, u32)>,
}

impl Story {
    pub fn new() -> Self {
        Self::with(Config::default())
    }

    pub fn with(config: Config) -> Self {
        Self {
            config,
            tabs: Vec::new(),
            store: Store::new(StoreId::from_bytes([1; 16])),
            lock: VecDeque::new(),
            told: None,
            happenings: VecDeque::new(),
            ms: 0,
            failure: None,
            calls: Vec::new(),
        }
    }

    // ---- Tabs.

    /// A connected tab that knows these operations and looks at the cards.
    pub fn open(&mut self, names: &[&str]) -> usize {
        let tab = self.open_offline(names);
        self.tell(tab, |engine, _, now| engine.handle_connection(now, true));
        tab
    }

    pub fn open_offline(&mut self, names: &[&str]) -> usize {
        let tab = self.tabs.len();
        self.tabs.push(Tab {
            engine: Engine::new(self.config.clone(), tab_id(tab), 7),
            app: App::with(names.iter().copied()),
            is_alive: true,
            joined: None,
            held: None,
            readings: 0,
            events: Vec::new(),
        });
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        self.tell(tab, |engine, app, now| {
            engine.start(now, true);
            engine.register(now, app, names);
            engine.watch(now, QueryToken::new(CARDS));
        });
        tab
    }

    /// The page dies without a word.
    pub fn crash(&mut self, tab: usize) {
        self.tabs[tab].is_alive = false;
        self.tabs[tab].joined = None;
        self.give_lock_back(tab);
        self.settle();
    }

    /// The lock is given to a tab that waits for it, and its holder has not heard of it.
    pub fn steal_lock_for(&mut self, tab: usize) {
        self.lock.retain(|other| *other != tab);
        self.lock.push_front(tab);
        self.settle();
    }

    /// Makes one call of a tab's engine, and lets come of it what will.
    pub fn tell<T>(&mut self, tab: usize, call: impl FnOnce(&mut Engine<Value>, &mut App, Now) -> T) -> T {
        let answer = self.tell_only(tab, call);
        self.settle();
        answer
    }

    fn tell_only<T>(&mut self, tab: usize, call: impl FnOnce(&mut Engine<Value>, &mut App, Now) -> T) -> T {
        let now = self.now();
        let Tab { engine, app, .. } = &mut self.tabs[tab];
        let answer = call(engine, app, now);
        while let Some(effect) = self.tabs[tab].engine.poll_effect() {
            self.perform(tab, effect);
        }
        while let Some(event) = self.tabs[tab].engine.poll_event() {
            self.tabs[tab].events.push(event);
        }
        answer
    }

    fn now(&self) -> Now {
        Now { wall_ms: 1_700_000_000_000 + self.ms, steady_ms: self.ms }
    }

    // ---- What people and the server do.

    pub fn mutate(&mut self, tab: usize, request: OperationRequest<Value>) -> Result<(), Refusal<Value>> {
        self.tell(tab, |engine, app, now| engine.mutate(now, app, request))
    }

    /// The server answers the last call of this operation.
    pub fn answer(&mut self, operation: u8, outcome: Outcome<Value>) {
        let last = self.calls.iter().rev().find(|(_, id, _)| *id == operation);
        let (tab, _, attempt) = *last.expect("the operation was sent");
        self.tell(tab, |engine, app, now| {
            engine.handle_attempt(now, app, operation_id(operation), attempt, outcome);
        });
    }

    /// The server sends the cards by key and name.
    pub fn send_cards(&mut self, tab: usize, cards: &[(&str, &str)]) {
        let card = |(key, name): &(&str, &str)| {
            Value::object([("_id", Value::text(key)), ("name", Value::text(name))])
        };
        let cards: Vec<_> = cards.iter().map(card).collect();
        let update =
            BaseUpdate { queries: vec![(QueryToken::new(CARDS), query_value(0, &cards))], seen: vec![] };
        self.tell(tab, |engine, app, now| engine.handle_base(now, app, update));
    }

    /// Time passes; timers fire when they are due.
    pub fn pass(&mut self, ms: u64) {
        let until = self.ms + ms;
        while let Some((due, tab)) = self.next_timer().filter(|(due, _)| *due <= until) {
            self.ms = self.ms.max(due);
            self.tell(tab, |engine, app, now| engine.handle_timeout(now, app));
        }
        self.ms = until;
    }

    fn next_timer(&self) -> Option<(u64, usize)> {
        let due = |(number, tab): (usize, &Tab)| Some((tab.engine.poll_timeout()?, number));
        self.tabs.iter().enumerate().filter(|(_, tab)| tab.is_alive).filter_map(due).min()
    }

    /// What the store commits for this tab is not acknowledged for now.
    pub fn hold_acknowledgements(&mut self, tab: usize) {
        self.tabs[tab].held.get_or_insert_default();
    }

    pub fn release_acknowledgements(&mut self, tab: usize) {
        for (batch, result) in self.tabs[tab].held.take().unwrap_or_default() {
            self.tell(tab, |engine, app, now| engine.handle_persisted(now, app, batch, result));
        }
    }

    // ---- What engines want done.

    fn perform(&mut self, tab: usize, effect: Effect<Value>) {
        match effect {
            Effect::Join { incarnation } => self.tabs[tab].joined = Some(incarnation),
            Effect::Leave => self.tabs[tab].joined = None,
            Effect::Gather => {
                let now = self.now();
                self.tabs[tab].engine.handle_gathered(now);
            }
            Effect::RequestLeaderLock => self.lock.push_back(tab),
            Effect::ReleaseLeaderLock => self.give_lock_back(tab),
            Effect::ReadStore => self.happenings.push_back(Happening::Store { tab, job: Job::Read }),
            Effect::ReadQuery { query } => {
                self.happenings.push_back(Happening::Store { tab, job: Job::ReadQuery { query } });
            }
            Effect::Persist { batch, writes } => {
                self.happenings.push_back(Happening::Store { tab, job: Job::Write { batch, writes } });
            }
            Effect::Broadcast(envelope) => {
                assert!(self.tabs[tab].joined.is_some(), "a tab without a channel says nothing");
                let others = (0..self.tabs.len()).filter(|to| *to != tab && self.tabs[*to].joined.is_some());
                let envelope = |to| Happening::Message { to, envelope: envelope.clone() };
                self.happenings.extend(others.map(envelope));
            }
            Effect::Attempt(attempt) => self.calls.push((tab, attempt.id.bytes()[0], attempt.attempt)),
            Effect::Coalesce { .. } => panic!("no operation here goes together with another"),
            Effect::StealLeaderLock => panic!("no leader here is silent"),
            Effect::FindOrphans | Effect::LookAround => {
                self.happenings.push_back(Happening::LookAround { tab })
            }
            Effect::DropJournal { owner } => panic!("no story here has a journal, not even {owner}"),
        }
    }

    fn give_lock_back(&mut self, tab: usize) {
        self.lock.retain(|other| *other != tab);
        self.told = self.told.filter(|holder| *holder != tab);
    }

    fn settle(&mut self) {
        loop {
            if let Some(holder) = self.lock.front().copied().filter(|holder| self.told != Some(*holder)) {
                self.told = Some(holder);
                self.tell_only(holder, |engine, _, now| engine.handle_leader_lock(now, LockNews::Granted));
            } else if let Some(happening) = self.happenings.pop_front() {
                self.happen(happening);
            } else {
                return;
            }
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Store { tab, job } => self.run_job(tab, job),
            Happening::Message { to, envelope } if self.tabs[to].joined.is_some() => {
                self.tell_only(to, |engine, app, now| {
                    engine.handle_message(now, app, envelope);
                });
            }
            Happening::Message { .. } => {}
            Happening::LookAround { tab } => {
                let here = |(number, tab): (usize, &Tab)| tab.joined.map(|_| tab_id(number));
                let living = self.tabs.iter().enumerate().filter_map(here).collect();
                let exists = |(number, tab): (usize, &Tab)| tab.is_alive.then(|| tab_id(number));
                let pages = self.tabs.iter().enumerate().filter_map(exists).collect();
                self.tell_only(tab, |engine, _, now| engine.handle_presence(now, &living, &pages));
            }
        }
    }

    fn run_job(&mut self, tab: usize, job: Job) {
        if !self.tabs[tab].is_alive {
            return;
        }
        match job {
            Job::Write { batch, writes } => {
                let result = match &self.failure {
                    Some(failure) => Err(failure.clone()),
                    None => self.store.commit(tab, &writes),
                };
                match &mut self.tabs[tab].held {
                    Some(held) => held.push_back((batch, result)),
                    None => self.tell_only(tab, |engine, app, now| {
                        engine.handle_persisted(now, app, batch, result);
                    }),
                }
            }
            Job::Read => {
                self.tabs[tab].readings += 1;
                let contents = self.store.contents();
                self.tell_only(tab, |engine, app, now| engine.handle_store_read(now, app, Ok(contents)));
            }
            Job::ReadQuery { query } => {
                let cached = self.store.queries.get(&query).cloned();
                self.tell_only(tab, |engine, app, now| engine.handle_query_read(now, app, query, cached));
            }
        }
    }
}

// ---- What can be seen.

impl Story {
    /// The cards that a tab shows, as "key name", and a star at those with pending changes.
    pub fn shown(&self, tab: usize) -> Vec<String> {
        let Some(view) = self.tabs[tab].engine.view(&QueryToken::new(CARDS)) else { return Vec::new() };
        let pending: BTreeSet<_> =
            view.pending.into_iter().flat_map(|marks| marks.iter()).map(|(key, _)| key).collect();
        let line = |(key, card): (&String, &Value)| {
            let name = card.field("name").and_then(Value::as_text).unwrap_or("?");
            format!("{key} {name}{}", if pending.contains(key) { "*" } else { "" })
        };
        by_key(view.value).iter().map(line).collect()
    }

    pub fn origin(&self, tab: usize) -> Option<Origin> {
        self.tabs[tab].engine.view(&QueryToken::new(CARDS)).map(|view| view.origin)
    }

    /// How far an operation is in the store.
    pub fn stored(&self, operation: u8) -> &'static str {
        let operation = self.store.operations.get(&operation_id(operation));
        operation.map_or("not stored", |operation| operation.state.name())
    }

    pub fn leads(&self, tab: usize) -> bool {
        self.tabs[tab].engine.status().leading.is_some()
    }

    pub fn lock_holder(&self) -> Option<usize> {
        self.lock.front().copied()
    }

    /// The incarnation whose life lock the tab holds.
    pub fn joined(&self, tab: usize) -> Option<u32> {
        self.tabs[tab].joined.map(|incarnation| incarnation.0)
    }

    pub fn readings(&self, tab: usize) -> u32 {
        self.tabs[tab].readings
    }

    pub fn diagnostics(&self, tab: usize) -> Vec<&'static str> {
        let code = |event: &Event<Value>| match event {
            Event::Diagnostic(diagnostic) => Some(diagnostic.code.name()),
            _ => None,
        };
        self.tabs[tab].events.iter().filter_map(code).collect()
    }
}

fn tab_id(number: usize) -> TabId {
    TabId::from_bytes([0xa0 + number as u8; 16])
}

pub fn operation_id(operation: u8) -> OperationId {
    OperationId::from_bytes([operation; 16])
}

/// "Call this card so." Repeatable, told of by its key, and in a scope of the card's own.
pub fn rename(operation: u8, card: &str, name: &str) -> OperationRequest<Value> {
    OperationRequest {
        id: operation_id(operation),
        name: "patch".to_owned(),
        body: Body::Intent { arguments: arguments("cards", card, "name", Value::text(name)) },
        scope: card.to_owned(),
        repeatable: true,
        confirmed_by_key: true,
        bytes: 1_000,
        terms: Terms::default(),
    }
}

pub fn once(request: OperationRequest<Value>) -> OperationRequest<Value> {
    OperationRequest { repeatable: false, ..request }
}

pub fn accepted() -> Outcome<Value> {
    Outcome::Accepted { result: Value::Null, seen: false }
}

pub fn rejected() -> Outcome<Value> {
    Outcome::failed(FailedKind::Rejected, Value::text("no"))
}
