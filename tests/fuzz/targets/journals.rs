//! Journals are absorbed whatever happens meanwhile: operations are accepted, adopted once and again, in any order
//! and by several journals; writes fail, are answered late and out of order; other tabs store, go on and remove; news
//! is lost, doubled and overtaken; the store is wiped, the page dies, clocks jump.
//!
//! The laws are those of [`Page`]: no operation is stored twice by one page, no journal lets go of what the store
//! lacks, and nothing that was accepted disappears.

use arbitrary::{Arbitrary, Result, Unstructured};
use tabweave::engine::{FailedKind, Hindrance, LockNews, Outcome, PersistFailure, Wish};

use super::app::Marks;
use super::page::{OPERATIONS, Page, Progress};

/// Wall clocks jump by an hour.
const JUMP_MS: i64 = 3_600_000;

/// What happens to one page.
#[derive(Debug)]
pub struct Script {
    has_locks: bool,
    steps: Vec<Step>,
}

/// One thing that happens. Numbers choose among what there is.
#[derive(Debug)]
enum Step {
    Mutate(u8),
    /// Operations that the page's own journal held before the engine was ready.
    AdoptOwn(Vec<u8>),
    /// The journal of a tab that lives no more, as it is found.
    AdoptForeign {
        owner: u8,
        numbers: Vec<u8>,
    },
    Commit,
    Fail(PersistFailure),
    Answer(u8),
    Add(u8),
    GoOn {
        number: u8,
        progress: Progress,
    },
    Remove(u8),
    Hear {
        which: u8,
        again: bool,
    },
    MissNews(u8),
    Greet {
        visible: bool,
    },
    Lock(LockNews),
    LookAround {
        is_living: bool,
    },
    Called {
        which: u8,
        outcome: Outcome<Marks>,
    },
    Base,
    Wish {
        number: u8,
        wish: Wish,
    },
    Connect(bool),
    Suspend,
    Resume,
    Die,
    Wipe,
    Pass(u16),
    Jump {
        ahead: bool,
    },
    Watch(bool),
}

impl<'a> Arbitrary<'a> for Script {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self { has_locks: bytes.ratio(3, 4)?, steps: super::steps(bytes)? })
    }
}

impl<'a> Arbitrary<'a> for Step {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match bytes.int_in_range(0..=31)? {
            0..=2 => Self::Mutate(number(bytes)?),
            3 => Self::AdoptOwn(numbers(bytes)?),
            4 | 5 => Self::AdoptForeign { owner: bytes.int_in_range(0..=1)?, numbers: numbers(bytes)? },
            6..=9 => Self::Commit,
            10 => Self::Fail(failure(bytes)?),
            11..=14 => Self::Answer(bytes.arbitrary()?),
            15 => Self::Add(number(bytes)?),
            16 => Self::GoOn { number: number(bytes)?, progress: progress(bytes)? },
            17 => Self::Remove(number(bytes)?),
            18 => Self::Hear { which: bytes.arbitrary()?, again: bytes.ratio(1, 4)? },
            19 => Self::MissNews(bytes.arbitrary()?),
            20 => Self::Greet { visible: bytes.arbitrary()? },
            21 => Self::Lock(*bytes.choose(&[LockNews::Granted, LockNews::Granted, LockNews::Lost])?),
            22 => Self::LookAround { is_living: bytes.arbitrary()? },
            23 => Self::Called { which: bytes.arbitrary()?, outcome: outcome(bytes)? },
            24 => Self::Base,
            25 => Self::Wish { number: number(bytes)?, wish: wish(bytes)? },
            26 => Self::Connect(bytes.arbitrary()?),
            27 if bytes.arbitrary()? => Self::Suspend,
            27 => Self::Resume,
            28 => Self::Die,
            29 => Self::Wipe,
            30 => Self::Pass(bytes.arbitrary()?),
            _ if bytes.arbitrary()? => Self::Jump { ahead: bytes.arbitrary()? },
            _ => Self::Watch(bytes.arbitrary()?),
        })
    }
}

