//! The two kinds of time the engine is told of; it never reads a clock itself.

/// The last moment that a `Date` knows, in milliseconds since 1970: no later one is read again.
pub(super) const MOMENT_MS_MAX: u64 = 8_640_000_000_000_000;

/// The time of one call, read by the platform from both of its clocks at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Now {
    /// Milliseconds since 1970 by the device's clock. It may be wrong, and it may jump.
    pub wall_ms: u64,
    /// Milliseconds since the page's load by a clock that never goes back. It may stand still while the device
    /// sleeps.
    pub steady_ms: u64,
}

impl Now {
    /// Milliseconds since `earlier`, by whichever clock saw more of them.
    ///
    /// A lease must not look fresh because one clock stood still (the steady one in sleep) or was set back (the
    /// wall clock), so the longer answer counts.
    pub fn since_ms(self, earlier: Self) -> u64 {
        let wall = self.wall_ms.saturating_sub(earlier.wall_ms);
        let steady = self.steady_ms.saturating_sub(earlier.steady_ms);
        wall.max(steady)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_that_saw_more_time_counts() {
        let start = Now { wall_ms: 10_000, steady_ms: 500 };
        assert_eq!(Now { wall_ms: 14_000, steady_ms: 600 }.since_ms(start), 4_000);
        assert_eq!(Now { wall_ms: 1_000, steady_ms: 900 }.since_ms(start), 400);
        assert_eq!(Now { wall_ms: 1_000, steady_ms: 500 }.since_ms(start), 0);
    }
}
