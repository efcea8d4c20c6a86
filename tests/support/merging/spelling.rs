//! Values as JavaScript would write them, for who reads why a test failed.

use std::fmt::{Debug, Formatter, Result};

use super::value::{Number, Value};
use super::{Path, Segment, Sides, Version};

struct Spelled<'a>(&'a Value);

fn spelled(items: &[Value]) -> Vec<Spelled<'_>> {
    items.iter().map(Spelled).collect()
}

impl Debug for Spelled<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            Value::Undefined => write!(f, "undefined"),
            Value::Null => write!(f, "null"),
            Value::Bool(is) => write!(f, "{is}"),
            Value::Number(Number(number)) => write!(f, "{number}"),
            Value::BigInt(number) => write!(f, "{number}n"),
            Value::Text(text) => write!(f, "{text:?}"),
            Value::Date(Number(ms)) => write!(f, "Date({ms})"),
            Value::Bytes(bytes) => write!(f, "ArrayBuffer({bytes:?})"),
            Value::Units(_) | Value::Sparse(..) => write!(f, "{:?}", self.0),
            Value::View(class, bytes) => write!(f, "{class}({bytes:?})"),
            Value::List(items) => write!(f, "{:?}", spelled(items)),
            Value::Set(items) => write!(f, "Set({:?})", spelled(items)),
            Value::Map(entries) => {
                let pairs = entries.iter().map(|(key, value)| (Spelled(key), Spelled(value)));
                write!(f, "Map")?;
                f.debug_map().entries(pairs).finish()
            }
            Value::Object(fields) => {
                f.debug_map().entries(fields.iter().map(|(name, value)| (name, Spelled(value)))).finish()
            }
        }
    }
}

/// A version, or that there is none.
pub fn version(version: &Version) -> String {
    version.as_ref().map_or_else(|| "missing".to_owned(), |value| format!("{:?}", Spelled(value)))
}

pub fn path(path: &Path) -> String {
    let segment = |segment: &Segment| match segment {
        Segment::Field(name) => format!("[{name:?}]"),
        Segment::Keyed { by, key } => format!("[{by}={:?}]", Spelled(key)),
        Segment::Entry(key) => format!("[{:?}]", Spelled(key)),
    };
    path.iter().map(segment).collect()
}

impl Debug for Sides {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (side, value) in [("base", &self.base), ("local", &self.local), ("server", &self.server)] {
            write!(f, "\n  {side:6} {}", version(value))?;
        }
        Ok(())
    }
}

impl Debug for super::Merged {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "\n  value  {}", version(&self.value))?;
        for decision in &self.decisions {
            let (place, result) = (path(&decision.path), version(&decision.result));
            write!(f, "\n  {place} by {} {:?}: {result}", decision.rule, decision.kind)?;
        }
        for conflict in &self.conflicts {
            write!(f, "\n  {} by {}: {:?}", path(&conflict.path), conflict.rule, conflict.why)?;
        }
        Ok(())
    }
}

impl Debug for super::given::Given {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self { sides, rules, times } = self;
        write!(f, "{sides:?}\n  {:?} {:?} {:?}\n  {times:?}", rules.rules, rules.fallback, rules.limits)
    }
}
