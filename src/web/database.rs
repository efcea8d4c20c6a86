//! The store, in IndexedDB directly over web-sys.
//!
//! Why not the `idb` crate: it costs 9.5 kB (gzip) more, and it cannot issue a whole batch blind and commit it
//! explicitly, which is what makes an accepted operation survive a killed page and keeps a frozen tab from
//! blocking the others.
//!
//! ```text
//!            opened                        closed by the browser (site data cleared) or to make way for a
//!  Opening ──────────► Open: IndexedDB ──► deletion ──► Open: nothing ── read_store ──► Opening
//!     │
//!     └── no IndexedDB, or it refuses ──► Open: memory
//! ```
//!
//! What is asked for while the database opens waits in order; from then on every request is issued within the
//! call that asks for it.

use core::cell::{Cell, RefCell};
use core::mem;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, IdbDatabase, IdbOpenDbRequest};

use super::entropy;
use super::memory::Memory;
use super::tables;
use super::task::{Later, at_once, spawn};
use crate::engine::{CachedQuery, PersistFailure, QueryToken, Revision, StoreContents, WriteBatch};

/// The version of every database; see [`tables`].
const VERSION: u32 = 1;

/// How often, and how long after, an opening is tried again that the browser broke off.
const OPENINGS_MAX: u32 = 5;
const OPEN_AGAIN_MS: u32 = 100;

/// Something that happened to the store by itself.
#[derive(Clone, Debug, PartialEq)]
pub enum StoreNews {
    /// IndexedDB is missing or refused (with what it threw): this tab keeps the store in its memory.
    Memory(JsValue),
    /// The database was deleted or its connection broke.
    Lost,
}

/// What becomes of a batch: the store's new revision, if the batch changed operations.
pub type Persisted = Result<Option<Revision>, PersistFailure>;

/// The store of one namespace and identity. Dropping it closes the database once all that was asked is done.
pub struct Database {
    shared: Rc<Shared>,
}

struct Shared {
    name: String,
    tell: Box<dyn Fn(StoreNews)>,
    state: RefCell<State>,
    dropped: Cell<bool>,
}

enum State {
    Opening(Vec<Job>),
    Open(Backend),
}

type Job = Box<dyn FnOnce(&Backend)>;

#[derive(Clone)]
enum Backend {
    Indexed(Rc<Connection>),
    Memory(Rc<RefCell<Memory>>),
    Nothing,
}

/// An open connection. Dropping it closes the database after its last transaction.
struct Connection {
    inner: IdbDatabase,
    last: tables::LastRevision,
    _listeners: [EventListener; 2],
}

impl Database {
    /// Begins to open the database; `tell` hears what happens to it by itself.
    pub fn open(name: &str, tell: impl Fn(StoreNews) + 'static) -> Self {
        let shared = Rc::new(Shared {
            name: name.to_owned(),
            tell: Box::new(tell),
            state: RefCell::new(State::Opening(Vec::new())),
            dropped: Cell::new(false),
        });
        spawn(shared.clone().open());
        Self { shared }
    }

    /// Whether the store ends with the page.
    pub fn is_memory(&self) -> bool {
        matches!(*self.shared.state.borrow(), State::Open(Backend::Memory(_)))
    }

    /// Commits a batch as one transaction and answers when that is done.
    pub fn persist(&self, batch: WriteBatch<JsValue>, answer: impl FnOnce(Persisted) + 'static) {
        self.shared.ask(Box::new(move |backend| {
            let outcome = match backend {
                Backend::Indexed(connection) => tables::write(&connection.inner, &connection.last, &batch),
                Backend::Memory(memory) => at_once(memory.borrow_mut().commit(batch)),
                Backend::Nothing => at_once(Err(PersistFailure::Closed)),
            };
            reply(outcome, answer);
        }));
    }

    /// Reads the store, opening it again if it was lost.
    pub fn read_store(&self, answer: impl FnOnce(Result<StoreContents<JsValue>, PersistFailure>) + 'static) {
        self.shared.reopen();
        self.shared.ask(Box::new(move |backend| {
            let outcome = match backend {
                Backend::Indexed(connection) => tables::read_store(&connection.inner),
                Backend::Memory(memory) => at_once(Ok(memory.borrow().contents())),
                Backend::Nothing => at_once(Err(PersistFailure::Closed)),
            };
            reply(outcome, answer);
        }));
    }

    /// Reads the last result of a query.
    pub fn read_query(
        &self,
        query: QueryToken,
        answer: impl FnOnce(Result<Option<CachedQuery<JsValue>>, PersistFailure>) + 'static,
    ) {
        self.shared.ask(Box::new(move |backend| {
            let outcome = match backend {
                Backend::Indexed(connection) => tables::read_query(&connection.inner, &query),
                Backend::Memory(memory) => at_once(Ok(memory.borrow().query(&query))),
                Backend::Nothing => at_once(Err(PersistFailure::Closed)),
            };
            reply(outcome, answer);
        }));
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.shared.dropped.set(true);
        // While it opens, the batches that wait are written first; `become_open` closes it then.
        let is_open = matches!(*self.shared.state.borrow(), State::Open(_));
        if is_open {
            self.shared.become_nothing();
        }
    }
}

