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
use js_sys::Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbDatabase;

use super::entropy;
use super::memory::Memory;
use super::tables;
use super::task::{once, soon};
use crate::engine::{CachedQuery, PersistFailure, QueryToken, Revision, StoreContents, WriteBatch};

#[wasm_bindgen(module = "/src/web/database.js")]
extern "C" {
    #[wasm_bindgen(js_name = openDatabase)]
    fn open_database(name: &str, tables: &Array, requests: &Array, opened: JsValue);
}

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
        shared.open();
        Self { shared }
    }

    /// Whether the store ends with the page.
    pub fn is_memory(&self) -> bool {
        matches!(*self.shared.state.borrow(), State::Open(Backend::Memory(_)))
    }

    /// Commits a batch as one transaction and answers when that is done.
    pub fn persist(&self, batch: WriteBatch<JsValue>, answer: impl FnOnce(Persisted) + 'static) {
        self.shared.ask(Box::new(move |backend| match backend {
            Backend::Indexed(connection) => {
                tables::write(&connection.inner, &connection.last, &batch, answer);
            }
            Backend::Memory(memory) => {
                let outcome = memory.borrow_mut().commit(batch);
                soon(move || answer(outcome));
            }
            Backend::Nothing => soon(move || answer(Err(PersistFailure::Closed))),
        }));
    }

    /// Reads the store, opening it again if it was lost.
    pub fn read_store(&self, answer: impl FnOnce(Result<StoreContents<JsValue>, PersistFailure>) + 'static) {
        self.shared.reopen();
        self.shared.ask(Box::new(move |backend| match backend {
            Backend::Indexed(connection) => tables::read_store(&connection.inner, answer),
            Backend::Memory(memory) => {
                let contents = memory.borrow().contents();
                soon(move || answer(Ok(contents)));
            }
            Backend::Nothing => soon(move || answer(Err(PersistFailure::Closed))),
        }));
    }

    /// Reads the audit trail, as the objects that are stored.
    pub fn read_audit(&self, answer: impl FnOnce(Result<Array, PersistFailure>) + 'static) {
        self.shared.ask(Box::new(move |backend| match backend {
            Backend::Indexed(connection) => tables::read_audit(&connection.inner, answer),
            Backend::Memory(memory) => {
                let entries = memory.borrow().audit();
                soon(move || answer(Ok(entries)));
            }
            Backend::Nothing => soon(move || answer(Err(PersistFailure::Closed))),
        }));
    }

    /// Reads the last result of a query.
    pub fn read_query(
        &self,
        query: QueryToken,
        answer: impl FnOnce(Result<Option<CachedQuery<JsValue>>, PersistFailure>) + 'static,
    ) {
        self.shared.ask(Box::new(move |backend| match backend {
            Backend::Indexed(connection) => tables::read_query(&connection.inner, &query, answer),
            Backend::Memory(memory) => {
                let cached = memory.borrow().query(&query);
                soon(move || answer(Ok(cached)));
            }
            Backend::Nothing => soon(move || answer(Err(PersistFailure::Closed))),
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
            self.open();
        }
    }

    fn open(self: &Rc<Self>) {
        let shared = self.clone();
        let (tables, requests) = tables::plan();
        let opened = once(move |database: JsValue, error| {
            if database.is_undefined() {
                let identity = entropy::store_id().expect("every browser that runs this has randomness");
                shared.become_open(&Backend::Memory(Rc::new(RefCell::new(Memory::new(identity)))));
                shared.news(StoreNews::Memory(error));
            } else {
                let connection = shared.connect(database.unchecked_into());
                shared.become_open(&Backend::Indexed(Rc::new(connection)));
            }
        });
        open_database(&self.name, &tables, requests.list(), opened);
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
