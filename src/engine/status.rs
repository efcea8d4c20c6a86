//! Readings: what the engine can be asked at any time, without changing it.

use super::Engine;
use super::ids::{Epoch, Incarnation, OperationId, TabId};
use super::operation::Operation;
use super::peers::Peer;
use super::replica::{QueryToken, View};
use super::time::Now;

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
    /// Whether a tab, or a record in the store, of a newer version of the app was seen.
    pub update_available: bool,
    /// How far the last stamp of this tab was ahead of its clock, in milliseconds.
    pub skew_ms: u64,
    /// How far this device's clock is behind the server's, in milliseconds; none: the server's time is not known.
    pub server_offset_ms: Option<i64>,
    /// The other tabs that have made themselves known.
    pub peers: Vec<(TabId, &'a Peer)>,
}

impl<V: Clone> Engine<V> {
    /// The server told its time. Stamps count by it from now on, unless it is further away than a clock may be wrong.
    pub(super) fn take_server_time(&mut self, now: Now, server_ms: u64) {
        let offset_ms = server_ms as i64 - now.wall_ms as i64;
        if offset_ms.unsigned_abs() <= self.config.clock_skew_ms_max {
            self.clock.adjust(offset_ms);
        }
    }

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

    /// Where this tab stands in the election of the leader, for people who look for the cause of something.
    pub const fn standing(&self) -> &'static str {
        self.election.name()
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
            update_available: self.peers.is_outdated,
            skew_ms: self.clock.ahead_ms(),
            server_offset_ms: self.clock.offset_ms(),
            peers: self.peers.iter().collect(),
        }
    }
}
