//! One page with an engine over a store that it shares with others: what it accepted, its journal, what is on its way,
//! and the laws.

mod elsewhere;
mod healing;
mod store;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tabweave::engine::{
    Attempt, Config, Effect, Engine, Envelope, Event, LockNews, Now, OperationId, OperationRequest, Outcome,
    Refusal, TabId, Wish, Write,
};

use super::app::{self, App, Marks, Store};

pub use elsewhere::Progress;
use store::{Answer, Job};

/// How many operations there are, by their numbers.
pub const OPERATIONS: u8 = 8;

const START_MS: u64 = 1_700_000_000_000;
/// Of the identifiers of pages.
const FIRST_BYTE: u8 = 0x80;
/// Timers that may fire while time passes once.
const TIMERS_MAX: usize = 1_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lock {
    None,
    Wanted,
    Held,
}

/// What the page was asked to find out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    None,
    Around,
    ForOrphans,
}

/// The page.
pub struct Page {
    engine: Engine<Marks>,
    tab: TabId,
    tabs: u16,
    now: Now,
    store: Store,
    life: u8,
    jobs: VecDeque<(u8, Job)>,
    answers: Vec<Answer>,
    news: Vec<Envelope<Marks>>,
    calls: Vec<Attempt<Marks>>,
    applied: Marks,
    has_locks: bool,
    lock: Lock,
    look: Look,
    listens: bool,
    is_suspended: bool,
    /// Counts what other tabs did.
    ticks: u32,
    journal: Vec<OperationRequest<Marks>>,
    /// Journals of tabs that live no more.
    orphaned: BTreeMap<TabId, Vec<OperationRequest<Marks>>>,
    // ---- For the laws.
    accepted: BTreeSet<OperationId>,
    /// What this page had the store add, unless that failed.
    added: BTreeSet<OperationId>,
    /// What the store has ever held in its present life, in a former one, and holds no more since it ended.
    stored: BTreeSet<OperationId>,
    formerly_stored: BTreeSet<OperationId>,
    removed: BTreeSet<OperationId>,
}

fn tab_id(number: u16) -> TabId {
    let mut bytes = [FIRST_BYTE; 16];
    bytes[1..3].copy_from_slice(&number.to_be_bytes());
    TabId::from_bytes(bytes)
}

/// Two scopes, some that must not be repeated, and one that no build knows.
fn request(number: u8) -> OperationRequest<Marks> {
    let mut request = app::request(number, !number.is_multiple_of(3));
    request.scope = if number.is_multiple_of(2) { "even" } else { "odd" }.to_owned();
    if number == OPERATIONS - 1 {
        request.name = "unknown".to_owned();
    }
    request
}

impl Page {
    pub fn open(has_locks: bool) -> Self {
        let tab = tab_id(0);
        let mut page = Self {
            engine: Engine::new(Config::default(), tab, 7),
            tab,
            tabs: 1,
            now: Now { wall_ms: START_MS, steady_ms: 0 },
            store: app::new_store(0),
            life: 0,
            jobs: VecDeque::new(),
            answers: Vec::new(),
            news: Vec::new(),
            calls: Vec::new(),
            applied: 0,
            has_locks,
            lock: Lock::None,
            look: Look::None,
            listens: false,
            is_suspended: false,
            ticks: 0,
            journal: Vec::new(),
            orphaned: BTreeMap::new(),
            accepted: BTreeSet::new(),
            added: BTreeSet::new(),
            stored: BTreeSet::new(),
            formerly_stored: BTreeSet::new(),
            removed: BTreeSet::new(),
        };
        page.start();
        page
    }

    fn start(&mut self) {
        self.tell(|engine, now| engine.start(now, true));
        self.tell(|engine, now| engine.register(now, &mut App, [app::OPERATION.to_owned()]));
        self.tell(|engine, now| engine.watch(now, app::query()));
        self.tell(|engine, now| engine.handle_connection(now, true));
    }

    /// The page dies; what it had asked of the store is lost with it, and its journal is left. Another one opens.
    pub fn die(&mut self) {
        if !self.journal.is_empty() {
            self.orphaned.insert(self.tab, std::mem::take(&mut self.journal));
        }
        self.tab = tab_id(self.tabs);
        self.tabs += 1;
        self.engine = Engine::new(Config::default(), self.tab, 7);
        (self.lock, self.look, self.listens, self.is_suspended) = (Lock::None, Look::None, false, false);
        self.jobs.clear();
        self.answers.clear();
        self.calls.clear();
        self.added.clear();
        self.start();
    }

