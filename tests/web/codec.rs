//! Records and messages: what goes in comes out, and nothing hostile gets in.

use js_sys::{Object, Reflect};
use tabweave::engine::{
    Asked, Body, CachedQuery, Current, Digest, Envelope, Epoch, FailedKind, Failure, FailureCode, Hindrance,
    Incarnation, Message, OperationId, OperationState, Outcome, PROTOCOL_VERSION, ParkReason, Rebased,
    Report, Resolution, Revision, StoreId, TabId, Told, TopicEntry, WaitReason, Weighed, Wish,
};
use tabweave::web::message::{from_envelope, to_envelope};
use tabweave::web::record::{from_cached, from_operation, to_cached, to_operation};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{arguments, assert_rich, evaluate, operation, rich_value};

const TAB: TabId = TabId::from_bytes([3; 16]);
const ID: OperationId = OperationId::from_bytes([4; 16]);

fn failure() -> Failure<JsValue> {
    Failure { code: FailureCode::Retryable, error: Some(evaluate("{ name: 'Error', message: 'no' }")) }
}

fn states() -> Vec<OperationState<JsValue>> {
    vec![
        OperationState::Queued,
        OperationState::Claimed { epoch: Epoch(9), runner: TAB, probes: false },
        OperationState::Claimed { epoch: Epoch(9), runner: TAB, probes: true },
        OperationState::Waiting { until_ms: Some(5), why: WaitReason::Retry, failure: Some(failure()) },
        OperationState::Waiting { until_ms: None, why: WaitReason::NoHandler, failure: None },
        OperationState::Waiting { until_ms: Some(5), why: WaitReason::Overload, failure: Some(failure()) },
        OperationState::Waiting { until_ms: Some(5), why: WaitReason::Connection, failure: Some(failure()) },
        OperationState::Waiting { until_ms: Some(5), why: WaitReason::Creator, failure: Some(failure()) },
        OperationState::Parked { why: ParkReason::OutcomeUnknown, failure: None, current: None },
        OperationState::Parked {
            why: ParkReason::Conflict,
            failure: Some(failure()),
            current: Some(Current::Document(evaluate("({ id: '1' })"))),
        },
        OperationState::Parked { why: ParkReason::SignedOut, failure: Some(failure()), current: None },
        OperationState::Parked { why: ParkReason::DependsOnFailed, failure: None, current: None },
        OperationState::Done { result: JsValue::UNDEFINED, at_ms: 8 },
        OperationState::Dead { failure: failure(), at_ms: 8 },
        OperationState::Dead { failure: Failure { code: FailureCode::Expired, error: None }, at_ms: 8 },
        OperationState::Cancelled { at_ms: 8, into: None },
        OperationState::Cancelled { at_ms: 8, into: Some(ID) },
    ]
}

#[wasm_bindgen_test]
fn an_operation_is_read_as_it_was_written_in_every_state() {
    for state in states() {
        let mut before = operation(1, &JsValue::NULL);
        before.first_attempt_ms = Some(7);
        before.state = state;
        assert_eq!(to_operation(&from_operation(&before)), Some(before));
    }
    for report in [Report::Owed, Report::With(TAB)] {
        let mut ended = operation(1, &JsValue::NULL);
        ended.state = OperationState::Done { result: JsValue::UNDEFINED, at_ms: 8 };
        (ended.report, ended.merges) = (Some(report), 3);
        (ended.terms.is_reported, ended.terms.coalesces) = (true, true);
        assert_eq!(to_operation(&from_operation(&ended)), Some(ended));
    }
    let mut edit = operation(2, &JsValue::NULL);
    edit.body = Body::Edit {
        collection: "notes".to_owned(),
        document: "n1".to_owned(),
        base: JsValue::UNDEFINED,
        next: JsValue::from("text"),
    };
    assert_eq!(to_operation(&from_operation(&edit)), Some(edit));
}

#[wasm_bindgen_test]
fn values_of_the_app_pass_through_by_reference() {
    let value = rich_value();
    let read = to_operation(&from_operation(&operation(1, &value))).expect("it can be read");
    assert!(Object::is(&arguments(&read), &value), "it is the same object");
    assert_rich(&arguments(&read));
}

#[wasm_bindgen_test]
fn a_result_of_a_query_is_read_as_it_was_written() {
    let cached = CachedQuery { value: JsValue::UNDEFINED, at_ms: 7, contains: vec![ID] };
    assert_eq!(to_cached(&from_cached(&cached)), Some(cached));
}

