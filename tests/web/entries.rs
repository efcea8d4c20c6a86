//! Entries of topics: what goes in comes out, and nothing hostile gets in.

use js_sys::Array;
use tabweave::engine::{Stamp, TabId, TopicEntry};
use tabweave::web::entries::{TEXT_LENGTH_MAX, from_entries, to_entries};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{assert_rich, evaluate, rich_value};

const SENDER: TabId = TabId::from_bytes([3; 16]);
const OTHER: TabId = TabId::from_bytes([4; 16]);

fn entry(topic: &str, key: &str, tab: TabId, value: Option<JsValue>) -> TopicEntry<JsValue> {
    let stamp = Stamp { wall_ms: 8_640_000_000_000_000, counter: u32::MAX, tab };
    TopicEntry { topic: topic.to_owned(), key: key.to_owned(), stamp, value }
}

fn posted(entries: &[TopicEntry<JsValue>]) -> JsValue {
    from_entries(&mut entries.iter(), Some(SENDER)).into()
}

#[wasm_bindgen_test]
fn entries_are_read_as_they_were_written() {
    let before = [
        entry("", "", SENDER, None),
        entry("__proto__", "constructor", SENDER, Some(JsValue::UNDEFINED)),
        entry("\n", "a\nb", OTHER, Some(JsValue::NULL)),
        entry("grüße", "\u{1F600}\u{0}", OTHER, Some(rich_value())),
        entry(&"x".repeat(TEXT_LENGTH_MAX), "after", SENDER, Some(JsValue::from(1))),
    ];
    let after = to_entries(&posted(&before), SENDER).expect("they can be read");
    assert_eq!(after, before);
    assert_rich(after[3].value.as_ref().expect("it has one"));
    assert_eq!(to_entries(&posted(&[]), SENDER), Some(vec![]));
}

#[wasm_bindgen_test]
fn the_sender_goes_without_saying() {
    let list = Array::from(&posted(&[entry("t", "k", SENDER, None), entry("t", "k", OTHER, None)]));
    let tab = |index| Array::from(&list.get(index)).get(4);
    assert!(tab(0).is_null());
    assert_eq!(tab(1), OTHER.to_string().as_str());
}

#[wasm_bindgen_test]
fn a_list_with_one_wrong_entry_is_none_and_throws_nothing() {
    let tab = "'04040404-0404-0404-0404-040404040404'";
    let hostile = [
        "undefined".to_owned(),
        "null".to_owned(),
        "'text'".to_owned(),
        "{ length: 0 }".to_owned(),
        "[null]".to_owned(),
        "[[]]".to_owned(),
        "[['t', 'k', 1, 0]]".to_owned(),
        format!("[['t', 'k', 1, 0, {tab}, 1, 2]]"),
        format!("[['t', 7, 1, 0, {tab}]]"),
        format!("[[null, 'k', 1, 0, {tab}]]"),
        format!("[[new String('t'), 'k', 1, 0, {tab}]]"),
        format!("[['t', 'x'.repeat({TEXT_LENGTH_MAX} + 1), 1, 0, {tab}]]"),
        format!("[['t', 'k', -1, 0, {tab}]]"),
        format!("[['t', 'k', 1.5, 0, {tab}]]"),
        format!("[['t', 'k', NaN, 0, {tab}]]"),
        format!("[['t', 'k', 9e15, 0, {tab}]]"),
        format!("[['t', 'k', '1', 0, {tab}]]"),
        format!("[['t', 'k', 1, 2 ** 32, {tab}]]"),
        format!("[['t', 'k', 1, 1n, {tab}]]"),
        "[['t', 'k', 1, 0, 'me']]".to_owned(),
        "[['t', 'k', 1, 0, '04040404-0404-0404-0404-0404040404ZZ']]".to_owned(),
        "[['t', 'k', 1, 0, undefined]]".to_owned(),
        "new Array(20001).fill(['t', 'k', 1, 0, null])".to_owned(),
        "Object.assign([], { length: 4294967295 })".to_owned(),
        "new Proxy([], { get() { throw new Error('no'); } })".to_owned(),
        "[new Proxy(['t', 'k', 1, 0, null], { get() { throw new Error('no'); } })]".to_owned(),
        "(() => { const { proxy, revoke } = Proxy.revocable([], {}); revoke(); return proxy; })()".to_owned(),
        "[Object.defineProperty(['t', 'k', 1, 0], 4, { get() { throw new Error('no'); } })]".to_owned(),
    ];
    for expression in hostile {
        assert_eq!(to_entries(&evaluate(&expression), SENDER), None, "{expression}");
    }
    let most = evaluate("new Array(20000).fill(['t', 'k', 1, 0, null])");
    assert_eq!(to_entries(&most, SENDER).map(|entries| entries.len()), Some(20_000));
}

#[wasm_bindgen_test]
fn halves_of_a_character_do_not_meet() {
    let torn = evaluate("[['a\\ud83d', '\\ude00b', 1, 0, null], ['t', 'k', 1, 0, null]]");
    let read = to_entries(&torn, SENDER).expect("it is well-formed but for the halves");
    assert_eq!((read[0].topic.as_str(), read[0].key.as_str()), ("a\u{FFFD}", "\u{FFFD}b"));
    assert_eq!((read[1].topic.as_str(), read[1].key.as_str()), ("t", "k"));
}