    // ---- What people do.

    pub fn mutate(&mut self, number: u8) {
        let request = request(number);
        let id = request.id;
        let is_known = self.engine.operation(id).is_some();
        let is_used = self.accepted.contains(&id) || self.stored.contains(&id) || self.is_journalled(id);
        if is_used && !is_known {
            // Ids are never made twice.
            return;
        }
        let result = self.tell(|engine, now| engine.mutate(now, &mut App, request.clone()));
        if is_known {
            assert_eq!(result, Err(Refusal::Duplicate), "an id is accepted once");
        } else {
            assert_eq!(result, Ok(()));
            self.accepted.insert(id);
            self.journal.push(request);
        }
    }

    pub fn wish(&mut self, number: u8, wish: Wish) {
        self.tell(|engine, now| engine.wish(now, app::operation_id(number), wish));
    }

    // ---- Journals.

    fn is_journalled(&self, id: OperationId) -> bool {
        let journals = self.orphaned.values().chain([&self.journal]);
        journals.flatten().any(|request| request.id == id)
    }

    /// Journals hold nothing any more that has ended and was removed.
    fn requests(&self, numbers: &[u8]) -> Vec<OperationRequest<Marks>> {
        let requests = numbers.iter().map(|number| request(*number));
        requests.filter(|request| !self.removed.contains(&request.id)).collect()
    }

    pub fn adopt_own(&mut self, numbers: &[u8]) {
        let mut requests = self.requests(numbers);
        // What a former store held has left the journal, if the page knew of it.
        requests.retain(|one| !self.formerly_stored.contains(&one.id) || self.journal.contains(one));
        for request in &requests {
            self.accepted.insert(request.id);
            if !self.journal.contains(request) {
                self.journal.push(request.clone());
            }
        }
        let owner = self.tab;
        self.tell(|engine, now| engine.adopt(now, &mut App, owner, requests));
    }

    /// The journal of a tab that lives no more is found; it may have grown since it was found last.
    pub fn find_journal(&mut self, owner: u8, numbers: &[u8]) {
        let owner = elsewhere::dead_tab(owner);
        let found = self.requests(numbers);
        let journal = self.orphaned.entry(owner).or_default();
        journal.extend(found);
        let requests = journal.clone();
        self.tell(|engine, now| engine.adopt(now, &mut App, owner, requests));
    }

    pub fn look_around(&mut self, is_living: bool) {
        let look = std::mem::replace(&mut self.look, Look::None);
        if look == Look::None {
            return;
        }
        let mut living = [self.tab].into_iter().collect::<tabweave::engine::Set<_>>();
        if is_living {
            living.insert(elsewhere::TAB);
        }
        let pages = living.clone();
        self.tell(|engine, now| engine.handle_presence(now, &living, &pages));
        if look == Look::ForOrphans {
            for (owner, requests) in self.orphaned.clone() {
                self.tell(|engine, now| engine.adopt(now, &mut App, owner, requests));
            }
        }
    }

    // ---- What the browser and the server do.

    pub fn tell_lock(&mut self, news: LockNews) {
        let (before, after) =
            if news == LockNews::Granted { (Lock::Wanted, Lock::Held) } else { (Lock::Held, Lock::None) };
        if self.lock == before {
            self.lock = after;
            self.tell(|engine, now| engine.handle_leader_lock(now, news));
        }
    }

    pub fn called(&mut self, which: u8, outcome: Outcome<Marks>) {
        if self.calls.is_empty() {
            return;
        }
        let Attempt { id, attempt, .. } = self.calls.remove(usize::from(which) % self.calls.len());
        if matches!(outcome, Outcome::Accepted { .. }) {
            self.applied |= app::mark_of(id);
        }
        self.tell(|engine, now| engine.handle_attempt(now, &mut App, id, attempt, outcome));
    }

    pub fn tell_base(&mut self) {
        let update = app::base(self.applied, self.applied);
        self.tell(|engine, now| engine.handle_base(now, &mut App, update));
    }

