//! A small world: tabs, the letters between them, the store and its transactions, the leader's lock, the server.

use std::collections::VecDeque;
use std::hash::Hash;

use tabweave::engine::{BatchId, LockNews, PersistFailure, Revision};

use super::app::Marks;
use super::minds::Minds;
use super::mix::{Mix, Print};
use super::pool::Number;
use super::symmetry::{Renaming, TABS_MAX};

/// Whether a page runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Page {
    /// It has not been opened yet.
    Unopened,
    Awake,
    /// Frozen, or in the back/forward cache, and told so beforehand.
    Asleep,
    /// Stopped without a word, with everything in its hands.
    Frozen,
    /// Crashed.
    Gone,
}

/// What the store has for a tab.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reply {
    /// What a reading brought; none: the database was closed.
    Read { store: Option<Number> },
    Persisted {
        batch: BatchId,
        result: Result<Option<Revision>, PersistFailure>,
        /// When the batch was issued, if it proves a leadership.
        proof: Option<u16>,
    },
    /// The connection to this life of the database was closed.
    Closed { life: u8 },
}

/// One page.
#[derive(Clone, Debug)]
pub struct Tab {
    pub mind: Number,
    pub page: Page,
    /// Whether it listens on the channel and holds its life lock.
    pub is_joined: bool,
    /// Answers of the store, in order.
    pub replies: VecDeque<Reply>,
    /// News of the leader's lock, in order.
    pub lock_news: VecDeque<LockNews>,
    /// The life of the database that its connection belongs to.
    pub connection: Option<u8>,
    /// What the server last told it.
    pub base: Marks,
    /// What its topic shows, as it was last told to the app, and what it last wrote there.
    pub shown: Marks,
    pub wrote: Marks,
    /// Operations in its journal.
    pub journal: Marks,
    /// Operations of other tabs' journals that it was handed, by owner.
    pub handed: [Marks; TABS_MAX],
    /// When the last batch was issued that proved its leadership, as far as it has heard.
    pub proof: Option<u16>,
    /// How far its wall clock is ahead.
    pub skew: u16,
}

/// A transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Job {
    Read,
    Write { batch: BatchId, writes: Number, issued: u16 },
}

/// A transaction on its way: whose, and on which life of the database.
#[derive(Clone, Copy, Debug)]
pub struct Issued {
    pub tab: u8,
    pub life: Option<u8>,
    pub job: Job,
}

/// A message on its way to one tab.
#[derive(Clone, Copy, Debug)]
pub struct Letter {
    pub from: u8,
    pub to: u8,
    pub envelope: Number,
}

/// A call on its way to the server.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    pub tab: u8,
    pub number: u8,
    pub attempt: u32,
}

/// Everything there is.
#[derive(Clone, Debug)]
pub struct World {
    pub now: u16,
    pub faults_left: u8,
    /// Whether news may have been lost that nobody will send again.
    pub is_lossy: bool,
    pub tabs: Vec<Tab>,
    pub letters: Vec<Letter>,
    pub jobs: VecDeque<Issued>,
    pub store: Number,
    /// Which life of the database this is.
    pub life: u8,
    pub holder: Option<u8>,
    pub queue: VecDeque<u8>,
    pub calls: Vec<Call>,
    /// Operations that the server has applied.
    pub applied: Marks,
    /// Operations that were sent at least once.
    pub sent: Marks,
    /// How many operations people asked for, and how many entries they published.
    pub asked: u8,
    pub published: u8,
    /// Operations that must not be lost.
    pub owed: Marks,
    /// Published entries that the store acknowledged, and per entry those that its writer saw when it wrote it.
    pub kept: Marks,
    pub saw: [Marks; 3],
}

impl Tab {
    pub fn new(mind: Number, skew: u16) -> Self {
        Self {
            mind,
            page: Page::Unopened,
            is_joined: false,
            replies: VecDeque::new(),
            lock_news: VecDeque::new(),
            connection: None,
            base: 0,
            shown: 0,
            wrote: 0,
            journal: 0,
            handed: [0; TABS_MAX],
            proof: None,
            skew,
        }
    }

