//! The one codec of the entries of topics. There may be thousands of them in one message, so a whole list of them
//! crosses the boundary at once; `entries.js` has the other half, and checks what comes from elsewhere.

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::engine::{Stamp, TabId, TopicEntry};

/// The longest name of a topic and the longest key, in UTF-16 units.
pub const TEXT_LENGTH_MAX: usize = 1_024;

/// Numbers an entry: the lengths of topic, key and tab, time, counter, and whether there is a value.
const STRIDE: usize = 6;

#[wasm_bindgen(module = "/src/web/entries.js")]
extern "C" {
    /// The three parts of a list of entries.
    type Parts;
    #[wasm_bindgen(method, getter)]
    fn texts(this: &Parts) -> String;
    #[wasm_bindgen(method, getter)]
    fn numbers(this: &Parts) -> Vec<f64>;
    #[wasm_bindgen(method, getter)]
    fn values(this: &Parts) -> Vec<JsValue>;
    #[wasm_bindgen(method, getter)]
    fn unreadable(this: &Parts) -> u32;
    #[wasm_bindgen(method, getter)]
    fn newer(this: &Parts) -> u32;

    #[wasm_bindgen(js_name = entriesOf)]
    fn entries_of(texts: &str, numbers: &[f64], values: Vec<JsValue>) -> Array;
    #[wasm_bindgen(js_name = partsOf)]
    fn parts_of(entries: &JsValue) -> Option<Parts>;
    #[wasm_bindgen(js_name = partsOfRecords)]
    fn parts_of_records(records: &JsValue) -> Parts;
}

/// What a table holds.
pub(super) struct Stored {
    pub(super) entries: Vec<TopicEntry<JsValue>>,
    pub(super) unreadable: u32,
    pub(super) newer: u32,
}

/// Entries as a list; a tab that is the sender goes without saying.
pub fn from_entries(entries: &mut dyn Iterator<Item = &TopicEntry<JsValue>>, sender: Option<TabId>) -> Array {
    let mut texts = String::new();
    let mut numbers = Vec::new();
    let mut values = Vec::new();
    for TopicEntry { topic, key, stamp, value } in entries {
        let tab = if sender == Some(stamp.tab) { String::new() } else { stamp.tab.to_string() };
        for text in [topic, key, &tab] {
            texts.push_str(text);
            numbers.push(length_of(text) as f64);
        }
        let has_value = f64::from(u8::from(value.is_some()));
        numbers.extend([stamp.wall_ms as f64, f64::from(stamp.counter), has_value]);
        values.push(value.clone().unwrap_or_default());
    }
    entries_of(&texts, &numbers, values)
}

/// The entries of a list that a message brought, if every one of them can be read.
pub fn to_entries(list: &JsValue, sender: TabId) -> Option<Vec<TopicEntry<JsValue>>> {
    read(&parts_of(list)?, Some(sender)).into_iter().collect()
}

/// The entries of a table's records.
pub(super) fn to_stored(records: &JsValue) -> Stored {
    let parts = parts_of_records(records);
    let found = read(&parts, None);
    let count = found.len();
    let entries: Vec<_> = found.into_iter().flatten().collect();
    let unreadable = parts.unreadable() + (count - entries.len()) as u32;
    Stored { entries, unreadable, newer: parts.newer() }
}

/// The length of a text as JavaScript counts it.
pub fn length_of(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

fn read(parts: &Parts, sender: Option<TabId>) -> Vec<Option<TopicEntry<JsValue>>> {
    let (texts, numbers) = (parts.texts(), parts.numbers());
    let mut rest = texts.as_str();
    let entry = |(numbers, value): (&[f64], JsValue)| {
        let &[topic, key, tab, wall_ms, counter, has_value] = numbers else { return None };
        let [topic, key, tab] = [topic, key, tab].map(|length| cut(&mut rest, length as usize));
        let tab = tab?;
        let tab = if tab.is_empty() { sender } else { tab.parse().ok() };
        let stamp = Stamp { wall_ms: wall_ms as u64, counter: counter as u32, tab: tab? };
        let value = (has_value != 0.0).then_some(value);
        Some(TopicEntry { topic: topic?.to_owned(), key: key?.to_owned(), stamp, value })
    };
    numbers.chunks(STRIDE).zip(parts.values()).map(entry).collect()
}

/// Cuts off so many UTF-16 units, and the line's end behind them; none if they end within a character.
fn cut<'a>(rest: &mut &'a str, length: usize) -> Option<&'a str> {
    let mut units = 0;
    let mut bytes = 0;
    for character in rest.chars() {
        if units >= length {
            break;
        }
        units += character.len_utf16();
        bytes += character.len_utf8();
    }
    let (text, after) = rest.split_at_checked(bytes)?;
    *rest = after.strip_prefix('\n')?;
    (units == length).then_some(text)
}