    pub fn suspend(&mut self) {
        self.is_suspended = true;
        self.tell(|engine, now| engine.handle_suspend(now));
    }

    pub fn resume(&mut self) {
        self.is_suspended = false;
        self.tell(|engine, now| engine.handle_resume(now));
    }

    /// Time passes; timers fire when they are due.
    pub fn pass(&mut self, ms: u64) {
        let until = self.now.steady_ms + ms;
        for _ in 0..TIMERS_MAX {
            let Some(due) = self.engine.poll_timeout().filter(|due| *due <= until) else {
                return self.advance(until);
            };
            self.advance(due);
            self.tell(|engine, now| engine.handle_timeout(now, &mut App));
        }
        panic!("{TIMERS_MAX} timers fire within {ms} ms");
    }

    fn advance(&mut self, steady_ms: u64) {
        let ms = steady_ms.saturating_sub(self.now.steady_ms);
        self.now = Now { wall_ms: self.now.wall_ms + ms, steady_ms: self.now.steady_ms + ms };
    }

    pub fn jump(&mut self, ms: i64) {
        self.now.wall_ms = self.now.wall_ms.saturating_add_signed(ms);
    }

    // ---- What the engine wants done.

    pub fn tell<T>(&mut self, call: impl FnOnce(&mut Engine<Marks>, Now) -> T) -> T {
        let answer = call(&mut self.engine, self.now);
        self.drain();
        answer
    }

    fn drain(&mut self) {
        while let Some(effect) = self.engine.poll_effect() {
            self.perform(effect);
        }
        while let Some(event) = self.engine.poll_event() {
            if let Event::JournalReleased { id } = event {
                assert!(self.stored.contains(&id), "a journal lets go of {id}, which the store lacks");
                self.journal.retain(|request| request.id != id);
            }
        }
        if self.lock == Lock::Wanted && !self.has_locks {
            self.lock = Lock::None;
            self.tell(|engine, now| engine.handle_leader_lock(now, LockNews::Missing));
        }
    }

    fn perform(&mut self, effect: Effect<Marks>) {
        match effect {
            Effect::Join { .. } => self.listens = true,
            Effect::Leave => self.listens = false,
            Effect::Gather => self.engine.handle_gathered(self.now),
            Effect::ReadStore => self.jobs.push_back((self.life, Job::Read)),
            Effect::ReadQuery { query } => self.jobs.push_back((self.life, Job::ReadQuery { query })),
            Effect::Persist { batch, writes } => {
                for write in &writes.writes {
                    if let Write::AddOperation(operation) = write {
                        let is_new = self.added.insert(operation.id);
                        assert!(is_new, "{} is stored a second time", operation.id);
                    }
                }
                self.jobs.push_back((self.life, Job::Write { batch, writes }));
            }
            Effect::RequestLeaderLock | Effect::StealLeaderLock => self.lock = Lock::Wanted,
            Effect::ReleaseLeaderLock => self.lock = Lock::None,
            Effect::Broadcast(_) => assert!(self.listens, "a page without a channel says nothing"),
            Effect::Attempt(attempt) => self.calls.push(attempt),
            Effect::Coalesce { .. } => panic!("no operation here goes together with another"),
            Effect::LookAround if self.look == Look::None => self.look = Look::Around,
            Effect::LookAround => {}
            Effect::FindOrphans => self.look = Look::ForOrphans,
            Effect::DropJournal { owner } => {
                for OperationRequest { id, .. } in self.orphaned.remove(&owner).unwrap_or_default() {
                    // What only a former store held went with it.
                    let is_stored = self.stored.contains(&id) || self.formerly_stored.contains(&id);
                    assert!(is_stored, "a journal with {id} is dropped, which the store lacks");
                }
            }
        }
    }

    // ---- The laws.

    /// What was accepted is known, stored, or in a journal; what the store holds no more has ended.
    pub fn check(&self) {
        for id in &self.accepted {
            let is_somewhere = self.engine.operation(*id).is_some()
                || self.stored.contains(id)
                || self.formerly_stored.contains(id)
                || self.is_journalled(*id);
            assert!(is_somewhere, "{id} was accepted, and is nowhere");
        }
    }
}
