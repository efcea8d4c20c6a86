//! Topics in the store, and between two tabs.

use js_sys::Array;
use tabweave::engine::{Revision, Stamp, StoreContents, TabId, TopicEntry, Write};
use tabweave::web::database::Database;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{
    Covered, answer, assert_rich, evaluate, fresh_name, keys_of, put_raw, rich_value, settled, unfenced,
    until,
};
use crate::tab::{Tab, at, code};

fn open(name: &str) -> Database {
    Database::open(name, |news| panic!("nothing should happen to it: {news:?}"))
}

async fn persist(database: &Database, entries: &[TopicEntry<JsValue>]) -> Revision {
    let (done, outcome) = answer();
    database.persist(unfenced(entries.iter().cloned().map(Write::PutEntry).collect()), done);
    outcome.await.expect("it is stored").expect("it is news")
}

async fn read(database: &Database) -> StoreContents<JsValue> {
    let (done, contents) = answer();
    database.read_store(done);
    contents.await.expect("it can be read")
}

fn entry(key: &str, at: (u64, u32, u8), value: Option<JsValue>) -> TopicEntry<JsValue> {
    let stamp = Stamp { wall_ms: at.0, counter: at.1, tab: TabId::from_bytes([at.2; 16]) };
    TopicEntry { topic: "board".to_owned(), key: key.to_owned(), stamp, value }
}

fn number(value: u32) -> Option<JsValue> {
    Some(JsValue::from(value))
}

fn dropped(key: &str, at: (u64, u32, u8)) -> Write<JsValue> {
    let TopicEntry { topic, key, stamp, .. } = entry(key, at, None);
    Write::DropEntry { topic, key, stamp }
}

fn forgotten(key: &str, at: (u64, u32, u8)) -> Write<JsValue> {
    let TopicEntry { topic, key, stamp, .. } = entry(key, at, None);
    Write::ForgetEntry { topic, key, stamp }
}

async fn write(database: &Database, writes: Vec<Write<JsValue>>) {
    let (done, outcome) = answer();
    database.persist(unfenced(writes), done);
    outcome.await.expect("it is stored");
}

#[wasm_bindgen_test]
async fn an_entry_is_dropped_alone_or_forgotten_with_the_earlier_ones_of_its_key() {
    let name = fresh_name();
    let database = open(&name);
    // A key that begins like another one, and stamps whose numbers would sort otherwise as texts.
    let before =
        [entry("a", (9, 0, 1), number(1)), entry("ab", (1, 0, 1), number(2)), entry("", (1, 0, 1), None)];
    persist(&database, &before).await;
    persist(&database, &[entry("a", (10, 0, 1), number(3))]).await;
    persist(&database, &[entry("a", (10, 0, 2), number(4))]).await;
    persist(&database, &[entry("a", (10, 1, 1), Some(rich_value()))]).await;
    write(&database, vec![dropped("a", (10, 0, 1)), dropped("ab", (2, 0, 1))]).await;
    let of_a = |contents: &StoreContents<JsValue>| -> Vec<_> {
        let of_a = contents.entries.iter().filter(|entry| entry.key == "a");
        of_a.map(|entry| (entry.stamp.wall_ms, entry.stamp.counter)).collect()
    };
    assert_eq!(of_a(&read(&database).await), [(9, 0), (10, 0), (10, 1)]);

    write(&database, vec![forgotten("a", (10, 0, 2))]).await;
    let contents = read(&database).await;
    assert_eq!(of_a(&contents), [(10, 1)]);
    assert_rich(
        contents
            .entries
            .iter()
            .find_map(|entry| entry.value.as_ref().filter(|_| entry.key == "a"))
            .expect("it has one"),
    );
    assert_eq!(contents.entries.len(), 3);
}

#[wasm_bindgen_test]
async fn an_earlier_entry_that_comes_late_stays_beside_the_later_one() {
    let name = fresh_name();
    let (one, other) = (open(&name), open(&name));
    persist(&one, &[entry("a", (10, 0, 1), number(1))]).await;
    persist(&other, &[entry("a", (5, 0, 2), number(2))]).await;
    let contents = read(&one).await;
    let latest = contents.entries.iter().max_by_key(|entry| entry.stamp).expect("two are there");
    assert_eq!((contents.entries.len(), latest.value.clone()), (2, number(1)));
    write(&other, vec![forgotten("a", (10, 0, 1))]).await;
    assert!(read(&one).await.entries.is_empty(), "both are forgotten");
}

