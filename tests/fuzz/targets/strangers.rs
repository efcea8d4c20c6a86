//! The store and the messages hold whatever somebody else put there. The engine goes on: nothing panics, it never has
//! more to do at once than it can end, and what it writes, says and shows are numbers that JavaScript has.

use std::collections::VecDeque;

use arbitrary::{Arbitrary, Result, Unstructured};
use tabweave::engine::{
    BatchId, CachedQuery, Config, Effect, Engine, Envelope, LockNews, Message, Now, Operation, OperationId,
    OperationRequest, OperationState, Outcome, PersistFailure, QueryToken, Revision, Stamp, StoreContents,
    TabId, Wish, Write, WriteBatch,
};

use super::app::{self, App, Marks};
use super::given::{self, START_MS};

/// Beyond this, JavaScript's numbers are not exact.
const EXACT_MAX: u64 = (1 << 53) - 1;
/// The last moment of a back-off that is read again.
const MOMENT_MS_MAX: u64 = given::WHOLE_MAX;
/// Timers that may fire at one moment.
const TIMERS_MAX: usize = 100;

const TAB: TabId = TabId::from_bytes([0xa0; 16]);

/// What happens to one page.
#[derive(Debug)]
pub struct Script(Vec<Step>);

#[derive(Debug)]
enum Step {
    Read(Option<StoreContents<Marks>>),
    Hear(Envelope<Marks>),
    Persisted { revision: Option<Revision>, failure: PersistFailure },
    QueryRead(Option<CachedQuery<Marks>>),
    Mutate(OperationRequest<Marks>),
    Adopt { owner: TabId, requests: Vec<OperationRequest<Marks>> },
    Attempted { id: OperationId, attempt: u32, outcome: Outcome<Marks> },
    Base { value: Marks, seen: Marks },
    Lock(LockNews),
    Presence { living: Vec<TabId>, pages: Vec<TabId> },
    Wish { id: OperationId, wish: Wish },
    Publish { durable: bool, topic: String, value: Option<Marks> },
    ServerTime(u64),
    Now { wall_ms: u64, passed_ms: u32 },
    Flags { connected: bool, visible: bool, watching: bool },
    Suspend,
    Resume,
    StoreClosed,
    SignedIn,
    Doorbell,
}

impl<'a> Arbitrary<'a> for Script {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self(super::steps(bytes)?))
    }
}

impl<'a> Arbitrary<'a> for Step {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match bytes.int_in_range(0..=24)? {
            0..=2 => Self::Read(given::perhaps(bytes, given::contents)?),
            3..=6 => Self::Hear(given::envelope(bytes)?),
            7 | 8 => {
                let failures = [PersistFailure::Conflict, PersistFailure::Quota, PersistFailure::Failed];
                let revision = given::perhaps(bytes, given::whole)?.map(Revision);
                Self::Persisted { revision, failure: bytes.choose(&failures)?.clone() }
            }
            9 => Self::QueryRead(given::perhaps(bytes, given::cached)?),
            10 => Self::Mutate(given::request(bytes)?),
            11 => Self::Adopt { owner: given::tab(bytes)?, requests: given::list(bytes, given::request)? },
            12 => Self::Attempted {
                id: given::id(bytes)?,
                attempt: given::count(bytes)?,
                outcome: given::outcome(bytes)?,
            },
            13 => Self::Base { value: bytes.arbitrary()?, seen: bytes.arbitrary()? },
            14 => Self::Lock(*bytes.choose(&[LockNews::Granted, LockNews::Lost, LockNews::Missing])?),
            15 => Self::Presence {
                living: given::list(bytes, given::tab)?,
                pages: given::list(bytes, given::tab)?,
            },
            16 => Self::Wish { id: given::id(bytes)?, wish: given::wish(bytes)? },
            17 => Self::Publish {
                durable: bytes.arbitrary()?,
                topic: given::topic(bytes)?,
                value: bytes.arbitrary()?,
            },
            18 => Self::ServerTime(given::whole(bytes)?),
            19 | 20 => Self::Now { wall_ms: given::whole(bytes)?, passed_ms: bytes.arbitrary()? },
            21 => {
                let [connected, visible, watching] = bytes.arbitrary()?;
                Self::Flags { connected, visible, watching }
            }
            22 if bytes.arbitrary()? => Self::Suspend,
            22 => Self::Resume,
            23 => Self::StoreClosed,
            _ if bytes.arbitrary()? => Self::SignedIn,
            _ => Self::Doorbell,
        })
    }
}

