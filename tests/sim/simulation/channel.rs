//! The order of what one page hears from another: later is never sooner.

use std::collections::BTreeMap;

/// When the last thing from one tab reaches another.
#[derive(Clone, Debug, Default)]
pub struct Channel {
    last: BTreeMap<(usize, usize), u64>,
}

impl Channel {
    /// How long something takes that would take this long alone.
    pub fn in_order(&mut self, from: usize, to: usize, now: u64, takes_ms: u64) -> u64 {
        let arrives = self.last.entry((from, to)).or_default();
        *arrives = (*arrives).max(now + takes_ms);
        *arrives - now
    }

    /// Whether something that arrives then comes before something that was sent earlier. Takes note of it.
    pub fn overtakes(&mut self, from: usize, to: usize, arrives_at: u64) -> bool {
        let last = self.last.entry((from, to)).or_default();
        let overtakes = arrives_at < *last;
        *last = (*last).max(arrives_at);
        overtakes
    }
}
