//! Web Locks. web-sys has them behind an unstable flag only, so their two names are declared here.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::fields::Plain;
use super::task::spawn;

#[wasm_bindgen]
extern "C" {
    type Locks;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &Locks,
        name: &str,
        options: &JsValue,
        granted: &Closure<dyn FnMut(JsValue) -> Promise>,
    ) -> Result<Promise, JsValue>;
}

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
    shared: Rc<Shared>,
}

/// What the request's owner and the browser's callbacks have in common.
struct Shared {
    controller: AbortController,
    /// Ends the promise for whose time the browser holds the lock.
    release: RefCell<Option<Function>>,
    dropped: Cell<bool>,
}

impl LockRequest {
    /// Queues for the lock; `tell` is called when it is granted, and when it is lost. No news comes after the
    /// request was dropped.
    ///
    /// # Errors
    /// The browser has no Web Locks, or grants none to this page.
    pub fn queue(name: &str, tell: impl Fn(LockNews) + 'static) -> Result<Self, JsValue> {
        Self::request(name, false, Rc::new(tell))
    }

    /// Takes the lock past the queue, whoever holds it; else as [`queue`](Self::queue).
    ///
    /// # Errors
    /// As for [`queue`](Self::queue).
    pub fn steal(name: &str, tell: impl Fn(LockNews) + 'static) -> Result<Self, JsValue> {
        Self::request(name, true, Rc::new(tell))
    }

    fn request(name: &str, steals: bool, tell: Rc<dyn Fn(LockNews)>) -> Result<Self, JsValue> {
        let shared = Rc::new(Shared {
            controller: AbortController::new()?,
            release: RefCell::new(None),
            dropped: Cell::new(false),
        });
        let granted = Closure::new({
            let (shared, tell) = (shared.clone(), tell.clone());
            move |_lock: JsValue| shared.hold(|| tell(LockNews::Granted))
        });
        // A request by force is granted at once: there is nothing to abort, and the two do not go together.
        let options = match steals {
            true => Plain::new().with("steal", true),
            false => Plain::new().with("signal", shared.controller.signal()),
        };
        let ended = page_locks()?.request(name, &options.into(), &granted)?;
        spawn({
            let shared = shared.clone();
            async move {
                let outcome = JsFuture::from(ended).await;
                // The browser calls it no more: the request has ended, whichever way.
                drop(granted);
                let was_granted = shared.release.take().is_some();
                match outcome {
                    Err(error) if !shared.dropped.get() => {
                        tell(if was_granted { LockNews::Lost } else { LockNews::Refused(error) });
                    }
                    _ => {}
                }
            }
        });
        Ok(Self { shared })
    }
}

impl Shared {
    /// Holds the lock until it is released.
    fn hold(&self, announce: impl FnOnce()) -> Promise {
        let held = Promise::new(&mut |release, _| {
            self.release.replace(Some(release));
        });
        if self.dropped.get() {
            self.let_go();
        } else {
            announce();
        }
        held
    }

    fn let_go(&self) {
        let release = self.release.take();
        if let Some(release) = release {
            // A resolver does not throw.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

impl Drop for LockRequest {
    fn drop(&mut self) {
        self.shared.dropped.set(true);
        // Ends a request that still waits, and does nothing to a lock that is held.
        self.shared.controller.abort();
        self.shared.let_go();
    }
}

fn page_locks() -> Result<Locks, JsValue> {
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    let locks = Reflect::get(&window.navigator(), &JsValue::from_str("locks"))?;
    if locks.is_null_or_undefined() { Err(locks) } else { Ok(locks.unchecked_into()) }
}
