//! Plain JavaScript objects in the making.
//!
//! To set each field from here would cross the boundary for the object, its keys and its values, and make a text of each
//! key anew. So an object is written down first, and crosses at once; `plain.js` has the other half.

use js_sys::{Array, Object};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::entries::length_of;

#[wasm_bindgen(module = "/src/web/plain.js")]
extern "C" {
    #[wasm_bindgen(js_name = pushPlain)]
    fn push_plain(list: &Array, count: usize, texts: &str, tokens: &[f64], values: Vec<JsValue>);
    fn plain(texts: &str, tokens: &[f64], values: Vec<JsValue>) -> Object;
}

/// Objects that cross at once: more than that would take more memory than time.
const OBJECTS_AT_ONCE: usize = 256;

/// What a field holds.
pub enum Field {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// A truth value.
    Flag(bool),
    /// A value of the app, or something that was made already.
    Value(JsValue),
    /// An object.
    Object(Plain),
}

/// An object in the making.
#[derive(Default)]
pub struct Plain(Vec<(&'static str, Field)>);

impl Plain {
    /// An object without fields.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The object with one field more.
    #[must_use]
    pub fn with(self, key: &'static str, value: impl Into<Field>) -> Self {
        self.and(key, Some(value.into()))
    }

    /// The object with one field more, if there is something to put there.
    #[must_use]
    pub fn with_some(self, key: &'static str, value: Option<impl Into<Field>>) -> Self {
        self.and(key, value.map(Into::into))
    }

    /// Exists once for all types.
    #[inline(never)]
    fn and(mut self, key: &'static str, field: Option<Field>) -> Self {
        self.0.extend(field.map(|field| (key, field)));
        self
    }

    /// The object as it is now.
    pub fn done(self) -> Object {
        let mut parts = Parts::default();
        parts.object(self);
        plain(&parts.texts, &parts.tokens, parts.values)
    }
}

impl From<Plain> for JsValue {
    fn from(plain: Plain) -> Self {
        plain.done().into()
    }
}

/// A list of objects.
pub fn objects(plains: impl Iterator<Item = Plain>) -> Array {
    let list = Array::new();
    let mut parts = Parts::default();
    for plain in plains {
        parts.object(plain);
        if parts.objects == OBJECTS_AT_ONCE {
            core::mem::take(&mut parts).push_to(&list);
        }
    }
    parts.push_to(&list);
    list
}

/// The parts of objects, as they cross the boundary.
#[derive(Default)]
struct Parts {
    texts: String,
    tokens: Vec<f64>,
    values: Vec<JsValue>,
    keys: Vec<&'static str>,
    objects: usize,
}

impl Parts {
    fn object(&mut self, Plain(fields): Plain) {
        self.objects += 1;
        self.fields(fields);
    }

    fn fields(&mut self, fields: Vec<(&'static str, Field)>) {
        self.tokens.extend([5.0, fields.len() as f64]);
        for (key, field) in fields {
            self.key(key);
            match field {
                Field::Text(text) => {
                    self.tokens.push(0.0);
                    self.text(&text);
                }
                Field::Number(number) => self.tokens.extend([1.0, number]),
                Field::Flag(flag) => self.tokens.push(2.0 + f64::from(u8::from(flag))),
                Field::Value(value) => {
                    self.tokens.push(4.0);
                    self.values.push(value);
                }
                Field::Object(Plain(fields)) => self.fields(fields),
            }
        }
    }

    fn key(&mut self, key: &'static str) {
        // A key has one place in memory nearly always; twice in the list it would do no harm.
        let known = self.keys.iter().position(|known| core::ptr::eq(*known, key));
        let number = known.unwrap_or(self.keys.len());
        self.tokens.push(number as f64);
        if known.is_none() {
            self.keys.push(key);
            self.text(key);
        }
    }

    fn text(&mut self, text: &str) {
        self.texts.push_str(text);
        self.tokens.push(length_of(text) as f64);
    }

    fn push_to(self, list: &Array) {
        if self.objects > 0 {
            push_plain(list, self.objects, &self.texts, &self.tokens, self.values);
        }
    }
}

macro_rules! field_from {
    ($($type:ty: |$value:ident| $field:expr,)*) => {$(
        impl From<$type> for Field {
            fn from($value: $type) -> Self {
                $field
            }
        }
    )*};
}

field_from! {
    String: |text| Self::Text(text),
    &str: |text| Self::Text(text.to_owned()),
    f64: |number| Self::Number(number),
    u32: |number| Self::Number(number.into()),
    bool: |flag| Self::Flag(flag),
    JsValue: |value| Self::Value(value),
    &JsValue: |value| Self::Value(value.clone()),
    Array: |list| Self::Value(list.into()),
    Plain: |object| Self::Object(object),
}
