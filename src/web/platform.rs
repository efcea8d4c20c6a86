//! The adapters of one tab, and what each effect of the engine does with them.

use core::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

use super::capabilities::Capabilities;
use super::connectivity::Connectivity;
use super::database::{Database, StoreNews};
use super::driver::Driver;
use super::event::Fallback;
use super::journal::to_orphans;
use super::lifecycle::{Lifecycle, Moment};
use super::locks::{LockNews, LockRequest};
use super::message::to_envelope;
use super::task::{settle, soon};
use super::timer::Timer;
use super::transport::Transport;
use crate::engine::{
    Attempt, BatchId, Effect, Envelope, FailedKind, Hindrance, Incarnation, LockNews as LeaderNews, Now,
    Operation, Outcome, QueryToken, TabId, WriteBatch,
};

/// Everything this tab holds of the browser. Releasing or dropping it gives it all back.
pub(super) struct Platform {
    driver: Weak<Driver>,
    /// What the names of the database, the channel and the locks begin with.
    prefix: String,
    tab: TabId,
    pub(super) capabilities: Capabilities,
    // Shared, so that no slot is borrowed while the browser clones a value and runs the getters in it.
    database: RefCell<Option<Rc<Database>>>,
    transport: RefCell<Option<Rc<Transport>>>,
    /// Messages that arrived and were of no use: malformed, or not meant for this tab.
    dropped_messages: Cell<u32>,
    /// What was fallen back to already and is not told again.
    is_lockless: Cell<bool>,
    life: RefCell<Option<LockRequest>>,
    leader: RefCell<Option<LockRequest>>,
    lifecycle: RefCell<Option<Lifecycle>>,
    connectivity: RefCell<Option<Connectivity>>,
    timer: Timer,
}

impl Platform {
    pub(super) fn new(driver: Weak<Driver>, namespace: &str, identity: &str, tab: TabId) -> Self {
        let connectivity = Connectivity::watch({
            let driver = driver.clone();
            move |connected| with(&driver, |driver| driver.connection(connected))
        });
        Self {
            driver,
            prefix: format!("tabweave/{namespace}/{identity}"),
            tab,
            capabilities: Capabilities::detect(),
            database: RefCell::default(),
            transport: RefCell::default(),
            dropped_messages: Cell::default(),
            is_lockless: Cell::default(),
            life: RefCell::default(),
            leader: RefCell::default(),
            lifecycle: RefCell::default(),
            connectivity: RefCell::new(Some(connectivity)),
            timer: Timer::default(),
        }
    }

    /// Opens the store and listens to the page's life. The connection was watched from the beginning.
    pub(super) fn start(&self) {
        let database = Database::open(&format!("{}/store", self.prefix), {
            let driver = self.driver.clone();
            move |news| with(&driver, |driver| hear_store(driver, news))
        });
        put(&self.database, Rc::new(database));
        let lifecycle = Lifecycle::watch({
            let driver = self.driver.clone();
            move |moment| with(&driver, |driver| live_through(driver, moment))
        });
        put(&self.lifecycle, lifecycle);
    }

    /// Gives everything back. What waits to be written is written first.
    pub(super) fn release(&self) {
        self.timer.clear();
        drop(self.lifecycle.take());
        drop(self.connectivity.take());
        drop(self.leader.take());
        drop(self.life.take());
        drop(self.transport.take());
        drop(self.database.take());
    }

    /// Takes the source's word on the connection and returns what it comes to.
    pub(super) fn connection(&self, source: bool) -> bool {
        self.connectivity.borrow().as_ref().is_some_and(|connectivity| connectivity.set_source(source))
    }

    pub(super) fn is_memory(&self) -> bool {
        self.database().is_some_and(|database| database.is_memory())
    }

    fn database(&self) -> Option<Rc<Database>> {
        self.database.borrow().clone()
    }

    /// Arms the timer for the engine's next timeout.
    pub(super) fn await_timeout(&self, due_ms: Option<u64>, now: Now) {
        let driver = self.driver.clone();
        self.timer.arm(due_ms, now, move || {
            with(&driver, |driver| {
                driver.platform.timer.clear();
                driver.deliver(|engine, now, host| engine.handle_timeout(now, host));
            });
        });
    }

