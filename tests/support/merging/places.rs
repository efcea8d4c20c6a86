//! Where something is in a document: told apart from how the merge finds it.

use std::rc::Rc;

use super::value::Value;
use super::{Path, Segment, Version};

/// The part that a path leads to.
pub fn at(version: &Version, path: &Path) -> Version {
    path.iter().try_fold(version.clone()?, |value, segment| match (segment, &value) {
        (Segment::Field(name), value) => value.field(name).cloned(),
        (Segment::Keyed { by, key }, Value::List(items)) => {
            items.iter().find(|item| item.field(by).is_some_and(|found| found.as_key() == *key)).cloned()
        }
        (Segment::Entry(key), Value::List(items) | Value::Set(items)) => {
            items.iter().find(|item| item.as_key() == *key).cloned()
        }
        (Segment::Entry(key), Value::Map(entries)) => {
            entries.iter().find(|(other, _)| other.as_key() == *key).map(|(_, value)| value.clone())
        }
        _ => None,
    })
}

/// What a base has where a path leads in a side: nothing, where something around it was of another kind.
pub fn base_at(base: &Version, side: &Version, path: &Path) -> Version {
    let around = (0..path.len()).map(|steps| path[..steps].to_vec());
    let kind = |whole: &Version, path: &Path| at(whole, path).as_ref().map(std::mem::discriminant);
    let is_alike = around.into_iter().all(|path| kind(base, &path) == kind(side, &path));
    at(base, path).filter(|_| is_alike)
}

type Keyed = Vec<(Value, Value)>;

/// A list's objects by a field, a map's entries by their keys, a set's elements by themselves.
fn keyed(by: Option<&str>, value: &Value) -> Option<Keyed> {
    match (by, value) {
        (Some(by), Value::List(items)) => {
            items.iter().map(|item| Some((item.field(by)?.as_key(), item.clone()))).collect()
        }
        (None, Value::Map(entries)) => Some(entries.as_ref().clone()),
        (None, Value::Set(items)) => Some(items.iter().map(|item| (item.clone(), item.clone())).collect()),
        _ => None,
    }
}

/// The parts of base, a side and what came out. None: they have none, or what the side put in order is not in its order.
pub fn keyed_parts(by: Option<&str>, versions: [&Version; 3]) -> Option<Vec<(Segment, [Version; 3])>> {
    let [base, side, result] = versions;
    let of = |version: &Version| version.as_ref().and_then(|value| keyed(by, value));
    let kind = |version: &Version| version.as_ref().map(std::mem::discriminant);
    let former = if kind(base) == kind(side) { of(base) } else { None };
    let (base, side, result) = (former.unwrap_or_default(), of(side)?, of(result)?);
    let find = |parts: &Keyed, key: &Value| parts.iter().find(|(known, _)| known == key).cloned();
    let shared = |parts: &Keyed| -> Vec<Value> {
        let is_shared = |key: &Value| [&base, &side, &result].iter().all(|all| find(all, key).is_some());
        parts.iter().map(|(key, _)| key.clone()).filter(is_shared).collect()
    };
    if shared(&side) != shared(&base) && shared(&side) != shared(&result) {
        return None;
    }
    let version = |parts: &Keyed, key: &Value| find(parts, key).map(|(_, value)| value);
    let parts = base.iter().chain(&side).chain(&result).map(|(key, _)| {
        let segment = match by {
            Some(by) => Segment::Keyed { by: Rc::from(by), key: key.clone() },
            None => Segment::Entry(key.clone()),
        };
        (segment, [version(&base, key), version(&side, key), version(&result, key)])
    });
    Some(parts.collect())
}
