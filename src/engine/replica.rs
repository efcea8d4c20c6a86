//! What a tab shows: the server's results (base), with the operations they do not contain yet (pending) folded
//! over them (view). The view is always `fold(base, pending)`; nothing patches it in place.

use super::flat::{Map, Set};

use super::clock::Stamp;
use super::host::{Host, HostRefusal, Touched};
use super::ids::OperationId;
use super::operation::Operation;
use super::wide::Wide;

/// A query with its arguments, as one text that the platform makes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryToken(String);

impl QueryToken {
    /// The token of this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a base came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The store: the last result of an earlier page or of another tab.
    Cache,
    /// The server, in this page.
    Server,
}

/// The last server result of a query that this tab knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Base<V> {
    pub(super) value: V,
    pub(super) origin: Origin,
    pub(super) at_ms: u64,
    /// Operations that a cached result contains. Those that the server's results contain are not pending at all.
    pub(super) contains: Set<OperationId>,
}

/// What a query shows now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View<'a, V> {
    /// Its value, pending operations included.
    pub value: &'a V,
    /// Where the base below came from.
    pub origin: Origin,
    /// Wall time in milliseconds at which the server sent that base.
    pub at_ms: u64,
    /// Documents with pending changes, and the operations that made them, oldest first.
    pub pending: Option<&'a Map<String, Vec<OperationId>>>,
}

/// What pending operations made of a query.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Shown<V> {
    value: V,
    pending: Map<String, Vec<OperationId>>,
}

/// What a fold brought about.
#[derive(Debug)]
pub(super) struct Folded<V> {
    /// Queries that may show something else than before.
    pub(super) changed: Set<QueryToken>,
    /// Operations whose function threw, each told once.
    pub(super) threw: Vec<(OperationId, V)>,
}

/// Base, pending and view of one tab.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Replica<V> {
    base: Map<QueryToken, Base<V>>,
    pending: Map<Stamp, Operation<V>>,
    /// Under which stamp each of them is pending: the store may know it under another one.
    places: Wide<OperationId, Stamp>,
    shown: Map<QueryToken, Shown<V>>,
    touched: Map<OperationId, Set<QueryToken>>,
    /// Operations of the outbox that the base contains; they must not come back as pending.
    seen: Set<OperationId>,
    /// Operations whose function threw, so that the diagnostic is not told at every fold.
    threw: Set<OperationId>,
}

impl<V: Clone> Replica<V> {
    pub(super) const fn new() -> Self {
        Self {
            base: Map::new(),
            pending: Map::new(),
            places: Wide::new(),
            shown: Map::new(),
            touched: Map::new(),
            seen: Set::new(),
            threw: Set::new(),
        }
    }

    pub(super) fn base(&self, query: &QueryToken) -> Option<&Base<V>> {
        self.base.get(query)
    }

    pub(super) fn set_base(&mut self, query: QueryToken, base: Base<V>) {
        self.base.insert(query, base);
    }

    pub(super) fn drop_base(&mut self, query: &QueryToken) {
        self.base.remove(query);
    }

    pub(super) fn pending(&self) -> impl Iterator<Item = &Operation<V>> {
        self.pending.values()
    }

    /// The queries that the operation's function last changed.
    pub(super) fn touched(&self, id: OperationId) -> Option<&Set<QueryToken>> {
        self.touched.get(&id)
    }

