//! The browser's side in a real browser: each adapter against the API it adapts, and the class as a whole.

#![cfg(target_arch = "wasm32")]

mod channel;
mod codec;
mod engine;
mod locks;
mod memory;
mod page;
mod store;
mod surroundings;
mod tab;
mod trouble;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
