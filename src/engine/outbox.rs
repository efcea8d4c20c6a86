//! The operations that are not through yet, and for a while those that are: a copy of what the store holds, with
//! what this tab accepted and the store has not acknowledged.

use super::clock::Stamp;
use super::deadlines::Deadlines;
use super::flat::{Map, Set};
use super::ids::{OperationId, Revision};
use super::keeping::Keeping;
use super::operation::Operation;
use super::scopes::Scopes;
use super::taking::{Taking, Together};
use super::tally::Tally;
use super::wide::Wide;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Entry<V> {
    operation: Operation<V>,
    /// The change of the store that this state is from; none: the store has not acknowledged the operation.
    stored: Option<Revision>,
}

/// What became of news about an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Learned {
    /// It was older than what is known, or the same.
    Nothing,
    /// The operation is new here.
    New,
    /// Somebody else is to be told of its end, or nobody any more.
    Report,
    /// The operation went on.
    Progress {
        /// Whether it had been finished before.
        was_finished: bool,
    },
}

/// All known operations, by id, in order, and by scope.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Outbox<V> {
    entries: Wide<OperationId, Entry<V>>,
    order: Map<Stamp, OperationId>,
    scopes: Scopes,
    /// Operations with a transition on its way to the store.
    changing: Set<OperationId>,
    /// Operations that the store holds in a form which this version cannot read: what is known of them is old, and
    /// whoever can read them sees to them.
    unreadable: Set<OperationId>,
    /// Operations that were removed, and when: older news of them may still come.
    gone: Map<OperationId, Revision>,
    pub(super) tally: Tally,
    pub(super) deadlines: Deadlines,
    pub(super) keeping: Keeping,
    pub(super) taking: Taking,
}

/// The revision of an operation that the store is known to hold, but nobody has read yet.
const UNREAD: Revision = Revision(0);

impl<V: Clone> Outbox<V> {
    pub(super) const fn new() -> Self {
        Self {
            entries: Wide::new(),
            order: Map::new(),
            scopes: Scopes::new(),
            changing: Set::new(),
            unreadable: Set::new(),
            gone: Map::new(),
            tally: Tally::new(),
            deadlines: Deadlines::new(),
            keeping: Keeping::new(),
            taking: Taking::new(),
        }
    }

    pub(super) fn get(&self, id: OperationId) -> Option<&Operation<V>> {
        self.entries.get(&id).map(|entry| &entry.operation)
    }

    pub(super) fn contains(&self, id: OperationId) -> bool {
        self.entries.contains_key(&id)
    }

