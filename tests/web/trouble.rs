//! The class when something is missing, hostile or broken.

use js_sys::Array;
use tabweave::web::TabweaveEngine;
use tabweave::web::channel::Channel;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{
    Covered, delete_database, evaluate, fresh_name, fresh_tab, keys_of, make_host, operation, pass, settled,
    tell_page, until, until_lock_free,
};
use crate::tab::{Tab, accepted, at, code, record, settings, to};

#[wasm_bindgen_test]
async fn wrong_arguments_are_refused_with_a_code() {
    let refused =
        TabweaveEngine::new("n", "i", "tab-1", 7.0, true, &settings(""), make_host().unchecked_into());
    assert_eq!(code(refused).as_deref(), Some("invalid_argument"));
    let tab = Tab::start(&fresh_name()).await;
    let id = tab.rename(1, &to("Grace")).expect("it is accepted");
    assert_eq!(code(tab.rename(1, &to("Grace"))).as_deref(), Some("duplicate"));
    let body = evaluate("{ kind: 'intent', arguments: 1 }");
    let other = |id: &str, name: &str, body: &JsValue| tab.engine.mutate(&record(id, name, body));
    assert_eq!(code(other("1", "rename", &body)).as_deref(), Some("invalid_argument"));
    assert_eq!(code(other(&id, "rename", &JsValue::NULL)).as_deref(), Some("invalid_argument"));
    let unknown = other(&operation(2, &JsValue::NULL).id.to_string(), "unknown", &body);
    assert_eq!(code(unknown).as_deref(), Some("no_handler"));
    assert_eq!(code(tab.engine.wish("x", "cancel")).as_deref(), Some("invalid_argument"));
    assert_eq!(code(tab.engine.wish(&id, "perhaps")).as_deref(), Some("invalid_argument"));
    let strange = tab.engine.handle_attempt(&id, 1, &evaluate("{ kind: 'perhaps' }"));
    assert_eq!(code(strange).as_deref(), Some("invalid_argument"));
}

#[wasm_bindgen_test]
async fn hostile_messages_change_nothing() {
    let tab = Tab::lead(&fresh_name()).await;
    tab.tell_base("{ name: 'Ada' }", &[]);
    let stranger = Channel::open(&tab.name, |_| {}).expect("this browser has channels");
    let before = at(&tab.engine.status(), "peers");
    for hostile in [
        "undefined",
        "'text'",
        "{ tabweave: 1 }",
        "{ tabweave: '1', type: 'leading', epoch: 99 }",
        "JSON.parse('{\"__proto__\": {\"tabweave\": 1}, \"type\": \"goodbye\"}')",
        "{ tabweave: 1, type: 'stored', revision: 1, operations: new Array(50000).fill(0), removed: [] }",
        "{ tabweave: 1, store: 7, from: {}, incarnation: 'x', stamp: null, type: 'constructor' }",
    ] {
        stranger.post(&evaluate(hostile)).expect("it can be cloned");
    }
    // The channel keeps order: once a well-formed message was heard, so were those before it.
    let other =
        "{ tabweave: 2, store: id, from: id, incarnation: 0, stamp: { wallMs: 1, counter: 0, tab: id } }";
    let id = "'09090909-0909-0909-0909-0909090909ff'";
    stranger.post(&evaluate(&other.replace("id", id))).expect("it can be cloned");
    until("the last message", || tab.heard_code("protocol_mismatch")).await;
    assert_eq!(tab.events("diagnostic").len(), 1);
    assert_eq!(at(&before, "length"), 0);
    let status = tab.engine.status();
    assert_eq!(at(&status, "droppedMessages"), 8, "each is counted");
    assert_eq!(at(&status, "updateAvailable"), true, "the last one was of a newer build");
    assert_eq!(at(&status, "peers.0.protocol"), 2);
    assert!(at(&status, "leading").is_truthy());
    tab.rename(1, &to("Grace")).expect("it goes on");
    until("the attempt", || tab.attempts().len() == 1).await;
}

#[wasm_bindgen_test]
async fn a_tab_without_locks_channel_and_database_works_alone_and_says_so() {
    let _locks = Covered::new("navigator", "locks", &JsValue::UNDEFINED);
    let _channel = Covered::new("globalThis", "BroadcastChannel", &JsValue::UNDEFINED);
    let _database = Covered::new("globalThis", "indexedDB", &JsValue::UNDEFINED);
    let tab = Tab::lead(&fresh_name()).await;
    for code in ["locks_missing", "channel_missing", "storage_memory"] {
        assert!(tab.heard_code(code), "{code}");
    }
    let status = tab.engine.status();
    assert_eq!(at(&status, "storage"), "memory");
    assert_eq!((at(&status, "locks"), at(&status, "transport")), (JsValue::FALSE, JsValue::from("storage")));
    let id = tab.rename(1, &to("Grace")).expect("it is accepted");
    until("the attempt", || tab.attempts().len() == 1).await;
    tab.engine.handle_attempt(&id, 1, &accepted()).expect("it is open");
    until("the end", || tab.events("settled").len() == 1).await;
}

