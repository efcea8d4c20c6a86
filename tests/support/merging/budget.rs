//! How much a merge may look at.

use std::convert::Infallible;

use tabweave::engine::merge::Halt;

use super::Version;
use super::rules::Limits;
use super::value::Value;

/// Looks at values, and counts those that have parts.
pub(super) struct Budget {
    limits: Limits,
    pub(super) looked_at: u64,
}

type Looked<T> = Result<T, Halt<Infallible>>;

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, looked_at: 0 }
    }

    fn look(&mut self, depth: u32) -> Looked<()> {
        if self.looked_at >= self.limits.nodes_max || depth > self.limits.depth_max {
            return Err(Halt::Budget);
        }
        self.looked_at += 1;
        Ok(())
    }

    /// Whether two versions cannot be told apart.
    pub(super) fn same(&mut self, one: &Version, other: &Version, depth: u32) -> Looked<bool> {
        match (one, other) {
            (Some(one), Some(other)) => self.same_value(one, other, depth),
            (one, other) => Ok(one.is_none() && other.is_none()),
        }
    }

    pub(super) fn same_value(&mut self, one: &Value, other: &Value, depth: u32) -> Looked<bool> {
        if one.is_scalar() || other.is_scalar() {
            return Ok(one == other);
        }
        self.look(depth)?;
        match (one, other) {
            (Value::List(one), Value::List(other)) | (Value::Set(one), Value::Set(other)) => {
                Ok(one.len() == other.len() && self.all_same(one.iter().zip(other.iter()), depth)?)
            }
            (Value::Map(one), Value::Map(other)) => {
                let pairs = one.iter().zip(other.iter());
                let halves = pairs.flat_map(|(one, other)| [(&one.0, &other.0), (&one.1, &other.1)]);
                Ok(one.len() == other.len() && self.all_same(halves, depth)?)
            }
            (Value::Object(one), Value::Object(other)) => {
                Ok(one.keys().eq(other.keys()) && self.all_same(one.values().zip(other.values()), depth)?)
            }
            _ => Ok(one == other),
        }
    }

    fn all_same<'a>(
        &mut self,
        pairs: impl Iterator<Item = (&'a Value, &'a Value)>,
        depth: u32,
    ) -> Looked<bool> {
        for (one, other) in pairs {
            if !self.same_value(one, other, depth + 1)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Looks at the whole of a value that is taken as it is.
    pub(super) fn look_through(&mut self, value: &Value, depth: u32) -> Looked<()> {
        if value.is_scalar() || matches!(value, Value::Bytes(_) | Value::View(..)) {
            return Ok(());
        }
        self.look(depth)?;
        let parts: Vec<&Value> = match value {
            Value::List(items) | Value::Set(items) => items.iter().collect(),
            Value::Map(entries) => entries.iter().map(|(_, value)| value).collect(),
            Value::Object(fields) => fields.values().collect(),
            _ => Vec::new(),
        };
        parts.into_iter().try_for_each(|part| self.look_through(part, depth + 1))
    }
}