#[wasm_bindgen_test]
fn a_record_with_one_wrong_field_is_unreadable() {
    let wrong = [
        ("schema", "2"),
        ("schema", "'1'"),
        ("id", "'0B9CD6A2-5D4C-4B7E-9F51-0D6F2A7C1E88'"),
        ("id", "{ toString: () => '04040404-0404-0404-0404-040404040404' }"),
        ("name", "7"),
        ("name", "undefined"),
        ("body", "null"),
        ("body", "{ kind: 'wish', arguments: 1 }"),
        ("body", "{ kind: 'intent' }"),
        ("body", "{ kind: 'edit', collection: 'c', document: 1, base: 1, next: 1 }"),
        ("scope", "['a']"),
        ("stamp", "{ wallMs: 1.5, counter: 0, tab: '03030303-0303-0303-0303-030303030303' }"),
        ("stamp", "{ wallMs: NaN, counter: 0, tab: '03030303-0303-0303-0303-030303030303' }"),
        ("stamp", "{ wallMs: 1e300, counter: 0, tab: '03030303-0303-0303-0303-030303030303' }"),
        ("stamp", "{ wallMs: 1, counter: 2 ** 32, tab: '03030303-0303-0303-0303-030303030303' }"),
        ("origin", "''"),
        ("repeatable", "1"),
        ("confirmedByKey", "'true'"),
        ("attempts", "-1"),
        ("attempts", "1n"),
        ("merges", "-1"),
        ("report", "'someone'"),
        ("report", "''"),
        ("state", "'asleep'"),
        ("state", "'__proto__'"),
        ("state", "'done'"),
        ("state", "'claimed'"),
    ];
    for (field, value) in wrong {
        let record = from_operation(&operation(1, &JsValue::NULL));
        Reflect::set(&record, &field.into(), &evaluate(value)).expect("it can be set");
        assert_eq!(to_operation(&record), None, "{field}: {value}");
    }
}

#[wasm_bindgen_test]
fn a_claim_that_does_not_say_when_the_first_attempt_began_is_unreadable() {
    let mut claimed = operation(1, &JsValue::NULL);
    claimed.state = OperationState::Claimed { epoch: Epoch(9), runner: TAB, probes: false };
    assert_eq!(to_operation(&from_operation(&claimed)), None);
}

#[wasm_bindgen_test]
fn what_is_no_record_at_all_is_unreadable_and_throws_nothing() {
    let hostile = [
        "undefined",
        "null",
        "7",
        "'text'",
        "Symbol('s')",
        "() => 1",
        "[]",
        "new Map([['schema', 1]])",
        "{ get schema() { throw new Error('no'); } }",
        "new Proxy({}, { has() { throw new Error('no'); } })",
        "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()",
        "JSON.parse('{\"__proto__\": {\"schema\": 1, \"tabweave\": 1}}')",
    ];
    for expression in hostile {
        let value = evaluate(expression);
        assert_eq!(to_operation(&value), None, "{expression}");
        assert_eq!(to_envelope(&value), None, "{expression}");
        assert_eq!(to_cached(&value), None, "{expression}");
    }
}

fn envelope(message: Message<JsValue>) -> Envelope<JsValue> {
    Envelope {
        protocol: PROTOCOL_VERSION,
        store: StoreId::from_bytes([1; 16]),
        from: TAB,
        incarnation: Incarnation(2),
        stamp: operation(1, &JsValue::NULL).stamp,
        message,
    }
}

fn entry(value: Option<JsValue>) -> TopicEntry<JsValue> {
    let stamp = operation(1, &JsValue::NULL).stamp;
    TopicEntry { topic: "__proto__".to_owned(), key: String::new(), stamp, value }
}

fn ended(outcome: Outcome<JsValue>) -> Message<JsValue> {
    Message::AttemptEnded { id: ID, attempt: 2, outcome }
}

fn rebased() -> Rebased<JsValue> {
    // No values are spelled in this page: each counts as one that has no spelling.
    let weighed = |value| Weighed { value, digest: Digest::of(&[0]) };
    let told = Told {
        who: Some("mira".to_owned()),
        path: weighed(evaluate("['n', { by: 'id', key: 7n }]")),
        rule: "counter".to_owned(),
        kind: Resolution::Auto,
        base: None,
        local: Some(weighed(JsValue::UNDEFINED)),
        server: Some(weighed(evaluate("2n"))),
        result: Some(weighed(evaluate("3n"))),
    };
    let [base, next] = ["({ id: '1', n: 2n })", "({ id: '1', n: 3n })"].map(evaluate);
    Rebased { base, next, decided: vec![told] }
}

fn asked(wish: Wish) -> Message<JsValue> {
    let resolution = (wish == Wish::Resolve).then(rebased);
    Message::Ask { id: ID, asked: Asked { wish, attempts: 1, resolution } }
}

fn conflict(current: Current<JsValue>) -> Outcome<JsValue> {
    let error = JsValue::from("no");
    Outcome::Failed {
        kind: FailedKind::Conflict,
        error,
        after_ms: None,
        current: Some(current),
        rebased: None,
    }
}