    pub(super) fn carry_out(&self, driver: &Driver, effect: Effect<JsValue>) {
        match effect {
            Effect::Join { incarnation } => self.join(driver, incarnation),
            Effect::Leave => {
                drop(self.transport.take());
                drop(self.life.take());
            }
            Effect::ReadStore => self.read_store(),
            Effect::ReadQuery { query } => self.read_query(query),
            Effect::Gather => self.gather(),
            Effect::Persist { batch, writes } => self.persist(batch, writes),
            Effect::RequestLeaderLock => self.request_leader_lock(driver, false),
            Effect::StealLeaderLock => self.request_leader_lock(driver, true),
            Effect::ReleaseLeaderLock => drop(self.leader.take()),
            Effect::Broadcast(envelope) => self.broadcast(driver, envelope),
            Effect::Attempt(attempt) => make_attempt(driver, attempt),
            Effect::Coalesce { operations } => coalesce(driver, &operations),
            Effect::LookAround => self.look_around(driver.host.look_around()),
            Effect::FindOrphans => self.look_around(driver.host.find_orphans()),
            Effect::DropJournal { owner } => driver.host.drop_journal(owner),
        }
    }

    fn join(&self, driver: &Driver, incarnation: Incarnation) {
        // Only its existence matters: others see it in `locks.query()`. Without it this tab passes for dead,
        // which costs a race for its journal and no more; that locks are missing is told by the leader's lock.
        let life = format!("{}/life/{}/{incarnation}", self.prefix, self.tab);
        drop(self.life.replace(LockRequest::queue(&life, |_| {}).ok()));
        let listener = self.driver.clone();
        let hear = move |posted: JsValue| with(&listener, |driver| hear_message(driver, &posted));
        match Transport::open(&self.prefix, self.capabilities, hear) {
            Ok(transport) => {
                if matches!(transport, Transport::Storage(_)) {
                    driver.fall_back(Fallback::ChannelMissing, JsValue::UNDEFINED);
                }
                put(&self.transport, Rc::new(transport));
            }
            Err(error) => driver.fall_back(Fallback::TransportMissing, error),
        }
    }

    fn broadcast(&self, driver: &Driver, envelope: Envelope<JsValue>) {
        let transport = self.transport.borrow().clone();
        let posted = transport.map_or(Ok(()), |transport| transport.post(envelope));
        if let Err(error) = posted {
            driver.fall_back(Fallback::MessageUnsendable, error);
        }
    }

    fn read_store(&self) {
        let driver = self.driver.clone();
        if let Some(database) = self.database() {
            database.read_store(move |contents| {
                with(&driver, |driver| {
                    driver.deliver(|engine, now, host| engine.handle_store_read(now, host, contents));
                });
            });
        }
    }

    /// Reads the audit trail. False: there is no store to read. The answer is its entries, or null.
    pub(super) fn read_audit(&self, answered: Function) -> bool {
        let Some(database) = self.database() else { return false };
        database.read_audit(move |entries| {
            let entries = entries.map_or(JsValue::NULL, JsValue::from);
            // What the package's function throws is its own bug, and shows there.
            drop(answered.call1(&JsValue::UNDEFINED, &entries));
        });
        true
    }

    fn read_query(&self, query: QueryToken) {
        let driver = self.driver.clone();
        if let Some(database) = self.database() {
            database.read_query(query.clone(), move |cached| {
                // A cache that cannot be read is none.
                let cached = cached.unwrap_or(None);
                with(&driver, |driver| {
                    driver.deliver(|engine, now, host| engine.handle_query_read(now, host, query, cached));
                });
            });
        }
    }

    /// What the app does in one task is written as one: issuing a transaction takes longer than all else that a call does.
    fn gather(&self) {
        let driver = self.driver.clone();
        soon(move || {
            with(&driver, |driver| driver.deliver(|engine, now, _| engine.handle_gathered(now)));
        });
    }

    fn persist(&self, batch: BatchId, writes: WriteBatch<JsValue>) {
        let driver = self.driver.clone();
        if let Some(database) = self.database() {
            database.persist(writes, move |result| {
                with(&driver, |driver| {
                    driver
                        .deliver(move |engine, now, host| engine.handle_persisted(now, host, batch, result));
                });
            });
        }
    }

    fn request_leader_lock(&self, driver: &Driver, by_force: bool) {
        let listener = self.driver.clone();
        let name = format!("{}/leader", self.prefix);
        let tell = move |news| with(&listener, |driver| hear_lock(driver, news));
        // The place in the queue is given up first: a tab has one request.
        drop(self.leader.take());
        let request =
            if by_force { LockRequest::steal(&name, tell) } else { LockRequest::queue(&name, tell) };
        match request {
            Ok(request) => put(&self.leader, request),
            Err(error) => hear_lock(driver, LockNews::Refused(error)),
        }
    }

