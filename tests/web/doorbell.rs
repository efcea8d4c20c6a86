//! The doorbell between two documents: what it carries, what it only rings for, and what it refuses.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use tabweave::engine::{
    Current, Envelope, FailedKind, Hindrance, Incarnation, Message, OperationId, Outcome, PROTOCOL_VERSION,
    Revision, Stamp, StoreId, TabId, TopicEntry,
};
use tabweave::web::doorbell::{Doorbell, MESSAGE_BYTES_MAX};
use tabweave::web::message::to_envelope;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{OtherDocument, evaluate, fresh_name, other_document, until};

const STAMP: Stamp = Stamp { wall_ms: 5, counter: 0, tab: TabId::from_bytes([3; 16]) };

struct Bell {
    door: Option<Doorbell>,
    heard: Rc<RefCell<Vec<JsValue>>>,
    key: String,
    other: OtherDocument,
}

impl Bell {
    fn hang() -> Self {
        let name = fresh_name();
        let heard = Rc::new(RefCell::new(Vec::new()));
        let door = Doorbell::open(&name, {
            let heard = heard.clone();
            move |message| heard.borrow_mut().push(message)
        });
        Self {
            door: Some(door.expect("the page has a window")),
            heard,
            key: format!("{name}/bell"),
            other: other_document(),
        }
    }

    fn post(&self, message: Message<JsValue>) -> Result<(), JsValue> {
        let envelope = Envelope {
            protocol: PROTOCOL_VERSION,
            store: StoreId::from_bytes([1; 16]),
            from: STAMP.tab,
            incarnation: Incarnation(0),
            stamp: STAMP,
            message,
        };
        self.door.as_ref().expect("it hangs").post(envelope)
    }

    /// What the other document was told, as messages; none: the key was taken away.
    fn told(&self) -> Vec<Option<Message<JsValue>>> {
        let message = |event: JsValue| {
            let text = Array::from(&event).get(1).as_string()?;
            let (_, json) = text.split_once(' ').expect("a number goes before");
            let posted = js_sys::JSON::parse(json).expect("it is JSON");
            Some(to_envelope(&posted).expect("it is one of ours").message)
        };
        let of_key = |event: &JsValue| Array::from(event).get(0) == self.key.as_str();
        self.other.heard().iter().filter(of_key).map(message).collect()
    }
}

impl Drop for Bell {
    fn drop(&mut self) {
        self.other.close();
    }
}

fn shared(value: JsValue) -> Message<JsValue> {
    let entry =
        TopicEntry { topic: "typing".to_owned(), key: "k".to_owned(), stamp: STAMP, value: Some(value) };
    Message::Shared { entries: vec![entry] }
}

#[wasm_bindgen_test]
async fn small_messages_arrive_each_once_even_if_they_are_alike() {
    let bell = Bell::hang();
    for _ in 0..3 {
        bell.post(Message::Ping).expect("it is small");
    }
    bell.post(shared(JsValue::from("hello"))).expect("it is small");
    until("the rings", || bell.told().len() == 4).await;
    let ping = Some(Message::Ping);
    assert_eq!(bell.told(), [ping.clone(), ping.clone(), ping, Some(shared(JsValue::from("hello")))]);
    assert_eq!(bell.heard.borrow().len(), 0, "nobody hears itself");
}

#[wasm_bindgen_test]
async fn of_what_the_store_holds_only_the_number_travels() {
    let bell = Bell::hang();
    let Message::Shared { entries } = shared(evaluate("new Date(0)")) else { unreachable!() };
    bell.post(Message::Published { revision: Revision(7), entries }).expect("the value stays here");
    bell.post(Message::Stored { revision: Revision(8), operations: vec![], removed: vec![] })
        .expect("it is small");
    until("the rings", || bell.told().len() == 2).await;
    let ring = |revision| Some(Message::Bell { revision: Revision(revision) });
    assert_eq!(bell.told(), [ring(7), ring(8)]);
}

