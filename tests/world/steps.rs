//! What can happen next in a world. One step is one thing that one party hears or does; of what is on its way
//! between the same two parties only the oldest comes next.

use tabweave::engine::LockNews;

use super::app::{Marks, new_store};
use super::laws::Verdict;
use super::minds::Input;
use super::scenes::Plot;
use super::stage::{NEVER, Stage};
use super::story::sentence;
use super::world::{Job, Page, Reply, World};

/// Something that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Open {
        tab: u8,
    },
    Mutate {
        tab: u8,
    },
    Publish {
        tab: u8,
    },
    /// The store carries out its oldest transaction.
    Commit,
    /// A tab hears what became of one.
    Reply {
        tab: u8,
    },
    HearLock {
        tab: u8,
    },
    Deliver {
        from: u8,
        to: u8,
    },
    /// The server carries out a call and answers it.
    Serve {
        call: u8,
    },
    /// The server tells a tab what its document holds.
    Refresh {
        tab: u8,
    },
    /// A timer fires when nothing is on its way any more.
    Timer {
        tab: u8,
    },
    // ---- Faults.
    Thaw {
        tab: u8,
    },
    Wake {
        tab: u8,
    },
    /// A timer fires before something arrives that is on its way.
    EarlyTimer {
        tab: u8,
    },
    /// `loses`: what the tab had the store do is lost with it.
    Crash {
        tab: u8,
        loses: bool,
    },
    Freeze {
        tab: u8,
    },
    Sleep {
        tab: u8,
    },
    Double {
        from: u8,
        to: u8,
    },
    Lose {
        from: u8,
        to: u8,
    },
    /// The lock goes to the next in the queue, whatever its holder thinks.
    StealLock,
    FailWrite,
    Wipe,
}

impl Step {
    pub const fn is_fault(self) -> bool {
        matches!(
            self,
            Self::EarlyTimer { .. }
                | Self::Crash { .. }
                | Self::Freeze { .. }
                | Self::Thaw { .. }
                | Self::Wake { .. }
                | Self::Sleep { .. }
                | Self::Double { .. }
                | Self::Lose { .. }
                | Self::StealLock
                | Self::FailWrite
                | Self::Wipe
        )
    }
}

impl Stage {
    /// What happens by itself, in the order in which healing has it happen.
    pub fn deliveries(&self, world: &World) -> Vec<Step> {
        let mut steps = Vec::new();
        let awake: Vec<_> = world.places().filter(|tab| world.tab(*tab).is_awake()).collect();
        let heard = |tab: &&u8| !world.tab(**tab).lock_news.is_empty();
        steps.extend(awake.iter().filter(heard).map(|tab| Step::HearLock { tab: *tab }));
        let replied = |tab: &&u8| !world.tab(**tab).replies.is_empty();
        steps.extend(awake.iter().filter(replied).map(|tab| Step::Reply { tab: *tab }));
        if !world.jobs.is_empty() {
            steps.push(Step::Commit);
        }
        for pair in pairs(world).into_iter().filter(|(_, to)| awake.contains(to)) {
            steps.push(Step::Deliver { from: pair.0, to: pair.1 });
        }
        for (at, call) in world.calls.iter().enumerate() {
            if awake.contains(&call.tab) || world.applied & 1 << call.number == 0 {
                steps.push(Step::Serve { call: at as u8 });
            }
        }
        let is_behind = |tab: &&u8| self.is_behind(world, **tab);
        steps.extend(awake.iter().filter(is_behind).map(|tab| Step::Refresh { tab: *tab }));
        // What is on its way takes no time, unless a fault holds it up.
        if steps.is_empty() {
            steps.extend(self.due(world).into_iter().map(|tab| Step::Timer { tab }));
        }
        steps
    }

    /// Whether the server has something to tell the tab.
    fn is_behind(&self, world: &World, tab: u8) -> bool {
        let page = world.tab(tab);
        page.base != world.applied || self.minds.face(page.mind).pending & world.applied != 0
    }

    /// The tabs whose timers fire next.
    fn due(&self, world: &World) -> Vec<u8> {
        let wakes_at = |tab: &u8| self.minds.face(world.tab(*tab).mind).wakes_at.filter(|at| *at < NEVER);
        let awake: Vec<_> = world.places().filter(|tab| world.tab(*tab).is_awake()).collect();
        let first = awake.iter().filter_map(wakes_at).min();
        let due = first.map(|first| first.max(u64::from(world.now)));
        let is_due = |tab: &u8| wakes_at(tab).is_some_and(|at| Some(at) <= due);
        awake.into_iter().filter(is_due).collect()
    }

