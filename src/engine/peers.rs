//! The other tabs, as far as they have made themselves known.

use super::flat::{Map, Set};

use super::ids::{Epoch, Incarnation, TabId};

/// Another tab.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Peer {
    /// Its incarnation.
    pub incarnation: Incarnation,
    /// Names of the operations that it can run.
    pub handlers: Set<String>,
    /// Whether a person can see its page.
    pub visible: bool,
}

/// All known peers, and which tab leads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Peers {
    known: Map<TabId, Peer>,
    leader: Option<(Epoch, TabId)>,
}

impl Peers {
    /// A peer made itself known. True if something about it is new.
    pub(super) fn meet(&mut self, tab: TabId, peer: Peer) -> bool {
        self.known.insert(tab, peer.clone()) != Some(peer)
    }

    /// A peer left. True if it was known.
    pub(super) fn part(&mut self, tab: TabId) -> bool {
        if self.leader.is_some_and(|(_, leader)| leader == tab) {
            self.leader = None;
        }
        self.known.remove(&tab).is_some()
    }

    /// Only these tabs live. True if a known one does not.
    pub(super) fn keep(&mut self, living: &Set<TabId>) -> bool {
        let dead: Vec<_> = self.known.keys().filter(|tab| !living.contains(tab)).copied().collect();
        for tab in &dead {
            self.part(*tab);
        }
        !dead.is_empty()
    }

    pub(super) fn forget_all(&mut self) {
        *self = Self::default();
    }

    /// A tab says that it leads. A later epoch is believed, an older one is not.
    pub(super) fn follow(&mut self, epoch: Epoch, leader: TabId) -> bool {
        if self.leader.is_some_and(|(known, _)| known > epoch) {
            return false;
        }
        self.leader.replace((epoch, leader)) != Some((epoch, leader))
    }

    pub(super) fn leader(&self) -> Option<TabId> {
        self.leader.map(|(_, tab)| tab)
    }

    pub(super) fn contains(&self, tab: TabId) -> bool {
        self.known.contains_key(&tab)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (TabId, &Peer)> {
        self.known.iter().map(|(tab, peer)| (*tab, peer))
    }

    /// A peer that can run the operation; rather one that a person looks at, for it is not throttled.
    pub(super) fn runner(&self, name: &str) -> Option<TabId> {
        let mut able = self.known.iter().filter(|(_, peer)| peer.handlers.contains(name));
        let first = able.clone().next();
        able.find(|(_, peer)| peer.visible).or(first).map(|(tab, _)| *tab)
    }
}