#[wasm_bindgen_test]
async fn what_json_would_change_or_is_long_is_refused() {
    let bell = Bell::hang();
    for value in [
        "undefined",
        "new Date(0)",
        "new Map()",
        "-0",
        "NaN",
        "1n",
        "[,]",
        "Object.assign([,], { more: 1 })",
        "{ nothing: undefined }",
        "{ call: () => 1 }",
        "(() => { const ring = {}; ring.ring = ring; return ring; })()",
        "{ get broken() { throw new Error('no'); } }",
    ] {
        assert!(bell.post(shared(evaluate(value))).is_err(), "{value}");
    }
    let long = "x".repeat(MESSAGE_BYTES_MAX as usize / 2);
    assert!(bell.post(shared(JsValue::from(long))).is_err());
    let survives = "{ list: [1, 'a', null, true, { deep: [] }], ['__proto__']: 1 }";
    bell.post(shared(evaluate(survives))).expect("JSON brings all of it across");
    until("the ring", || bell.told().len() == 1).await;
}

#[wasm_bindgen_test]
async fn what_became_of_an_attempt_is_told_in_any_case_if_need_be_without_its_value() {
    let bell = Bell::hang();
    let ended = |outcome| Message::AttemptEnded { id: OperationId::from_bytes([2; 16]), attempt: 1, outcome };
    let outcomes = |value: JsValue| {
        let error = value.clone();
        [
            ended(Outcome::Accepted { result: value, seen: true }),
            ended(Outcome::failed(FailedKind::Rejected, error.clone())),
            ended(Outcome::Failed {
                kind: FailedKind::Retryable(Hindrance::Server),
                error: error.clone(),
                after_ms: Some(7),
                current: None,
                rebased: None,
            }),
            ended(Outcome::failed(FailedKind::Unknown(Hindrance::Connection), error)),
        ]
    };
    let [word, nothing] = [JsValue::from("a word"), JsValue::UNDEFINED].map(outcomes);
    for message in [word.clone(), nothing.clone()].concat() {
        bell.post(message).expect("all of it travels");
    }
    let long = "x".repeat(MESSAGE_BYTES_MAX as usize / 2);
    for value in [evaluate("new Map()"), evaluate("new Error('no')"), JsValue::from(long)] {
        for message in outcomes(value) {
            assert!(bell.post(message).is_err(), "its value stays here");
        }
    }
    let conflict = |document: Option<JsValue>| {
        let error = JsValue::UNDEFINED;
        let current = document.map(Current::Document);
        ended(Outcome::Failed { kind: FailedKind::Conflict, error, after_ms: None, current, rebased: None })
    };
    assert!(
        bell.post(conflict(Some(evaluate("({ size: 1n })")))).is_err(),
        "what the server holds stays here"
    );
    until("the rings", || bell.told().len() == 21).await;
    let told: Vec<_> = bell.told().into_iter().flatten().collect();
    let nothings = [nothing.clone(), nothing.clone(), nothing.clone(), nothing].concat();
    assert_eq!(told, [word.to_vec(), nothings, vec![conflict(None)]].concat());
}

#[wasm_bindgen_test]
async fn what_others_write_is_heard_and_garbage_is_no_message() {
    let bell = Bell::hang();
    bell.other.write("another key", "1 {}");
    for text in ["1 7", "2 {", "3", ""] {
        bell.other.write(&bell.key, text);
    }
    until("the rings", || bell.heard.borrow().len() == 4).await;
    let undefined = JsValue::UNDEFINED;
    assert_eq!(*bell.heard.borrow(), [JsValue::from(7), undefined.clone(), undefined.clone(), undefined]);
}

#[wasm_bindgen_test]
async fn a_bell_that_is_taken_down_leaves_nothing_and_hears_nothing() {
    let mut bell = Bell::hang();
    bell.post(Message::Goodbye { asleep: false }).expect("it is small");
    bell.door = None;
    until("the farewell", || bell.told().len() == 2).await;
    assert_eq!(bell.told(), [Some(Message::Goodbye { asleep: false }), None]);
    bell.other.write(&bell.key, "1 7");
    // A bell that hangs hears what was written later, so the other would have heard this.
    let second = Bell::hang();
    second.other.write(&second.key, "1 7");
    until("the other ring", || !second.heard.borrow().is_empty()).await;
    assert_eq!(bell.heard.borrow().len(), 0);
}
