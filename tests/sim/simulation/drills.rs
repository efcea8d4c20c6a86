//! The last part of a world: with everything else in order, the leader goes, in one way or another, and the others
//! have to notice within the time that was promised.

use super::checkers::{Violation, ensure};
use super::input::{Input, Verdict};
use super::swarm::Transport;
use super::tab::Page;
use super::world::World;

/// How the leader goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// It holds its lock and does not run.
    Hangs,
    Closes,
    Crashes,
    Sleeps,
}

/// From the first need until somebody else leads, if the leader hangs.
const TAKE_OVER_MS: u64 = 5_000;
/// From the leader's going until somebody else leads.
const HAND_OVER_MS: u64 = 1_000;
/// From a tab's going until it is on no list that a person sees.
const ROSTER_MS: u64 = 3_000;

impl World {
    pub fn drill(&mut self) -> Result<(), Violation> {
        let leader = self.leaders().first().copied();
        let Some((leader, heir)) = leader.and_then(|leader| {
            let heir = self.living().into_iter().find(|number| *number != leader)?;
            Some((leader, heir))
        }) else {
            return Ok(());
        };
        let ways = [Way::Hangs, Way::Closes, Way::Crashes, Way::Sleeps];
        let way = ways[self.chance.below(ways.len())];
        self.trace.note(self.now, || format!("---- the leader, tab {leader}, {way:?}; tab {heir} has work"));
        self.tell(heir, Input::Visibility { visible: true })?;
        self.rest()?;
        self.tell(heir, Input::WatchPeers { watching: true })?;
        let began = self.now;
        // Who missed that this one leads thinks nothing of it when it goes.
        let is_known = self.tabs[heir].engine.status().leader == Some(self.tabs[leader].id);
        self.let_go(leader, way)?;
        if self.mutate_anything(heir)? != Verdict::Taken {
            return self.end_drill(heir, leader, way);
        }
        let is_heard_of = is_known && (way == Way::Closes || way == Way::Sleeps);
        let limit_ms = if way == Way::Hangs || !self.swarm.has_locks && !is_heard_of {
            TAKE_OVER_MS
        } else {
            HAND_OVER_MS
        };
        self.run_until(began + limit_ms, |world| !world.leaders_but(leader).is_empty())?;
        let leaders = self.leaders_but(leader);
        ensure(!leaders.is_empty(), "the lead is taken over in time", || {
            format!("{limit_ms} ms after tab {leader} {way:?} nobody else leads")
        })?;
        self.run_until(began + ROSTER_MS, |_| false)?;
        let id = self.tabs[leader].id;
        let status = self.tabs[heir].engine.status();
        let is_listed = status.peers.iter().any(|(peer, _)| *peer == id);
        let is_gone = self.tabs[leader].is_gone();
        ensure(!(is_gone && is_listed && self.swarm.has_locks), "who is gone is soon on no list", || {
            format!("tab {heir} lists tab {leader} after {ROSTER_MS} ms")
        })?;
        // A page in the back/forward cache holds no lock, and without locks nobody is known to be asleep. Who takes part
        // is listed by what it says of itself.
        let says_nothing = way == Way::Hangs && self.swarm.transport == Transport::Silence;
        let is_seen = self.swarm.has_locks && !self.tabs[leader].is_cached && !says_nothing;
        ensure(is_gone || is_listed || !is_seen, "who is asleep stays on the list", || {
            format!("tab {heir} does not list tab {leader}, which {way:?}")
        })?;
        self.end_drill(heir, leader, way)
    }

    fn let_go(&mut self, leader: usize, way: Way) -> Result<(), Violation> {
        match way {
            Way::Hangs => self.tabs[leader].page = Page::Frozen,
            Way::Closes => self.close(leader)?,
            Way::Crashes => self.crash(leader),
            Way::Sleeps => self.suspend(leader)?,
        }
        Ok(())
    }

    fn end_drill(&mut self, heir: usize, leader: usize, way: Way) -> Result<(), Violation> {
        self.tell(heir, Input::WatchPeers { watching: false })?;
        match way {
            Way::Hangs => self.wake(leader, false),
            Way::Sleeps => self.wake(leader, true),
            Way::Closes | Way::Crashes => {}
        }
        self.rest()?;
        self.check_one_leader()
    }

    pub fn leaders(&self) -> Vec<usize> {
        let leads = |number: &usize| self.tabs[*number].engine.status().leading.is_some();
        self.living().into_iter().filter(leads).collect()
    }

    fn leaders_but(&self, former: usize) -> Vec<usize> {
        self.leaders().into_iter().filter(|number| *number != former).collect()
    }
}
