//! Documents, edits of them and policies, as any bytes spell them.

use std::rc::Rc;

use arbitrary::{Arbitrary, Result, Unstructured};
use tabweave::engine::merge::{Fallback, Rule, Times};

use super::rules::{Function, Limits, RuleSpec, Rules};
use super::value::{Number, Value};
use super::{Sides, Version};

/// Few names, so that sides meet; in the order in which JavaScript sorts them too.
const NAMES: [&str; 14] = [
    "$",
    "__proto__",
    "_id",
    "a",
    "a.b",
    "at",
    "constructor",
    "id",
    "items",
    "notes",
    "qty",
    "status",
    "tags",
    "updatedAt",
];
const TEXTS: [&str; 10] = [
    "",
    "live",
    "lost",
    "2024-02-29",
    "2024-02-30",
    "2024-03-01T10:00:00Z",
    "2024-03-01T10:00:00.1239+00:00",
    "one two",
    "one, two three",
    "一二 กข é😀x_y",
];
const NUMBERS: [f64; 10] =
    [0.0, -0.0, 1.0, 2.0, 2.5, 0.1, f64::NAN, f64::INFINITY, 9_007_199_254_740_993.0, 1_709_287_200_000.0];
const MOMENTS: [f64; 4] = [0.0, 1.0, f64::NAN, 1_709_287_200_000.0];
const BIG: [i128; 6] = [0, 1, -1, 2, (1 << 60) + 1, 1 << 100];
const VIEWS: [&str; 3] = ["DataView", "Float64Array", "Uint8Array"];

const DEPTH_MAX: u32 = 4;
const PARTS_MAX: u32 = 6;

/// Three versions of a document and how they are to be merged.
#[derive(Clone)]
pub struct Given {
    pub sides: Sides,
    pub rules: Rules,
    pub times: Times,
}

impl<'a> Arbitrary<'a> for Given {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        // Each has its share, or a large document would leave nothing for what is done with it.
        let share = bytes.len() / 5;
        let mut of =
            |shares: usize| Ok::<_, arbitrary::Error>(Unstructured::new(bytes.bytes(shares * share)?));
        let (mut of_base, mut of_local, mut of_server) = (of(2)?, of(1)?, of(1)?);
        let base = document(&mut of_base)?;
        let (local, server) = (version(&mut of_local, &base)?, version(&mut of_server, &base)?);
        let base = (!bytes.ratio(1, 16)?).then_some(base);
        let [local_ms, server_ms]: [Option<u8>; 2] = bytes.arbitrary()?;
        let times = Times { local_ms: local_ms.map(u64::from), server_ms: server_ms.map(u64::from) };
        Ok(Self { sides: Sides { base, local, server }, rules: rules(bytes)?, times })
    }
}

impl Given {
    /// What these bytes spell; all of them spell something.
    pub fn spelled(bytes: &[u8]) -> Self {
        Self::arbitrary_take_rest(Unstructured::new(bytes)).expect("bytes that end are zeros")
    }
}

fn document(bytes: &mut Unstructured<'_>) -> Result<Value> {
    if bytes.ratio(1, 8)? { value(bytes, 0) } else { object(bytes, 0) }
}

/// What a side made of the base.
fn version(bytes: &mut Unstructured<'_>, base: &Value) -> Result<Version> {
    Ok(match bytes.int_in_range(0..=31)? {
        30 => None,
        31 => Some(document(bytes)?),
        _ => Some(edited(bytes, base, 0)?),
    })
}

fn several<T>(
    bytes: &mut Unstructured<'_>,
    mut make: impl FnMut(&mut Unstructured<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let count = bytes.int_in_range(0..=PARTS_MAX)?;
    (0..count).map(|_| make(bytes)).collect()
}

fn name<'a>(bytes: &mut Unstructured<'_>) -> Result<&'a str> {
    bytes.choose(&NAMES).copied()
}

pub fn scalar(bytes: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match bytes.int_in_range(0..=9)? {
        0 => Value::Undefined,
        1 => Value::Null,
        2 => Value::Bool(bytes.arbitrary()?),
        3 => Value::number(*bytes.choose(&NUMBERS)?),
        4 => Value::BigInt(*bytes.choose(&BIG)?),
        5 => Value::text(bytes.choose(&TEXTS)?),
        _ => Value::number(f64::from(bytes.int_in_range(0..=5)?)),
    })
}