impl Script {
    pub fn run(self) {
        let mut page = Page::open();
        for step in self.0 {
            page.take(step);
            page.check();
        }
    }
}

struct Page {
    engine: Engine<Marks>,
    now: Now,
    /// Batches under way, and whether each is news.
    batches: VecDeque<(BatchId, bool)>,
}

impl Page {
    fn open() -> Self {
        let engine = Engine::new(Config::default(), TAB, 7);
        let now = Now { wall_ms: START_MS, steady_ms: 0 };
        let mut page = Self { engine, now, batches: VecDeque::new() };
        page.engine.start(now, true);
        page.engine.register(now, &mut App, [app::OPERATION.to_owned()]);
        page.engine.watch(now, app::query());
        page.engine.handle_connection(now, true);
        page.check();
        page
    }

    fn take(&mut self, step: Step) {
        let (engine, now) = (&mut self.engine, self.now);
        match step {
            Step::Read(contents) => {
                engine.handle_store_read(now, &mut App, contents.ok_or(PersistFailure::Failed));
            }
            Step::Hear(envelope) => {
                engine.handle_message(now, &mut App, envelope);
            }
            Step::Persisted { revision, failure } => {
                if let Some((batch, is_news)) = self.batches.pop_front() {
                    let result = revision.map(|revision| is_news.then_some(revision)).ok_or(failure);
                    engine.handle_persisted(now, &mut App, batch, result);
                }
            }
            Step::QueryRead(cached) => engine.handle_query_read(now, &mut App, app::query(), cached),
            Step::Mutate(request) => {
                let _ = engine.mutate(now, &mut App, request);
            }
            Step::Adopt { owner, requests } => engine.adopt(now, &mut App, owner, requests),
            Step::Attempted { id, attempt, outcome } => {
                engine.handle_attempt(now, &mut App, id, attempt, outcome);
            }
            Step::Base { value, seen } => engine.handle_base(now, &mut App, app::base(value, seen)),
            Step::Lock(news) => engine.handle_leader_lock(now, news),
            Step::Presence { living, pages } => {
                engine.handle_presence(now, &living.into_iter().collect(), &pages.into_iter().collect());
            }
            Step::Wish { id, wish } => {
                engine.wish(now, id, wish);
            }
            Step::Publish { durable, topic, value } => {
                let _ = engine.publish(now, durable, topic, app::KEY.to_owned(), value);
            }
            Step::ServerTime(ms) => engine.handle_server_time(now, ms),
            Step::Now { wall_ms, passed_ms } => self.pass(wall_ms, passed_ms.into()),
            Step::Flags { connected, visible, watching } => {
                engine.handle_connection(now, connected);
                engine.handle_visibility(now, visible);
                engine.watch_peers(now, watching);
            }
            Step::Suspend => engine.handle_suspend(now),
            Step::Resume => engine.handle_resume(now),
            Step::StoreClosed => engine.handle_store_closed(now),
            Step::SignedIn => engine.handle_signed_in(now),
            Step::Doorbell => engine.handle_doorbell(now),
        }
    }

    /// Time passes, and the wall clock shows something else. What is due fires until nothing is.
    fn pass(&mut self, wall_ms: u64, passed_ms: u64) {
        self.now = Now { wall_ms, steady_ms: self.now.steady_ms + passed_ms };
        for _ in 0..TIMERS_MAX {
            if self.engine.poll_timeout().is_none_or(|due| due > self.now.steady_ms) {
                return;
            }
            self.engine.handle_timeout(self.now, &mut App);
            self.check();
        }
        panic!("timers fire without end");
    }