impl Shared {
    fn ask(&self, job: Job) {
        let backend = match &mut *self.state.borrow_mut() {
            State::Opening(jobs) => return jobs.push(job),
            State::Open(backend) => backend.clone(),
        };
        job(&backend);
    }

    fn reopen(self: &Rc<Self>) {
        let is_lost = matches!(*self.state.borrow(), State::Open(Backend::Nothing));
        if is_lost {
            self.state.replace(State::Opening(Vec::new()));
            spawn(self.clone().open());
        }
    }

    async fn open(self: Rc<Self>) {
        match open_patiently(&self.name).await {
            Ok(database) => {
                let connection = self.connect(database);
                self.become_open(&Backend::Indexed(Rc::new(connection)));
            }
            Err(error) => {
                let identity = entropy::store_id().expect("every browser that runs this has randomness");
                self.become_open(&Backend::Memory(Rc::new(RefCell::new(Memory::new(identity)))));
                self.news(StoreNews::Memory(error));
            }
        }
    }

    /// Does what was asked for meanwhile, in order, and what that leads to.
    fn become_open(&self, backend: &Backend) {
        loop {
            let jobs = match &mut *self.state.borrow_mut() {
                State::Opening(jobs) => mem::take(jobs),
                // It was lost while the jobs were done.
                State::Open(_) => return,
            };
            if jobs.is_empty() {
                break;
            }
            for job in jobs {
                job(backend);
            }
        }
        let next = if self.dropped.get() { Backend::Nothing } else { backend.clone() };
        self.state.replace(State::Open(next));
    }

    fn connect(self: &Rc<Self>, database: IdbDatabase) -> Connection {
        // The browser closed it (site data cleared), or somebody deletes it and waits for this connection to
        // go. Nothing newer than version 1 is ever opened, so a change of version is always a deletion.
        let listeners = ["close", "versionchange"].map(|name| {
            let shared = Rc::downgrade(self);
            EventListener::new(&database, name, move |_| {
                let Some(shared) = shared.upgrade() else { return };
                shared.become_nothing();
                shared.news(StoreNews::Lost);
            })
        });
        Connection { inner: database, last: tables::LastRevision::default(), _listeners: listeners }
    }

    fn become_nothing(&self) {
        let before = self.state.replace(State::Open(Backend::Nothing));
        drop(before);
    }

    fn news(&self, news: StoreNews) {
        if !self.dropped.get() {
            (self.tell)(news);
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.inner.close();
    }
}

/// A browser that is deleting the site's data breaks off what opens meanwhile.
async fn open_patiently(name: &str) -> Result<IdbDatabase, JsValue> {
    let mut opened = open_database(name).await;
    for _ in 1..OPENINGS_MAX {
        match &opened {
            Err(error) if is_broken_off(error) => {}
            _ => break,
        }
        pause(OPEN_AGAIN_MS).await;
        opened = open_database(name).await;
    }
    opened
}

fn is_broken_off(error: &JsValue) -> bool {
    error.dyn_ref::<DomException>().is_some_and(|exception| exception.name() == "AbortError")
}

async fn pause(duration_ms: u32) {
    let elapsed = Promise::new(&mut |resolve, _| {
        Timeout::new(duration_ms, move || {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        })
        .forget();
    });
    let _ = JsFuture::from(elapsed).await;
}

async fn open_database(name: &str) -> Result<IdbDatabase, JsValue> {
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    let factory = window.indexed_db()?.ok_or(JsValue::UNDEFINED)?;
    let request = factory.open_with_u32(name, VERSION)?;
    let upgraded = request.clone();
    let _upgrade = EventListener::once(&request, "upgradeneeded", move |_| {
        if create_tables(&upgraded).is_err() {
            // The creation is undone, so that the next page finds no half-made database; the open fails.
            let _ = upgraded.transaction().map(|transaction| transaction.abort());
        }
    });
    let opened = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    match JsFuture::from(opened).await {
        Ok(_) => Ok(request.result()?.unchecked_into()),
        Err(_) => Err(request.error()?.map_or(JsValue::UNDEFINED, JsValue::from)),
    }
}

fn create_tables(request: &IdbOpenDbRequest) -> Result<(), JsValue> {
    tables::create(request.result()?.unchecked_ref())
}

/// Answers with the end of what was asked; never within the call that asks.
fn reply<T: 'static>(outcome: Later<T>, answer: impl FnOnce(T) + 'static) {
    spawn(async move { answer(outcome.await) });
}
