//! The two clocks of the page.

use crate::engine::Now;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since the page's load; never goes back.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// The time of the call that is being made, from both clocks.
pub fn now() -> Now {
    // Both are whole milliseconds for the engine; a clock before 1970 counts as 1970.
    Now { wall_ms: js_sys::Date::now() as u64, steady_ms: performance_now() as u64 }
}
