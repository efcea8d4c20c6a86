//! The browser's side in a real browser: each adapter against the API it adapts, and the class as a whole.

#![cfg(target_arch = "wasm32")]

mod audit;
mod channel;
mod codec;
mod doorbell;
mod engine;
mod entries;
mod locks;
mod memory;
mod page;
mod store;
mod surroundings;
mod tab;
mod topics;
mod trouble;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
