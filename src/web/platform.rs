//! The adapters of one tab, and what each effect of the engine does with them.

use core::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::DomException;

use super::capabilities::Capabilities;
use super::channel::Channel;
use super::connectivity::Connectivity;
use super::database::{Database, StoreNews};
use super::driver::Driver;
use super::event::Fallback;
use super::journal::to_orphans;
use super::lifecycle::{Lifecycle, Moment};
use super::locks::{LockNews, LockRequest};
use super::message::{from_envelope, to_envelope};
use super::task::spawn;
use super::timer::Timer;
use crate::engine::{
    Attempt, BatchId, Effect, Envelope, Incarnation, Now, Outcome, QueryToken, TabId, WriteBatch,
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
    channel: RefCell<Option<Rc<Channel>>>,
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
            channel: RefCell::default(),
            life: RefCell::default(),
            leader: RefCell::default(),
            lifecycle: RefCell::default(),
            connectivity: RefCell::new(Some(connectivity)),
            timer: Timer::default(),
        }
    }

    /// Opens the store and listens to the page's life. The connection was watched from the beginning.
    pub(super) fn start(&self) {
        let database = Database::open(&self.prefix, {
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
        drop(self.channel.take());
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
                drop(self.channel.take());
                drop(self.life.take());
            }
            Effect::ReadStore => self.read_store(),
            Effect::ReadQuery { query } => self.read_query(query),
            Effect::Persist { batch, writes } => self.persist(batch, writes),
            Effect::RequestLeaderLock => self.request_leader_lock(driver),
            Effect::ReleaseLeaderLock => drop(self.leader.take()),
            Effect::Broadcast(envelope) => self.broadcast(driver, &envelope),
            Effect::Attempt(attempt) => make_attempt(driver, attempt),
            Effect::FindOrphans => self.find_orphans(driver),
            Effect::DropJournal { owner } => driver.host.drop_journal(owner),
        }
    }

    fn join(&self, driver: &Driver, incarnation: Incarnation) {
        // Only its existence matters: others see it in `locks.query()`. Without it this tab passes for dead,
        // which costs a race for its journal and no more; that locks are missing is told by the leader's lock.
        let life = format!("{}/life/{}/{incarnation}", self.prefix, self.tab);
        drop(self.life.replace(LockRequest::queue(&life, |_| {}).ok()));
        let listener = self.driver.clone();
        let channel = Channel::open(&self.prefix, move |posted| {
            with(&listener, |driver| {
                if let Some(envelope) = to_envelope(&posted) {
                    driver.deliver(|engine, now, host| engine.handle_message(now, host, envelope));
                }
            });
        });
        match channel {
            Ok(channel) => put(&self.channel, Rc::new(channel)),
            Err(error) => driver.fall_back(Fallback::ChannelMissing, error),
        }
    }

    fn broadcast(&self, driver: &Driver, envelope: &Envelope<JsValue>) {
        let message = from_envelope(envelope);
        let channel = self.channel.borrow().clone();
        let posted = channel.map_or(Ok(()), |channel| channel.post(&message));
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

    fn request_leader_lock(&self, driver: &Driver) {
        let listener = self.driver.clone();
        let request = LockRequest::queue(&format!("{}/leader", self.prefix), move |news| {
            with(&listener, |driver| match news {
                LockNews::Granted => driver.deliver(|engine, now, _| engine.handle_leader_lock(now, true)),
                LockNews::Lost => driver.deliver(|engine, now, _| engine.handle_leader_lock(now, false)),
                LockNews::Refused(error) => lead_alone(driver, error),
            });
        });
        match request {
            Ok(request) => put(&self.leader, request),
            Err(error) => lead_alone(driver, error),
        }
    }

    fn find_orphans(&self, driver: &Driver) {
        let found = driver.host.find_orphans();
        let driver = self.driver.clone();
        spawn(async move {
            let found = match found {
                Ok(promise) => JsFuture::from(promise).await,
                Err(error) => Err(error),
            };
            with(&driver, |driver| take_in_orphans(driver, found));
        });
    }
}

fn hear_store(driver: &Driver, news: StoreNews) {
    match news {
        StoreNews::Memory(error) => driver.fall_back(Fallback::StorageMemory, error),
        StoreNews::Lost => driver.deliver(|engine, now, _| engine.handle_store_closed(now)),
    }
}

fn live_through(driver: &Driver, moment: Moment) {
    driver.deliver(move |engine, now, _| match moment {
        Moment::Visible(visible) => engine.handle_visibility(now, visible),
        Moment::Suspend => engine.handle_suspend(now),
        Moment::Resume => engine.handle_resume(now),
    });
}

/// Without Web Locks every tab leads, and the epochs keep all but one from writing. A page that is being left
/// is refused too, but will not need the lock.
fn lead_alone(driver: &Driver, error: JsValue) {
    let is_leaving = error.dyn_ref::<DomException>().is_some_and(|error| error.name() == "InvalidStateError");
    if !is_leaving {
        driver.fall_back(Fallback::LocksMissing, error);
        driver.deliver(|engine, now, _| engine.handle_leader_lock(now, true));
    }
}

fn make_attempt(driver: &Driver, attempt: Attempt<JsValue>) {
    if let Err(error) = driver.host.attempt(&attempt) {
        let Attempt { id, attempt, .. } = attempt;
        let outcome = Outcome::Unknown { error };
        driver.deliver(move |engine, now, host| engine.handle_attempt(now, host, id, attempt, outcome));
    }
}

fn take_in_orphans(driver: &Driver, found: Result<JsValue, JsValue>) {
    let orphans = match found {
        Ok(found) => to_orphans(&found).ok_or(found),
        Err(error) => Err(error),
    };
    let orphans = match orphans {
        Ok(orphans) => orphans,
        Err(error) => return driver.fall_back(Fallback::OrphansUnreadable, error),
    };
    if orphans.unreadable > 0 {
        driver.fall_back(Fallback::RecordUnreadable, JsValue::UNDEFINED);
    }
    for journal in orphans.journals {
        driver.deliver(move |engine, now, host| engine.adopt(now, host, journal.owner, journal.requests));
    }
    driver.deliver(move |engine, now, _| engine.handle_presence(now, &orphans.living));
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