#[wasm_bindgen_test]
fn every_message_is_read_as_it_was_written() {
    let error = || JsValue::from("no");
    let messages = [
        Message::Hello {
            handlers: vec!["__proto__".to_owned()],
            visible: true,
            asks: false,
            app: "1.2".to_owned(),
        },
        Message::Goodbye { asleep: true },
        Message::Ping,
        Message::Mismatch,
        Message::Writing,
        Message::Leading { epoch: Epoch(4), revision: Revision(3) },
        Message::Bell { revision: Revision(3) },
        Message::Published {
            revision: Revision(9),
            entries: vec![entry(Some(JsValue::UNDEFINED)), entry(None)],
        },
        Message::Shared { entries: vec![entry(Some(JsValue::from(1)))] },
        Message::Stored {
            revision: Revision(8),
            operations: vec![operation(1, &JsValue::NULL), operation(2, &JsValue::NULL)],
            removed: vec![ID],
        },
        Message::Delegate { to: TAB, epoch: Epoch(4), id: ID, attempt: 3 },
        ended(Outcome::Accepted { result: JsValue::UNDEFINED, seen: true }),
        ended(Outcome::failed(FailedKind::Rejected, error())),
        ended(Outcome::failed(FailedKind::Conflict, error())),
        ended(Outcome::failed(FailedKind::Unauthenticated, error())),
        ended(Outcome::failed(FailedKind::Blocked, error())),
        ended(Outcome::failed(FailedKind::Lost, error())),
        ended(Outcome::Failed {
            kind: FailedKind::Retryable(Hindrance::Overload),
            error: error(),
            after_ms: Some(50),
            current: None,
            rebased: None,
        }),
        ended(conflict(Current::Document(evaluate("({ id: '1', list: [undefined] })")))),
        ended(conflict(Current::Removed)),
        ended(Outcome::Failed {
            kind: FailedKind::Conflict,
            error: error(),
            after_ms: None,
            current: Some(Current::Document(rebased().base)),
            rebased: Some(rebased()),
        }),
        ended(Outcome::failed(FailedKind::Retryable(Hindrance::Connection), error())),
        ended(Outcome::failed(FailedKind::Unknown(Hindrance::Server), error())),
        asked(Wish::Cancel),
        asked(Wish::Retry),
        asked(Wish::SetAside),
        asked(Wish::Resolve),
    ];
    for message in messages {
        let before = envelope(message);
        assert_eq!(to_envelope(&from_envelope(&before)), Some(before));
    }
}

#[wasm_bindgen_test]
fn what_the_server_holds_is_read_of_conflicts_only_and_only_if_it_can_be_a_document() {
    let posted = |kind: &str, current: &str| {
        let posted =
            from_envelope(&envelope(ended(Outcome::failed(FailedKind::Conflict, JsValue::from("no")))));
        let outcome = Reflect::get(&posted, &"outcome".into()).expect("it was just written");
        for (field, value) in [("kind", JsValue::from(kind)), ("current", evaluate(current))] {
            Reflect::set(&outcome, &field.into(), &value).expect("it can be set");
        }
        to_envelope(&posted).map(|envelope| envelope.message)
    };
    let gone = "({ removed: true })";
    assert_eq!(posted("conflict", gone), Some(ended(conflict(Current::Removed))));
    assert_eq!(posted("rejected", gone), None);
    for current in ["null", "'gone'", "({})", "({ removed: false })", "({ document: 'text' })"] {
        assert_eq!(posted("conflict", current), None, "{current}");
    }
}

#[wasm_bindgen_test]
fn a_message_of_another_version_can_be_counted_but_not_understood() {
    let posted = from_envelope(&envelope(Message::Writing));
    Reflect::set(&posted, &"tabweave".into(), &JsValue::from(PROTOCOL_VERSION + 1)).expect("it can be set");
    Reflect::set(&posted, &"type".into(), &JsValue::from("of a later version")).expect("it can be set");
    let heard = to_envelope(&posted).expect("its head can be read");
    assert_eq!(heard.protocol, PROTOCOL_VERSION + 1);
}

#[wasm_bindgen_test]
fn messages_with_a_wrong_or_huge_part_are_none() {
    let wrong = [
        ("type", "'shout'"),
        ("type", "'hello'"),
        ("tabweave", "'1'"),
        ("store", "null"),
        ("from", "'me'"),
        ("incarnation", "-1"),
        ("stamp", "{}"),
        ("revision", "Infinity"),
        ("operations", "[{ schema: 2 }]"),
        ("removed", "new Array(20001).fill('04040404-0404-0404-0404-040404040404')"),
        ("operations", "{ length: 4294967296 }"),
        ("removed", "'00000000'"),
    ];
    for (field, value) in wrong {
        let stored = Message::Stored { revision: Revision(1), operations: vec![], removed: vec![] };
        let posted = from_envelope(&envelope(stored));
        Reflect::set(&posted, &field.into(), &evaluate(value)).expect("it can be set");
        assert_eq!(to_envelope(&posted), None, "{field}: {value}");
    }
}