    /// The way messages take, for the app.
    pub(super) fn transport(&self) -> &'static str {
        self.transport.borrow().as_ref().map_or("none", |transport| transport.name())
    }

    pub(super) fn dropped_messages(&self) -> u32 {
        self.dropped_messages.get()
    }

    fn look_around(&self, found: Result<Promise, JsValue>) {
        let driver = self.driver.clone();
        let take_in = move |found, error| with(&driver, |driver| take_in_orphans(driver, &found, error));
        match found {
            Ok(promise) => settle(&promise, take_in),
            Err(error) => soon(move || take_in(JsValue::UNDEFINED, error)),
        }
    }
}

fn hear_store(driver: &Driver, news: StoreNews) {
    match news {
        StoreNews::Memory(error) => driver.fall_back(Fallback::StorageMemory, error),
        StoreNews::Lost => driver.deliver(|engine, now, _| engine.handle_store_closed(now)),
    }
}

/// A message is input from a stranger: what cannot be read, or is of no use, is counted and dropped.
fn hear_message(driver: &Driver, posted: &JsValue) {
    let Some(envelope) = to_envelope(posted) else {
        return count_dropped(driver);
    };
    let listener = driver.platform.driver.clone();
    driver.deliver(move |engine, now, host| {
        if !engine.handle_message(now, host, envelope) {
            with(&listener, count_dropped);
        }
    });
}

fn count_dropped(driver: &Driver) {
    let dropped = &driver.platform.dropped_messages;
    dropped.set(dropped.get().saturating_add(1));
}

fn live_through(driver: &Driver, moment: Moment) {
    driver.deliver(move |engine, now, _| match moment {
        Moment::Visible(visible) => engine.handle_visibility(now, visible),
        Moment::Suspend => engine.handle_suspend(now),
        Moment::Resume => engine.handle_resume(now),
    });
}

/// Without Web Locks the tabs agree on a leader by asking each other. A page that is being left is refused too, but
/// will not need the lock.
fn hear_lock(driver: &Driver, news: LockNews) {
    let news = match news {
        LockNews::Granted => LeaderNews::Granted,
        LockNews::Lost => LeaderNews::Lost,
        LockNews::Refused(error) => {
            let exception = error.dyn_ref::<DomException>();
            if exception.is_some_and(|error| error.name() == "InvalidStateError") {
                return;
            }
            if !driver.platform.is_lockless.replace(true) {
                driver.fall_back(Fallback::LocksMissing, error);
            }
            LeaderNews::Missing
        }
    };
    driver.deliver(move |engine, now, _| engine.handle_leader_lock(now, news));
}

fn make_attempt(driver: &Driver, attempt: Attempt<JsValue>) {
    if let Err(error) = driver.host.attempt(&attempt) {
        let Attempt { id, attempt, .. } = attempt;
        let outcome = Outcome::failed(FailedKind::Unknown(Hindrance::Server), error);
        driver.deliver(move |engine, now, host| engine.handle_attempt(now, host, id, attempt, outcome));
    }
}

/// What the app cannot say is that the operations stay what they are.
fn coalesce(driver: &Driver, operations: &[Operation<JsValue>]) {
    let mergers = driver.host.coalesce(operations);
    driver.deliver(move |engine, now, _| engine.handle_coalesced(now, mergers));
}

fn take_in_orphans(driver: &Driver, found: &JsValue, error: JsValue) {
    let Some(orphans) = to_orphans(found) else {
        driver.deliver(|engine, now, _| engine.handle_presence_failed(now));
        return driver.fall_back(Fallback::OrphansUnreadable, error);
    };
    if orphans.unreadable > 0 {
        driver.fall_back(Fallback::RecordUnreadable, JsValue::UNDEFINED);
    }
    for journal in orphans.journals {
        driver.deliver(move |engine, now, host| engine.adopt(now, host, journal.owner, journal.requests));
    }
    driver.deliver(move |engine, now, _| engine.handle_presence(now, &orphans.living, &orphans.pages));
}

/// Replaces an adapter; the former one is dropped with nothing borrowed.
fn put<T>(slot: &RefCell<Option<T>>, adapter: T) {
    drop(slot.replace(Some(adapter)));
}

/// Runs this if the class is still there.
fn with(driver: &Weak<Driver>, act: impl FnOnce(&Driver)) {
    if let Some(driver) = driver.upgrade() {
        act(&driver);
    }
}
