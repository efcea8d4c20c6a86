//! Which arrows of an operation's life, and which deeds, a run has taken.

use std::collections::BTreeMap;

use super::faults::Deed;

/// Counts over one run, or over all.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    pub arrows: BTreeMap<(&'static str, &'static str), u64>,
    pub deeds: BTreeMap<Deed, u64>,
    pub commits: u64,
    pub undone: u64,
    pub sent: u64,
    pub applied: u64,
}

impl Coverage {
    pub fn take_arrow(&mut self, from: &'static str, to: &'static str) {
        *self.arrows.entry((from, to)).or_default() += 1;
    }

    pub fn take_deed(&mut self, deed: Deed) {
        *self.deeds.entry(deed).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        for (arrow, count) in &other.arrows {
            *self.arrows.entry(*arrow).or_default() += count;
        }
        for (deed, count) in &other.deeds {
            *self.deeds.entry(*deed).or_default() += count;
        }
        self.commits += other.commits;
        self.undone += other.undone;
        self.sent += other.sent;
        self.applied += other.applied;
    }
}
