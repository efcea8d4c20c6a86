//! Web Locks. web-sys has them behind an unstable flag only; `locks.js` has the other half.

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};

#[wasm_bindgen(module = "/src/web/locks.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = requestLock)]
    fn request_lock(name: &str, steal: bool, tell: &Closure<Tell>) -> Result<Function, JsValue>;
}

type Tell = dyn Fn(String, JsValue);

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum LockNews {
    /// The lock is held now.
    Granted,
    /// It was held, and another tab took it by force.
    Lost,
    /// It will not be granted: the browser threw this.
    Refused(JsValue),
}

/// A lock that is held or waited for. Dropping it gives the lock back, or stops waiting.
pub struct LockRequest {
    give_back: Function,
    _tell: Closure<Tell>,
}

impl LockRequest {
    /// Queues for the lock; `tell` is called when it is granted, and when it is lost. No news comes after the
    /// request was dropped.
    ///
    /// # Errors
    /// The browser has no Web Locks, or grants none to this page.
    pub fn queue(name: &str, tell: impl Fn(LockNews) + 'static) -> Result<Self, JsValue> {
        Self::request(name, false, Box::new(tell))
    }

    /// Takes the lock past the queue, whoever holds it; else as [`queue`](Self::queue).
    ///
    /// # Errors
    /// As for [`queue`](Self::queue).
    pub fn steal(name: &str, tell: impl Fn(LockNews) + 'static) -> Result<Self, JsValue> {
        Self::request(name, true, Box::new(tell))
    }

    fn request(name: &str, steal: bool, tell: Box<dyn Fn(LockNews)>) -> Result<Self, JsValue> {
        let tell = Closure::new(move |news: String, error| {
            tell(match news.as_str() {
                "granted" => LockNews::Granted,
                "lost" => LockNews::Lost,
                _ => LockNews::Refused(error),
            });
        });
        Ok(Self { give_back: request_lock(name, steal, &tell)?, _tell: tell })
    }
}

impl Drop for LockRequest {
    fn drop(&mut self) {
        // It gives back or aborts, neither of which throws.
        let _ = self.give_back.call0(&JsValue::UNDEFINED);
    }
}