#[wasm_bindgen_test]
async fn many_entries_are_one_batch_and_one_change() {
    let database = open(&fresh_name());
    let many: Vec<_> = (0..5_000).map(|key| entry(&key.to_string(), (1, key, 1), number(key))).collect();
    assert_eq!(persist(&database, &many).await, Revision(1));
    let contents = read(&database).await;
    assert_eq!((contents.entries.len(), contents.revision), (5_000, Revision(1)));
    let is_whole = |entry: &TopicEntry<JsValue>| entry.value == number(entry.stamp.counter);
    assert!(contents.entries.iter().all(is_whole));
}

#[wasm_bindgen_test]
async fn old_revisions_are_cleared_away_and_the_number_goes_on() {
    let name = fresh_name();
    let (one, other) = (open(&name), open(&name));
    for number in 1..=70 {
        let database = if number % 7 == 0 { &other } else { &one };
        assert_eq!(persist(database, &[entry("a", (number, 0, 1), None)]).await, Revision(number));
    }
    let kept = Array::from(&settled(keys_of(&name, "revisions")).await).length();
    assert!(kept < 40, "{kept} revisions are kept");
    assert_eq!(read(&other).await.revision, Revision(70));
}

#[wasm_bindgen_test]
async fn an_entry_of_a_newer_build_is_counted_and_left_untouched() {
    let name = fresh_name();
    let database = open(&name);
    persist(&database, &[entry("a", (1, 0, 1), number(1))]).await;
    settled(put_raw(&name, "topics", "new", &evaluate("{ schema: 2, entry: 'of a later version' }"))).await;
    settled(put_raw(&name, "topics", "bad", &evaluate("{ schema: 1, entry: ['t'] }"))).await;
    settled(put_raw(&name, "topics", "odd", &evaluate("'text'"))).await;
    let contents = read(&database).await;
    assert_eq!((contents.entries.len(), contents.unreadable, contents.newer), (1, 3, 1));
    assert_eq!(Array::from(&settled(keys_of(&name, "topics")).await).length(), 4);
}

#[wasm_bindgen_test]
async fn what_one_tab_publishes_the_other_is_told() {
    let namespace = fresh_name();
    let (one, other) = (Tab::start(&namespace).await, Tab::start(&namespace).await);
    for durable in [true, false] {
        one.engine.publish(durable, "board", "k", &rich_value(), false).expect("it is open");
        one.engine.publish(durable, "board", "__proto__", &JsValue::UNDEFINED, false).expect("it is open");
        one.engine.publish(durable, "board", "k", &JsValue::UNDEFINED, true).expect("it is open");
    }
    // The last thing said of each key, in each of the two topics of that name.
    let last = |durable: bool, key: &str| {
        let events = other.events("topic");
        let of_topic = events.iter().filter(|event| at(event, "durable") == durable);
        let changes =
            of_topic.flat_map(|event| Array::from(&at(event, "entries")).iter().collect::<Vec<_>>());
        changes.filter(|change| at(change, "0") == key).last().map(|change| Array::from(&change).length())
    };
    for durable in [true, false] {
        until("the removal", || last(durable, "k") == Some(1)).await;
        assert_eq!(last(durable, "__proto__"), Some(2), "undefined is a value");
    }
    until("the store", || one.events("topic_stored").len() >= 2).await;
    assert_eq!(other.events("topic_stored").len(), 0);

    let late = Tab::start(&namespace).await;
    until("both kinds", || late.events("topic").len() >= 2).await;
    assert_eq!(at(&late.engine.status(), "peers.0.app"), "1.0");
}

#[wasm_bindgen_test]
async fn without_a_channel_what_json_would_change_is_kept_back_unless_the_store_has_it() {
    let _channel = Covered::new("globalThis", "BroadcastChannel", &JsValue::UNDEFINED);
    let tab = Tab::start(&fresh_name()).await;
    assert_eq!(at(&tab.engine.status(), "transport"), "storage");
    tab.engine.publish(false, "board", "k", &evaluate("new Date(0)"), false).expect("it is shown here");
    until("the note", || tab.heard_code("message_unsendable")).await;
    tab.engine.publish(true, "board", "k", &evaluate("new Date(0)"), false).expect("the store takes it");
    until("the store", || !tab.events("topic_stored").is_empty()).await;
}

#[wasm_bindgen_test]
async fn a_closed_tab_publishes_nothing() {
    let tab = Tab::start(&fresh_name()).await;
    tab.engine.close().expect("it is open");
    let refused = tab.engine.publish(false, "board", "k", &JsValue::NULL, false);
    assert_eq!(code(refused).as_deref(), Some("closed"));
}
