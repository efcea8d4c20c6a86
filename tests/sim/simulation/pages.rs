//! Pages that come, go, sleep and wake.

use super::checkers::{Violation, ensure};
use super::deed::Deed;
use super::faults::Fault;
use super::input::Input;
use super::plan::Trouble;
use super::strangers::Acquaintance;
use super::tab::Page;
use super::world::{Arrival, World};

impl World {
    pub fn open_another(&mut self) -> bool {
        let living = self.tabs.iter().filter(|tab| !tab.is_gone()).count();
        let possible = living < self.swarm.tabs && self.tabs.len() < self.swarm.pages_max;
        if possible {
            self.open_tab();
        }
        possible
    }

    pub fn crash(&mut self, number: usize) {
        self.trouble(Trouble::Deed(Deed::Crash), number);
        self.trace.note(self.now, || format!("tab {number} crashes"));
        self.end_page(number);
    }

    /// The page is gone: what it held is given back by the browser.
    fn end_page(&mut self, number: usize) {
        self.tabs[number].page = Page::Gone;
        self.tabs[number].inbox.clear();
        self.leave(number);
        self.release_lock(number);
        if self.strikes_tab(Fault::WriteLostInCrash, number) {
            // What was issued last may not have left the page.
            let lost = self.chance.up_to(3);
            self.tabs[number].jobs_lost_from = self.jobs.saturating_sub(lost);
        }
    }

    pub fn wake_one(&mut self, from: Page) -> bool {
        let there: Vec<_> = self.tabs.iter().filter(|tab| tab.page == from).map(|tab| tab.number).collect();
        let Some(number) = self.chance.pick(&there) else {
            return false;
        };
        let deed = if from == Page::Asleep { Deed::Resume } else { Deed::Thaw };
        self.trouble(Trouble::Deed(deed), number);
        self.trace.note(self.now, || format!("tab {number} runs again"));
        self.wake(number, from == Page::Asleep);
        self.send_base(number);
        true
    }

    pub fn set_online(&mut self, number: usize, is_online: bool) -> bool {
        let tab = &mut self.tabs[number];
        if tab.is_online == is_online {
            return false;
        }
        tab.is_online = is_online;
        tab.session += 1;
        let (deed, is_started) = (if is_online { Deed::Connect } else { Deed::Disconnect }, tab.is_started);
        self.trouble(Trouble::Deed(deed), number);
        if is_started {
            let arrival = Arrival::Told(Input::Connection { connected: is_online });
            self.schedule_arrival(1, number, arrival);
            self.send_base(number);
        }
        true
    }

    /// Runs what waited for a page, in order, before or after the page is told that it is back.
    pub fn wake(&mut self, number: usize, was_asleep: bool) {
        self.tabs[number].page = Page::Awake;
        let mut waiting: Vec<_> = self.tabs[number].inbox.drain(..).collect();
        if was_asleep {
            let at = if self.chance.strikes(700) { 0 } else { waiting.len() };
            waiting.insert(at, Arrival::Told(Input::Resume));
        }
        for arrival in waiting {
            self.schedule_arrival(0, number, arrival);
        }
    }

    /// The page is closed by its person.
    pub fn close(&mut self, number: usize) -> Result<(), Violation> {
        self.trouble(Trouble::Deed(Deed::Close), number);
        self.tell(number, Input::Close)?;
        self.end_page(number);
        Ok(())
    }

    /// The page is told that it will sleep.
    pub fn suspend(&mut self, number: usize) -> Result<(), Violation> {
        self.trouble(Trouble::Deed(Deed::Suspend), number);
        let is_cached = self.chance.strikes(500);
        self.tell(number, Input::Suspend)?;
        let tab = &mut self.tabs[number];
        tab.page = Page::Asleep;
        tab.is_cached = is_cached;
        tab.has_slept = true;
        tab.was_cached |= is_cached;
        tab.session += 1;
        tab.shown.begin_anew();
        tab.strangers = Acquaintance::default();
        Ok(())
    }

    /// The page is told that it is back. What it missed is in the store.
    pub fn resume(&mut self, number: usize) -> Result<(), Violation> {
        let answered = self.tabs[number].memory.reads_answered;
        self.tell(number, Input::Resume)?;
        let is_reading = self.tabs[number].memory.reads > answered;
        ensure(is_reading, "who comes back reads the store", || format!("tab {number}"))
    }

    /// The page stops without a word.
    pub fn freeze(&mut self, number: usize) {
        self.trouble(Trouble::Deed(Deed::Freeze), number);
        self.trace.note(self.now, || format!("tab {number} stops"));
        self.tabs[number].page = Page::Frozen;
        self.tabs[number].has_slept = true;
    }
}