#[wasm_bindgen_test]
async fn a_tab_that_reaches_no_other_works_alone_and_says_so() {
    let forbidden = evaluate("{ get length() { throw new DOMException('no', 'SecurityError'); } }");
    let tab = {
        let _channel = Covered::new("globalThis", "BroadcastChannel", &JsValue::UNDEFINED);
        let _storage = Covered::new("globalThis", "localStorage", &forbidden);
        Tab::lead(&fresh_name()).await
    };
    assert!(tab.heard_code("transport_missing"));
    assert_eq!(at(&tab.engine.status(), "transport"), "none");
    tab.rename(1, &to("Grace")).expect("it is accepted");
    until("the attempt", || tab.attempts().len() == 1).await;
}

#[wasm_bindgen_test]
async fn the_journal_of_a_closed_tab_is_adopted_and_then_dropped() {
    let tab = Tab::new(&fresh_name());
    let owner = fresh_tab().to_string();
    let found = format!(
        "{{ living: [], pages: [], journals: [
            {{ owner: '{owner}', records: [{{ schema: 1, id: '{id}', name: 'rename', acceptedMs: 1, scope: 's',
               body: {{ kind: 'intent', arguments: {{}} }}, repeatable: true, confirmedByKey: true }}] }},
            {{ owner: '{other}', records: [{{ schema: 2 }}] }},
        ] }}",
        id = operation(1, &JsValue::NULL).id,
        other = fresh_tab(),
    );
    tab.set_host("found", &evaluate(&found));
    tab.engine.register(vec!["rename".to_owned()]).expect("it is open");
    tab.engine.start().expect("it is new");
    tab.engine.handle_connection(true).expect("it is open");
    until("the attempt", || tab.attempts().len() == 1).await;
    let dropped: Array = at(&tab.host, "dropped").unchecked_into();
    until("the journal to go", || dropped.length() > 0).await;
    assert_eq!(dropped.join(","), owner, "the one that cannot be read stays");
    assert!(tab.heard_code("record_unreadable"));
}

#[wasm_bindgen_test]
async fn journals_that_cannot_be_looked_through_are_told() {
    for broken in ["async () => { throw new Error('no'); }", "() => { throw 1; }", "async () => 7"] {
        let tab = Tab::new(&fresh_name());
        tab.set_host("findOrphans", &evaluate(broken));
        tab.engine.start().expect("it is new");
        until("the diagnostic", || tab.heard_code("orphans_unreadable")).await;
    }
}

#[wasm_bindgen_test]
async fn an_attempt_that_the_host_cannot_make_is_tried_again_later() {
    let tab = Tab::lead(&fresh_name()).await;
    tab.set_host("attempt", &evaluate("() => { throw new Error('no'); }"));
    let id = tab.rename(1, &to("Grace")).expect("it is accepted");
    let state = || at(&tab.engine.operations().into(), "0.state");
    until("the wait", || state() == "waiting").await;
    assert_eq!(at(&tab.engine.operations().into(), "0.id"), id.as_str());
    assert_eq!(at(&tab.engine.operations().into(), "0.failure.error.message"), "no");
}

#[wasm_bindgen_test]
async fn a_deleted_store_is_told_and_what_is_in_memory_is_written_again() {
    let tab = Tab::start(&fresh_name()).await;
    let id = tab.rename(1, &to("Grace")).expect("it is accepted");
    tab.until_stored(1).await;
    settled(delete_database(&tab.store())).await;
    until("the diagnostic", || tab.heard_code("store_lost")).await;
    tab.until_stored(2).await;
    let stored: Array = settled(keys_of(&tab.store(), "operations")).await.unchecked_into();
    assert_eq!(stored.join(","), id);
}

#[wasm_bindgen_test]
async fn a_crash_is_told_kills_the_object_only_and_leaves_nothing_held() {
    let namespace = fresh_name();
    let tab = Tab::lead(&namespace).await;
    // The package promises pairs of texts; anything else is a bug.
    let sound = at(&tab.host, "optimistic");
    tab.set_host("optimistic", &evaluate("() => 7"));
    let error = tab.rename(1, &to("Grace")).expect_err("it crashed");
    assert_eq!(at(&error, "name"), "RuntimeError");
    assert!(tab.heard_code("engine_crashed"));
    tab.set_host("optimistic", &sound);
    assert_eq!(code(tab.rename(2, &to("Grace"))).as_deref(), Some("engine_crashed"));
    assert_eq!(code(tab.engine.watch("q")).as_deref(), Some("engine_crashed"));
    tell_page("online");
    tab.engine.close().expect("even a dead one can be closed");
    until_lock_free(&format!("{}/leader", tab.name)).await;

    let next = Tab::lead(&namespace).await;
    next.rename(3, &to("Grace")).expect("a new object works");
    until("the attempt", || next.attempts().len() == 1).await;
    pass().await;
}
