//! The world: tabs with the engines that ship, and everything around them made of chance and rules. One thing
//! happens at a time, at a time of its own; nothing in here depends on anything but the seed.

use std::collections::BTreeMap;
use std::rc::Rc;

use tabweave::engine::{
    Envelope, Event, FailedKind, LockNews, Operation, OperationId, OperationRequest, StoreId, TabId,
};

use super::accounts::Accounts;
use super::chance::Chance;
use super::channel::Channel;
use super::checkers::Violation;
use super::coverage::Coverage;
use super::deed::Deed;
use super::faults::{Fault, Faults};
use super::input::{self, Input, Verdict};
use super::locks::Locks;
use super::plan::{Plan, Trouble};
use super::server::{Request, Server};
use super::store::{Job, Store};
use super::strangers::Strangers;
use super::swarm::Swarm;
use super::tab::{Page, Tab};
use super::topics::Topics;
use super::trace::{Fingerprint, Trace};
use crate::support::value::Value;

/// The server's documents.
pub const COLLECTIONS: [&str; 2] = ["cards", "notes"];
/// Queries that people look at.
pub const QUERIES: [&str; 4] = ["cards:*", "cards:d0", "notes:*", "notes:d1"];
/// Milliseconds since 1970 at the world's start.
pub const WALL_START_MS: u64 = 1_700_000_000_000;

/// A journal with its owner.
pub type OwnedJournal = (TabId, Vec<OperationRequest<Value>>);

/// Something that reaches a page, if the page is still there and still what it was meant for.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "there are a handful at a time")]
pub enum Arrival {
    Told(Input),
    Message { channel: u64, envelope: Rc<Envelope<Value>> },
    Lock { request: u64, news: LockNews },
    Answer { id: OperationId, attempt: u32, session: u64, fate: Fate },
    Base { session: u64, at: u64 },
    Orphans { living: Vec<TabId>, pages: Vec<TabId>, journals: Vec<OwnedJournal> },
    StoreClosed { store: StoreId },
}

/// What became of a call to the server.
#[derive(Clone, Debug)]
pub enum Fate {
    Accepted { result: Value },
    Failed { kind: FailedKind },
}

/// Something that happens outside of the pages.
#[derive(Debug)]
pub enum Happening {
    Arrive {
        tab: usize,
        arrival: Arrival,
    },
    Store {
        tab: usize,
        number: u64,
        store: Option<StoreId>,
        job: Job,
    },
    Request(Request),
    /// A tab's question who lives is answered now, though the answer takes a while to arrive.
    LookAround {
        tab: usize,
        journals_too: bool,
    },
}

/// What one turn of the world came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Taken,
    /// Nothing is left to happen by itself.
    Idle,
}

/// The world.
#[derive(Debug)]
pub struct World {
    pub plan: Plan,
    pub now: u64,
    pub chance: Chance,
    pub swarm: Swarm,
    pub faults: Faults,
    pub tabs: Vec<Tab>,
    pub store: Store,
    pub is_store_full: bool,
    pub locks: Locks,
    pub channel: Channel,
    pub journals: BTreeMap<usize, Vec<OperationRequest<Value>>>,
    pub server: Server,
    pub accounts: Accounts,
    pub topics: Topics,
    pub strangers: Strangers,
    /// The latest time that any clock has shown to an engine.
    pub wall_ms_max: u64,
    pub trace: Trace,
    pub coverage: Coverage,
    /// How many things happened that changed something or were refused.
    pub steps: u64,
    pub next_deed_at: Option<u64>,
    /// How many deeds chance has picked, and the numbers of those that were done.
    pub deeds_drawn: u64,
    pub deeds_done: Vec<u64>,
    pub device_jump_ms: i64,
    pub channels_opened: u64,
    pub jobs: u64,
    pub store_busy_until: u64,
    pub queue: BTreeMap<(u64, u64), Happening>,
    pub scheduled: u64,
}

impl World {
    /// Whether the fault strikes now.
    pub fn strikes(&mut self, fault: Fault) -> bool {
        self.chance.fault_strikes(fault, self.faults.of(fault))
    }

