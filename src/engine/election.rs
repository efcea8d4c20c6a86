//! This tab's part in the election of the leader, who alone drains the outbox.
//!
//! ```text
//!           start, resume            granted                 store read                  won
//!  Resting ───────────────► Queuing ─────────► Holding ───────────────────► Claiming ─────────► Leading
//!     ▲                     │ ▲  ▲ ▲              ▲    ◄── taken by another ───┘                 │  ▲
//!     │     work for the    │ │  │ │              │ granted                                      │  │
//!     │   leader, and no ─► │ │  │ └── lock lost, fence lost ────────────────────────────────────┤  │
//!     │     sign of it      ▼ │  │                │                                              │  │
//!     │                 Doubting ─┼───────────────┘                                              │  │
//!     │     no answer       │  it answers                                                        │  │
//!     │     either time     ▼    │                                                               │  │
//!     │                  Usurping┴── taken by another        won: the lock is stolen ────────────┼──┘
//!     └── suspend, close (from anywhere) ────────────────────────────────────────────────────────┘
//! ```
//!
//! The Web Lock only makes a second leader unlikely; the epoch makes it harmless. Whoever holds the lock still
//! has to win the next epoch in the store, and every write of a leader comes undone once a later one was won. So a
//! tab whose leader hangs with the lock in its hands wins the epoch first and takes the lock then. Where there are
//! no Web Locks that is the only way to lead.

use super::ids::Epoch;
use super::time::Now;

/// Where this tab stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Election {
    /// It takes no part: not started, asleep or closed.
    #[default]
    Resting,
    /// It waits for the lock.
    Queuing,
    /// It waits for the lock, has work for the leader, and has asked for a sign of it.
    Doubting {
        /// How often it asked.
        pings: u8,
    },
    /// It is winning the next epoch from a leader that does not answer, without the lock.
    Usurping(Epoch),
    /// It holds the lock and has yet to learn the last epoch.
    Holding,
    /// It is winning the next epoch.
    Claiming(Epoch),
    /// It leads.
    Leading(Leadership),
}

/// A leadership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Leadership {
    /// Its epoch.
    pub(super) epoch: Epoch,
    /// When the last write was issued that the fence let through: until then, at least, nobody else led.
    pub(super) proof: Now,
    /// Whether the store was read since the epoch was won.
    pub(super) informed: bool,
}

/// What became of the leader's lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LockNews {
    /// This tab holds it now.
    Granted,
    /// This tab held it, and another one took it by force.
    Lost,
    /// There are no Web Locks here, or none for this page: leadership is decided by epochs alone.
    Missing,
}

impl Election {
    pub(super) const fn leadership(&self) -> Option<&Leadership> {
        match self {
            Self::Leading(leadership) => Some(leadership),
            _ => None,
        }
    }

    pub(super) fn epoch(&self) -> Option<Epoch> {
        self.leadership().map(|leadership| leadership.epoch)
    }

    /// The epoch under which work may be done: won, and the store read since.
    pub(super) fn working_epoch(&self) -> Option<Epoch> {
        self.leadership().filter(|leadership| leadership.informed).map(|leadership| leadership.epoch)
    }

    /// The store was read, and no read from before the epoch was won is still under way.
    pub(super) fn inform(&mut self) {
        if let Self::Leading(leadership) = self {
            leadership.informed = true;
        }
    }

    /// A fenced write that was issued then has been committed.
    pub(super) fn prove(&mut self, epoch: Epoch, issued: Now) {
        if let Self::Leading(leadership) = self
            && leadership.epoch == epoch
        {
            leadership.proof = issued;
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Resting => "resting",
            Self::Queuing => "queuing",
            Self::Doubting { .. } => "doubting",
            Self::Usurping(_) => "usurping",
            Self::Holding => "holding",
            Self::Claiming(_) => "claiming",
            Self::Leading(_) => "leading",
        }
    }

    pub(super) const fn takes_part(&self) -> bool {
        !matches!(self, Self::Resting)
    }

    /// Whether another tab is relied on to lead.
    pub(super) const fn relies_on_another(&self) -> bool {
        matches!(self, Self::Queuing | Self::Doubting { .. })
    }
}
