//! Where worlds go on: a tab is told something, and what it wants done is done.

use tabweave::engine::{BatchId, Config, LockNews, Write};

use super::app::{Marks, new_store};
use super::laws::{Verdict, ensure};
use super::minds::{Input, Minds, Output};
use super::pool::Number;
use super::scenes::Plot;
use super::story::answer;
use super::symmetry::{Renaming, TABS_MAX, renamings};
use super::world::{Call, Issued, Job, Letter, Reply, Tab, World};

/// Timers beyond this never fire: what they are for does not happen in a small world.
pub const NEVER: u64 = 1 << 20;

/// What all worlds of one exploration have in common.
#[derive(Debug)]
pub struct Stage {
    pub minds: Minds,
    pub renamings: Vec<Renaming>,
    pub config: Config,
    pub is_repeatable: bool,
    /// Whether a tab hears of a transaction later than it ends.
    pub replies_come_late: bool,
    pub has_locks: bool,
    /// The story of the steps that are taken, if somebody wants to read it.
    pub story: Option<Vec<String>>,
}

/// The engine's limits, in ticks.
pub fn limits() -> Config {
    Config {
        lease_duration_ms: 4,
        leader_patience_ms: 2,
        leader_answer_ms: 2,
        gap_patience_ms: 1,
        greetings_gather_ms: 1,
        news_patience_ms: 2,
        persist_retry_ms: 2,
        confirm_wait_ms_max: 2,
        presence_check_ms: 2,
        lockless_answer_ms: 1,
        finished_keep_ms: NEVER,
        topic_removed_keep_ms: NEVER,
        queries_flush_ms: NEVER,
        persist_timeout_ms: NEVER,
        ..Config::default()
    }
}

impl Stage {
    pub fn new(plot: &Plot) -> Self {
        let (renamings, config) = (renamings(usize::from(plot.tabs)), plot.limits());
        let minds = Minds::new(&renamings, config.clone(), plot.is_repeatable);
        let Plot { is_repeatable, replies_come_late, has_locks, .. } = *plot;
        Self { minds, renamings, config, is_repeatable, replies_come_late, has_locks, story: None }
    }

    /// A world in which no page was opened yet.
    pub fn empty_world(&mut self, tabs: u8, faults_max: u8, skews: [u16; TABS_MAX]) -> World {
        let tabs = (0..tabs).map(|place| Tab::new(self.minds.unborn(place), skews[usize::from(place)]));
        World {
            now: 1,
            faults_left: faults_max,
            is_lossy: false,
            tabs: tabs.collect(),
            letters: Vec::new(),
            jobs: std::collections::VecDeque::new(),
            store: self.minds.stores.number(new_store(0)),
            life: 0,
            holder: None,
            queue: std::collections::VecDeque::new(),
            calls: Vec::new(),
            applied: 0,
            sent: 0,
            asked: 0,
            published: 0,
            owed: 0,
            kept: 0,
            saw: [0; 3],
        }
    }

    pub fn note(&mut self, line: impl FnOnce() -> String) {
        if let Some(story) = &mut self.story {
            story.push(line());
        }
    }

    /// Tells a tab something, and does what it wants done.
    pub fn tell(&mut self, world: &mut World, place: u8, input: Input) -> Verdict {
        let tab = world.tab(place);
        let (mind, outputs) = self.minds.tell(tab.mind, world.now, world.now + tab.skew, input)?;
        world.tab_mut(place).mind = mind;
        let mut looks = None;
        for output in outputs.iter() {
            self.narrate(output);
            match output {
                Output::LookAround { journals } => looks = Some(*journals || looks == Some(true)),
                output => self.perform(world, place, output)?,
            }
        }
        self.check_leaders(world, place)?;
        match looks {
            Some(journals) => self.look_around(world, place, journals),
            None => Ok(()),
        }
    }

    fn perform(&mut self, world: &mut World, place: u8, output: &Output) -> Verdict {
        match *output {
            Output::Join => world.tab_mut(place).is_joined = true,
            Output::Leave => world.leave(place),
            Output::ReadStore => {
                let current = world.life;
                let life = *world.tab_mut(place).connection.get_or_insert(current);
                world.jobs.push_back(Issued { tab: place, life: Some(life), job: Job::Read });
            }
            Output::Persist { batch, writes } => world.issue(place, batch, writes),
            Output::RequestLock if !self.has_locks => {
                world.tab_mut(place).lock_news.push_back(LockNews::Missing);
            }
            Output::RequestLock => {
                let is_known = world.holder == Some(place) || world.queue.contains(&place);
                ensure(!is_known, "one lock request a tab", || format!("tab {place} asked again"))?;
                world.queue.push_back(place);
                world.grant();
            }
            Output::ReleaseLock => world.release(place),
            Output::StealLock => world.steal(place),
            Output::Send { envelope } => world.send(place, envelope),
            Output::Attempt { number, attempt } => {
                self.check_attempt(world, place, number, attempt)?;
                world.sent |= 1 << number;
                world.calls.push(Call { tab: place, number, attempt });
            }
            Output::DropJournal { owner } => {
                let handed = std::mem::take(&mut world.tab_mut(place).handed[usize::from(owner)]);
                self.check_released(world, place, handed & world.tab(owner).journal)?;
                world.tab_mut(owner).journal &= !handed;
            }
            Output::Released { number } => {
                self.check_released(world, place, world.tab(place).journal & 1 << number)?;
                world.tab_mut(place).journal &= !(1 << number);
            }
            Output::Shows { value } => world.tab_mut(place).shown = value.unwrap_or(0),
            Output::Published => world.kept |= world.tab(place).wrote,
            Output::LookAround { .. } => {}
        }
        Ok(())
    }

