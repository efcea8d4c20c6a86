//! What of the outbox is not finished: how many operations, how much they take, and which of them are sensitive.

use super::flat::Set;
use super::ids::OperationId;
use super::operation::Operation;

/// The sums over all unfinished operations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Tally {
    operations: usize,
    bytes: u64,
    sensitive: Set<OperationId>,
}

impl Tally {
    pub(super) const fn new() -> Self {
        Self { operations: 0, bytes: 0, sensitive: Set::new() }
    }

    pub(super) fn add<V>(&mut self, operation: &Operation<V>) {
        if operation.is_finished() {
            return;
        }
        self.operations += 1;
        self.bytes += u64::from(operation.bytes);
        if operation.terms.sensitive {
            self.sensitive.insert(operation.id);
        }
    }

    /// Takes out what [`add`](Self::add) put in for the operation as it was then.
    pub(super) fn remove<V>(&mut self, operation: &Operation<V>) {
        if operation.is_finished() {
            return;
        }
        self.operations -= 1;
        self.bytes -= u64::from(operation.bytes);
        self.sensitive.remove(&operation.id);
    }

    /// How many there are.
    pub(super) const fn operations(&self) -> usize {
        self.operations
    }

    /// How many bytes all of them take, as the platform estimates it.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Those that only the page can make attempts of that accepted them.
    pub(super) fn sensitive(&self) -> impl Iterator<Item = OperationId> {
        self.sensitive.iter().copied()
    }
}
