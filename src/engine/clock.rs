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
    /// How far the device's clock is behind the server's, as far as that is known.
    offset_ms: Option<i64>,
    /// How far the last stamp was ahead of the device's clock when it was given.
    ahead_ms: u64,
}

impl Clock {
    /// A clock of `tab` that has seen nothing yet.
    pub const fn new(tab: TabId) -> Self {
        Self { last: Stamp { wall_ms: 0, counter: 0, tab }, offset_ms: None, ahead_ms: 0 }
    }

    /// The stamp of something that happens now in this tab.
    pub fn tick(&mut self, now: Now) -> Stamp {
        let wall_ms = now.wall_ms.saturating_add_signed(self.offset_ms.unwrap_or(0));
        if wall_ms > self.last.wall_ms {
            (self.last.wall_ms, self.last.counter) = (wall_ms, 0);
        } else {
            self.advance();
        }
        self.ahead_ms = self.last.wall_ms - wall_ms.min(self.last.wall_ms);
        self.last
    }

    /// From now on stamps count the server's time, which the device's clock is behind by so much.
    pub const fn adjust(&mut self, offset_ms: i64) {
        self.offset_ms = Some(offset_ms);
    }

    /// What it was adjusted by.
    pub const fn offset_ms(&self) -> Option<i64> {
        self.offset_ms
    }

    /// How far the last stamp given here was ahead of the clock by which it was given, in milliseconds: another
    /// tab's clock, or this one's before it was set back, is that much faster.
    pub const fn ahead_ms(&self) -> u64 {
        self.ahead_ms
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
    fn a_slow_device_that_knows_the_servers_time_is_no_longer_behind() {
        let mut clock = Clock::new(TAB);
        clock.adjust(3_600_000);
        assert_eq!(clock.tick(at(5_000)).wall_ms, 3_605_000);
    }

    #[test]
    fn how_far_it_runs_ahead_is_told() {
        let mut clock = Clock::new(TAB);
        clock.observe(Stamp { wall_ms: 9_000, counter: 0, tab: TAB });
        clock.tick(at(5_000));
        assert_eq!(clock.ahead_ms(), 4_000);
        clock.tick(at(9_500));
        assert_eq!(clock.ahead_ms(), 0);
    }

    #[test]
    fn a_full_counter_moves_into_the_next_millisecond() {
        let mut clock = Clock::new(TAB);
        clock.observe(Stamp { wall_ms: 10, counter: u32::MAX, tab: TAB });
        let stamp = clock.tick(at(10));
        assert_eq!((stamp.wall_ms, stamp.counter), (11, 0));
    }
}
