//! How long the record of an operation is kept that was done or withdrawn: for a while, and until no journal holds it any
//! more that another tab might take over. Without its record it would begin anew.

use super::Engine;
use super::flat::Set;
use super::ids::OperationId;
use super::plant::Plant;
use super::time::Now;

/// Records that have been kept long enough, by whether a journal may hold their operations.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Keeping {
    /// Those that are looked for in the journals of tabs that do not take part.
    sought: Set<OperationId>,
    /// Those that no journal holds.
    released: Set<OperationId>,
    /// When they were last looked for, in steady milliseconds.
    looked_ms: Option<u64>,
}

impl Keeping {
    pub(super) const fn new() -> Self {
        Self { sought: Set::new(), released: Set::new(), looked_ms: None }
    }

    /// A journal holds these.
    pub(super) fn hold(&mut self, ids: impl Iterator<Item = OperationId>) {
        for id in ids {
            self.sought.remove(&id);
            self.released.remove(&id);
        }
    }

    /// The journals were looked through. What was not found is in none.
    pub(super) fn end_look(&mut self) {
        self.released.extend(core::mem::take(&mut self.sought));
    }

    /// The look came to nothing, or it cannot be told any more which one it was.
    pub(super) fn give_up_look(&mut self) {
        self.sought.clear();
    }

    pub(super) fn forget(&mut self, id: OperationId) {
        self.sought.remove(&id);
        self.released.remove(&id);
    }
}

impl<V: Clone> Engine<V> {
    /// Operations whose records may go.
    pub(super) fn outdated(&self, now: Now) -> Vec<OperationId> {
        let is_released = |id: &OperationId| {
            self.outbox.keeping.released.contains(id) || self.has_planted(Plant::RecordsForgotten)
        };
        self.kept_long(now).filter(is_released).collect()
    }

    /// Has the journals looked through for operations whose records could go otherwise, every now and then.
    pub(super) fn look_through_journals(&mut self, now: Now) {
        let looked_ms = self.outbox.keeping.looked_ms;
        let pause_ms = self.config.journals_check_ms;
        let is_due = looked_ms.is_none_or(|looked_ms| now.steady_ms.saturating_sub(looked_ms) >= pause_ms);
        if !is_due || self.peers.is_looking() {
            return;
        }
        let sought: Vec<_> =
            self.kept_long(now).filter(|id| !self.outbox.keeping.released.contains(id)).collect();
        if !sought.is_empty() {
            self.outbox.keeping.looked_ms = Some(now.steady_ms);
            self.find_orphans(now);
            self.outbox.keeping.sought = sought.into_iter().collect();
        }
    }

    fn kept_long(&self, now: Now) -> impl Iterator<Item = OperationId> {
        let last_ms = now.wall_ms.checked_sub(self.config.finished_keep_ms);
        let ended = last_ms.into_iter().flat_map(|last_ms| self.outbox.deadlines.ended_by(last_ms));
        ended.filter(|id| self.outbox.is_settled(*id))
    }
}
