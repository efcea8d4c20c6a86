//! The hybrid logical clock: wall time where it can be trusted, a counter where it cannot.
//!
//! Source: Kulkarni, Demirbas, Madappa, Avva and Leone, "Logical Physical Clocks and Consistent Snapshots in
//! Globally Distributed Databases" (2014), with the tab as the last tie-break.

use super::ids::TabId;
use super::time::Now;

/// A moment in the order of causes: what had seen another stamp is always later than it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// Milliseconds since 1970, of the fastest clock seen so far.
    pub wall_ms: u64,
    /// Orders what happened in the same millisecond, or while a clock stood behind.
    pub counter: u32,
    /// Orders what happened at once in two tabs.
    pub tab: TabId,
}

/// A tab's clock.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Clock {
    last: Stamp,
}

impl Clock {
    /// A clock of `tab` that has seen nothing yet.
    pub const fn new(tab: TabId) -> Self {
        Self { last: Stamp { wall_ms: 0, counter: 0, tab } }
    }

    /// The stamp of something that happens now in this tab.
    pub fn tick(&mut self, now: Now) -> Stamp {
        if now.wall_ms > self.last.wall_ms {
            (self.last.wall_ms, self.last.counter) = (now.wall_ms, 0);
        } else {
            self.advance();
        }
        self.last
    }

    /// The latest stamp given or seen.
    pub const fn last(&self) -> Stamp {
        self.last
    }

    /// Takes note of a stamp from elsewhere: the next [`tick`](Self::tick) is later than it.
    pub fn observe(&mut self, seen: Stamp) {
        if (seen.wall_ms, seen.counter) > (self.last.wall_ms, self.last.counter) {
            (self.last.wall_ms, self.last.counter) = (seen.wall_ms, seen.counter);
        }
    }

    fn advance(&mut self) {
        match self.last.counter.checked_add(1) {
            Some(counter) => self.last.counter = counter,
            None => (self.last.wall_ms, self.last.counter) = (self.last.wall_ms + 1, 0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAB: TabId = TabId::from_bytes([7; 16]);

    fn at(wall_ms: u64) -> Now {
        Now { wall_ms, steady_ms: 0 }
    }

    #[test]
    fn a_clock_set_back_still_goes_forward() {
        let mut clock = Clock::new(TAB);
        let before = clock.tick(at(5_000));
        let after = clock.tick(at(1_000));
        assert!(after > before);
        assert_eq!((after.wall_ms, after.counter), (5_000, 1));
    }

    #[test]
    fn an_effect_is_later_than_its_cause_in_another_tab_with_a_fast_clock() {
        let mut fast = Clock::new(TabId::from_bytes([9; 16]));
        let cause = fast.tick(at(3_600_000));
        let mut clock = Clock::new(TAB);
        clock.observe(cause);
        assert!(clock.tick(at(10)) > cause);
    }

    #[test]
    fn a_full_counter_moves_into_the_next_millisecond() {
        let mut clock = Clock::new(TAB);
        clock.observe(Stamp { wall_ms: 10, counter: u32::MAX, tab: TAB });
        let stamp = clock.tick(at(10));
        assert_eq!((stamp.wall_ms, stamp.counter), (11, 0));
    }
}