    /// All operations in the order of their stamps.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Operation<V>> {
        self.order.values().filter_map(|id| self.get(*id))
    }

    /// Operations that the store has not acknowledged and can take over now, as batches: of each scope that may begin with
    /// its first. Those of a scope are in one batch, in order: should the write of one fail and that of a later one not,
    /// whoever leads would send them in the wrong order. None comes after one that was stored by another tab: how that one
    /// is ordered has to be read first.
    pub(super) fn unstored(&self, may_begin: impl Fn(OperationId) -> bool) -> Vec<Vec<OperationId>> {
        let mut together = Together::default();
        for scope in self.scopes.unread() {
            let lacking = scope.take_while(|id| !self.is_stored(*id)).filter_map(|id| self.get(id));
            let mut lacking = lacking.peekable();
            if lacking.peek().is_some_and(|first| may_begin(first.id)) {
                together.add_scope(lacking, &self.taking);
            }
        }
        together.batches()
    }

    /// Whether the store may lack an operation.
    pub(super) fn has_unstored(&self) -> bool {
        self.scopes.unread().any(|mut scope| scope.next().is_some_and(|id| !self.is_stored(id)))
    }

    /// Those of a batch that failed which the store still lacks: each is in a batch by itself from now on.
    pub(super) fn part(&mut self, ids: &[OperationId]) {
        for id in ids {
            if self.contains(*id) && !self.is_stored(*id) {
                self.taking.part(*id);
            }
        }
    }

    /// The operations of the scope from this stamp on that the store has not acknowledged, in order.
    pub(super) fn unstored_after(&self, scope: &str, stamp: Stamp) -> Vec<OperationId> {
        self.scopes.unread_from(scope, stamp).filter(|id| !self.is_stored(*id)).collect()
    }

    /// Orders an operation anew that only this tab knows.
    pub(super) fn restamp(&mut self, id: OperationId, stamp: Stamp) {
        let mut operation = self.get(id).expect("only known operations are ordered anew").clone();
        operation.stamp = stamp;
        self.place(operation, None);
    }

    pub(super) fn is_stored(&self, id: OperationId) -> bool {
        self.entries.get(&id).is_some_and(|entry| entry.stored.is_some())
    }

    /// Whether the store is known to hold the operation, and in which state.
    fn is_read(&self, id: OperationId) -> bool {
        self.entries.get(&id).is_some_and(|entry| entry.stored > Some(UNREAD))
    }

    /// Whether this is the last change of the operation that is known.
    pub(super) fn is_stored_at(&self, id: OperationId, revision: Revision) -> bool {
        self.entries.get(&id).is_some_and(|entry| entry.stored == Some(revision))
    }

    /// The first operation of each scope in which nothing is under way, in the order of their turns.
    pub(super) fn heads(&self) -> impl Iterator<Item = &Operation<V>> {
        let mut busy = Set::new();
        busy.extend(self.changing.iter().chain(self.unreadable.iter()).filter_map(|id| self.scope_of(*id)));
        let heads = self.scopes.idle_heads().filter(|id| self.is_settled(*id)).filter_map(|id| self.get(id));
        heads.filter(move |operation| !busy.contains(operation.scope.as_str()))
    }

    /// Operations whose turn it is once these have ended: the next of their scopes.
    pub(super) fn successors(&self, ending: &[Operation<V>]) -> impl Iterator<Item = &Operation<V>> {
        let ended = ending.iter().filter(|operation| operation.is_finished());
        let next = ended.filter_map(|operation| self.scopes.next_after(operation));
        next.filter(|id| self.is_settled(*id)).filter_map(|id| self.get(id))
    }

    /// The unfinished operations of a scope, in the order in which they run.
    pub(super) fn in_scope(&self, scope: &str) -> Vec<OperationId> {
        self.scopes.of(scope).collect()
    }

    /// Operations that an attempt may be under way for, as the store holds them.
    pub(super) fn claimed(&self) -> impl Iterator<Item = &Operation<V>> {
        self.scopes.claimed().filter(|id| !self.unreadable.contains(id)).filter_map(|id| self.get(id))
    }

    /// The scope of an operation that is not finished.
    fn scope_of(&self, id: OperationId) -> Option<&str> {
        self.get(id).filter(|operation| operation.holds_its_scope()).map(|operation| operation.scope.as_str())
    }

    /// Whether the store holds the operation as it is known here, with no transition on its way.
    pub(super) fn is_settled(&self, id: OperationId) -> bool {
        self.is_read(id) && !self.changing.contains(&id) && !self.unreadable.contains(&id)
    }

    /// Whether the store holds it in a form that this version cannot read.
    pub(super) fn is_hidden(&self, id: OperationId) -> bool {
        self.unreadable.contains(&id)
    }

    pub(super) fn set_changing(&mut self, id: OperationId, changing: bool) {
        if changing {
            self.changing.insert(id);
        } else {
            self.changing.remove(&id);
        }
    }

    /// A new operation, accepted here.
    pub(super) fn accept(&mut self, operation: Operation<V>) {
        assert!(!self.contains(operation.id), "an id is accepted once");
        self.place(operation, None);
    }

    /// Another tab has stored an operation accepted here.
    pub(super) fn acknowledge_unread(&mut self, id: OperationId) {
        self.acknowledge(id, UNREAD);
    }

    /// The store acknowledged an operation accepted here.
    pub(super) fn acknowledge(&mut self, id: OperationId, revision: Revision) {
        if let Some(entry) = self.entries.get_mut(&id) {
            entry.stored = entry.stored.max(Some(revision));
            self.taking.forget(id);
            if entry.stored > Some(UNREAD) {
                self.scopes.set_read(&entry.operation);
            }
        }
    }

    /// News of an operation as the store holds it since this change.
    pub(super) fn learn(&mut self, operation: Operation<V>, revision: Revision) -> Learned {
        let Some(known) = self.entries.get_mut(&operation.id) else {
            if self.gone.get(&operation.id).is_some_and(|gone| *gone > revision) {
                return Learned::Nothing;
            }
            self.place(operation, Some(revision));
            return Learned::New;
        };
        if known.stored.is_some_and(|stored| stored > revision) {
            return Learned::Nothing;
        }
        known.stored = Some(revision);
        self.taking.forget(operation.id);
        self.scopes.set_read(&known.operation);
        self.unreadable.remove(&operation.id);
        if known.operation.is_as_far_as(&operation) {
            if known.operation.report == operation.report {
                return Learned::Nothing;
            }
            self.place(operation, Some(revision));
            return Learned::Report;
        }
        let was_finished = known.operation.is_finished();
        self.place(operation, Some(revision));
        Learned::Progress { was_finished }
    }

    /// The operation was removed by this change: what is told of it from before is old.
    pub(super) fn bury(&mut self, id: OperationId, removed: Revision, older_may_come: bool) {
        if !older_may_come {
            self.gone.clear();
        }
        self.gone.insert(id, removed);
    }

    /// Takes an operation out.
    pub(super) fn remove(&mut self, id: OperationId) -> Option<Operation<V>> {
        let entry = self.entries.remove(&id)?;
        self.order.remove(&entry.operation.stamp);
        self.release(&entry.operation);
        self.changing.remove(&id);
        self.unreadable.remove(&id);
        self.taking.forget(id);
        Some(entry.operation)
    }

    /// Operations that the store held at this change or before and holds no more.
    pub(super) fn missing_from(&self, stored: &Set<OperationId>, revision: Revision) -> Vec<OperationId> {
        let gone = |entry: &Entry<V>| entry.stored.is_some_and(|known| known <= revision);
        let missing = self.entries.iter().filter(|(id, entry)| gone(entry) && !stored.contains(id));
        missing.map(|(id, _)| *id).collect()
    }

    /// The store held these at this change in a form that this version cannot read. What another tab stored first is
    /// still to be read: nobody here knows how it is ordered.
    pub(super) fn lose_sight(&mut self, ids: Vec<OperationId>, revision: Revision) {
        for id in ids {
            if self.is_read(id)
                && let Some(entry) = self.entries.get_mut(&id)
                && entry.stored <= Some(revision)
            {
                entry.stored = Some(revision);
                self.unreadable.insert(id);
            }
        }
    }

    /// The store was deleted: nothing is acknowledged any more, and its epochs mean nothing. Returns the operations
    /// that were claimed under one.
    pub(super) fn forget_store(&mut self) -> Vec<OperationId> {
        self.changing.clear();
        self.unreadable.clear();
        self.gone.clear();
        let mut abandoned = Vec::new();
        for (id, entry) in self.entries.iter_mut() {
            entry.stored = None;
            if entry.operation.state.epoch().is_some() {
                entry.operation.abandon();
                abandoned.push(*id);
            }
        }
        self.scopes.forget_store();
        abandoned
    }

    /// Operations that wait until the breaker closes.
    pub(super) fn held_back(&self) -> impl Iterator<Item = &Operation<V>> {
        self.deadlines.held_back().filter_map(|id| self.get(id))
    }

    /// Operations that are wanted no more, and may be told so: nothing is under way for them.
    pub(super) fn expired(&self, now_ms: u64) -> impl Iterator<Item = &Operation<V>> {
        let due = self.deadlines.expired(now_ms).filter(|id| self.is_settled(*id));
        due.filter_map(|id| self.get(id)).filter(|one| one.state.epoch().is_none())
    }

    fn place(&mut self, operation: Operation<V>, stored: Option<Revision>) {
        if let Some(before) = self.entries.get(&operation.id).map(|entry| entry.operation.clone()) {
            // An operation added by two tabs keeps the stamp under which the store holds it.
            self.order.remove(&before.stamp);
            self.release(&before);
        }
        self.order.insert(operation.stamp, operation.id);
        self.deadlines.add(&operation);
        self.tally.add(&operation);
        if operation.holds_its_scope() {
            self.scopes.add(&operation, stored > Some(UNREAD));
        }
        self.entries.insert(operation.id, Entry { operation, stored });
    }

    fn release(&mut self, operation: &Operation<V>) {
        self.deadlines.remove(operation);
        self.tally.remove(operation);
        self.scopes.remove(operation);
    }
}

#[cfg(test)]
mod tests;
