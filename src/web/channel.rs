//! Messages between the tabs of one browser, by `BroadcastChannel`.

use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

/// An open channel. Dropping it closes the channel; what was posted before is still delivered.
pub struct Channel {
    inner: BroadcastChannel,
    _listener: EventListener,
}

impl Channel {
    /// Opens the channel and calls `hear` with every message of another tab.
    ///
    /// # Errors
    /// What the browser threw: it knows no such channels, or grants none to this page.
    pub fn open(name: &str, hear: impl Fn(JsValue) + 'static) -> Result<Self, JsValue> {
        let inner = BroadcastChannel::new(name)?;
        let listener = EventListener::new(&inner, "message", move |event| {
            hear(event.unchecked_ref::<MessageEvent>().data());
        });
        Ok(Self { inner, _listener: listener })
    }

    /// Posts a message to all other tabs.
    ///
    /// # Errors
    /// What the browser threw: the message holds something that cannot be cloned, such as a function.
    pub fn post(&self, message: &JsValue) -> Result<(), JsValue> {
        self.inner.post_message(message)
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.inner.close();
    }
}