    /// Whether the fault strikes this tab now.
    pub fn strikes_tab(&mut self, fault: Fault, number: usize) -> bool {
        let strikes = self.strikes(fault);
        if strikes {
            self.trouble(Trouble::Fault(fault), number);
        }
        strikes
    }

    /// How late something is.
    pub fn delay(&mut self, fault: Fault) -> u64 {
        self.chance.fault_delays(fault, self.faults.of(fault))
    }

    /// Counts what a tab's operations were up to when trouble came.
    pub fn trouble(&mut self, trouble: Trouble, number: usize) {
        for (_, state, _) in &self.tabs[number].memory.states {
            self.coverage.take_trouble(trouble, state);
        }
    }

    /// Counts a deed that is trouble for all pages.
    pub fn trouble_all(&mut self, deed: Deed) {
        for number in 0..self.tabs.len() {
            if !self.tabs[number].is_gone() {
                self.trouble(Trouble::Deed(deed), number);
            }
        }
    }

    /// Has something happen after this many milliseconds.
    pub fn schedule(&mut self, after_ms: u64, happening: Happening) {
        self.scheduled += 1;
        self.queue.insert((self.now + after_ms, self.scheduled), happening);
    }

    pub fn schedule_arrival(&mut self, after_ms: u64, tab: usize, arrival: Arrival) {
        self.schedule(after_ms, Happening::Arrive { tab, arrival });
    }

    pub fn next_happening_at(&self) -> Option<u64> {
        self.queue.first_key_value().map(|((at, _), _)| *at)
    }

    /// When the next thing happens.
    pub fn next_turn_at(&self) -> Option<u64> {
        let timer = self.next_timer().map(|(at, _)| at);
        [self.next_happening_at(), timer, self.next_deed_at].into_iter().flatten().min()
    }

    /// Lets the next thing happen.
    pub fn turn(&mut self) -> Result<Turn, Violation> {
        let (happening, timer) = (self.next_happening_at(), self.next_timer());
        let Some(first) = self.next_turn_at() else { return Ok(Turn::Idle) };
        self.now = self.now.max(first);
        if happening == Some(first) {
            let (_, happening) = self.queue.pop_first().expect("its time was read just now");
            self.happen(happening)?;
        } else if let Some((_, tab)) = timer.filter(|(at, _)| *at == first) {
            self.tell(tab, Input::Timeout)?;
        } else {
            self.do_something()?;
        }
        Ok(Turn::Taken)
    }

    /// The page whose timer fires next, and when.
    fn next_timer(&self) -> Option<(u64, usize)> {
        let due = |tab: &Tab| {
            let (due, late_ms) = tab.alarm.filter(|_| tab.page == Page::Awake)?;
            Some((tab.steady.shows_at(due)? + late_ms, tab.number))
        };
        self.tabs.iter().filter_map(due).min()
    }

    fn happen(&mut self, happening: Happening) -> Result<(), Violation> {
        match happening {
            Happening::Arrive { tab, arrival } => self.reach(tab, arrival),
            Happening::Store { tab, number, store, job } => self.run_job(tab, number, store, job),
            Happening::Request(request) => self.serve(&request),
            Happening::LookAround { tab, journals_too } => {
                self.look_around(tab, journals_too);
                Ok(())
            }
        }
    }

    /// Makes one call of a tab's engine and does what it wants done.
    pub fn tell(&mut self, number: usize, input: Input) -> Result<Verdict, Violation> {
        self.tell_partly(number, input, usize::MAX)
    }

