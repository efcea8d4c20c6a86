//! Values as JSON, with tags for what JSON has not, as `pkg/src/local/tagged.ts` writes them: `{"$": [KIND, PARTS]}`.

use serde_json::{Map, Value as Json, json};

use crate::value::{Number, VIEWS, Value};

/// The one field of a tag. An object that has a field of this name is tagged itself.
const TAG: &str = "$";

pub(super) fn encoded(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(is) => json!(is),
        Value::Text(text) => json!(&**text),
        Value::Number(Number(number)) => number_json(*number),
        Value::Undefined => json!({ TAG: ["undefined"] }),
        Value::BigInt(number) => tagged("BigInt", json!(number.to_string())),
        Value::Date(Number(ms)) => {
            tagged("Date", if ms.is_finite() { number_json(*ms + 0.0) } else { Json::Null })
        }
        Value::Bytes(bytes) => tagged("ArrayBuffer", json!(to_base64(bytes))),
        Value::View(class, bytes) => tagged(class, json!(to_base64(bytes))),
        Value::Units(_) | Value::Sparse(..) => panic!("no merge of a test has such a value"),
        Value::List(items) => items.iter().map(encoded).collect(),
        Value::Set(items) => tagged("Set", items.iter().map(encoded).collect()),
        Value::Map(entries) => {
            tagged("Map", entries.iter().map(|(key, value)| json!([encoded(key), encoded(value)])).collect())
        }
        Value::Object(fields) if fields.contains_key(TAG) => {
            tagged("Object", fields.iter().map(|(name, value)| json!([&**name, encoded(value)])).collect())
        }
        Value::Object(fields) => {
            Json::Object(fields.iter().map(|(name, value)| (name.to_string(), encoded(value))).collect())
        }
    }
}

fn tagged(kind: &str, parts: Json) -> Json {
    json!({ TAG: [kind, parts] })
}

/// Whole numbers without a point, for JSON's own sake.
fn number_json(number: f64) -> Json {
    if !number.is_finite() || (number == 0.0 && number.is_sign_negative()) {
        let name = if number.is_nan() {
            "NaN"
        } else if number == 0.0 {
            "-0"
        } else if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        };
        return tagged("Number", json!(name));
    }
    let is_whole = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
    if is_whole { json!(number as i64) } else { json!(number) }
}

pub(super) fn decoded(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(is) => Value::Bool(*is),
        Json::Number(number) => Value::number(number.as_f64().expect("it is a number")),
        Json::String(text) => Value::text(text),
        Json::Array(items) => Value::list(items.iter().map(decoded)),
        Json::Object(fields) => match fields.get(TAG) {
            Some(tag) => from_tag(tag),
            None => from_fields(fields),
        },
    }
}

fn from_fields(fields: &Map<String, Json>) -> Value {
    Value::object(fields.iter().map(|(name, part)| (name, decoded(part))))
}

fn from_tag(tag: &Json) -> Value {
    let (kind, parts) = (tag[0].as_str().expect("a tag names a kind"), &tag[1]);
    let text = || parts.as_str().expect("it is written as a text");
    let list = || parts.as_array().expect("its parts are a list").iter();
    let pairs = || list().map(|pair| (decoded(&pair[0]), decoded(&pair[1])));
    match kind {
        "undefined" => Value::Undefined,
        "Number" => Value::number(match text() {
            "NaN" => f64::NAN,
            "-0" => -0.0,
            "Infinity" => f64::INFINITY,
            "-Infinity" => f64::NEG_INFINITY,
            other => panic!("{other} is written without a tag"),
        }),
        "BigInt" => Value::BigInt(text().parse().expect("a whole number that tests can hold")),
        "Date" => Value::Date(Number(parts.as_f64().unwrap_or(f64::NAN))),
        "Map" => Value::map(pairs()),
        "Set" => Value::set(list().map(decoded)),
        "Object" => Value::object(list().map(|pair| (pair[0].as_str().expect("a name"), decoded(&pair[1])))),
        "ArrayBuffer" => Value::Bytes(from_base64(text()).into()),
        view => {
            let class = VIEWS.iter().find(|class| **class == view).expect("a kind of view");
            Value::View(class, from_base64(text()).into())
        }
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn to_base64(bytes: &[u8]) -> String {
    let four = |three: &[u8]| -> String {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let digit = |at: usize| {
            if at <= three.len() { DIGITS[(bits >> (18 - 6 * at) & 63) as usize] as char } else { '=' }
        };
        (0..4).map(digit).collect()
    };
    bytes.chunks(3).map(four).collect()
}

fn from_base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| DIGITS.iter().position(|digit| *digit == byte).expect("a digit of base64") as u32;
    let three = |four: &[u8]| -> Vec<u8> {
        let digits: Vec<u32> = four.iter().filter(|byte| **byte != b'=').map(|byte| digit(*byte)).collect();
        let bits = (0..4).fold(0, |bits, at| bits << 6 | digits.get(at).copied().unwrap_or(0));
        (0..digits.len() - 1).map(|at| (bits >> (16 - 8 * at)) as u8).collect()
    };
    text.as_bytes().chunks(4).flat_map(three).collect()
}