    /// Everything that can happen next.
    pub fn steps(&self, world: &World, plot: &Plot) -> Vec<Step> {
        let mut steps = self.deliveries(world);
        if world.faults_left > 0 {
            self.faults(world, &mut steps);
        }
        for tab in world.places() {
            match world.tab(tab).page {
                Page::Unopened => steps.push(Step::Open { tab }),
                Page::Frozen if world.faults_left > 0 => steps.push(Step::Thaw { tab }),
                Page::Asleep if world.faults_left > 0 => steps.push(Step::Wake { tab }),
                Page::Awake => {
                    if world.asked < plot.operations_max {
                        steps.push(Step::Mutate { tab });
                    }
                    if world.published < plot.entries_max {
                        steps.push(Step::Publish { tab });
                    }
                }
                Page::Frozen | Page::Asleep | Page::Gone => {}
            }
        }
        steps
    }

    fn faults(&self, world: &World, steps: &mut Vec<Step>) {
        if steps.iter().any(|step| !matches!(step, Step::Timer { .. })) {
            steps.extend(self.due(world).into_iter().map(|tab| Step::EarlyTimer { tab }));
        }
        for tab in world.places().filter(|tab| world.tab(*tab).is_there()) {
            steps.push(Step::Crash { tab, loses: false });
            if world.jobs.iter().any(|job| job.tab == tab && job.job != Job::Read) {
                steps.push(Step::Crash { tab, loses: true });
            }
            if world.tab(tab).is_awake() {
                steps.push(Step::Freeze { tab });
                steps.push(Step::Sleep { tab });
            }
        }
        for (from, to) in pairs(world) {
            steps.push(Step::Lose { from, to });
            if world.tab(to).is_awake() {
                steps.push(Step::Double { from, to });
            }
        }
        if world.holder.is_some() && !world.queue.is_empty() {
            steps.push(Step::StealLock);
        }
        if world.jobs.front().is_some_and(|job| job.job != Job::Read && job.life == Some(world.life)) {
            steps.push(Step::FailWrite);
        }
        // Once is enough.
        if world.life == 0 {
            steps.push(Step::Wipe);
        }
    }

    /// Has a step happen.
    pub fn take(&mut self, world: &mut World, step: Step) -> Verdict {
        self.note(|| format!("{:>4}  {}", world.now, sentence(step)));
        world.faults_left -= u8::from(step.is_fault() && world.faults_left > 0);
        match step {
            Step::Open { tab } => {
                world.tab_mut(tab).page = Page::Awake;
                world.tab_mut(tab).base = world.applied;
                self.tell(world, tab, Input::Open { base: world.applied })
            }
            Step::Mutate { tab } => self.mutate(world, tab),
            Step::Publish { tab } => self.publish(world, tab),
            Step::Commit => self.commit(world, false),
            Step::Reply { tab } => self.reply(world, tab),
            Step::HearLock { tab } => {
                let news = world.tab_mut(tab).lock_news.pop_front().expect("only offered when there is some");
                self.tell(world, tab, Input::Lock { news })
            }
            Step::Deliver { from, to } => {
                let envelope = world.letters.remove(first_letter(world, from, to)).envelope;
                self.tell(world, to, Input::Letter { envelope })
            }
            Step::Serve { call } => self.serve(world, usize::from(call)),
            Step::Refresh { tab } => {
                let seen = self.minds.face(world.tab(tab).mind).pending & world.applied;
                world.tab_mut(tab).base = world.applied;
                self.tell(world, tab, Input::Base { value: world.applied, seen })
            }
            Step::Timer { tab } | Step::EarlyTimer { tab } => {
                let wakes_at =
                    self.minds.face(world.tab(tab).mind).wakes_at.expect("only offered when one is set");
                world.now = world.now.max(u16::try_from(wakes_at).expect("small worlds are short"));
                self.tell(world, tab, Input::Timeout)
            }
            Step::Thaw { tab } => {
                world.tab_mut(tab).page = Page::Awake;
                Ok(())
            }
            Step::Wake { tab } => {
                world.tab_mut(tab).page = Page::Awake;
                self.tell(world, tab, Input::Resume)
            }
            fault => self.strike(world, fault),
        }
    }

