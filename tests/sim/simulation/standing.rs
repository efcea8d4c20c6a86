//! What must hold of the election at every step.

use super::checkers::{Violation, ensure};
use super::tables::{ELECTION, is_arrow};
use super::world::World;

impl World {
    /// A tab's part in the election follows the arrows that are drawn for it.
    pub fn check_standing(&mut self, number: usize) -> Result<(), Violation> {
        let tab = &mut self.tabs[number];
        let standing = tab.engine.standing();
        let before = std::mem::replace(&mut tab.memory.standing, standing);
        if before == standing {
            return Ok(());
        }
        self.coverage.take_election(before, standing);
        ensure(is_arrow(&ELECTION, before, standing), "elections follow their arrows", || {
            format!("tab {number} went from {before} to {standing}")
        })
    }

    /// Who takes the lock by force has won the last epoch.
    pub fn check_usurper(&self, number: usize) -> Result<(), Violation> {
        let is_current = self.tabs[number].connection == Some(self.store.id);
        let epoch = self.tabs[number].engine.status().leading;
        let winner = epoch.and_then(|epoch| self.store.epochs.get(&epoch)).copied();
        ensure(!is_current || winner == Some(number), "the epoch is won before the lock is taken", || {
            format!("tab {number} takes the lock under {epoch:?}, won by {winner:?}")
        })
    }

    pub fn check_leaders(&self, number: usize) -> Result<(), Violation> {
        let Some(epoch) = self.tabs[number].engine.status().leading else {
            return Ok(());
        };
        let same_store = |other: &&super::tab::Tab| other.connection == self.tabs[number].connection;
        let others =
            self.tabs.iter().filter(|other| other.number != number && !other.is_gone()).filter(same_store);
        let rival = others
            .filter(|other| other.engine.status().leading == Some(epoch))
            .map(|other| other.number)
            .next();
        ensure(rival.is_none(), "one leader an epoch", || {
            format!("tabs {number} and {} both lead under {epoch}", rival.unwrap_or_default())
        })
    }
}
