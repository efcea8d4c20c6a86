//! One tab that leads, over a store that answers when it is told to, and what has to be true of it at any time:
//! worked out from what the tab was told, never from what it believes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tabweave::engine::{
    Attempt, BaseUpdate, Config, Effect, Engine, Event, LockNews, Now, Operation, OperationId,
    OperationRequest, OperationState, Outcome, PersistFailure, QueryToken, StoreId, TabId, Wish, Write,
};

use crate::store::{Job, Store};
use crate::support::host::{App, Documents, NAMES, by_key, lists, perform, query_at, query_value, target};
use crate::support::value::Value;

/// What a query shows: its documents, and which pending operations touched which of them, oldest first.
type Shown = (Value, BTreeMap<String, Vec<OperationId>>);

/// The tab, its surroundings, and the books of the laws.
pub struct LoneTab {
    pub engine: Engine<Value>,
    app: App,
    now: Now,
    store: Store,
    jobs: VecDeque<Job>,
    /// Calls that the server has not answered.
    pub under_way: Vec<Attempt<Value>>,
    /// Everything that was accepted, in order.
    pub accepted: Vec<OperationId>,
    /// Those among them that a base tells of by their key.
    keyed: BTreeSet<OperationId>,
    /// Those that a base was said to contain.
    seen: BTreeSet<OperationId>,
    /// Those that the store holds, or held last, as refused or cancelled.
    withdrawn: BTreeSet<OperationId>,
    bases: BTreeMap<QueryToken, Value>,
}

impl LoneTab {
    /// A tab that has just come to lead.
    pub fn leading() -> Self {
        let config = Config { finished_keep_ms: 20_000, ..Config::default() };
        let mut tab = Self {
            engine: Engine::new(config, TabId::from_bytes([1; 16]), 7),
            app: App::with(NAMES),
            now: Now { wall_ms: 1_700_000_000_000, steady_ms: 0 },
            store: Store::new(StoreId::from_bytes([1; 16])),
            jobs: VecDeque::new(),
            under_way: Vec::new(),
            accepted: Vec::new(),
            keyed: BTreeSet::new(),
            seen: BTreeSet::new(),
            withdrawn: BTreeSet::new(),
            bases: BTreeMap::new(),
        };
        tab.tell(|engine, _, now| engine.start(now, true));
        tab.tell(|engine, app, now| engine.register(now, app, NAMES.map(str::to_owned)));
        tab.tell(|engine, _, now| engine.handle_connection(now, true));
        tab.tell(|engine, _, now| engine.handle_leader_lock(now, LockNews::Granted));
        tab.commit_all();
        assert!(tab.engine.status().leading.is_some(), "a lone tab that holds the lock leads");
        tab
    }

    /// Makes one call, takes what comes of it, and checks that changes were told and nothing else is shown than
    /// what has to be.
    fn tell<T>(&mut self, call: impl FnOnce(&mut Engine<Value>, &mut App, Now) -> T) -> T {
        let queries: Vec<_> = self.bases.keys().cloned().collect();
        let views: Vec<_> = queries.iter().map(|query| self.shown(query)).collect();
        let pending = self.pending();
        let answer = call(&mut self.engine, &mut self.app, self.now);
        while let Some(effect) = self.engine.poll_effect() {
            self.take(effect);
        }
        let mut told = BTreeSet::new();
        let mut is_pending_told = false;
        while let Some(event) = self.engine.poll_event() {
            match event {
                Event::ViewChanged { queries } => told.extend(queries),
                Event::PendingChanged => is_pending_told = true,
                _ => {}
            }
        }
        for (query, before) in queries.iter().zip(views).filter(|(query, _)| self.bases.contains_key(query)) {
            assert!(told.contains(query) || self.shown(query) == before, "{query:?} changed in silence");
        }
        assert!(is_pending_told || self.pending() == pending, "what is pending changed in silence");
        answer
    }

    fn take(&mut self, effect: Effect<Value>) {
        match effect {
            Effect::Persist { batch, writes } => self.jobs.push_back(Job::Write { batch, writes }),
            Effect::Gather => self.engine.handle_gathered(self.now),
            Effect::ReadStore => self.jobs.push_back(Job::Read),
            Effect::ReadQuery { query } => self.jobs.push_back(Job::ReadQuery { query }),
            Effect::Attempt(attempt) => self.under_way.push(attempt),
            _ => {}
        }
    }

    fn pending(&self) -> Vec<OperationId> {
        self.engine.pending().map(|operation| operation.id).collect()
    }

    fn shown(&self, query: &QueryToken) -> Option<Shown> {
        let view = self.engine.view(query)?;
        let marks = view.pending.into_iter().flat_map(|marks| marks.iter());
        let marks = marks.map(|(document, operations)| (document.clone(), operations.clone()));
        Some((view.value.clone(), marks.collect()))
    }

    // ---- What happens.

    /// False if it was refused, which leaves everything as it was.
    pub fn accept(&mut self, request: OperationRequest<Value>) -> bool {
        let (id, is_keyed) = (request.id, request.confirmed_by_key);
        let was_accepted = self.tell(|engine, app, now| engine.mutate(now, app, request)).is_ok();
        if was_accepted {
            self.accepted.push(id);
            self.keyed.extend(is_keyed.then_some(id));
        }
        was_accepted
    }

    /// The server sends a result, and says which operations everything it sent so far contains.
    pub fn update_base(&mut self, query: QueryToken, value: Value, seen: Vec<OperationId>) {
        self.seen.extend(seen.iter().copied());
        let queries = vec![(query.clone(), value.clone())];
        self.bases.insert(query, value);
        self.tell(|engine, app, now| engine.handle_base(now, app, BaseUpdate { queries, seen }));
    }

