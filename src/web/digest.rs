//! Digests of the app's values: JavaScript spells them where they lie, and SHA-256 is made of what comes.

use js_sys::{Array, Function, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::engine::{Digest, Digests, Hasher};

/// Digests values by their spelling: a function that gives the canonical encoding of a value in pieces, as `Uint8Array`s,
/// and throws if it has none. So no more than a piece of a value is ever in here.
pub struct JsDigests<'a> {
    spell: &'a Function,
}

impl<'a> JsDigests<'a> {
    /// Digests by this function.
    pub const fn by(spell: &'a Function) -> Self {
        Self { spell }
    }

    fn spelled(&self, value: &JsValue) -> Option<Digest> {
        let pieces = self.spell.call1(&JsValue::UNDEFINED, value).ok()?.dyn_into::<Array>().ok()?;
        let mut hasher = Hasher::new();
        for piece in pieces.iter() {
            hasher.feed(&piece.dyn_into::<Uint8Array>().ok()?.to_vec());
        }
        Some(hasher.digest())
    }
}

impl Digests<JsValue> for JsDigests<'_> {
    fn digest(&mut self, value: &JsValue) -> Digest {
        self.spelled(value).unwrap_or_else(|| Digest::of(&[0]))
    }
}
