//! What the browser and the device do to all pages.

use tabweave::engine::{LockNews, StoreId};

use super::deed::Deed;
use super::plan::Trouble;
use super::store::Store;
use super::world::{Arrival, World};

impl World {
    pub fn start_clocks(&mut self, number: usize) -> bool {
        let (now, tab) = (self.now, &mut self.tabs[number]);
        let [steady, wall] = [&mut tab.steady, &mut tab.wall].map(|hand| hand.start(now));
        steady || wall
    }

    pub fn steal_lock(&mut self) -> bool {
        let Some((former, request)) = self.locks.steal() else {
            return false;
        };
        self.trouble(Trouble::Deed(Deed::StealLock), former);
        self.trace.note(self.now, || format!("the leader's lock is stolen from tab {former}"));
        self.notify_lock(former, request, LockNews::Lost);
        self.grant_lock();
        true
    }

    /// The site's data is cleared under the open pages. Those that run still know what they accepted.
    pub fn wipe_store(&mut self) {
        self.trouble_all(Deed::WipeStore);
        self.trace.note(self.now, || "the store is wiped".to_owned());
        self.accounts.forget_all();
        self.topics.acknowledged.clear();
        for tab in &mut self.tabs {
            tab.strangers = super::strangers::Acquaintance::default();
        }
        let tabs = &self.tabs;
        self.journals.retain(|owner, _| !tabs[*owner].is_gone());
        let former = std::mem::replace(&mut self.store, Store::new(StoreId::from_bytes(self.chance.bytes())));
        let living: Vec<_> = self.tabs.iter().filter(|tab| !tab.is_gone()).map(|tab| tab.number).collect();
        for number in living {
            // What the database had answered before is heard before.
            let takes_ms = self.chance.up_to(50);
            let after_ms = self.channel.in_order(usize::MAX, number, self.now, takes_ms);
            self.schedule_arrival(after_ms, number, Arrival::StoreClosed { store: former.id });
        }
    }

    pub fn jump_clock(&mut self) {
        let by_ms = [50, 5_000, 400_000, 3_600_000][self.chance.below(4)];
        let by_ms = if self.chance.strikes(500) { by_ms } else { -by_ms };
        self.trouble_all(Deed::JumpClock);
        self.device_jump_ms += by_ms;
        for tab in &mut self.tabs {
            tab.wall.jump(by_ms);
        }
    }
}
