//! Newer builds of the app beside ours, over one store.

use tabweave::engine::{
    Envelope, Incarnation, Message, OperationState, PROTOCOL_VERSION, ParkReason, Stamp, TabId,
};

use super::deed::Deed;
use super::world::{WALL_START_MS, World};

/// Stands for a tab of a newer build among the winners of epochs.
const NEWER_TAB: usize = usize::MAX;

impl World {
    /// A tab of a newer build wins the next epoch, writes some operations in a form that ours cannot read, removes some
    /// that have ended, and is gone before it could say so.
    pub fn let_newer_build_lead(&mut self) {
        self.trouble_all(Deed::NewerBuild);
        let store = &mut self.store;
        let epoch = store.last_epoch().next();
        store.epochs.insert(epoch, NEWER_TAB);
        store.revision = store.revision.next();
        let ids: Vec<_> = store.operations.keys().copied().collect();
        for id in ids {
            if !self.chance.strikes(300) {
                continue;
            }
            let operation = store.operations.get_mut(&id).expect("it was listed just now");
            match operation.state {
                OperationState::Claimed { .. } if operation.repeatable => {
                    operation.is_in_doubt = true;
                    operation.state = OperationState::Queued;
                }
                OperationState::Claimed { .. } => {
                    operation.is_in_doubt = true;
                    operation.state = OperationState::Parked {
                        why: ParkReason::OutcomeUnknown,
                        failure: None,
                        current: None,
                    };
                }
                OperationState::Done { .. } | OperationState::Cancelled { .. }
                    if self.chance.strikes(500) =>
                {
                    store.operations.remove(&id);
                    store.removed.insert(id);
                    store.unreadable.remove(&id);
                    // At once, where ours waits until no journal can bring it back.
                    self.accounts.of(id).was_hidden = true;
                    continue;
                }
                _ => {}
            }
            store.unreadable.insert(id);
            self.accounts.of(id).was_hidden = true;
        }
        let count = store.unreadable.len();
        self.trace.note(self.now, || format!("a newer build leads: {count} records are of its kind"));
    }

    /// What the newer build wrote can be read from now on, and a tab of it says that there is news. False if it wrote
    /// nothing.
    pub fn bring_all_builds_up_to_date(&mut self) -> bool {
        if std::mem::take(&mut self.store.unreadable).is_empty() {
            return false;
        }
        self.store.revision = self.store.revision.next();
        let from = TabId::from_bytes([0xee; 16]);
        self.say_to_all(Envelope {
            protocol: PROTOCOL_VERSION,
            store: self.store.id,
            from,
            incarnation: Incarnation(0),
            stamp: Stamp { wall_ms: WALL_START_MS + self.now, counter: 0, tab: from },
            message: Message::Bell { revision: self.store.revision },
        });
        true
    }
}
