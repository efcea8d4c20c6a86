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
}
