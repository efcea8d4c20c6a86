//! What is left of the channel where a browser has no `BroadcastChannel`: the `storage` event of `localStorage`.
//!
//! It carries text only, and other documents get it only. So a message travels if JSON brings all of it across and it
//! is short; of news about the store the number of the change is enough, for the others read the store then. What became
//! of an attempt travels in any case, if need be without the value that came of it: as long as the leader has not heard,
//! it would have the attempt made again.

use core::cell::Cell;

use gloo_events::EventListener;
use gloo_storage::{LocalStorage, Storage as _};
use js_sys::JSON;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Storage, StorageEvent};

use super::message::from_envelope;
use super::outcome;
use crate::engine::{Envelope, Message};

/// The longest message, in bytes as `localStorage` counts them (two a UTF-16 unit): it is written synchronously.
pub const MESSAGE_BYTES_MAX: u32 = 32_768;

#[wasm_bindgen(module = "/src/web/text.js")]
extern "C" {
    /// The value as JSON, if it reads the same afterwards and is no longer than that.
    #[wasm_bindgen(js_name = jsonOf)]
    fn json_of(value: &JsValue, length_max: u32) -> Option<String>;
}

/// An open doorbell. Dropping it stops listening, and takes away what it last wrote.
pub struct Doorbell {
    storage: Storage,
    key: String,
    rings: Cell<u32>,
    _listener: EventListener,
}

impl Doorbell {
    /// Listens, and calls `hear` with every message of another document, and with `undefined` for what is none. The page
    /// must have a `localStorage` that it may use.
    pub fn open(name: &str, hear: impl Fn(JsValue) + 'static) -> Option<Self> {
        let window = web_sys::window()?;
        let key = format!("{name}/bell");
        let heard = key.clone();
        let listener = EventListener::new(&window, "storage", move |event| {
            let event = event.unchecked_ref::<StorageEvent>();
            let text = event.new_value().filter(|_| event.key().as_ref() == Some(&heard));
            if let Some(text) = text {
                // The first word only makes every ring another text.
                let message = text.split_once(' ').and_then(|(_, json)| JSON::parse(json).ok());
                hear(message.unwrap_or_default());
            }
        });
        Some(Self { storage: LocalStorage::raw(), key, rings: Cell::new(0), _listener: listener })
    }

    /// Puts the message where the others see it.
    ///
    /// # Errors
    /// Not all of it arrives: it holds a value that JSON does not bring across, it is too long, or the storage is full.
    pub fn post(&self, envelope: Envelope<JsValue>) -> Result<(), JsValue> {
        let envelope = shortened(envelope);
        let message = JsValue::from(from_envelope(&envelope));
        if let Some(json) = json_of(&message, MESSAGE_BYTES_MAX / 2) {
            return self.ring(&json);
        }
        let without_value = without_value(envelope).map(|envelope| from_envelope(&envelope).into());
        if let Some(json) = without_value.and_then(|message| json_of(&message, MESSAGE_BYTES_MAX / 2)) {
            self.ring(&json)?;
        }
        Err(message)
    }

    fn ring(&self, json: &str) -> Result<(), JsValue> {
        self.rings.set(self.rings.get().wrapping_add(1));
        // A tab that begins anew counts anew: its name goes into the message, so no two rings are alike.
        self.storage.set_item(&self.key, &format!("{} {json}", self.rings.get()))
    }
}

impl Drop for Doorbell {
    fn drop(&mut self) {
        // What a person shared is not left lying there. Where it throws, nothing was ever written.
        let _ = self.storage.remove_item(&self.key);
    }
}

/// What became of an attempt, without what the server said; none for any other message.
fn without_value(mut envelope: Envelope<JsValue>) -> Option<Envelope<JsValue>> {
    let Message::AttemptEnded { outcome, .. } = &mut envelope.message else {
        return None;
    };
    outcome::without_value(outcome);
    Some(envelope)
}

/// News of the store without what it is.
fn shortened(mut envelope: Envelope<JsValue>) -> Envelope<JsValue> {
    if let Message::Stored { revision, .. } | Message::Published { revision, .. } = envelope.message {
        envelope.message = Message::Bell { revision };
    }
    envelope
}