    pub(super) fn view(&self, query: &QueryToken) -> Option<View<'_, V>> {
        let base = self.base.get(query)?;
        let shown = self.shown.get(query);
        Some(View {
            value: shown.map_or(&base.value, |shown| &shown.value),
            origin: base.origin,
            at_ms: base.at_ms,
            pending: shown.map(|shown| &shown.pending),
        })
    }

    /// Takes note of how far an operation has come.
    pub(super) fn learn(&mut self, operation: &Operation<V>) {
        if self.seen.contains(&operation.id) {
            return;
        }
        self.withdraw(operation.id);
        if operation.is_optimistic() {
            self.place(operation);
        }
    }

    fn place(&mut self, operation: &Operation<V>) {
        self.places.insert(operation.id, operation.stamp);
        self.pending.insert(operation.stamp, operation.clone());
    }

    /// The base contains these operations from now on. True if what is pending changed.
    pub(super) fn settle(&mut self, ids: impl IntoIterator<Item = OperationId>) -> bool {
        let before = self.pending.len();
        for id in ids {
            self.seen.insert(id);
            self.withdraw(id);
        }
        before != self.pending.len()
    }

    /// The outbox knows the operation no more: there is nothing left to keep it out of.
    pub(super) fn forget(&mut self, id: OperationId) {
        self.seen.remove(&id);
        self.threw.remove(&id);
    }

    /// The operation is shown no more. True if it was.
    pub(super) fn withdraw(&mut self, id: OperationId) -> bool {
        self.places.remove(&id).is_some_and(|stamp| self.pending.remove(&stamp).is_some())
    }

    /// Operations of the outbox that the base contains.
    pub(super) fn contained(&self) -> Vec<OperationId> {
        self.seen.iter().copied().collect()
    }

    /// Shows one operation more, which is later than all pending ones.
    ///
    /// # Errors
    /// What the operation's function threw; nothing has changed then.
    pub(super) fn append(
        &mut self,
        host: &mut impl Host<V>,
        operation: &Operation<V>,
    ) -> Result<Set<QueryToken>, HostRefusal<V>> {
        let newest = self.pending.last();
        assert!(newest.is_none_or(|(last, _)| *last < operation.stamp), "the clock only goes forward");
        let mut values = self.base_values(|_| true);
        for (query, shown) in &self.shown {
            values.insert(query.clone(), shown.value.clone());
        }
        let mut draft = host.draft(&values);
        let touched = host.optimistic(operation, &mut draft)?;
        let queries = self.mark(operation.id, touched);
        self.show(host.values(draft, &queries));
        self.place(operation);
        let are_alike = self.base.values().all(|base| base.contains.is_empty());
        // Over cached results of different moments it may look different than over all of them together.
        Ok(if are_alike { queries } else { self.fold(host, queries).changed })
    }

    /// Folds all pending operations over the base again; `stirred` are the queries whose base changed.
    pub(super) fn fold(&mut self, host: &mut impl Host<V>, stirred: Set<QueryToken>) -> Folded<V> {
        let mut folded = Folded { changed: stirred, threw: Vec::new() };
        folded
            .changed
            .extend(core::mem::take(&mut self.shown).into_tuple_vec().into_iter().map(|(query, _)| query));
        self.touched.clear();
        for (contained, queries) in self.by_contents() {
            self.fold_over(host, &contained, &queries, &mut folded);
        }
        folded
    }

    /// Queries by the pending operations that their bases contain: none, unless they come from the cache.
    fn by_contents(&self) -> Map<Set<OperationId>, Set<QueryToken>> {
        let mut groups: Map<_, Set<_>> = Map::new();
        for (query, base) in &self.base {
            let ids = self.pending.values().map(|operation| operation.id);
            let contained = match base.contains.is_empty() {
                true => Set::new(),
                false => ids.filter(|id| base.contains.contains(id)).collect(),
            };
            groups.entry(contained).or_default().insert(query.clone());
        }
        groups
    }

    /// Folds what is pending, but for these operations, over the bases of these queries; others, which do not contain
    /// the same, are out of its sight.
    fn fold_over(
        &mut self,
        host: &mut impl Host<V>,
        contained: &Set<OperationId>,
        among: &Set<QueryToken>,
        folded: &mut Folded<V>,
    ) {
        let mut draft = host.draft(&self.base_values(|query| among.contains(query)));
        let mut marks = Vec::new();
        for operation in self.pending.values().filter(|operation| !contained.contains(&operation.id)) {
            match host.optimistic(operation, &mut draft) {
                Ok(touched) => marks.push((operation.id, touched)),
                Err(HostRefusal::Unregistered) => {}
                Err(HostRefusal::Threw(error)) => {
                    if self.threw.insert(operation.id) {
                        folded.threw.push((operation.id, error));
                    }
                }
            }
        }
        let touched = marks.iter().flat_map(|(_, touched)| touched);
        let queries = touched.map(|one| one.query.clone()).collect();
        for (query, value) in host.values(draft, &queries) {
            self.shown.insert(query, Shown { value, pending: Map::new() });
        }
        for (id, touched) in marks {
            self.mark(id, touched);
        }
        folded.changed.extend(queries);
    }

    fn base_values(&self, wanted: impl Fn(&QueryToken) -> bool) -> Map<QueryToken, V> {
        let wanted = self.base.iter().filter(|(query, _)| wanted(query));
        let values = wanted.map(|(query, base)| (query.clone(), base.value.clone()));
        // In order already: collecting would bring in the code of a sort.
        Map::from_sorted_store_unchecked(values.collect())
    }

    /// Writes down which documents an operation changed; returns the queries that show them.
    fn mark(&mut self, id: OperationId, touched: Vec<Touched>) -> Set<QueryToken> {
        let mut queries = Set::new();
        for Touched { query, document } in touched {
            let Some(base) = self.base.get(&query) else {
                continue;
            };
            let shown = self
                .shown
                .entry(query.clone())
                .or_insert_with(|| Shown { value: base.value.clone(), pending: Map::new() });
            let marks = shown.pending.entry(document).or_default();
            if marks.last() != Some(&id) {
                marks.push(id);
            }
            queries.insert(query);
        }
        self.touched.entry(id).or_default().extend(queries.iter().cloned());
        queries
    }

    fn show(&mut self, values: Vec<(QueryToken, V)>) {
        for (query, value) in values {
            if let Some(shown) = self.shown.get_mut(&query) {
                shown.value = value;
            }
        }
    }

    /// Whether the operation is shown, as far as its function has an effect.
    pub(super) fn is_pending(&self, id: OperationId) -> bool {
        self.places.contains_key(&id)
    }
}
