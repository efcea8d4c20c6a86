//! One timer for everything that is due later.

use core::cell::RefCell;

use crate::engine::Now;
use gloo_timers::callback::Timeout;

/// `setTimeout` counts in 31 bits; what is due later is looked at again then.
const DELAY_MS_MAX: u64 = i32::MAX as u64;

/// The page's timer, armed for one moment at a time.
#[derive(Default)]
pub struct Timer {
    armed: RefCell<Option<Armed>>,
}

struct Armed {
    due_ms: u64,
    /// Dropping it cancels the timeout.
    _timeout: Timeout,
}

impl Timer {
    /// Calls `ring` at `due_ms` by the steady clock; none: not at all. Does nothing if armed for that moment.
    pub fn arm(&self, due_ms: Option<u64>, now: Now, ring: impl FnOnce() + 'static) {
        if self.armed.borrow().as_ref().map(|armed| armed.due_ms) == due_ms {
            return;
        }
        let next = due_ms.map(|due_ms| {
            let delay_ms = due_ms.saturating_sub(now.steady_ms).min(DELAY_MS_MAX);
            Armed { due_ms, _timeout: Timeout::new(delay_ms as u32, ring) }
        });
        let before = self.armed.replace(next);
        drop(before);
    }

    /// Forgets what it was armed for: it rang, or nobody waits any more.
    pub fn clear(&self) {
        let before = self.armed.take();
        drop(before);
    }
}
