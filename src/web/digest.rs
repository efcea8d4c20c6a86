//! Digests of the app's values: JavaScript spells them where they lie, and SHA-256 is made of what comes.

use core::cell::RefCell;

use js_sys::{Array, Function, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::engine::{Digest, Digests, Hasher, Weighed};

thread_local! {
    /// How values are spelled in this page.
    static SPELL: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Says how values are spelled: by the package's canonical encoding, in pieces. Once, before an engine is made.
#[wasm_bindgen(js_name = spellValues)]
pub fn spell_values(
    #[wasm_bindgen(unchecked_param_type = "(value: unknown) => Uint8Array[]")] spell: Function,
) {
    SPELL.with_borrow_mut(|known| *known = Some(spell));
}

/// A value with its digest.
pub fn weighed(value: JsValue) -> Weighed<JsValue> {
    // Taken out meanwhile: a getter of the value may call the engine.
    let spell = SPELL.take();
    let digest = spell.as_ref().map_or(Digest::of(&[0]), |spell| JsDigests::by(spell).digest(&value));
    SPELL.with_borrow_mut(|known| *known = known.take().or(spell));
    Weighed { value, digest }
}

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