    /// The server answers a call.
    pub fn answer(&mut self, which: usize, outcome: Outcome<Value>) {
        let Attempt { id, attempt, .. } = self.under_way.remove(which);
        if matches!(outcome, Outcome::Accepted { seen: true, .. }) {
            self.seen.insert(id);
        }
        self.tell(|engine, app, now| engine.handle_attempt(now, app, id, attempt, outcome));
    }

    pub fn cancel(&mut self, id: OperationId) {
        self.tell(|engine, _, now| engine.wish(now, id, Wish::Cancel));
    }

    pub fn retry(&mut self, id: OperationId) {
        self.tell(|engine, _, now| engine.wish(now, id, Wish::Retry));
    }

    /// Nobody looks at the query any more, and then somebody does.
    pub fn look_away(&mut self, query: &QueryToken) {
        self.tell(|engine, _, now| engine.watch(now, query.clone()));
        self.bases.remove(query);
        self.tell(|engine, app, now| engine.unwatch(now, app, query));
    }

    pub fn pass(&mut self, ms: u64) {
        self.now.wall_ms += ms;
        self.now.steady_ms += ms;
        self.tell(|engine, app, now| engine.handle_timeout(now, app));
    }

    /// The store answers what it was asked longest ago, if anything.
    pub fn commit(&mut self) -> bool {
        let Some(job) = self.jobs.pop_front() else { return false };
        match job {
            Job::Write { batch, writes } => {
                let result = self.store.commit(0, &writes);
                assert!(result.is_ok(), "nobody else writes to this store: {result:?} for {writes:?}");
                self.book(&writes.writes);
                self.tell(|engine, app, now| engine.handle_persisted(now, app, batch, result));
            }
            Job::Read => {
                let contents = self.store.contents();
                self.tell(|engine, app, now| engine.handle_store_read(now, app, Ok(contents)));
            }
            Job::ReadQuery { query } => {
                self.tell(|engine, app, now| engine.handle_query_read(now, app, query, None));
            }
        }
        true
    }

    pub fn commit_all(&mut self) {
        while self.commit() {}
    }

    /// The store cannot write what it was asked longest ago, or cannot read.
    pub fn fail(&mut self) {
        let failure = PersistFailure::Failed;
        match self.jobs.pop_front() {
            Some(Job::Write { batch, .. }) => {
                self.tell(|engine, app, now| engine.handle_persisted(now, app, batch, Err(failure)));
            }
            Some(Job::Read) => self.tell(|engine, app, now| engine.handle_store_read(now, app, Err(failure))),
            Some(Job::ReadQuery { query }) => {
                self.tell(|engine, app, now| engine.handle_query_read(now, app, query, None));
            }
            None => {}
        }
    }

    fn book(&mut self, writes: &[Write<Value>]) {
        for write in writes {
            if let Write::PutOperation(Operation { id, state, .. }) = write {
                match state {
                    OperationState::Dead { .. } | OperationState::Cancelled { .. } => {
                        self.withdrawn.insert(*id)
                    }
                    _ => self.withdrawn.remove(id),
                };
            }
        }
    }

    // ---- The laws.

    /// An operation that is told of by its key is pending from its acceptance until it is seen or withdrawn.
    pub fn check_pending(&self) {
        let pending = self.pending();
        let known: Vec<_> = pending.iter().copied().filter(|id| self.keyed.contains(id)).collect();
        let ended = |id: &OperationId| self.seen.contains(id) || self.withdrawn.contains(id);
        let keyed = self.accepted.iter().copied().filter(|id| self.keyed.contains(id));
        let expected: Vec<_> = keyed.filter(|id| !ended(id)).collect();
        assert_eq!(
            known, expected,
            "pending is what was accepted, is not withdrawn and was not seen, in order"
        );
        for id in pending {
            assert!(!self.withdrawn.contains(&id), "{id} is shown, though it was refused or cancelled");
        }
    }

    /// The view is the fold of what is pending over the bases.
    pub fn check_views(&self) {
        let expected = fold(&self.bases, self.engine.pending());
        for query in self.bases.keys() {
            assert_eq!(self.shown(query).as_ref(), expected.get(query), "{query:?}");
        }
    }
}

/// Carries all operations out, in order, over the bases; one that throws changes nothing.
fn fold<'a>(
    bases: &BTreeMap<QueryToken, Value>,
    operations: impl Iterator<Item = &'a Operation<Value>>,
) -> BTreeMap<QueryToken, Shown> {
    let mut documents: BTreeMap<&QueryToken, Documents> =
        bases.iter().map(|(query, value)| (query, by_key(value))).collect();
    let mut marks: BTreeMap<&QueryToken, BTreeMap<String, Vec<OperationId>>> = BTreeMap::new();
    for operation in operations {
        let (collection, document) = target(&operation.body);
        let listing = documents.iter().filter(|(query, _)| lists(query, collection, document));
        let mut changed: Vec<_> = listing.map(|(query, documents)| (*query, documents.clone())).collect();
        let threw = changed
            .iter_mut()
            .any(|(_, documents)| perform(&operation.name, &operation.body, documents).is_err());
        if threw {
            continue;
        }
        for (query, changed) in changed {
            documents.insert(query, changed);
            marks.entry(query).or_default().entry(document.to_owned()).or_default().push(operation.id);
        }
    }
    let value =
        |query: &QueryToken, documents: &Documents| query_value(query_at(&bases[query]), documents.values());
    documents
        .iter()
        .map(|(query, documents)| {
            ((*query).clone(), (value(query, documents), marks.remove(query).unwrap_or_default()))
        })
        .collect()
}
