//! The unfinished operations by scope, in the order in which they run.

use super::clock::Stamp;
use super::flat::{Map, Set};
use super::ids::OperationId;
use super::operation::Operation;

/// The unfinished operations of one scope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Scope {
    /// All of them, in the order in which they run.
    order: Map<Stamp, OperationId>,
    /// Those that an attempt may be under way for. An operation of a tab whose clock is behind may come to stand
    /// before them, and has to wait all the same.
    claimed: Set<OperationId>,
}

/// All scopes that hold something, by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Scopes {
    scopes: Map<String, Scope>,
    /// Of each scope those that the store may not hold, or hold in a state that nobody here has read.
    unread: Map<String, Map<Stamp, OperationId>>,
}

impl Scopes {
    pub(super) const fn new() -> Self {
        Self { scopes: Map::new(), unread: Map::new() }
    }

    /// Adds an operation that is not finished. `is_read`: the store is known to hold it like this.
    pub(super) fn add<V>(&mut self, operation: &Operation<V>, is_read: bool) {
        let scope = self.scopes.entry(operation.scope.clone()).or_default();
        scope.order.insert(operation.stamp, operation.id);
        if operation.state.epoch().is_some() {
            scope.claimed.insert(operation.id);
        }
        if !is_read {
            let scope = self.unread.entry(operation.scope.clone()).or_default();
            scope.insert(operation.stamp, operation.id);
        }
    }

    /// Takes an operation out, if it is there.
    pub(super) fn remove<V>(&mut self, operation: &Operation<V>) {
        if let Some(scope) = self.scopes.get_mut(&operation.scope) {
            scope.order.remove(&operation.stamp);
            scope.claimed.remove(&operation.id);
            if scope.order.is_empty() {
                self.scopes.remove(&operation.scope);
            }
        }
        self.set_read(operation);
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

    /// The first operation of each scope that passes and in which nothing is under way.
    pub(super) fn idle_heads(&self, passes: impl Fn(&str) -> bool) -> impl Iterator<Item = OperationId> {
        let idle = self.scopes.iter().filter(move |(name, scope)| scope.claimed.is_empty() && passes(name));
        idle.filter_map(|(_, scope)| scope.order.values().next().copied())
    }

    /// The one behind this first one of its scope, unless an attempt may be under way for yet another.
    pub(super) fn next_after<V>(&self, first: &Operation<V>) -> Option<OperationId> {
        let scope = self.scopes.get(&first.scope)?;
        let mut order = scope.order.values();
        let is_first = order.next() == Some(&first.id);
        let is_alone = scope.claimed.iter().all(|id| *id == first.id);
        order.next().filter(|_| is_first && is_alone).copied()
    }

    /// Those that an attempt may be under way for.
    pub(super) fn claimed(&self) -> impl Iterator<Item = OperationId> {
        self.scopes.values().flat_map(|scope| scope.claimed.iter().copied())
    }

    /// Of each scope the first that is unread.
    pub(super) fn first_unread(&self) -> impl Iterator<Item = OperationId> {
        self.unread.values().filter_map(|scope| scope.values().next().copied())
    }

    pub(super) fn first_unread_of(&self, scope: &str) -> Option<OperationId> {
        self.unread.get(scope)?.values().next().copied()
    }

    /// Those of a scope that are unread, from this stamp on, in order.
    pub(super) fn unread_from(&self, scope: &str, stamp: Stamp) -> impl Iterator<Item = OperationId> {
        let order = self.unread.get(scope).into_iter().flat_map(Map::iter);
        order.filter(move |(known, _)| **known >= stamp).map(|(_, id)| *id)
    }

    /// The store is gone: nothing is claimed under its epochs, and nothing is known of another one.
    pub(super) fn forget_store(&mut self) {
        for (_, scope) in self.scopes.iter_mut() {
            scope.claimed.clear();
        }
        self.unread = Map::new();
        for (name, scope) in self.scopes.iter() {
            self.unread.insert(name.clone(), scope.order.clone());
        }
    }
}