    pub fn is_awake(&self) -> bool {
        self.page == Page::Awake
    }

    /// Whether its page exists.
    pub fn is_there(&self) -> bool {
        matches!(self.page, Page::Awake | Page::Asleep | Page::Frozen)
    }
}

impl World {
    pub fn tab(&self, tab: u8) -> &Tab {
        &self.tabs[usize::from(tab)]
    }

    pub fn tab_mut(&mut self, tab: u8) -> &mut Tab {
        &mut self.tabs[usize::from(tab)]
    }

    pub fn places(&self) -> impl Iterator<Item = u8> + use<> {
        0..self.tabs.len() as u8
    }

    /// The smallest fingerprint that the world has under any renaming of its tabs.
    pub fn print(&self, minds: &Minds, renamings: &[Renaming]) -> Print {
        let prints = (0..renamings.len()).map(|which| self.print_as(minds, renamings, which));
        prints.min().expect("there is at least one renaming")
    }

    /// The fingerprint of the world after its tabs were renamed.
    pub fn print_as(&self, minds: &Minds, renamings: &[Renaming], which: usize) -> Print {
        let renaming = &renamings[which];
        let to = |tab: u8| renaming[usize::from(tab)];
        let mut mix = Mix::default();
        (self.now, self.faults_left, self.is_lossy, self.life).hash(&mut mix);
        (self.applied, self.sent, self.asked, self.published).hash(&mut mix);
        (self.owed, self.kept, self.saw).hash(&mut mix);
        mix.part(minds.stores.print(self.store, which));
        self.holder.map(to).hash(&mut mix);
        mix.word(self.queue.len() as u64);
        self.queue.iter().for_each(|tab| to(*tab).hash(&mut mix));
        for job in &self.jobs {
            (to(job.tab), job.life).hash(&mut mix);
            match job.job {
                Job::Read => mix.word(1),
                Job::Write { batch, writes, issued } => {
                    (batch, issued).hash(&mut mix);
                    mix.part(minds.batches.print(writes, which));
                }
            }
        }
        // Tabs and pairs of tabs have no order of their own, so what they add is taken together without one.
        let mut together = 0_u128;
        for tab in self.places() {
            together = together.wrapping_add(self.print_tab(minds, tab, renaming, which));
        }
        for call in &self.calls {
            together = together.wrapping_add(Mix::of(&(to(call.tab), call.number, call.attempt)));
        }
        let mut ranks = [[0_u8; TABS_MAX]; TABS_MAX];
        for letter in &self.letters {
            let rank = &mut ranks[usize::from(letter.from)][usize::from(letter.to)];
            *rank += 1;
            let mut own = Mix::default();
            (to(letter.from), to(letter.to), *rank).hash(&mut own);
            own.part(minds.envelopes.print(letter.envelope, which));
            together = together.wrapping_add(own.print());
        }
        mix.part(together);
        mix.print()
    }

    fn print_tab(&self, minds: &Minds, place: u8, renaming: &Renaming, which: usize) -> Print {
        let tab = self.tab(place);
        let mut mix = Mix::default();
        (renaming[usize::from(place)], tab.page, tab.is_joined, tab.connection).hash(&mut mix);
        (tab.base, tab.shown, tab.wrote, tab.journal, tab.proof, tab.skew).hash(&mut mix);
        tab.lock_news.hash(&mut mix);
        mix.part(minds.engines.print(tab.mind, which));
        for (owner, handed) in tab.handed.iter().enumerate() {
            if *handed != 0 {
                mix.word(u64::from(*handed) << 8 | u64::from(renaming[owner]));
            }
        }
        mix.word(tab.replies.len() as u64);
        for reply in &tab.replies {
            match reply {
                Reply::Read { store: Some(store) } => mix.part(minds.stores.print(*store, which)),
                // What else it says names no tab.
                other => other.hash(&mut mix),
            }
        }
        mix.print()
    }
}
