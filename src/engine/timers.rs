//! Everything the engine waits for by time: one enum, one table.

use super::flat::Map;

use super::time::Now;

/// A reason to be woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Timer {
    /// The first back-off ends.
    Retry,
    /// Results of queries are due to be written down.
    KeepQueries,
    /// News is missing between others that arrived.
    Gap,
    /// A tab said that it was writing, and nothing came of it.
    News,
    /// A write failed and is due to be tried again.
    Rewrite,
    /// A batch has not been acknowledged for too long.
    Stall,
    /// Operations without a key are shown no longer.
    Confirm,
    /// A tab that works for the leader, or left, is to be looked after.
    Presence,
    /// Tabs that arrived after others are to be answered.
    Greetings,
    /// Everybody was asked to say that they are there.
    Answers,
    /// There is work for the leader, and it has not been heard of for a while.
    Leader,
    /// Ephemeral entries that changed since the last message are due to be told.
    Frame,
    /// A person sees the list of tabs: it is due to be looked at again.
    Roster,
}

/// The table: when each timer is due, in steady milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Timers {
    due: Map<Timer, u64>,
}

impl Timers {
    /// Sets the timer, unless it is due earlier already.
    pub(super) fn set(&mut self, timer: Timer, now: Now, after_ms: u64) {
        let due = now.steady_ms.saturating_add(after_ms);
        let known = self.due.entry(timer).or_insert(due);
        *known = due.min(*known);
    }

    pub(super) fn stop(&mut self, timer: Timer) {
        self.due.remove(&timer);
    }

    pub(super) fn is_set(&self, timer: Timer) -> bool {
        self.due.contains_key(&timer)
    }

    pub(super) fn clear(&mut self) {
        self.due.clear();
    }

    /// When the first timer is due.
    pub(super) fn next(&self) -> Option<u64> {
        self.due.values().copied().min()
    }

    /// Takes out one timer that is due.
    pub(super) fn expire(&mut self, now: Now) -> Option<Timer> {
        let timer = *self.due.iter().find(|(_, due)| **due <= now.steady_ms)?.0;
        self.due.remove(&timer);
        Some(timer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(steady_ms: u64) -> Now {
        Now { wall_ms: 0, steady_ms }
    }

    #[test]
    fn the_earlier_of_two_settings_counts() {
        let mut timers = Timers::default();
        timers.set(Timer::Retry, at(0), 100);
        timers.set(Timer::Retry, at(10), 30);
        timers.set(Timer::Retry, at(10), 500);
        assert_eq!(timers.next(), Some(40));
    }

    #[test]
    fn a_timer_expires_once() {
        let mut timers = Timers::default();
        timers.set(Timer::Gap, at(0), 50);
        assert_eq!(timers.expire(at(49)), None);
        assert_eq!(timers.expire(at(50)), Some(Timer::Gap));
        assert_eq!(timers.expire(at(50)), None);
    }
}