    /// Who lives, and what the journals hold of those who do not.
    fn look_around(&mut self, world: &mut World, place: u8, journals: bool) -> Verdict {
        let places = |is: &dyn Fn(&Tab) -> bool| -> Marks {
            world.places().filter(|other| is(world.tab(*other))).fold(0, |places, other| places | 1 << other)
        };
        let (living, pages) = (places(&|tab| tab.is_joined), places(&Tab::is_there));
        self.tell(world, place, Input::Presence { living, pages })?;
        for owner in world.places().filter(|owner| journals && *owner != place) {
            let (journal, is_joined) = (world.tab(owner).journal, world.tab(owner).is_joined);
            if journal != 0 && !is_joined {
                world.tab_mut(place).handed[usize::from(owner)] = journal;
                self.tell(world, place, Input::Adopt { owner, numbers: journal })?;
            }
        }
        Ok(())
    }

    /// The store carries out its oldest transaction. `fails`: a write that the disk refuses.
    pub fn commit(&mut self, world: &mut World, fails: bool) -> Verdict {
        let Issued { tab, life, job } = world.jobs.pop_front().expect("only offered when there is one");
        let is_open = life == Some(world.life);
        let reply = match job {
            Job::Read => Reply::Read { store: is_open.then_some(world.store) },
            Job::Write { batch, .. } if !is_open || fails => {
                use tabweave::engine::PersistFailure::{Closed, Failed};
                Reply::Persisted { batch, result: Err(if is_open { Failed } else { Closed }), proof: None }
            }
            Job::Write { batch, writes, issued } => {
                let (writes, before) = (self.minds.batches.get(writes), self.minds.stores.get(world.store));
                let mut store = before.clone();
                let result = store.commit(super::symmetry::tab_id(tab), writes);
                let proves = writes.writes.iter().any(is_of_leader);
                let proof = (proves && result.is_ok()).then_some(issued);
                if result.is_ok() {
                    self.check_committed(tab, before, writes)?;
                    world.store = self.minds.stores.number(store);
                }
                Reply::Persisted { batch, result, proof }
            }
        };
        self.note(|| format!("      tab {tab} is answered: {}", answer(&reply)));
        let page = world.tab_mut(tab);
        if !page.is_there() {
            return Ok(());
        }
        page.replies.push_back(reply);
        let is_next = page.replies.len() == 1 && page.is_awake();
        if is_next && !self.replies_come_late { self.reply(world, tab) } else { Ok(()) }
    }

    /// A tab hears the next answer of the store.
    pub fn reply(&mut self, world: &mut World, place: u8) -> Verdict {
        let tab = world.tab_mut(place);
        let input = match tab.replies.pop_front().expect("only offered when there is one") {
            Reply::Read { store } => Input::StoreRead { store },
            Reply::Persisted { batch, result, proof } => {
                tab.proof = proof.or(tab.proof);
                Input::Persisted { batch, result }
            }
            Reply::Closed { life } if tab.connection == Some(life) => {
                tab.connection = None;
                Input::StoreClosed
            }
            Reply::Closed { .. } => return Ok(()),
        };
        self.tell(world, place, input)
    }
}

/// Whether only a leader, or who becomes one, writes this.
const fn is_of_leader(write: &Write<Marks>) -> bool {
    matches!(write, Write::ClaimEpoch(_) | Write::PutOperation(_) | Write::RemoveOperation(_))
}

impl World {
    fn issue(&mut self, tab: u8, batch: BatchId, writes: Number) {
        let (life, issued) = (self.tab(tab).connection, self.now);
        self.jobs.push_back(Issued { tab, life, job: Job::Write { batch, writes, issued } });
    }

    fn send(&mut self, from: u8, envelope: Number) {
        if self.tab(from).is_joined {
            let others = self.places().filter(|to| *to != from && self.tab(*to).is_joined);
            let letters: Vec<_> = others.map(|to| Letter { from, to, envelope }).collect();
            self.letters.extend(letters);
        }
    }

    /// The channel is closed, the life lock given back.
    pub fn leave(&mut self, tab: u8) {
        self.tab_mut(tab).is_joined = false;
        self.letters.retain(|letter| letter.to != tab);
    }

    /// Gives the leader's lock to whoever stands next, if it is free.
    fn grant(&mut self) {
        if self.holder.is_none()
            && let Some(next) = self.queue.pop_front()
        {
            self.holder = Some(next);
            self.tab_mut(next).lock_news.push_back(LockNews::Granted);
        }
    }

    /// Gives the lock back, or stops waiting for it; nothing more is heard of it.
    pub fn release(&mut self, tab: u8) {
        self.queue.retain(|queued| *queued != tab);
        self.tab_mut(tab).lock_news.clear();
        if self.holder == Some(tab) {
            self.holder = None;
            self.grant();
        }
    }

    /// The tab stops waiting for the lock and takes it.
    pub fn steal(&mut self, tab: u8) {
        self.queue.retain(|queued| *queued != tab);
        self.tab_mut(tab).lock_news.clear();
        if let Some(former) = self.holder.replace(tab).filter(|former| *former != tab) {
            self.tab_mut(former).lock_news.push_back(LockNews::Lost);
        }
    }
}
