//! Work that ends later: callbacks that JavaScript calls once. There are no futures here; each of their types, and the
//! executor that polls them, would be shipped.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = queueMicrotask)]
    fn queue_microtask(act: &JsValue);
}

#[wasm_bindgen(module = "/src/web/task.js")]
extern "C" {
    #[wasm_bindgen(js_name = whenSettled)]
    fn when_settled(promise: &Promise, settled: JsValue);
}

/// A function that JavaScript calls once, with two values at most.
pub(super) fn once(act: impl FnOnce(JsValue, JsValue) + 'static) -> JsValue {
    // One type for all: the code around a closure is shipped for each.
    let act: Box<dyn FnOnce(JsValue, JsValue)> = Box::new(act);
    Closure::once_into_js(act)
}

/// Has this done after the call at hand.
pub(super) fn soon(act: impl FnOnce() + 'static) {
    queue_microtask(&once(move |_, _| act()));
}

/// Has this done with what the promise comes to: a value, or `undefined` and an error.
pub(super) fn settle(promise: &Promise, act: impl FnOnce(JsValue, JsValue) + 'static) {
    when_settled(promise, once(act));
}