    // ---- The laws.

    fn check(&mut self) {
        while let Some(effect) = self.engine.poll_effect() {
            match effect {
                Effect::Persist { batch, writes } => {
                    check_batch(&writes);
                    self.batches.push_back((batch, writes.writes.iter().any(super::database::is_news)));
                }
                Effect::Gather => self.engine.handle_gathered(self.now),
                Effect::Broadcast(envelope) => check_envelope(&envelope),
                Effect::Coalesce { operations } => {
                    assert!(operations.len() > 1, "there is nothing to compare")
                }
                Effect::Attempt(attempt) => check_exact([attempt.first_attempt_ms, attempt.timeout_ms]),
                _ => {}
            }
        }
        while self.engine.poll_event().is_some() {}
        for operation in self.engine.operations() {
            check_operation(operation);
        }
        let shown = self.engine.view(&QueryToken::new("q"));
        check_exact(shown.map(|view| view.at_ms));
        check_exact(self.engine.status().leading.map(|epoch| epoch.0));
    }
}

fn check_exact(numbers: impl IntoIterator<Item = u64>) {
    for number in numbers {
        assert!(number <= EXACT_MAX, "{number} is no number that JavaScript has");
    }
}

fn check_stamp(stamp: Stamp) {
    check_exact([stamp.wall_ms]);
}

fn check_operation(operation: &Operation<Marks>) {
    check_stamp(operation.stamp);
    check_exact(operation.first_attempt_ms);
    match operation.state {
        OperationState::Claimed { epoch, .. } => check_exact([epoch.0]),
        OperationState::Waiting { until_ms, .. } => {
            let is_readable = until_ms.is_none_or(|until_ms| until_ms <= MOMENT_MS_MAX);
            assert!(is_readable, "nobody can read when it is tried again: {until_ms:?}");
        }
        OperationState::Done { at_ms, .. }
        | OperationState::Dead { at_ms, .. }
        | OperationState::Cancelled { at_ms, .. } => check_exact([at_ms]),
        OperationState::Queued | OperationState::Parked { .. } => {}
    }
}

fn check_batch(batch: &WriteBatch<Marks>) {
    check_exact(batch.fence.map(|epoch| epoch.next().0));
    for write in &batch.writes {
        match write {
            Write::ClaimEpoch(epoch) => check_exact([epoch.0]),
            Write::AddOperation(operation) | Write::PutOperation(operation) => check_operation(operation),
            Write::PutQuery { cached, .. } => check_exact([cached.at_ms]),
            Write::PutEntry(entry) => check_stamp(entry.stamp),
            Write::DropEntry { stamp, .. } | Write::ForgetEntry { stamp, .. } => check_stamp(*stamp),
            Write::RemoveOperation(_) => {}
            Write::AppendAudit(entry) => check_exact([entry.number]),
        }
    }
}

fn check_envelope(envelope: &Envelope<Marks>) {
    check_stamp(envelope.stamp);
    match &envelope.message {
        Message::Leading { epoch, revision } => check_exact([epoch.0, revision.0]),
        Message::Stored { revision, operations, .. } => {
            check_exact([revision.0]);
            operations.iter().for_each(check_operation);
        }
        Message::Published { revision, entries } => {
            check_exact([revision.0]);
            entries.iter().for_each(|entry| check_stamp(entry.stamp));
        }
        Message::Shared { entries } => entries.iter().for_each(|entry| check_stamp(entry.stamp)),
        Message::Bell { revision } => check_exact([revision.0]),
        Message::Delegate { epoch, .. } => check_exact([epoch.0]),
        Message::AttemptEnded { outcome: Outcome::Failed { after_ms, .. }, .. } => check_exact(*after_ms),
        _ => {}
    }
}
