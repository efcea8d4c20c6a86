//! Anything that records and messages can hold once they were decoded: of the right shape, and otherwise whatever
//! somebody else, a damaged store or a broken clock made of it. Identifiers and names are few, so that they meet.

use arbitrary::{Result, Unstructured};
use tabweave::engine::{
    Asked, Body, CachedQuery, Current, Envelope, Epoch, FailedKind, Failure, FailureCode, Hindrance,
    Incarnation, Message, Operation, OperationId, OperationRequest, OperationState, Outcome,
    PROTOCOL_VERSION, ParkReason, Priority, Rebased, Report, Retry, Revision, Stamp, StoreContents, StoreId,
    TabId, Terms, TopicEntry, WaitReason, Wish,
};

use super::app::{self, Marks};

/// The largest number that is read where a count or a moment is expected.
pub const WHOLE_MAX: u64 = 8_640_000_000_000_000;
pub const START_MS: u64 = 1_700_000_000_000;

type Bytes<'a, 'b> = &'a mut Unstructured<'b>;

pub fn list<T>(bytes: Bytes, item: impl Fn(Bytes) -> Result<T>) -> Result<Vec<T>> {
    let count = bytes.int_in_range(0..=4)?;
    (0..count).map(|_| item(bytes)).collect()
}

pub fn perhaps<T>(bytes: Bytes, item: impl FnOnce(Bytes) -> Result<T>) -> Result<Option<T>> {
    Ok(if bytes.arbitrary()? { Some(item(bytes)?) } else { None })
}

pub fn whole(bytes: Bytes) -> Result<u64> {
    Ok(match bytes.int_in_range(0..=6)? {
        0..=2 => bytes.int_in_range(0..=3)?,
        3 => START_MS.saturating_add_signed(bytes.arbitrary::<i32>()?.into()),
        4 => bytes.int_in_range(0..=WHOLE_MAX)?,
        5 => WHOLE_MAX,
        _ => bytes.arbitrary::<u16>()?.into(),
    })
}

pub fn count(bytes: Bytes) -> Result<u32> {
    Ok(match bytes.int_in_range(0..=3)? {
        0 | 1 => bytes.int_in_range(0..=2)?,
        2 => u32::MAX,
        _ => bytes.arbitrary()?,
    })
}

pub fn id(bytes: Bytes) -> Result<OperationId> {
    bytes.int_in_range(0..=7).map(app::operation_id)
}

/// The first is the page itself.
pub fn tab(bytes: Bytes) -> Result<TabId> {
    Ok(TabId::from_bytes([0xa0 + bytes.int_in_range(0..=3)?; 16]))
}

pub fn store(bytes: Bytes) -> Result<StoreId> {
    // More often than not the one that is read first.
    Ok(StoreId::from_bytes([*bytes.choose(&[1, 1, 1, 1, 1, 2, 3])?; 16]))
}

fn name(bytes: Bytes) -> Result<String> {
    Ok((*bytes.choose(&[app::OPERATION, app::OPERATION, "unknown", ""])?).to_owned())
}

pub fn topic(bytes: Bytes) -> Result<String> {
    Ok((*bytes.choose(&[app::TOPIC, app::OTHER_TOPIC, ""])?).to_owned())
}

pub fn stamp(bytes: Bytes) -> Result<Stamp> {
    Ok(Stamp { wall_ms: whole(bytes)?, counter: count(bytes)?, tab: tab(bytes)? })
}

fn body(bytes: Bytes) -> Result<Body<Marks>> {
    Ok(match bytes.ratio(3, 4)? {
        true => Body::Intent { arguments: bytes.arbitrary()? },
        false => Body::Edit {
            collection: name(bytes)?,
            document: name(bytes)?,
            base: bytes.arbitrary()?,
            next: bytes.arbitrary()?,
        },
    })
}

fn terms(bytes: Bytes) -> Result<Terms> {
    if bytes.arbitrary()? {
        return Ok(Terms::default());
    }
    let priorities = [Priority::Low, Priority::Medium, Priority::High, Priority::Critical];
    let retry = Retry {
        retries_max: count(bytes)?,
        delay_ms: whole(bytes)?,
        multiplier_percent: count(bytes)?,
        delay_ms_max: whole(bytes)?,
        timeout_ms: whole(bytes)?,
    };
    let priority = *bytes.choose(&priorities)?;
    Ok(Terms {
        priority,
        retry,
        expire_after_ms: perhaps(bytes, whole)?,
        version: count(bytes)?,
        is_reported: bytes.arbitrary()?,
        coalesces: bytes.arbitrary()?,
        sensitive: bytes.arbitrary()?,
    })
}