fn value(bytes: &mut Unstructured<'_>, depth: u32) -> Result<Value> {
    if depth >= DEPTH_MAX {
        return scalar(bytes);
    }
    Ok(match bytes.int_in_range(0..=15)? {
        0..=2 => object(bytes, depth)?,
        3 | 4 => keyed_list(bytes, depth)?,
        5 | 6 => Value::list(several(bytes, scalar)?),
        7 => Value::list(several(bytes, |bytes| value(bytes, depth + 1))?),
        8 => map(several(bytes, |bytes| Ok((scalar(bytes)?, value(bytes, depth + 1)?)))?),
        9 => set(several(bytes, scalar)?),
        10 => Value::Date(Number(*bytes.choose(&MOMENTS)?)),
        11 => Value::Bytes(several(bytes, |bytes| bytes.arbitrary::<u8>())?.into()),
        12 => {
            let shown: Vec<u8> = bytes.arbitrary::<[u8; 8]>()?.into();
            Value::View(bytes.choose(&VIEWS)?, shown.into())
        }
        _ => scalar(bytes)?,
    })
}

pub fn object(bytes: &mut Unstructured<'_>, depth: u32) -> Result<Value> {
    let mut fields = several(bytes, |bytes| Ok((name(bytes)?, value(bytes, depth + 1)?)))?;
    // What the usual names promise is there more often than by chance.
    if bytes.ratio(1, 2)? {
        fields.push(("items", keyed_list(bytes, depth + 1)?));
        fields.push(("notes", Value::text(bytes.choose(&TEXTS)?)));
        fields.push(("tags", Value::list(several(bytes, scalar)?)));
    }
    Ok(Value::object(fields))
}

/// Objects with different ids.
fn keyed_list(bytes: &mut Unstructured<'_>, depth: u32) -> Result<Value> {
    let mut ids: Vec<u8> = several(bytes, |bytes| bytes.int_in_range(0..=9))?;
    let mut known = Vec::new();
    ids.retain(|id| !known.contains(id) && (known.push(*id), true).1);
    let items = ids.into_iter().map(|id| keyed_item(bytes, id, depth)).collect::<Result<Vec<_>>>()?;
    Ok(Value::list(items))
}

fn keyed_item(bytes: &mut Unstructured<'_>, id: u8, depth: u32) -> Result<Value> {
    Ok(object(bytes, (depth + 2).min(DEPTH_MAX))?.with_field("id", Value::number(f64::from(id))))
}

/// A map in which no key stands twice, as in JavaScript.
fn map(entries: Vec<(Value, Value)>) -> Value {
    let mut known: Vec<(Value, Value)> = Vec::new();
    for (key, value) in entries {
        if known.iter().all(|(other, _)| *other != key.as_key()) {
            known.push((key.as_key(), value));
        }
    }
    Value::map(known)
}

fn set(elements: Vec<Value>) -> Value {
    let Value::Map(entries) = map(elements.into_iter().map(|element| (element, Value::Null)).collect())
    else {
        unreachable!("a map was made")
    };
    Value::set(entries.iter().map(|(element, _)| element.clone()))
}

/// What somebody made of a value: other values in places, parts more, parts less, and parts elsewhere.
fn edited(bytes: &mut Unstructured<'_>, value: &Value, depth: u32) -> Result<Value> {
    let mut made = value.clone();
    for _ in 0..bytes.int_in_range(1..=4)? {
        made = match &made {
            Value::Object(fields) => edited_object(bytes, fields.as_ref().clone(), depth)?,
            Value::List(items) => edited_list(bytes, items.as_ref().clone(), depth)?,
            Value::Map(entries) => {
                let mut entries = entries.as_ref().clone();
                let key = scalar(bytes)?;
                change(bytes, &mut entries, |bytes| Ok((key, self::value(bytes, depth + 1)?)))?;
                map(entries)
            }
            Value::Set(elements) => {
                let mut elements = elements.as_ref().clone();
                change(bytes, &mut elements, scalar)?;
                set(elements)
            }
            Value::Text(text) => Value::text(edited_text(bytes, text)?),
            Value::Number(Number(number)) => Value::number(number + f64::from(bytes.int_in_range(-2..=2)?)),
            Value::BigInt(number) => Value::BigInt(number + bytes.int_in_range(-2..=2)?),
            Value::Date(Number(ms)) => Value::Date(Number(ms + f64::from(bytes.int_in_range(-2..=2)?))),
            _ => scalar(bytes)?,
        };
    }
    Ok(made)
}

type Fields = std::collections::BTreeMap<Rc<str>, Value>;