    /// As [`tell`](Self::tell), but the page gets no further than to the first few effects.
    pub fn tell_partly(
        &mut self,
        number: usize,
        input: Input,
        effects_max: usize,
    ) -> Result<Verdict, Violation> {
        let world_now = self.now;
        let is_twin_wanted = self.chance.strikes(20);
        let tab = &mut self.tabs[number];
        let now = tab.now(world_now);
        self.wall_ms_max = self.wall_ms_max.max(now.wall_ms).max(WALL_START_MS + world_now);
        self.trace.note(world_now, || format!("tab {number} ← {input}"));
        tab.shown.is_own_pace = matches!(input, Input::Publish { .. } | Input::Timeout);
        let twin = is_twin_wanted.then(|| (tab.engine.clone(), tab.app.clone(), input.clone()));
        let journalled = match &input {
            Input::Mutate { request } => Some(request.clone()),
            _ => None,
        };
        let verdict = input::tell(&mut tab.engine, &mut tab.app, now, input);
        if let Some((mut engine, mut app, input)) = twin {
            input::tell(&mut engine, &mut app, now, input);
            self.check_twin(number, &engine)?;
        }
        if let Some(request) = journalled.filter(|_| verdict == Verdict::Taken) {
            self.journal(number, request);
        }
        let tab = &mut self.tabs[number];
        let effects: Vec<_> = std::iter::from_fn(|| tab.engine.poll_effect()).collect();
        let events: Vec<_> = std::iter::from_fn(|| tab.engine.poll_event()).collect();
        let has_changed = self.count(number, verdict != Verdict::Taken);
        if verdict != Verdict::Taken {
            self.trace.note(world_now, || format!("      {verdict:?}"));
        }
        // What is checked depends on the engine, on what it told, and on what the tab was given.
        if has_changed || !events.is_empty() || self.tabs[number].memory.is_outdated {
            self.check_tab(number, &events)?;
        }
        for effect in effects.into_iter().take(effects_max) {
            self.perform(number, effect)?;
        }
        for event in events {
            self.observe(number, event)?;
        }
        self.arm(number);
        Ok(verdict)
    }

    /// True if the engine has changed.
    fn count(&mut self, number: usize, was_refused: bool) -> bool {
        let tab = &mut self.tabs[number];
        let fingerprint = Fingerprint::of(&tab.engine);
        let has_changed = fingerprint != tab.fingerprint;
        if has_changed || was_refused {
            self.steps += 1;
        }
        tab.fingerprint = fingerprint;
        self.trace.mark(self.now);
        self.trace.mark(fingerprint);
        has_changed
    }

    fn arm(&mut self, number: usize) {
        let late_ms = self.delay(Fault::TimerLate);
        let tab = &mut self.tabs[number];
        let due = tab.engine.poll_timeout();
        if tab.alarm.map(|(known, _)| known) != due {
            tab.alarm = due.map(|due| (due, late_ms));
        }
    }

    fn observe(&mut self, number: usize, event: Event<Value>) -> Result<(), Violation> {
        self.trace.note(self.now, || format!("      event {}", describe(&event)));
        match event {
            Event::JournalReleased { id } => self.release_journal(number, id)?,
            Event::PendingChanged => self.watch_keys(number),
            Event::Report { operation } => self.be_told(number, &operation)?,
            Event::TopicChanged { durable, topic, entries } => {
                self.check_topic_changed(number, durable, &topic, &entries)?;
            }
            Event::TopicStored { topic, key } => self.check_topic_stored(number, topic, key)?,
            _ => {}
        }
        Ok(())
    }

    /// The operations that the store holds and that have not ended, in order.
    pub fn unfinished(&self) -> Vec<&Operation<Value>> {
        let mut unfinished: Vec<_> =
            self.store.operations.values().filter(|one| !one.is_finished()).collect();
        unfinished.sort_by_key(|operation| operation.stamp);
        unfinished
    }

    pub fn tab_number(&self, id: TabId) -> Option<usize> {
        self.tabs.iter().find(|tab| tab.id == id).map(|tab| tab.number)
    }
}

fn describe(event: &Event<Value>) -> String {
    match event {
        Event::ViewChanged { queries } => {
            format!("view {}", queries.iter().map(|query| query.as_str()).collect::<Vec<_>>().join(" "))
        }
        Event::OperationChanged { id } => format!("operation {}", input::short(id)),
        Event::JournalReleased { id } => format!("journal released {}", input::short(id)),
        Event::Settled { id, settlement } => format!("settled {} {settlement:?}", input::short(id)),
        other => format!("{other:?}"),
    }
}
