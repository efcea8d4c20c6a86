//! Letting a world run by itself.

use super::checkers::{Violation, ensure};
use super::world::{Turn, World};

/// Turns in which a world must come to rest.
const TURNS_MAX: u64 = 20_000;

impl World {
    pub fn living(&self) -> Vec<usize> {
        self.tabs.iter().filter(|tab| !tab.is_gone()).map(|tab| tab.number).collect()
    }

    /// Lets everything happen that happens by itself.
    pub fn rest(&mut self) -> Result<(), Violation> {
        for _ in 0..TURNS_MAX {
            if self.turn()? == Turn::Idle {
                return Ok(());
            }
        }
        ensure(false, "the world comes to rest", || format!("not within {TURNS_MAX} turns"))
    }

    /// Lets everything happen that happens by itself until this time, or until enough has happened.
    pub fn run_until(&mut self, at: u64, is_enough: impl Fn(&Self) -> bool) -> Result<(), Violation> {
        for _ in 0..TURNS_MAX {
            let next = self.next_turn_at().filter(|next| *next <= at);
            if is_enough(self) {
                return Ok(());
            }
            if next.is_none() {
                self.now = self.now.max(at);
                return Ok(());
            }
            self.turn()?;
        }
        ensure(false, "the world comes to rest", || format!("{TURNS_MAX} turns did not take it to {at} ms"))
    }
}
