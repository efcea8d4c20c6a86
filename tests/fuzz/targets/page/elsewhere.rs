//! What other tabs do with the store that the page shares with them, and what they say of it.

use tabweave::engine::{
    Envelope, Failure, FailureCode, Incarnation, Message, Operation, OperationId, OperationRequest,
    OperationState, PROTOCOL_VERSION, ParkReason, Stamp, TRANSITIONS, TabId, WaitReason, Write, WriteBatch,
};

use super::super::app::{self, App, Marks};
use super::{Page, request};

const FIRST_TAB: u8 = 0xe0;
/// The other tab, which may lead.
pub(super) const TAB: TabId = TabId::from_bytes([FIRST_TAB; 16]);

/// A tab that lives no more.
pub(super) fn dead_tab(number: u8) -> TabId {
    TabId::from_bytes([FIRST_TAB + 1 + number; 16])
}

/// How the other tab goes on with an operation.
#[derive(Clone, Copy, Debug)]
pub enum Progress {
    Claimed,
    /// Claimed for an attempt in the page.
    Delegated,
    Waiting,
    Parked,
    Done,
    Dead,
    Cancelled,
    Queued,
}

impl Page {
    fn stamp_elsewhere(&mut self) -> Stamp {
        self.ticks += 1;
        Stamp { wall_ms: self.now.wall_ms, counter: self.ticks, tab: TAB }
    }

    /// The other tab stores an operation.
    pub fn add_elsewhere(&mut self, number: u8) {
        let OperationRequest { id, name, body, scope, repeatable, confirmed_by_key, terms, bytes } =
            request(number);
        if self.stored.contains(&id) {
            return;
        }
        let operation = Operation {
            id,
            name,
            body,
            scope,
            stamp: self.stamp_elsewhere(),
            origin: TAB,
            repeatable,
            confirmed_by_key,
            terms,
            bytes,
            merges: 0,
            rebases: 0,
            attempts: 0,
            answered: 0,
            first_attempt_ms: None,
            is_in_doubt: false,
            report: None,
            state: OperationState::Queued,
        };
        self.stored.insert(id);
        self.write_elsewhere(vec![Write::AddOperation(operation)]);
    }

    /// The other tab leads and goes on with an operation.
    pub fn go_on_elsewhere(&mut self, number: u8, progress: Progress) {
        let Some(mut next) = self.store.operations.get(&app::operation_id(number)).cloned() else { return };
        let state = self.state_of(progress);
        let from = next.state.name();
        if !TRANSITIONS.iter().any(|(state_before, to)| *state_before == from && to.contains(&state.name())) {
            return;
        }
        self.lead_elsewhere();
        if matches!(progress, Progress::Claimed | Progress::Delegated) {
            next.attempts += 1;
            next.first_attempt_ms.get_or_insert(self.now.wall_ms);
        }
        let (id, attempt, epoch) = (next.id, next.attempts, self.store.last_epoch());
        next.state = state;
        self.write_elsewhere(vec![Write::PutOperation(next)]);
        if matches!(progress, Progress::Delegated) {
            self.say(Message::Delegate { to: self.tab, epoch, id, attempt });
        }
    }

    fn state_of(&self, progress: Progress) -> OperationState<Marks> {
        let at_ms = self.now.wall_ms;
        let is_won = self.store.epochs.last_key_value().is_some_and(|(_, winner)| *winner == TAB);
        let last = self.store.last_epoch();
        let epoch = if is_won { last } else { last.next() };
        let failure = |code| Failure { code, error: Some(0) };
        match progress {
            Progress::Claimed => OperationState::Claimed { epoch, runner: TAB, probes: false },
            Progress::Delegated => OperationState::Claimed { epoch, runner: self.tab, probes: false },
            Progress::Waiting => OperationState::Waiting {
                until_ms: Some(at_ms + 1_000),
                why: WaitReason::Retry,
                failure: Some(failure(FailureCode::Retryable)),
            },
            Progress::Parked => OperationState::Parked {
                why: ParkReason::Conflict,
                failure: Some(failure(FailureCode::Conflict)),
                current: None,
            },
            Progress::Done => OperationState::Done { result: 0, at_ms },
            Progress::Dead => OperationState::Dead { failure: failure(FailureCode::Rejected), at_ms },
            Progress::Cancelled => OperationState::Cancelled { at_ms, into: None },
            Progress::Queued => OperationState::Queued,
        }
    }

    /// The other tab leads and removes what has ended, unless a journal still holds it.
    pub fn remove_elsewhere(&mut self, number: u8) {
        let id = app::operation_id(number);
        let has_ended = self.store.operations.get(&id).is_some_and(|operation| {
            matches!(operation.state, OperationState::Done { .. } | OperationState::Cancelled { .. })
        });
        if has_ended && !self.is_journalled(id) {
            self.lead_elsewhere();
            self.removed.insert(id);
            self.write_elsewhere(vec![Write::RemoveOperation(id)]);
        }
    }

    /// Wins the next epoch, unless the last was won by it.
    fn lead_elsewhere(&mut self) {
        let last = self.store.epochs.last_key_value();
        if last.is_none_or(|(_, winner)| *winner != TAB) {
            let epoch = self.store.last_epoch().next();
            let batch = WriteBatch { fence: None, writes: vec![Write::ClaimEpoch(epoch)] };
            self.store.commit(TAB, &batch).expect("the epoch is free");
            let revision = self.store.revision;
            self.say(Message::Leading { epoch, revision });
        }
    }

    fn write_elsewhere(&mut self, writes: Vec<Write<Marks>>) {
        let batch = WriteBatch { fence: None, writes };
        let revision = self.store.commit(TAB, &batch).expect("nothing stands against it");
        let revision = revision.expect("operations are news");
        let mut operations = Vec::new();
        let mut removed: Vec<OperationId> = Vec::new();
        for write in batch.writes {
            match write {
                Write::AddOperation(operation) | Write::PutOperation(operation) => operations.push(operation),
                Write::RemoveOperation(id) => removed.push(id),
                _ => {}
            }
        }
        self.say(Message::Stored { revision, operations, removed });
    }

    /// Something is on its way to the page.
    fn say(&mut self, message: Message<Marks>) {
        let stamp = self.stamp_elsewhere();
        let store = self.store.id;
        let (protocol, incarnation) = (PROTOCOL_VERSION, Incarnation(0));
        self.news.push(Envelope { protocol, store, from: TAB, incarnation, stamp, message });
    }

    pub fn greet(&mut self, visible: bool) {
        let handlers = vec![app::OPERATION.to_owned()];
        self.say(Message::Hello { handlers, visible, asks: visible, app: String::new() });
        self.say(if visible { Message::Writing } else { Message::Ping });
    }

    /// Some of what was said arrives, in any order, and perhaps once more later.
    pub fn hear(&mut self, which: u8, again: bool) {
        if self.news.is_empty() {
            return;
        }
        let at = usize::from(which) % self.news.len();
        let envelope = if again { self.news[at].clone() } else { self.news.remove(at) };
        if self.listens {
            self.tell(|engine, now| engine.handle_message(now, &mut App, envelope));
        }
    }

    /// Some of what was said never arrives; all that is left of it is the number of the last change.
    pub fn miss_news(&mut self, which: u8) {
        if self.news.is_empty() {
            return;
        }
        self.news.remove(usize::from(which) % self.news.len());
        if which.is_multiple_of(2) {
            let revision = self.store.revision;
            self.say(Message::Bell { revision });
        }
    }
}
