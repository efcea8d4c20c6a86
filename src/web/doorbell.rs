//! What is left of the channel where a browser has no `BroadcastChannel`: the `storage` event of `localStorage`.
//!
//! It carries text only, and other documents get it only. So a message travels if JSON brings all of it across and it
//! is short; of news about the store the number of the change is enough, for the others read the store then.

use core::cell::Cell;

use gloo_events::EventListener;
use gloo_storage::{LocalStorage, Storage as _};
use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::StorageEvent;

use super::message::from_envelope;
use crate::engine::{Envelope, Message};

/// The longest text that is put into `localStorage`, in UTF-16 units: it is written synchronously.
const TEXT_UNITS_MAX: u32 = 16_384;

/// How deep a value may be nested.
const DEPTH_MAX: u32 = 16;

/// An open doorbell. Dropping it stops listening.
pub struct Doorbell {
    key: String,
    rings: Cell<u32>,
    _listener: EventListener,
}

impl Doorbell {
    /// Listens, and calls `hear` with every message of another document. None: there is no usable `localStorage`.
    pub fn open(name: &str, hear: impl Fn(JsValue) + 'static) -> Option<Self> {
        let window = web_sys::window()?;
        LocalStorage::raw().length().ok()?;
        let key = format!("{name}/bell");
        let heard = key.clone();
        let listener = EventListener::new(&window, "storage", move |event| {
            let event = event.unchecked_ref::<StorageEvent>();
            let text = event.new_value().filter(|_| event.key().as_ref() == Some(&heard));
            // The first word only makes every ring another text.
            let message = text.as_deref().and_then(|text| text.split_once(' '));
            if let Some(message) = message.and_then(|(_, json)| JSON::parse(json).ok()) {
                hear(message);
            }
        });
        Some(Self { key, rings: Cell::new(0), _listener: listener })
    }

    /// Puts the message where the others see it.
    ///
    /// # Errors
    /// Nothing of it would arrive: it holds a value that JSON does not bring across, it is too long, or the storage
    /// is full.
    pub fn post(&self, envelope: Envelope<JsValue>) -> Result<(), JsValue> {
        let message = JsValue::from(from_envelope(&shortened(envelope)));
        if !is_plain(&message, DEPTH_MAX) {
            return Err(message);
        }
        let text = JSON::stringify(&message)?;
        if text.length() > TEXT_UNITS_MAX {
            return Err(message);
        }
        self.rings.set(self.rings.get().wrapping_add(1));
        // A tab that begins anew counts anew: its name goes into the message, so no two rings are alike.
        LocalStorage::raw().set_item(&self.key, &format!("{} {}", self.rings.get(), String::from(text)))
    }
}

/// News of the store without what it is.
fn shortened(mut envelope: Envelope<JsValue>) -> Envelope<JsValue> {
    if let Message::Stored { revision, .. } | Message::Published { revision, .. } = envelope.message {
        envelope.message = Message::Bell { revision };
    }
    envelope
}

/// Whether JSON brings the value across as it is.
fn is_plain(value: &JsValue, depth: u32) -> bool {
    if value.is_null() || value.is_string() || value.as_bool().is_some() {
        return true;
    }
    if let Some(number) = value.as_f64() {
        return number.is_finite() && !(number == 0.0 && number.is_sign_negative());
    }
    if depth == 0 || !value.is_object() {
        return false;
    }
    if let Some(items) = value.dyn_ref::<Array>() {
        return items.iter().all(|item| is_plain(&item, depth - 1));
    }
    let object = value.unchecked_ref::<Object>();
    let prototype = Object::get_prototype_of(object);
    let is_simple = Object::get_prototype_of(&prototype).is_null() && !prototype.is_null();
    let plain = |key: JsValue| Reflect::get(object, &key).is_ok_and(|item| is_plain(&item, depth - 1));
    is_simple && Object::keys(object).iter().all(plain)
}