fn edited_object(bytes: &mut Unstructured<'_>, mut fields: Fields, depth: u32) -> Result<Value> {
    let some = fields.keys().nth(bytes.int_in_range(0..=PARTS_MAX as usize)?).cloned();
    match (some, bytes.int_in_range(0..=5)?) {
        (Some(name), 0) => {
            fields.remove(&name);
        }
        (Some(name), 1..=4) => {
            let made = edited(bytes, &fields[&name], depth + 1)?;
            fields.insert(name, made);
        }
        _ => {
            fields.insert(name(bytes)?.into(), value(bytes, depth + 1)?);
        }
    }
    Ok(Value::Object(Rc::new(fields)))
}

fn edited_list(bytes: &mut Unstructured<'_>, mut items: Vec<Value>, depth: u32) -> Result<Value> {
    let is_keyed = items.iter().all(|item| item.field("id").is_some());
    if !items.is_empty() && bytes.ratio(1, 3)? {
        let at = bytes.choose_index(items.len())?;
        items[at] = edited(bytes, &items[at], depth + 1)?;
        return Ok(Value::list(items));
    }
    change(bytes, &mut items, |bytes| match is_keyed {
        true => {
            let id = bytes.int_in_range(10..=15)?;
            keyed_item(bytes, id, depth)
        }
        false => scalar(bytes),
    })?;
    Ok(Value::list(items))
}

/// Adds an item, takes one away, or puts one elsewhere.
fn change<T>(
    bytes: &mut Unstructured<'_>,
    items: &mut Vec<T>,
    make: impl FnOnce(&mut Unstructured<'_>) -> Result<T>,
) -> Result<()> {
    let to = bytes.int_in_range(0..=items.len())?;
    match bytes.int_in_range(0..=2)? {
        1 if to < items.len() => {
            items.remove(to);
        }
        2 if to < items.len() => {
            let item = items.remove(bytes.choose_index(items.len())?);
            items.insert(to, item);
        }
        _ => items.insert(to, make(bytes)?),
    }
    Ok(())
}

fn edited_text(bytes: &mut Unstructured<'_>, text: &str) -> Result<String> {
    let mut words: Vec<&str> = text.split_inclusive(' ').collect();
    change(bytes, &mut words, |bytes| bytes.choose(&["new ", "x", "二"]).copied())?;
    Ok(words.concat())
}

fn rules(bytes: &mut Unstructured<'_>) -> Result<Rules> {
    let mut rules = Rules::default();
    if bytes.arbitrary()? {
        rules.fallback = Fallback::Latest;
    }
    if bytes.ratio(1, 4)? {
        rules.timestamp_keys = vec!["at".to_owned(), "qty".to_owned()];
    }
    for _ in 0..bytes.int_in_range(0..=5)? {
        let (pattern, spec) = (pattern(bytes)?, spec(bytes)?);
        if rules.rules.iter().all(|(known, _)| *known != pattern) {
            rules.rules.push((pattern, spec));
        }
    }
    if bytes.ratio(1, 16)? {
        rules.limits =
            Limits { nodes_max: bytes.int_in_range(1..=200)?, depth_max: bytes.int_in_range(1..=6)? };
    }
    Ok(rules)
}

fn pattern(bytes: &mut Unstructured<'_>) -> Result<String> {
    if bytes.ratio(1, 32)? {
        return Ok(String::new());
    }
    let mut steps = several(bytes, step)?;
    steps.push(step(bytes)?);
    let mut pattern = String::new();
    for step in steps.into_iter().rev().take(3) {
        match step {
            "[*]" => pattern += step,
            "a.b" => pattern += "[\"a.b\"]",
            _ if pattern.is_empty() => pattern += step,
            _ => pattern += &format!(".{step}"),
        }
    }
    Ok(pattern)
}

fn step<'a>(bytes: &mut Unstructured<'_>) -> Result<&'a str> {
    Ok(match bytes.int_in_range(0..=4)? {
        0 => "*",
        1 => "[*]",
        _ => name(bytes)?,
    })
}

fn spec(bytes: &mut Unstructured<'_>) -> Result<RuleSpec> {
    Ok(match bytes.int_in_range(0..=15)? {
        0..=11 => RuleSpec::Plain(*bytes.choose(&Rule::PLAIN)?),
        12 | 13 => RuleSpec::Keyed(name(bytes)?.to_owned()),
        _ => RuleSpec::Function(*bytes.choose(&Function::ALL)?),
    })
}
