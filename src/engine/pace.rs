//! When an ephemeral entry is told: at once, but not twice in one frame under one key, and together with what else was
//! written in the same tick.

use super::config::Config;
use super::flat::{Map, Set};
use super::time::Now;
use super::topics::Address;

/// What was written here and is to be told, and what was told lately.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Pace {
    /// Written since it was last told.
    untold: Set<Address>,
    /// When each was last told, for as long as a frame, in steady milliseconds.
    told: Map<Address, u64>,
    /// When anything was last told.
    last_ms: Option<u64>,
}

impl Pace {
    /// Takes note of an entry that was written; how long until it may be told, in milliseconds.
    pub(super) fn wrote(&mut self, now: Now, address: Address, config: &Config) -> u64 {
        let wait_ms = self.due_ms(&address, config).saturating_sub(now.steady_ms);
        self.untold.insert(address);
        wait_ms
    }

    /// Takes out what may be told now; with it, how long until the rest may be.
    pub(super) fn take_due(&mut self, now: Now, config: &Config) -> (Set<Address>, Option<u64>) {
        self.told.retain(|_, told_ms| *told_ms + config.topic_frame_ms > now.steady_ms);
        let (mut due, mut rest) = (Set::new(), Set::new());
        for address in core::mem::take(&mut self.untold) {
            let is_due = self.due_ms(&address, config) <= now.steady_ms;
            if is_due { &mut due } else { &mut rest }.insert(address);
        }
        if !due.is_empty() {
            self.told.extend(due.iter().map(|address| (address.clone(), now.steady_ms)));
            self.last_ms = Some(now.steady_ms);
        }
        let next_ms = rest.iter().map(|address| self.due_ms(address, config)).min();
        self.untold = rest;
        (due, next_ms.map(|due_ms| due_ms - now.steady_ms))
    }

    /// Whether an entry that was written there has not been told yet.
    pub(super) fn is_waiting(&self, address: &Address) -> bool {
        self.untold.contains(address)
    }

    /// All that was written has just been told.
    pub(super) fn tell_all(&mut self) {
        self.untold.clear();
    }

    /// When an entry may be told, in steady milliseconds.
    fn due_ms(&self, address: &Address, config: &Config) -> u64 {
        let tick_ms = self.last_ms.map_or(0, |last_ms| last_ms + config.topic_tick_ms);
        let frame_ms = self.told.get(address).map_or(0, |told_ms| told_ms + config.topic_frame_ms);
        tick_ms.max(frame_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(steady_ms: u64) -> Now {
        Now { wall_ms: 0, steady_ms }
    }

    fn key(name: &str) -> Address {
        ("cursor".to_owned(), name.to_owned())
    }

    fn wrote(pace: &mut Pace, now_ms: u64, name: &str) -> u64 {
        pace.wrote(at(now_ms), key(name), &Config::default())
    }

    /// What is told then, and how long the rest has to wait.
    fn told(pace: &mut Pace, now_ms: u64) -> (Vec<String>, Option<u64>) {
        let (due, rest_ms) = pace.take_due(at(now_ms), &Config::default());
        (due.into_iter().map(|(_, key)| key).collect(), rest_ms)
    }

    #[test]
    fn the_first_is_told_at_once_and_the_next_of_its_key_a_frame_later() {
        let mut pace = Pace::default();
        assert_eq!(wrote(&mut pace, 100, "a"), 0);
        assert_eq!(told(&mut pace, 100), (vec!["a".to_owned()], None));
        assert_eq!(wrote(&mut pace, 105, "a"), 11);
        assert_eq!(told(&mut pace, 105), (vec![], Some(11)));
        assert_eq!(told(&mut pace, 116), (vec!["a".to_owned()], None));
    }

    #[test]
    fn another_key_does_not_wait_for_the_frame() {
        let mut pace = Pace::default();
        wrote(&mut pace, 100, "a");
        told(&mut pace, 100);
        assert_eq!(wrote(&mut pace, 110, "b"), 0);
        assert_eq!(told(&mut pace, 110), (vec!["b".to_owned()], None));
    }

    #[test]
    fn what_is_written_in_one_tick_is_told_together() {
        let mut pace = Pace::default();
        wrote(&mut pace, 100, "a");
        told(&mut pace, 100);
        assert_eq!(wrote(&mut pace, 100, "b"), 2);
        assert_eq!(wrote(&mut pace, 101, "c"), 1);
        assert_eq!(told(&mut pace, 102), (vec!["b".to_owned(), "c".to_owned()], None));
    }
}