fn failure(bytes: Bytes) -> Result<Failure<Marks>> {
    let codes = [FailureCode::Rejected, FailureCode::Retryable, FailureCode::Expired];
    Ok(Failure { code: *bytes.choose(&codes)?, error: bytes.arbitrary()? })
}

fn state(bytes: Bytes) -> Result<OperationState<Marks>> {
    let waits = [
        WaitReason::Retry,
        WaitReason::Connection,
        WaitReason::Overload,
        WaitReason::Creator,
        WaitReason::NoHandler,
    ];
    let parks = [
        ParkReason::OutcomeUnknown,
        ParkReason::Conflict,
        ParkReason::SignedOut,
        ParkReason::DependsOnFailed,
    ];
    Ok(match bytes.int_in_range(0..=7)? {
        0 => OperationState::Queued,
        1 | 2 => OperationState::Claimed {
            epoch: Epoch(whole(bytes)?),
            runner: tab(bytes)?,
            probes: bytes.arbitrary()?,
        },
        3 => OperationState::Waiting {
            until_ms: perhaps(bytes, whole)?,
            why: *bytes.choose(&waits)?,
            failure: perhaps(bytes, failure)?,
        },
        4 => OperationState::Parked {
            why: *bytes.choose(&parks)?,
            failure: perhaps(bytes, failure)?,
            current: perhaps(bytes, current)?,
        },
        5 => OperationState::Done { result: bytes.arbitrary()?, at_ms: whole(bytes)? },
        6 => OperationState::Dead { failure: failure(bytes)?, at_ms: whole(bytes)? },
        _ => OperationState::Cancelled { at_ms: whole(bytes)?, into: perhaps(bytes, id)? },
    })
}

pub fn request(bytes: Bytes) -> Result<OperationRequest<Marks>> {
    Ok(OperationRequest {
        id: id(bytes)?,
        name: name(bytes)?,
        body: body(bytes)?,
        scope: topic(bytes)?,
        repeatable: bytes.arbitrary()?,
        confirmed_by_key: bytes.arbitrary()?,
        terms: terms(bytes)?,
        bytes: count(bytes)?,
    })
}

fn report(bytes: Bytes) -> Result<Report> {
    Ok(if bytes.arbitrary()? { Report::Owed } else { Report::With(tab(bytes)?) })
}

fn operation(bytes: Bytes) -> Result<Operation<Marks>> {
    let asked = request(bytes)?;
    let OperationRequest { id, name, body, scope, repeatable, confirmed_by_key, terms, bytes: size } = asked;
    let state = state(bytes)?;
    // No record is read of a claim that does not say when the first attempt began.
    let is_claimed = matches!(state, OperationState::Claimed { .. });
    // Nor of an end that is told before it is one.
    let report = if state.ended_ms().is_some() { perhaps(bytes, report)? } else { None };
    let first_attempt_ms = if is_claimed { Some(whole(bytes)?) } else { perhaps(bytes, whole)? };
    Ok(Operation {
        id,
        name,
        body,
        scope,
        stamp: stamp(bytes)?,
        origin: tab(bytes)?,
        repeatable,
        confirmed_by_key,
        terms,
        bytes: size,
        merges: count(bytes)?,
        rebases: count(bytes)?,
        attempts: count(bytes)?,
        answered: count(bytes)?,
        first_attempt_ms,
        is_in_doubt: bytes.arbitrary()?,
        report,
        state,
    })
}

fn entry(bytes: Bytes) -> Result<TopicEntry<Marks>> {
    let value = bytes.arbitrary()?;
    Ok(TopicEntry { topic: topic(bytes)?, key: topic(bytes)?, stamp: stamp(bytes)?, value })
}

pub fn contents(bytes: Bytes) -> Result<StoreContents<Marks>> {
    let unreadable_operations = list(bytes, id)?;
    // A table has one record under a key.
    let mut operations = list(bytes, operation)?;
    operations.sort_by_key(|operation| operation.id);
    operations.dedup_by_key(|operation| operation.id);
    operations.retain(|operation| !unreadable_operations.contains(&operation.id));
    Ok(StoreContents {
        store: store(bytes)?,
        revision: Revision(whole(bytes)?),
        epoch: Epoch(whole(bytes)?),
        operations,
        entries: list(bytes, entry)?,
        unreadable: unreadable_operations.len() as u32,
        unreadable_operations,
        has_all_entries: bytes.arbitrary()?,
        newer: bytes.int_in_range(0..=1)?,
        trail: tabweave::engine::Trail::new(),
    })
}

