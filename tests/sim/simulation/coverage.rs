//! Which arrows of an operation's life, which deeds, and which troubles at which point of an operation's life a run
//! has seen.

use std::collections::BTreeMap;

use super::deed::Deed;
use super::plan::Trouble;

/// Counts over one run, or over all.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    pub arrows: BTreeMap<(&'static str, &'static str), u64>,
    pub elections: BTreeMap<(&'static str, &'static str), u64>,
    pub deeds: BTreeMap<Deed, u64>,
    pub troubles: BTreeMap<(Trouble, &'static str), u64>,
    pub commits: u64,
    pub undone: u64,
    pub sent: u64,
    pub applied: u64,
    /// Removals from topics that the store forgot.
    pub forgotten: u64,
}

impl Coverage {
    pub fn take_arrow(&mut self, from: &'static str, to: &'static str) {
        *self.arrows.entry((from, to)).or_default() += 1;
    }

    pub fn take_election(&mut self, from: &'static str, to: &'static str) {
        *self.elections.entry((from, to)).or_default() += 1;
    }

    pub fn take_deed(&mut self, deed: Deed) {
        *self.deeds.entry(deed).or_default() += 1;
    }

    pub fn take_trouble(&mut self, trouble: Trouble, state: &'static str) {
        *self.troubles.entry((trouble, state)).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        add(&mut self.arrows, &other.arrows);
        add(&mut self.elections, &other.elections);
        add(&mut self.deeds, &other.deeds);
        add(&mut self.troubles, &other.troubles);
        self.commits += other.commits;
        self.undone += other.undone;
        self.sent += other.sent;
        self.applied += other.applied;
        self.forgotten += other.forgotten;
    }
}

fn add<K: Ord + Clone>(to: &mut BTreeMap<K, u64>, other: &BTreeMap<K, u64>) {
    for (key, count) in other {
        *to.entry(key.clone()).or_default() += count;
    }
}
