//! What the values of a node are taken apart into, and how they are put together again.

use std::rc::Rc;

use tabweave::engine::merge::{Orders, Shape, Side};

use super::value::Value;
use super::{Path, Segment, Sides, Version};

/// The fields that a list of objects is usually told apart by.
const USUAL_KEYS: [&str; 3] = ["_id", "id", "key"];

/// How a value is taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    Fields,
    Entries,
    Elements,
    Scalars,
    Keyed(Rc<str>),
}

/// The parts of one side, each with what tells it apart.
type Parts = Vec<(Value, Value)>;

/// The parts of a node: the server's in their order, then those that only this person has, then the rest.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub(super) cut: Cut,
    pub(super) keys: Vec<Value>,
    pub(super) versions: Vec<Sides>,
    orders: [Vec<u32>; 3],
}

impl Cut {
    /// How values of this shape are taken apart; none: nothing tells their parts apart.
    pub(super) fn of(shape: Shape, sides: &Sides, by: impl FnOnce() -> Rc<str>) -> Option<Self> {
        Some(match shape {
            Shape::Fields => Self::Fields,
            Shape::Entries => Self::Entries,
            Shape::Keyed(_) => Self::Keyed(by()),
            Shape::Elements if matches!(sides.local, Some(Value::Set(_))) => Self::Elements,
            Shape::Elements => Self::Scalars,
            Shape::Usual => {
                let keyed = USUAL_KEYS.iter().map(|name| Self::Keyed(Rc::from(*name)));
                return std::iter::once(Self::Scalars).chain(keyed).find(|cut| cut.take(sides).is_some());
            }
        })
    }

    /// The parts of a value; none: it is not of this kind, or its parts cannot be told apart.
    fn parts_of(&self, value: &Value) -> Option<Parts> {
        match (self, value) {
            (Self::Fields, Value::Object(fields)) => {
                Some(fields.iter().map(|(name, value)| (Value::text(name), value.clone())).collect())
            }
            (Self::Entries, Value::Map(entries)) => {
                entries.iter().all(|(key, _)| key.is_scalar()).then(|| entries.as_ref().clone())
            }
            (Self::Elements, Value::Set(items)) | (Self::Scalars, Value::List(items)) => {
                let mut parts = Parts::new();
                for item in items.iter() {
                    let key = item.is_scalar().then(|| item.as_key())?;
                    if parts.iter().all(|(known, _)| *known != key) {
                        parts.push((key, item.clone()));
                    }
                }
                Some(parts)
            }
            (Self::Keyed(by), Value::List(items)) => {
                let mut parts = Parts::new();
                for item in items.iter() {
                    let key = item.field(by).filter(|key| is_key(key))?.as_key();
                    if parts.iter().any(|(known, _)| *known == key) {
                        return None;
                    }
                    parts.push((key, item.clone()));
                }
                Some(parts)
            }
            _ => None,
        }
    }

    fn is_of_kind(&self, value: &Value) -> bool {
        match self {
            Self::Fields => matches!(value, Value::Object(_)),
            Self::Entries => matches!(value, Value::Map(_)),
            Self::Elements => matches!(value, Value::Set(_)),
            Self::Scalars | Self::Keyed(_) => matches!(value, Value::List(_)),
        }
    }

    /// The parts of both changed values and of the base. A base of another kind has none.
    pub(super) fn take(&self, sides: &Sides) -> Option<Taken> {
        let local = self.parts_of(sides.local.as_ref()?)?;
        let server = self.parts_of(sides.server.as_ref()?)?;
        let base = match &sides.base {
            Some(base) if self.is_of_kind(base) => self.parts_of(base)?,
            _ => Parts::new(),
        };
        let mut keys: Vec<Value> = Vec::new();
        for (key, _) in server.iter().chain(&local).chain(&base) {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        let number = |key: &Value| keys.iter().position(|known| known == key).expect("all were numbered");
        let orders = [&base, &local, &server]
            .map(|parts| parts.iter().map(|(key, _)| number(key) as u32).collect::<Vec<_>>());
        let version =
            |parts: &Parts, key| parts.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone());
        let versions = keys.iter().map(|key| Sides {
            base: version(&base, key),
            local: version(&local, key),
            server: version(&server, key),
        });
        let versions = versions.collect();
        Some(Taken { cut: self.clone(), keys, versions, orders })
    }

    pub(super) fn segment(&self, key: &Value) -> Segment {
        match self {
            Self::Fields => Segment::Field(key.as_text().expect("fields have names").into()),
            Self::Keyed(by) => Segment::Keyed { by: by.clone(), key: key.clone() },
            _ => Segment::Entry(key.clone()),
        }
    }

    /// The value that consists of these parts.
    fn whole(&self, parts: impl Iterator<Item = (Value, Value)>) -> Value {
        match self {
            Self::Fields => {
                let name = |key: &Value| key.as_text().expect("fields have names").to_owned();
                Value::object(parts.map(|(key, value)| (name(&key), value)))
            }
            Self::Entries => Value::map(parts),
            Self::Elements => Value::set(parts.map(|(_, value)| value)),
            Self::Scalars | Self::Keyed(_) => Value::list(parts.map(|(_, value)| value)),
        }
    }
}

fn is_key(value: &Value) -> bool {
    matches!(value, Value::Text(_) | Value::Number(_) | Value::BigInt(_))
}

impl Taken {
    /// The orders as the engine wants them; fields have none.
    pub(super) fn orders(&self, stays: impl Fn(usize) -> bool) -> Option<Orders> {
        let [base, local, server] = self.orders.clone();
        let stays = (0..self.keys.len()).map(stays).collect();
        (self.cut != Cut::Fields).then_some(Orders { stays, base, local, server })
    }

    pub(super) fn path(&self, around: &Path, part: usize) -> Path {
        around.iter().cloned().chain([self.cut.segment(&self.keys[part])]).collect()
    }

    /// The parts in this order, without those that are missing.
    pub(super) fn assemble(
        &self,
        order: impl Iterator<Item = usize>,
        version: impl Fn(usize) -> Version,
    ) -> Value {
        self.cut.whole(order.filter_map(|part| Some((self.keys[part].clone(), version(part)?))))
    }
}

impl Sides {
    pub(super) fn of(&self, side: Side) -> &Version {
        match side {
            Side::Base => &self.base,
            Side::Local => &self.local,
            Side::Server => &self.server,
        }
    }
}