pub fn cached(bytes: Bytes) -> Result<CachedQuery<Marks>> {
    Ok(CachedQuery { value: bytes.arbitrary()?, at_ms: whole(bytes)?, contains: list(bytes, id)? })
}

pub fn outcome(bytes: Bytes) -> Result<Outcome<Marks>> {
    if bytes.arbitrary()? {
        return Ok(Outcome::Accepted { result: bytes.arbitrary()?, seen: bytes.arbitrary()? });
    }
    let hindrances = [
        Hindrance::Connection,
        Hindrance::Server,
        Hindrance::Overload,
        Hindrance::Handler,
        Hindrance::Creator,
    ];
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
    let kind = *bytes.choose(&kinds)?;
    let is_conflict = kind == FailedKind::Conflict;
    let current = if is_conflict { perhaps(bytes, current)? } else { None };
    let rebased = if is_conflict { perhaps(bytes, rebased)? } else { None };
    Ok(Outcome::Failed {
        kind,
        error: bytes.arbitrary()?,
        after_ms: perhaps(bytes, whole)?,
        current,
        rebased,
    })
}

fn current(bytes: Bytes) -> Result<Current<Marks>> {
    Ok(if bytes.arbitrary()? { Current::Document(bytes.arbitrary()?) } else { Current::Removed })
}

fn rebased(bytes: Bytes) -> Result<Rebased<Marks>> {
    Ok(Rebased { base: bytes.arbitrary()?, next: bytes.arbitrary()?, decided: Vec::new() })
}

pub fn wish(bytes: Bytes) -> Result<Wish> {
    bytes.choose(&[Wish::Cancel, Wish::Retry, Wish::SetAside, Wish::Resume]).copied()
}

fn asked(bytes: Bytes) -> Result<Asked<Marks>> {
    if bytes.ratio(1, 4)? {
        let resolution = perhaps(bytes, rebased)?;
        return Ok(Asked { wish: Wish::Resolve, attempts: count(bytes)?, resolution, given_up: Vec::new() });
    }
    Ok(Asked { wish: wish(bytes)?, attempts: count(bytes)?, resolution: None, given_up: Vec::new() })
}

pub fn envelope(bytes: Bytes) -> Result<Envelope<Marks>> {
    let message = message(bytes)?;
    Ok(Envelope {
        protocol: if bytes.ratio(7, 8)? { PROTOCOL_VERSION } else { count(bytes)? },
        store: store(bytes)?,
        from: tab(bytes)?,
        incarnation: Incarnation(count(bytes)?),
        stamp: stamp(bytes)?,
        message,
    })
}

fn message(bytes: Bytes) -> Result<Message<Marks>> {
    Ok(match bytes.int_in_range(0..=12)? {
        0 => Message::Hello {
            handlers: list(bytes, name)?,
            visible: bytes.arbitrary()?,
            asks: bytes.arbitrary()?,
            app: name(bytes)?,
        },
        1 => Message::Goodbye { asleep: bytes.arbitrary()? },
        2 => Message::Ping,
        3 => Message::Mismatch,
        4 => Message::Leading { epoch: Epoch(whole(bytes)?), revision: Revision(whole(bytes)?) },
        5 => Message::Writing,
        6 => Message::Stored {
            revision: Revision(whole(bytes)?),
            operations: list(bytes, operation)?,
            removed: list(bytes, id)?,
        },
        7 => Message::Published { revision: Revision(whole(bytes)?), entries: list(bytes, entry)? },
        8 => Message::Shared { entries: list(bytes, entry)? },
        9 => Message::Bell { revision: Revision(whole(bytes)?) },
        10 => Message::Delegate {
            to: tab(bytes)?,
            epoch: Epoch(whole(bytes)?),
            id: id(bytes)?,
            attempt: count(bytes)?,
        },
        11 => Message::AttemptEnded { id: id(bytes)?, attempt: count(bytes)?, outcome: outcome(bytes)? },
        _ => Message::Ask { id: id(bytes)?, asked: asked(bytes)? },
    })
}
