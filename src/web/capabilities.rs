//! What this browser, and this page's permissions, offer.

use gloo_storage::{LocalStorage, Storage as _};
use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// The browser features that the engine uses, as they were found at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// `BroadcastChannel`: tabs tell each other the news.
    pub channel: bool,
    /// Web Locks: one tab leads.
    pub locks: bool,
    /// IndexedDB: what was accepted survives.
    pub indexed_db: bool,
    /// `localStorage`: the journal's fallback where there is no IndexedDB.
    pub local_storage: bool,
}

impl Capabilities {
    /// Looks for each of them.
    pub fn detect() -> Self {
        let global = js_sys::global();
        let locks = web_sys::window().is_some_and(|window| has(&window.navigator(), "locks"));
        Self {
            channel: has(&global, "BroadcastChannel"),
            locks,
            indexed_db: has(&global, "indexedDB"),
            local_storage: has_local_storage(),
        }
    }
}

/// Whether there is something of this name; a page without permission may get an exception for asking.
fn has(target: &JsValue, name: &str) -> bool {
    Reflect::get(target, &JsValue::from_str(name)).is_ok_and(|value| !value.is_null_or_undefined())
}

/// Whether it can be used. A browser that blocks site data has one and throws when it is touched, which
/// `LocalStorage::raw` would pass on, so the bare name is asked for first.
fn has_local_storage() -> bool {
    has(&js_sys::global(), "localStorage") && LocalStorage::raw().length().is_ok()
}
