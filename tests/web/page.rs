//! The page as the tests see it, and values they are made of.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

use js_sys::{Function, Object, Promise};
use tabweave::engine::{
    Body, Operation, OperationId, OperationState, Stamp, TabId, Terms, Write, WriteBatch,
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/tests/web/page.js")]
extern "C" {
    fn turn() -> Promise;
    #[wasm_bindgen(js_name = richValue)]
    pub fn rich_value() -> JsValue;
    #[wasm_bindgen(js_name = missingFrom)]
    fn missing_names(value: &JsValue) -> Vec<String>;
    pub fn evaluate(expression: &str) -> JsValue;
    #[wasm_bindgen(js_name = putRaw)]
    pub fn put_raw(name: &str, store: &str, key: &str, value: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = getRaw)]
    pub fn get_raw(name: &str, store: &str, key: &str) -> Promise;
    #[wasm_bindgen(js_name = keysOf)]
    pub fn keys_of(name: &str, store: &str) -> Promise;
    #[wasm_bindgen(js_name = deleteDatabase)]
    pub fn delete_database(name: &str) -> Promise;
    fn cover(target: &JsValue, name: &str, value: &JsValue) -> Function;
    #[wasm_bindgen(js_name = commitsDuring)]
    pub fn commits_during(act: &mut dyn FnMut()) -> u32;
    #[wasm_bindgen(js_name = stealLock)]
    pub fn steal_lock(name: &str) -> Promise;
    #[wasm_bindgen(js_name = untilLockFree)]
    fn lock_given_back(name: &str) -> Promise;
    #[wasm_bindgen(js_name = heldLocks)]
    pub fn held_locks() -> Promise;
    #[wasm_bindgen(js_name = tellPage)]
    pub fn tell_page(name: &str);
    #[wasm_bindgen(js_name = makeHost)]
    pub fn make_host() -> Object;

    /// Another document of the same origin.
    pub type OtherDocument;
    #[wasm_bindgen(js_name = otherDocument)]
    pub fn other_document() -> OtherDocument;
    #[wasm_bindgen(method, getter)]
    pub fn heard(this: &OtherDocument) -> js_sys::Array;
    #[wasm_bindgen(method)]
    pub fn write(this: &OtherDocument, key: &str, text: &str);
    #[wasm_bindgen(method)]
    pub fn close(this: &OtherDocument);
}

/// Waits until something holds; fails after ten seconds.
pub async fn until(what: &str, holds: impl Fn() -> bool) {
    let deadline = js_sys::Date::now() + 10_000.0;
    while !holds() {
        assert!(js_sys::Date::now() < deadline, "waited in vain: {what}");
        pass().await;
    }
}

/// One turn of the page's event loop.
pub async fn pass() {
    settled(turn()).await;
}

/// What a promise came to.
pub async fn settled(promise: Promise) -> JsValue {
    JsFuture::from(promise).await.expect("the promise is kept")
}

/// Waits until a lock was given back.
pub async fn until_lock_free(name: &str) {
    settled(lock_given_back(name)).await;
}

/// Whether a lock is held.
pub async fn is_lock_held(name: &str) -> bool {
    let held = js_sys::Array::from(&settled(held_locks()).await);
    held.includes(&name.into(), 0)
}

/// Fails unless the value is a rich one, with nothing lost.
pub fn assert_rich(value: &JsValue) {
    assert_eq!(missing_names(value), Vec::<String>::new(), "these parts were lost");
}

/// A callback and the future of its argument.
pub fn answer<T: 'static>() -> (impl FnOnce(T) + 'static, impl Future<Output = T>) {
    let slot = Rc::new(RefCell::new(None));
    let filled = slot.clone();
    let future = async move {
        until("an answer", || slot.borrow().is_some()).await;
        slot.take().expect("it was there")
    };
    (move |value| drop(filled.replace(Some(value))), future)
}

/// Something of the page that is covered by another value as long as this lives.
pub struct Covered(Function);

impl Covered {
    /// Covers a property of what the expression names.
    pub fn new(target: &str, name: &str, value: &JsValue) -> Self {
        Self(cover(&evaluate(target), name, value))
    }
}

impl Drop for Covered {
    fn drop(&mut self) {
        self.0.call0(&JsValue::UNDEFINED).expect("it can be uncovered");
    }
}

thread_local! {
    static COUNT: Cell<u8> = const { Cell::new(0) };
}

fn next() -> u8 {
    COUNT.set(COUNT.get() + 1);
    COUNT.get()
}

/// A name that no other test uses.
pub fn fresh_name() -> String {
    format!("test-{}-{}", js_sys::Date::now(), next())
}

pub fn fresh_tab() -> TabId {
    TabId::from_bytes([next(); 16])
}

/// An operation that waits to be sent.
pub fn operation(number: u8, arguments: &JsValue) -> Operation<JsValue> {
    let tab = TabId::from_bytes([7; 16]);
    Operation {
        id: OperationId::from_bytes([number; 16]),
        name: "rename".to_owned(),
        body: Body::Intent { arguments: arguments.clone() },
        scope: "all".to_owned(),
        stamp: Stamp { wall_ms: 1_700_000_000_000, counter: u32::from(number), tab },
        origin: tab,
        repeatable: true,
        confirmed_by_key: true,
        bytes: 1_000,
        terms: Terms::default(),
        merges: 0,
        rebases: 0,
        attempts: 0,
        answered: 0,
        first_attempt_ms: None,
        is_in_doubt: false,
        report: None,
        state: OperationState::Queued,
    }
}

/// A batch that needs no leadership.
pub fn unfenced(writes: Vec<Write<JsValue>>) -> WriteBatch<JsValue> {
    WriteBatch { fence: None, writes }
}

/// The arguments of an operation that is an intent.
pub fn arguments(operation: &Operation<JsValue>) -> JsValue {
    match &operation.body {
        Body::Intent { arguments } => arguments.clone(),
        Body::Edit { .. } => panic!("it is an edit"),
    }
}
