//! Plain JavaScript objects, read without trust.
//!
//! What is read may come from another version of this package, from another script of the same origin or from
//! a damaged store. Every reader here is total: whatever it is given, it answers `None` rather than throw.

use core::cell::RefCell;
use core::str::FromStr;

use js_sys::{Array, JsString, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

/// The largest number accepted where a count or a moment is expected: the last millisecond a `Date` knows. It
/// leaves room to count on below [`EXACT_MAX`].
const WHOLE_MAX: f64 = 8.64e15;

/// Beyond this, JavaScript numbers are not exact.
const EXACT_MAX: u64 = (1 << 53) - 1;

/// The longest text that is read, in UTF-16 units. What people and apps write is far shorter.
pub const TEXT_LENGTH_MAX: u32 = 1 << 20;

/// The most items read from one list; the store holds fewer by its own limit.
const LIST_ITEMS_MAX: u32 = 20_000;

/// How many keys are kept as JavaScript has them. There are fewer, but two may want the same place.
const KEYS_KEPT: usize = 512;

thread_local! {
    /// To make a text of JavaScript for each field that is looked at would take most of the time of a long list.
    static KEYS: RefCell<[Option<(&'static str, JsValue)>; KEYS_KEPT]> = const { RefCell::new([const { None }; KEYS_KEPT]) };
}

#[wasm_bindgen(module = "/src/web/fields.js")]
extern "C" {
    #[wasm_bindgen(js_name = textIn)]
    fn text_in(object: &JsValue, key: &JsValue, most: u32) -> Option<String>;
    #[wasm_bindgen(js_name = numberIn)]
    fn number_in(object: &JsValue, key: &JsValue) -> f64;
}

/// The fields of an object that somebody else made.
pub struct Fields<'a>(&'a JsValue);

impl<'a> Fields<'a> {
    /// The fields of this value, if it is an object at all.
    pub fn of(value: &'a JsValue) -> Option<Self> {
        value.is_object().then_some(Self(value))
    }

    /// The field as it is; none if there is no such field. A field that holds `undefined` is there.
    pub fn value(&self, key: &'static str) -> Option<JsValue> {
        with_key(key, |key| {
            let value = Reflect::get(self.0, key).ok()?;
            // Most fields hold something; only for the others it takes a second look.
            let is_there = !value.is_undefined() || Reflect::has(self.0, key).ok()?;
            is_there.then_some(value)
        })
    }

    /// A text.
    pub fn text(&self, key: &'static str) -> Option<String> {
        with_key(key, |key| text_in(self.0, key, TEXT_LENGTH_MAX))
    }

    /// A truth value.
    pub fn flag(&self, key: &'static str) -> Option<bool> {
        self.value(key)?.as_bool()
    }

    /// A whole number from 0.
    pub fn whole(&self, key: &'static str) -> Option<u64> {
        whole_of(with_key(key, |key| number_in(self.0, key)))
    }

    /// A whole number that fits in 32 bits.
    pub fn count(&self, key: &'static str) -> Option<u32> {
        u32::try_from(self.whole(key)?).ok()
    }

    /// An identifier, or anything else that is written as a text.
    pub fn id<T: FromStr>(&self, key: &'static str) -> Option<T> {
        self.text(key)?.parse().ok()
    }

    /// All items of a list, if every one of them can be read.
    pub fn list<T>(&self, key: &'static str, item: impl Fn(&JsValue) -> Option<T>) -> Option<Vec<T>> {
        list_from(&self.value(key)?, item)
    }

    /// Something that may be left out: `Some(None)` if it is, `None` if it is there and cannot be read.
    pub fn optional<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(&JsValue) -> Option<T>,
    ) -> Option<Option<T>> {
        let value = with_key(key, |key| Reflect::get(self.0, key)).unwrap_or_default();
        if value.is_undefined() { Some(None) } else { read(&value).map(Some) }
    }
}

/// Does something with a key as JavaScript has it.
fn with_key<R>(key: &'static str, act: impl FnOnce(&JsValue) -> R) -> R {
    // Taken out meanwhile: a getter or a proxy may call the engine, which reads other fields.
    let kept = exchange_key(key, None).unwrap_or_else(|| key.into());
    let done = act(&kept);
    exchange_key(key, Some(kept));
    done
}

/// Puts a key back, or takes it out if it is there.
#[inline(never)]
fn exchange_key(key: &'static str, back: Option<JsValue>) -> Option<JsValue> {
    let place = (key.as_ptr() as usize ^ key.len()) % KEYS_KEPT;
    let kept =
        KEYS.with_borrow_mut(|keys| core::mem::replace(&mut keys[place], back.map(|back| (key, back))));
    kept.filter(|(kept, _)| core::ptr::eq(*kept, key)).map(|(_, kept)| kept)
}

/// A whole number from 0.
pub fn whole_from(value: &JsValue) -> Option<u64> {
    whole_of(value.as_f64()?)
}

fn whole_of(number: f64) -> Option<u64> {
    // The comparison is false for NaN too.
    let is_whole = (0.0..=WHOLE_MAX).contains(&number) && number.fract() == 0.0;
    is_whole.then_some(number as u64)
}

/// A text, unless it is too long to be one of ours.
pub fn text_from(value: &JsValue) -> Option<String> {
    let text = value.dyn_ref::<JsString>()?;
    (text.length() <= TEXT_LENGTH_MAX).then(|| text.into())
}

/// An identifier.
pub fn id_from<T: FromStr>(value: &JsValue) -> Option<T> {
    text_from(value)?.parse().ok()
}

/// All items of a list, if every one of them can be read.
pub fn list_from<T>(value: &JsValue, item: impl Fn(&JsValue) -> Option<T>) -> Option<Vec<T>> {
    let mut items = Vec::new();
    let mut take = |value: &JsValue| item(value).map(|item| items.push(item));
    walk(value, &mut take)?;
    Some(items)
}

/// Passes each item on until one is refused. Apart from [`list_from`], so that it exists once for all types.
///
/// Anything with a length will do: `Array.isArray` throws on a revoked proxy.
fn walk(value: &JsValue, take: &mut dyn FnMut(&JsValue) -> Option<()>) -> Option<()> {
    let length = Fields::of(value)?.count("length")?;
    if length > LIST_ITEMS_MAX {
        return None;
    }
    for index in 0..length {
        take(&Reflect::get_u32(value, index).ok()?)?;
    }
    Some(())
}

/// A whole number as JavaScript has it.
pub fn whole(number: u64) -> f64 {
    assert!(number <= EXACT_MAX, "the engine's counters and clocks stay where numbers are exact");
    number as f64
}

/// A list as JavaScript has it.
pub fn list_of<T>(items: &[T], item: impl Fn(&T) -> JsValue) -> Array {
    let list = Array::new();
    for one in items {
        list.push(&item(one));
    }
    list
}

/// A list of texts.
pub fn texts<T: ToString>(items: &[T]) -> Array {
    list_of(items, |item| JsValue::from(item.to_string()))
}