    fn strike(&mut self, world: &mut World, fault: Step) -> Verdict {
        match fault {
            Step::Crash { tab, loses } => {
                if loses {
                    world.jobs.retain(|job| job.tab != tab);
                }
                world.leave(tab);
                world.release(tab);
                let page = world.tab_mut(tab);
                (page.page, page.shown, page.wrote, page.base, page.proof) = (Page::Gone, 0, 0, 0, None);
                page.replies.clear();
                world.is_lossy = true;
                self.forget_unknown(world);
            }
            Step::Freeze { tab } => world.tab_mut(tab).page = Page::Frozen,
            Step::Sleep { tab } => {
                self.tell(world, tab, Input::Suspend)?;
                world.tab_mut(tab).page = Page::Asleep;
            }
            Step::Double { from, to } => {
                // The copy comes after all that is on its way.
                let letter = world.letters.remove(first_letter(world, from, to));
                world.letters.push(letter);
                self.tell(world, to, Input::Letter { envelope: letter.envelope })?;
            }
            Step::Lose { from, to } => {
                world.letters.remove(first_letter(world, from, to));
                world.is_lossy = true;
            }
            Step::StealLock => {
                let thief = world.queue.front().copied().expect("only offered when somebody waits");
                world.steal(thief);
                world.tab_mut(thief).lock_news.push_back(LockNews::Granted);
            }
            Step::FailWrite => self.commit(world, true)?,
            Step::Wipe => self.wipe(world),
            _ => unreachable!("{fault:?} is no fault"),
        }
        Ok(())
    }

    /// A person does something; no two such deeds are of the same moment.
    fn mutate(&mut self, world: &mut World, tab: u8) -> Verdict {
        let number = world.asked;
        world.asked += 1;
        world.now += 1;
        world.owed |= 1 << number;
        world.tab_mut(tab).journal |= 1 << number;
        self.tell(world, tab, Input::Mutate { number })
    }

    fn publish(&mut self, world: &mut World, tab: u8) -> Verdict {
        let number = world.published;
        world.published += 1;
        world.now += 1;
        let shown = world.tab(tab).shown;
        let before = super::app::numbers(shown).fold(shown, |all, one| all | world.saw[usize::from(one)]);
        world.saw[usize::from(number)] = before;
        world.tab_mut(tab).wrote = 1 << number;
        self.tell(world, tab, Input::Publish { number })
    }

    fn serve(&mut self, world: &mut World, at: usize) -> Verdict {
        let call = world.calls[at];
        world.applied |= 1 << call.number;
        let is_awake = world.tab(call.tab).is_awake();
        // The answer to a page that cannot run waits for it.
        if is_awake || !world.tab(call.tab).is_there() {
            world.calls.remove(at);
        }
        if !is_awake {
            return Ok(());
        }
        let seen = world.tab(call.tab).base & 1 << call.number != 0;
        self.tell(world, call.tab, Input::Answer { number: call.number, attempt: call.attempt, seen })
    }

    /// Site data is cleared under the open pages.
    fn wipe(&mut self, world: &mut World) {
        let former = world.life;
        world.life += 1;
        world.store = self.minds.stores.number(new_store(world.life));
        for tab in &mut world.tabs {
            if tab.is_there() {
                tab.replies.push_back(Reply::Closed { life: former });
            } else {
                tab.journal = 0;
            }
        }
        self.forget_unknown(world);
    }

    /// Once the store was wiped, what no page has in memory and no journal holds is lost, and nobody's fault.
    fn forget_unknown(&self, world: &mut World) {
        if world.life == 0 {
            return;
        }
        let (mut operations, mut entries): (Marks, Marks) = (0, 0);
        for tab in &world.tabs {
            operations |= tab.journal;
            if tab.is_there() {
                operations |= self.minds.face(tab.mind).unfinished;
                entries |= tab.shown;
            }
        }
        let store = self.minds.stores.get(world.store);
        operations |= store.operations.keys().fold(0, |marks, id| marks | super::app::mark_of(*id));
        entries |= store.entries.values().fold(0, |marks, entry| marks | entry.value.unwrap_or(0));
        world.owed &= operations;
        world.kept &= entries;
    }
}

/// Pairs of tabs that have a letter between them, in the order of their oldest.
fn pairs(world: &World) -> Vec<(u8, u8)> {
    let mut pairs = Vec::new();
    for letter in &world.letters {
        if !pairs.contains(&(letter.from, letter.to)) {
            pairs.push((letter.from, letter.to));
        }
    }
    pairs
}

fn first_letter(world: &World, from: u8, to: u8) -> usize {
    let found = world.letters.iter().position(|letter| letter.from == from && letter.to == to);
    found.expect("only offered when there is one")
}
