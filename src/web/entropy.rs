//! Randomness from the browser.

use wasm_bindgen::JsValue;

use crate::engine::StoreId;

/// A new identity for a store.
///
/// # Errors
/// What the browser threw; without its randomness no two stores could be told apart.
pub fn store_id() -> Result<StoreId, JsValue> {
    let mut bytes = [0; 16];
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    window.crypto()?.get_random_values_with_u8_array(&mut bytes)?;
    Ok(StoreId::from_bytes(bytes))
}
