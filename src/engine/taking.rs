//! How the store takes over what was accepted: many operations in one batch, which is written as a whole or not at all.

use super::flat::Set;
use super::ids::OperationId;
use super::operation::Operation;

/// Operations of one batch, at most.
const OPERATIONS_MAX: usize = 100;
/// No more is added to a batch whose arguments take so many bytes.
const BYTES_ENOUGH: u64 = 1_000_000;

/// What is known of the way of operations to the store.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Taking {
    /// Operations that were accepted in the call at hand, whose end is waited for.
    gathered: Set<OperationId>,
    /// Operations of batches that failed: so that one that the store has already, or cannot take, spoils no other.
    alone: Set<OperationId>,
}

impl Taking {
    pub(super) const fn new() -> Self {
        Self { gathered: Set::new(), alone: Set::new() }
    }

    /// Whether this is the first of its call.
    pub(super) fn gather(&mut self, id: OperationId) -> bool {
        let is_first = self.gathered.is_empty();
        self.gathered.insert(id);
        is_first
    }

    /// The operations of the call that is over.
    pub(super) fn take_gathered(&mut self) -> Set<OperationId> {
        core::mem::take(&mut self.gathered)
    }

    pub(super) fn part(&mut self, id: OperationId) {
        self.alone.insert(id);
    }

    pub(super) fn forget(&mut self, id: OperationId) {
        self.alone.remove(&id);
    }
}

/// Batches that are put together.
#[derive(Debug, Default)]
pub(super) struct Together {
    full: Vec<Vec<OperationId>>,
    last: Vec<OperationId>,
    bytes: u64,
}

impl Together {
    /// Adds operations of one scope, in order, as far as they go into one batch.
    pub(super) fn add_scope<'a, V: 'a>(
        &mut self,
        operations: impl Iterator<Item = &'a Operation<V>>,
        taking: &Taking,
    ) {
        if self.is_full() {
            self.bytes = 0;
            self.full.push(core::mem::take(&mut self.last));
        }
        for (at, operation) in operations.enumerate() {
            let is_alone = taking.alone.contains(&operation.id);
            if is_alone && at == 0 {
                return self.full.push(vec![operation.id]);
            }
            if is_alone || self.is_full() {
                return;
            }
            self.last.push(operation.id);
            self.bytes += u64::from(operation.bytes);
        }
    }

    const fn is_full(&self) -> bool {
        self.last.len() >= OPERATIONS_MAX || self.bytes >= BYTES_ENOUGH
    }

    /// All of them.
    pub(super) fn batches(mut self) -> Vec<Vec<OperationId>> {
        if !self.last.is_empty() {
            self.full.push(self.last);
        }
        self.full
    }
}
