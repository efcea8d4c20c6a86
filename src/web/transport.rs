//! How messages reach the other tabs: by `BroadcastChannel`, else by the `storage` event, else not at all.

use wasm_bindgen::JsValue;

use super::capabilities::Capabilities;
use super::channel::Channel;
use super::doorbell::Doorbell;
use super::message::from_envelope;
use crate::engine::Envelope;

/// The way that this browser has. Dropping it closes it.
pub enum Transport {
    /// Any value that can be cloned.
    Broadcast(Channel),
    /// Short text, and a hint to read the store.
    Storage(Doorbell),
}

impl Transport {
    /// Opens the best there is and calls `hear` with every message of another tab.
    ///
    /// # Errors
    /// Why there is no `BroadcastChannel`; nor is there another way.
    pub fn open(
        name: &str,
        capabilities: Capabilities,
        hear: impl Fn(JsValue) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        match Channel::open(name, hear.clone()) {
            Ok(channel) => Ok(Self::Broadcast(channel)),
            Err(error) => {
                let doorbell = capabilities.local_storage.then(|| Doorbell::open(name, hear));
                doorbell.flatten().map(Self::Storage).ok_or(error)
            }
        }
    }

    /// Posts a message to all other tabs.
    ///
    /// # Errors
    /// The message holds something that this way does not carry.
    pub fn post(&self, envelope: Envelope<JsValue>) -> Result<(), JsValue> {
        match self {
            Self::Broadcast(channel) => channel.post(&from_envelope(&envelope)),
            Self::Storage(doorbell) => doorbell.post(envelope),
        }
    }

    /// Its name for the app.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Broadcast(_) => "broadcast",
            Self::Storage(_) => "storage",
        }
    }
}
