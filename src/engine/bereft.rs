//! Sensitive operations whose page is gone for good: nobody knows any more what is to be done, so they become dead
//! letters.
//!
//! Whether a page is gone is judged by a look at who is there, and only of pages that had such an operation in the store
//! when the look began: a page has its locks, and makes itself known, before it has an operation there. Where there are
//! no locks, a page that is asked and does not answer is gone. Whoever is heard of again is not.

use super::Engine;
use super::flat::{Map, Set};
use super::ids::TabId;
use super::operation::Operation;
use super::outcome::FailureCode;
use super::plant::Plant;
use super::time::Now;

/// What is known of a page that accepted sensitive operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Whereabouts {
    /// It is being looked for.
    Sought,
    /// It existed at the last look, and was not heard of since.
    There,
    /// It exists no more.
    Gone,
}

/// The pages of sensitive operations, but for those that were heard of since the last look.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Origins(Map<TabId, Whereabouts>);

impl Origins {
    /// It is being looked for these. Of others only those are remembered that are gone.
    fn seek(&mut self, origins: &Set<TabId>) {
        self.0.retain(|tab, whereabouts| *whereabouts == Whereabouts::Gone || origins.contains(tab));
        for tab in origins.iter() {
            if !self.is_gone(*tab) {
                self.0.insert(*tab, Whereabouts::Sought);
            }
        }
    }

    /// The look is over: of those that were sought, these exist.
    fn judge(&mut self, exists: impl Fn(TabId) -> bool) {
        for (tab, whereabouts) in &mut self.0 {
            if *whereabouts == Whereabouts::Sought {
                *whereabouts = if exists(*tab) { Whereabouts::There } else { Whereabouts::Gone };
            }
        }
    }

    /// The page said something.
    pub(super) fn hear(&mut self, tab: TabId) {
        self.0.remove(&tab);
    }

    /// Nothing is known of anybody.
    pub(super) fn forget_all(&mut self) {
        self.0.clear();
    }

    fn is_gone(&self, tab: TabId) -> bool {
        self.0.get(&tab) == Some(&Whereabouts::Gone)
    }
}

impl<V: Clone> Engine<V> {
    /// The other pages that have sensitive operations in the outbox.
    fn other_origins(&self) -> Set<TabId> {
        let sensitive = self.outbox.tally.sensitive().filter_map(|id| self.outbox.get(id));
        sensitive.map(|operation| operation.origin).filter(|origin| *origin != self.tab).collect()
    }

    pub(super) fn is_origin(&self, tab: TabId) -> bool {
        self.other_origins().contains(&tab)
    }

    /// A look at who is there begins.
    pub(super) fn seek_origins(&mut self) {
        let origins = self.other_origins();
        self.peers.origins.seek(&origins);
    }

    /// A look has found which pages exist.
    pub(super) fn judge_origins(&mut self, exists: impl Fn(TabId) -> bool) {
        self.peers.origins.judge(exists);
    }

    /// The page said that it is leaving for good.
    pub(super) fn lose_origin(&mut self, tab: TabId) {
        if self.is_origin(tab) {
            self.peers.origins.0.insert(tab, Whereabouts::Gone);
        }
    }

    /// The leader looks for the pages of sensitive operations of which it knows nothing, once.
    pub(super) fn look_for_origins(&mut self, now: Now) {
        let is_lost = |tab: &TabId| !self.peers.knows(*tab) && !self.peers.origins.0.contains_key(tab);
        if !self.peers.is_looking() && self.other_origins().iter().any(is_lost) {
            self.look_around(now);
        }
    }

    /// Operations that nobody can make an attempt of any more.
    pub(super) fn bereft(&self, now: Now, before: &[Operation<V>]) -> Vec<Operation<V>> {
        let can_end = |one: &&Operation<V>| one.state.epoch().is_none() && self.outbox.is_settled(one.id);
        let untouched = |one: &&Operation<V>| !before.iter().any(|other| other.id == one.id);
        let sensitive = self.outbox.tally.sensitive().filter_map(|id| self.outbox.get(id));
        let gone = sensitive.filter(|one| self.peers.origins.is_gone(one.origin));
        let mut bereft: Vec<_> = gone.filter(can_end).filter(untouched).cloned().collect();
        for operation in &mut bereft {
            let in_doubt = operation.is_in_doubt;
            operation
                .die(now.wall_ms, if in_doubt { FailureCode::OutcomeUnknown } else { FailureCode::PageGone });
        }
        bereft
    }

    /// Whether this tab can make attempts of the operation: what is sensitive only the page that accepted it knows.
    pub(super) fn can_run(&self, operation: &Operation<V>) -> bool {
        self.handlers.contains(&operation.name) && !self.is_kept_by_another(operation)
    }

    /// The tab that makes the next attempt of the operation, if one can.
    pub(super) fn runner_of(&self, operation: &Operation<V>) -> Option<TabId> {
        if self.can_run(operation) {
            Some(self.tab)
        } else if self.is_kept_by_another(operation) {
            self.peers.can_run(operation.origin, &operation.name).then_some(operation.origin)
        } else {
            self.peers.runner(&operation.name)
        }
    }

    fn is_kept_by_another(&self, operation: &Operation<V>) -> bool {
        operation.terms.sensitive && operation.origin != self.tab && !self.has_planted(Plant::SecretsLent)
    }
}
