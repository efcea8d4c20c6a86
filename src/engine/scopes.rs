//! The unfinished operations by scope, in the order in which they run.

use core::cmp::Reverse;

use super::clock::Stamp;
use super::flat::{Map, Set};
use super::ids::OperationId;
use super::operation::Operation;
use super::terms::Priority;

/// Whose turn comes before whose: the urgent, and then the old, before the others.
type Turn = (Reverse<Priority>, Stamp);

/// The unfinished operations of one scope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Scope {
    /// All of them, in the order in which they run.
    order: Map<Stamp, (OperationId, Priority)>,
    /// Those that an attempt may be under way for. An operation of a tab whose clock is behind may come to stand
    /// before them, and has to wait all the same.
    claimed: Set<OperationId>,
}

impl Scope {
    /// The turn of its first operation, if nothing is under way.
    fn turn(&self) -> Option<(Turn, OperationId)> {
        let (stamp, (id, priority)) = self.order.first().filter(|_| self.claimed.is_empty())?;
        Some(((Reverse(*priority), *stamp), *id))
    }
}

/// All scopes that hold something, by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Scopes {
    scopes: Map<String, Scope>,
    /// The first operations of the scopes in which nothing is under way, so that nobody looks through all scopes.
    turns: Map<Turn, OperationId>,
    /// All that an attempt may be under way for.
    claimed: Set<OperationId>,
    /// Of each scope those that the store may not hold, or hold in a state that nobody here has read.
    unread: Map<String, Map<Stamp, OperationId>>,
}

impl Scopes {
    pub(super) const fn new() -> Self {
        Self { scopes: Map::new(), turns: Map::new(), claimed: Set::new(), unread: Map::new() }
    }

    /// Adds an operation that is not finished. `is_read`: the store is known to hold it like this.
    pub(super) fn add<V>(&mut self, operation: &Operation<V>, is_read: bool) {
        let Operation { id, stamp, terms, .. } = operation;
        self.change(&operation.scope, |scope| {
            scope.order.insert(*stamp, (*id, terms.priority));
            if operation.state.epoch().is_some() {
                scope.claimed.insert(*id);
            }
        });
        if operation.state.epoch().is_some() {
            self.claimed.insert(*id);
        }
        if !is_read {
            let scope = self.unread.entry(operation.scope.clone()).or_default();
            scope.insert(*stamp, *id);
        }
    }

    /// Takes an operation out, if it is there.
    pub(super) fn remove<V>(&mut self, operation: &Operation<V>) {
        if self.scopes.contains_key(&operation.scope) {
            self.change(&operation.scope, |scope| {
                scope.order.remove(&operation.stamp);
                scope.claimed.remove(&operation.id);
            });
        }
        self.claimed.remove(&operation.id);
        self.set_read(operation);
    }

    /// Changes a scope, and with it whose turn it is.
    fn change(&mut self, name: &str, change: impl FnOnce(&mut Scope)) {
        let scope = self.scopes.entry(name.to_owned()).or_default();
        if let Some((turn, _)) = scope.turn() {
            self.turns.remove(&turn);
        }
        change(scope);
        if let Some((turn, id)) = scope.turn() {
            self.turns.insert(turn, id);
        }
        if scope.order.is_empty() {
            self.scopes.remove(name);
        }
    }

    /// It is known now how the store holds the operation.
    pub(super) fn set_read<V>(&mut self, operation: &Operation<V>) {
        if let Some(scope) = self.unread.get_mut(&operation.scope) {
            scope.remove(&operation.stamp);
            if scope.is_empty() {
                self.unread.remove(&operation.scope);
            }
        }
    }

    /// The first operation of each scope in which nothing is under way, in the order of their turns.
    pub(super) fn idle_heads(&self) -> impl Iterator<Item = OperationId> {
        self.turns.values().copied()
    }

    /// The one behind this first one of its scope, unless an attempt may be under way for yet another.
    pub(super) fn next_after<V>(&self, first: &Operation<V>) -> Option<OperationId> {
        let scope = self.scopes.get(&first.scope)?;
        let mut order = scope.order.values();
        let is_first = order.next().is_some_and(|(id, _)| *id == first.id);
        let is_alone = scope.claimed.iter().all(|id| *id == first.id);
        order.next().filter(|_| is_first && is_alone).map(|(id, _)| *id)
    }

    /// All of a scope, in the order in which they run.
    pub(super) fn of(&self, scope: &str) -> impl Iterator<Item = OperationId> {
        let order = self.scopes.get(scope).into_iter().flat_map(|scope| scope.order.values());
        order.map(|(id, _)| *id)
    }

    /// Those that an attempt may be under way for.
    pub(super) fn claimed(&self) -> impl Iterator<Item = OperationId> {
        self.claimed.iter().copied()
    }

    /// Of each scope those that are unread, in order.
    pub(super) fn unread(&self) -> impl Iterator<Item = impl Iterator<Item = OperationId>> {
        self.unread.values().map(|scope| scope.values().copied())
    }

    /// Those of a scope that are unread, from this stamp on, in order.
    pub(super) fn unread_from(&self, scope: &str, stamp: Stamp) -> impl Iterator<Item = OperationId> {
        let order = self.unread.get(scope).into_iter().flat_map(Map::iter);
        order.filter(move |(known, _)| **known >= stamp).map(|(_, id)| *id)
    }

    /// The store is gone: nothing is claimed under its epochs, and nothing is known of another one.
    pub(super) fn forget_store(&mut self) {
        self.claimed.clear();
        (self.turns, self.unread) = (Map::new(), Map::new());
        for (name, scope) in self.scopes.iter_mut() {
            scope.claimed.clear();
            if let Some((turn, id)) = scope.turn() {
                self.turns.insert(turn, id);
            }
            let mut unread = Map::new();
            for (stamp, (id, _)) in scope.order.iter() {
                unread.insert(*stamp, *id);
            }
            self.unread.insert(name.clone(), unread);
        }
    }
}
