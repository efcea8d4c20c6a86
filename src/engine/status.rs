//! Readings: what the engine can be asked at any time, without changing it.

use super::ids::{Epoch, Incarnation, OperationId, TabId};
use super::operation::Operation;
use super::peers::Peer;
use super::replica::{QueryToken, View};
use super::{Engine, Life};

/// This tab among the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status<'a> {
    /// This tab.
    pub tab: TabId,
    /// Its incarnation.
    pub incarnation: Incarnation,
    /// The epoch under which it leads; none: it does not.
    pub leading: Option<Epoch>,
    /// The tab that leads, as far as this one has heard.
    pub leader: Option<TabId>,
    /// Whether the server can be reached.
    pub connected: bool,
    /// Whether the store was read.
    pub started: bool,
    /// The other tabs that have made themselves known.
    pub peers: Vec<(TabId, &'a Peer)>,
}

impl<V: Clone> Engine<V> {
    /// What a query shows; none as long as neither the server nor the store told its result.
    pub fn view(&self, query: &QueryToken) -> Option<View<'_, V>> {
        self.replica.view(query)
    }

    /// All operations that are known, in order.
    pub fn operations(&self) -> impl Iterator<Item = &Operation<V>> {
        self.outbox.iter()
    }

    /// One operation.
    pub fn operation(&self, id: OperationId) -> Option<&Operation<V>> {
        self.outbox.get(id)
    }

    /// Operations that this tab shows and no base of it contains yet, in order.
    pub fn pending(&self) -> impl Iterator<Item = &Operation<V>> {
        self.replica.pending()
    }

    /// Whether the store has acknowledged the operation.
    pub fn is_stored(&self, id: OperationId) -> bool {
        self.outbox.is_stored(id)
    }

    /// This tab among the others.
    pub fn status(&self) -> Status<'_> {
        let leading = self.election.epoch();
        Status {
            tab: self.tab,
            incarnation: self.incarnation,
            leading,
            leader: leading.map_or_else(|| self.peers.leader(), |_| Some(self.tab)),
            connected: self.connected,
            started: self.store.is_some(),
            peers: self.peers.iter().collect(),
        }
    }

    pub(super) fn is_running(&self) -> bool {
        self.life == Life::Running
    }
}
