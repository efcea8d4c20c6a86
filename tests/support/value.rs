//! A value type as rich as what a browser can clone, so that native tests never lean on JSON.
//!
//! Equality is that of `Object.is`, taken through the whole value: every NaN equals every other, and 0 differs
//! from -0. Maps and sets are equal if they hold the same in the same order, for their order can be seen; the
//! fields of an object are kept sorted, for nobody here looks at their order.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// A number, or the moment of a date, which may be NaN too.
#[derive(Clone, Copy, Debug)]
pub struct Number(pub f64);

impl Number {
    fn identity(self) -> u64 {
        if self.0.is_nan() { f64::NAN.to_bits() } else { self.0.to_bits() }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.identity().hash(state);
    }
}

/// Whatever a JavaScript program may hand to the engine. Clones share their parts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    Undefined,
    Null,
    Bool(bool),
    Number(Number),
    BigInt(i128),
    Text(Rc<str>),
    Date(Number),
    Bytes(Rc<[u8]>),
    List(Rc<Vec<Value>>),
    Map(Rc<Vec<(Value, Value)>>),
    Set(Rc<Vec<Value>>),
    Object(Rc<BTreeMap<Rc<str>, Value>>),
    /// A text that holds a half of a surrogate pair, by its code units.
    Units(Rc<[u16]>),
    /// A typed array or a `DataView`, by its name among [`VIEWS`], and its bytes.
    View(&'static str, Rc<[u8]>),
    /// A list with holes, or with fields that are no places: its length, and what is there.
    Sparse(u32, Rc<BTreeMap<Rc<str>, Value>>),
}

/// The kinds of views of bytes, each at the place that is its number in the canonical encoding.
pub const VIEWS: [&str; 13] = [
    "DataView",
    "Int8Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "Int16Array",
    "Uint16Array",
    "Int32Array",
    "Uint32Array",
    "BigInt64Array",
    "BigUint64Array",
    "Float16Array",
    "Float32Array",
    "Float64Array",
];

impl Value {
    pub fn number(number: f64) -> Self {
        Self::Number(Number(number))
    }

    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(text.as_ref().into())
    }

    /// The entries of a map. As in JavaScript, a key that is -0 is 0.
    pub fn map(entries: impl IntoIterator<Item = (Self, Self)>) -> Self {
        Self::Map(Rc::new(entries.into_iter().map(|(key, value)| (key.as_key(), value)).collect()))
    }

    /// The elements of a set. As in JavaScript, -0 is 0 in one.
    pub fn set(elements: impl IntoIterator<Item = Self>) -> Self {
        Self::Set(Rc::new(elements.into_iter().map(|element| element.as_key()).collect()))
    }

    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::List(Rc::new(items.into_iter().collect()))
    }

    pub fn object<K: AsRef<str>>(fields: impl IntoIterator<Item = (K, Self)>) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (Rc::from(name.as_ref()), value));
        Self::Object(Rc::new(fields.collect()))
    }

    /// One value of each kind that JSON would spoil, and some that it would not.
    pub fn specimens() -> Vec<Self> {
        vec![
            Self::Undefined,
            Self::Null,
            Self::Bool(true),
            Self::number(f64::NAN),
            Self::number(-0.0),
            Self::number(0.0),
            Self::BigInt(1 << 80),
            Self::text("ⱦ"),
            Self::Date(Number(1_700_000_000_000.0)),
            Self::Date(Number(f64::NAN)),
            Self::Bytes(Rc::from([0, 255].as_slice())),
            Self::View("Uint8Array", Rc::from([0, 255].as_slice())),
            Self::list([Self::Undefined, Self::Null]),
            Self::Map(Rc::new(vec![(Self::number(-0.0), Self::text("a key that is no text"))])),
            Self::Set(Rc::new(vec![Self::BigInt(1), Self::number(1.0)])),
            Self::object([("missing", Self::Undefined)]),
        ]
    }

    /// The field of an object; none for anything else.
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.get(name),
            _ => None,
        }
    }

    /// The object with this field set.
    pub fn with_field(&self, name: &str, value: Self) -> Self {
        let Self::Object(fields) = self else { panic!("only an object has fields: {self:?}") };
        let mut fields = fields.as_ref().clone();
        fields.insert(name.into(), value);
        Self::Object(Rc::new(fields))
    }

    /// The value as a map or a set knows it: -0 is 0 there.
    pub fn as_key(&self) -> Self {
        match self {
            Self::Number(Number(zero)) if *zero == 0.0 => Self::number(0.0),
            _ => self.clone(),
        }
    }

    /// Whether the value has no parts and no identity.
    pub fn is_scalar(&self) -> bool {
        matches!(
            self,
            Self::Undefined | Self::Null | Self::Bool(_) | Self::Number(_) | Self::BigInt(_) | Self::Text(_)
        )
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(number.0),
            _ => None,
        }
    }

    pub fn items(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }
}