fn number(bytes: &mut Unstructured) -> Result<u8> {
    bytes.int_in_range(0..=OPERATIONS - 1)
}

/// Some of them perhaps more than once.
fn numbers(bytes: &mut Unstructured) -> Result<Vec<u8>> {
    let count = bytes.int_in_range(0..=5)?;
    (0..count).map(|_| number(bytes)).collect()
}

fn failure(bytes: &mut Unstructured) -> Result<PersistFailure> {
    Ok(bytes.choose(&[PersistFailure::Quota, PersistFailure::Closed, PersistFailure::Failed])?.clone())
}

fn progress(bytes: &mut Unstructured) -> Result<Progress> {
    let all = [
        Progress::Claimed,
        Progress::Delegated,
        Progress::Waiting,
        Progress::Parked,
        Progress::Done,
        Progress::Dead,
        Progress::Cancelled,
        Progress::Queued,
    ];
    bytes.choose(&all).copied()
}

fn wish(bytes: &mut Unstructured) -> Result<Wish> {
    bytes.choose(&[Wish::Cancel, Wish::Retry, Wish::SetAside, Wish::Resume]).copied()
}

fn outcome(bytes: &mut Unstructured) -> Result<Outcome<Marks>> {
    let hindrances = [Hindrance::Connection, Hindrance::Server, Hindrance::Overload, Hindrance::Creator];
    let hindrance = *bytes.choose(&hindrances)?;
    let kinds = [
        FailedKind::Rejected,
        FailedKind::Conflict,
        FailedKind::Unauthenticated,
        FailedKind::Blocked,
        FailedKind::Lost,
        FailedKind::Retryable(hindrance),
        FailedKind::Unknown(hindrance),
    ];
    Ok(match bytes.ratio(1, 2)? {
        true => Outcome::Accepted { result: 0, seen: bytes.arbitrary()? },
        false => Outcome::Failed {
            kind: *bytes.choose(&kinds)?,
            error: 0,
            after_ms: bytes.arbitrary::<Option<u16>>()?.map(u64::from),
            current: None,
            rebased: None,
        },
    })
}

impl Script {
    /// Has all of it happen, then everything that is left to happen, without further trouble.
    pub fn run(self) {
        let mut page = Page::open(self.has_locks);
        for step in self.steps {
            take(&mut page, step);
            page.check();
        }
        page.heal();
    }
}

fn take(page: &mut Page, step: Step) {
    match step {
        Step::Mutate(number) => page.mutate(number),
        Step::AdoptOwn(numbers) => page.adopt_own(&numbers),
        Step::AdoptForeign { owner, numbers } => page.find_journal(owner, &numbers),
        Step::Commit => page.run_job(None),
        Step::Fail(failure) => page.run_job(Some(failure)),
        Step::Answer(which) => page.answer(which),
        Step::Add(number) => page.add_elsewhere(number),
        Step::GoOn { number, progress } => page.go_on_elsewhere(number, progress),
        Step::Remove(number) => page.remove_elsewhere(number),
        Step::Hear { which, again } => page.hear(which, again),
        Step::MissNews(which) => page.miss_news(which),
        Step::Greet { visible } => page.greet(visible),
        Step::Lock(news) => page.tell_lock(news),
        Step::LookAround { is_living } => page.look_around(is_living),
        Step::Called { which, outcome } => page.called(which, outcome),
        Step::Base => page.tell_base(),
        Step::Wish { number, wish } => page.wish(number, wish),
        Step::Connect(connected) => page.tell(|engine, now| engine.handle_connection(now, connected)),
        Step::Suspend => page.suspend(),
        Step::Resume => page.resume(),
        Step::Die => page.die(),
        Step::Wipe => page.wipe(),
        Step::Pass(ms) => page.pass(ms.into()),
        Step::Jump { ahead } => page.jump(if ahead { JUMP_MS } else { -JUMP_MS }),
        Step::Watch(watching) => page.tell(|engine, now| engine.watch_peers(now, watching)),
    }
}
