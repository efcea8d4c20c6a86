//! How cases in JSON write what JSON lacks: `{"$": [kind, parts]}`, as `pkg/src/local/tagged.ts` does, and besides
//! `["Text", units]` for a text that no UTF-8 has, and `["Nested", n]` for so many lists in each other.

use std::rc::Rc;

use serde_json::Value as Json;

use super::value::{Number, VIEWS, Value};

/// The value that a case means. Panics where it is no such thing: cases are ours.
pub fn value_of(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => Value::number(number.as_f64().expect("a number")),
        Json::String(text) => Value::text(text),
        Json::Array(items) => Value::list(items.iter().map(value_of)),
        Json::Object(fields) => match fields.get("$") {
            Some(tag) => tagged(tag.as_array().expect("a tag is a list")),
            None => Value::object(fields.iter().map(|(name, part)| (name, value_of(part)))),
        },
    }
}

fn tagged(tag: &[Json]) -> Value {
    let part = tag.get(1).unwrap_or(&Json::Null);
    match text_of(&tag[0]) {
        "undefined" => Value::Undefined,
        "Number" => Value::number(match text_of(part) {
            "-0" => -0.0,
            text => text.replace("Infinity", "inf").parse().expect("a number"),
        }),
        "BigInt" => Value::BigInt(text_of(part).parse().expect("cases have none that is larger")),
        "Text" => Value::Units(list_of(part).iter().map(|unit| whole_of(unit) as u16).collect()),
        "Date" => Value::Date(Number(part.as_f64().unwrap_or(f64::NAN))),
        "ArrayBuffer" => Value::Bytes(bytes_of(text_of(part)).into()),
        "Array" => match list_of(part) {
            [length, fields] => Value::Sparse(whole_of(length) as u32, Rc::new(fields_of(fields).collect())),
            other => panic!("a length and fields, not {other:?}"),
        },
        "Map" => {
            Value::Map(Rc::new(pairs_of(part).map(|[key, part]| (value_of(key), value_of(part))).collect()))
        }
        "Set" => Value::Set(Rc::new(list_of(part).iter().map(value_of).collect())),
        "Object" => Value::Object(Rc::new(fields_of(part).collect())),
        "Nested" => (1..whole_of(part)).fold(Value::list([]), |inner, _| Value::list([inner])),
        kind => {
            let kind = VIEWS.iter().find(|known| **known == kind).expect("a kind of view");
            Value::View(kind, bytes_of(text_of(part)).into())
        }
    }
}

fn fields_of(json: &Json) -> impl Iterator<Item = (Rc<str>, Value)> {
    pairs_of(json).map(|[name, part]| (text_of(name).into(), value_of(part)))
}

fn pairs_of(json: &Json) -> impl Iterator<Item = &[Json; 2]> {
    list_of(json).iter().map(|pair| list_of(pair).try_into().expect("a pair"))
}

fn list_of(json: &Json) -> &[Json] {
    json.as_array().expect("a list")
}

fn text_of(json: &Json) -> &str {
    json.as_str().expect("a text")
}

fn whole_of(json: &Json) -> u64 {
    json.as_u64().expect("a whole number")
}

/// The bytes of base64.
fn bytes_of(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for digit in text.trim_end_matches('=').chars() {
        bits = bits << 6 | DIGITS.find(digit).expect("a digit of base64") as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}
