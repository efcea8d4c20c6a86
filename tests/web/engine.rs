//! The class as the package uses it, when all goes well.

use js_sys::{Array, RangeError};
use tabweave::web::TabweaveEngine;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{
    assert_rich, delete_database, evaluate, fresh_name, fresh_tab, held_locks, is_lock_held, make_host,
    operation, rich_value, settled, tell_page, until, until_lock_free,
};
use crate::tab::{EngineObject, QUERY, Tab, accepted, at, code, record, settings, to};

#[wasm_bindgen_test]
async fn a_change_in_one_tab_shows_in_the_other_and_is_sent_once() {
    let namespace = fresh_name();
    let first = Tab::lead(&namespace).await;
    let second = Tab::start(&namespace).await;
    for tab in [&first, &second] {
        tab.tell_base("{ name: 'Ada' }", &[]);
    }
    let id = second.rename(1, &to("Grace")).expect("it is accepted");
    assert_eq!(second.shown_name().as_deref(), Some("Grace"), "it shows within the call");
    until("the news", || first.shown_name().as_deref() == Some("Grace")).await;
    assert_eq!(at(&first.engine.view(QUERY), "pending.0.0"), "d1");
    assert_eq!(at(&first.engine.view(QUERY), "pending.0.1.0"), id.as_str());
    until("the attempt", || !first.attempts().is_empty()).await;
    assert_eq!(at(&first.attempts()[0], "id"), id.as_str());

    first.engine.handle_attempt(&id, 1, &accepted()).expect("it is open");
    for tab in [&first, &second] {
        until("the end", || !tab.events("settled").is_empty()).await;
        assert_eq!(at(&tab.events("settled")[0], "settlement.result"), "ok");
        assert_eq!(tab.engine.pending_keys(), [id.as_str()], "its base does not contain it yet");
        tab.tell_base("{ name: 'Grace' }", &[&id]);
        assert_eq!(tab.engine.pending_keys(), Vec::<String>::new());
        assert_eq!(tab.shown_name().as_deref(), Some("Grace"));
    }
    assert_eq!((first.attempts().len(), second.attempts().len()), (1, 0));
}

#[wasm_bindgen_test]
async fn what_was_not_sent_is_there_after_a_reload_with_its_values_unchanged() {
    let namespace = fresh_name();
    let before = Tab::start(&namespace).await;
    before.tell_base("{ name: 'Ada' }", &[]);
    let id = before.rename(1, &rich_value()).expect("it is accepted");
    let other = Tab::start(&namespace).await;
    until("the news", || other.engine.operations().length() == 1).await;
    assert_rich(&at(&other.engine.operations().into(), "0.body.arguments"));
    before.until_stored(1).await;
    drop((before, other));

    let after = Tab::start(&namespace).await;
    assert_eq!(at(&after.engine.operations().into(), "0.id"), id.as_str());
    assert_rich(&at(&after.engine.operations().into(), "0.body.arguments"));
    until("the kept result", || after.shown_name().as_deref() == Some("Ada")).await;
    assert_eq!(at(&after.engine.view(QUERY), "origin"), "cache");
    until("the lead", || at(&after.engine.status(), "leading").is_truthy()).await;
    after.engine.handle_connection(true).expect("it is open");
    until("the attempt", || after.attempts().len() == 1).await;
    assert_rich(&at(&after.attempts()[0], "body.arguments"));
}

#[wasm_bindgen_test]
async fn what_is_accepted_before_the_start_waits_for_it() {
    let tab = Tab::new(&fresh_name());
    tab.engine.handle_connection(true).expect("it is open");
    tab.engine.register(vec!["rename".to_owned()]).expect("it is open");
    tab.rename(1, &to("Grace")).expect("it is accepted");
    assert_eq!(tab.events("operation").len(), 0);
    tab.engine.start().expect("it is new");
    tab.engine.start().expect("a second start does nothing");
    until("the attempt", || tab.attempts().len() == 1).await;
}

#[wasm_bindgen_test]
async fn what_the_optimistic_function_throws_is_thrown_as_it_is() {
    let tab = Tab::start(&fresh_name()).await;
    tab.tell_base("{ name: 'Ada' }", &[]);
    let error = tab.rename(1, &to("")).expect_err("an empty name is refused");
    assert_eq!(at(&error, "message"), "a name is not empty");
    assert!(error.is_instance_of::<RangeError>());
    assert_eq!(tab.engine.operations().length(), 0);
    assert_eq!(tab.shown_name().as_deref(), Some("Ada"));
}

#[wasm_bindgen_test]
async fn a_call_from_within_an_optimistic_function_is_refused() {
    let tab = Tab::start(&fresh_name()).await;
    let (inner, codes) = (tab.engine.clone(), Array::new());
    let seen = codes.clone();
    let within = Closure::<dyn FnMut()>::new(move || {
        seen.push(&code(inner.watch("other")).into());
        seen.push(&code(inner.close()).into());
        seen.push(
            &code(inner.mutate(&record("x", "rename", &evaluate("{ kind: 'intent', arguments: 1 }")))).into(),
        );
        // What the page tells meanwhile is kept until the engine is free.
        tell_page("offline");
    });
    tab.set_host("within", within.as_ref());
    tab.rename(1, &to("Grace")).expect("the call itself goes on");
    tab.set_host("within", &JsValue::UNDEFINED);
    assert_eq!(codes.join(","), "reentrant_call,reentrant_call,invalid_argument");
    assert_eq!(tab.engine.operations().length(), 1);
}

#[wasm_bindgen_test]
async fn a_listener_may_call_the_engine_again() {
    let tab = Tab::start(&fresh_name()).await;
    let inner = tab.engine.clone();
    let second = operation(2, &JsValue::NULL).id.to_string();
    let heard = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        if at(&event, "type") == "operation" && inner.operations().length() == 1 {
            let body = evaluate("{ kind: 'intent', arguments: {} }");
            inner.mutate(&record(&second, "rename", &body)).expect("the engine is free");
        }
    });
    tab.set_host("heard", heard.as_ref());
    tab.rename(1, &to("Grace")).expect("it is accepted");
    assert_eq!(tab.engine.operations().length(), 2);
    tab.until_stored(2).await;
    tab.set_host("heard", &JsValue::UNDEFINED);
}

#[wasm_bindgen_test]
async fn close_gives_everything_back() {
    let namespace = fresh_name();
    let tab = Tab::lead(&namespace).await;
    let other = Tab::start(&namespace).await;
    until("the peer", || at(&other.engine.status(), "peers.0.tab") == tab.id.as_str()).await;
    tab.engine.close().expect("it is open");
    tab.engine.close().expect("a second close does nothing");
    until("the goodbye", || at(&other.engine.status(), "peers.length") == 0).await;
    until("the lead", || at(&other.engine.status(), "leading").is_truthy()).await;
    let events = at(&tab.host, "events.length");
    other.rename(1, &to("Grace")).expect("it is accepted");
    other.until_stored(1).await;
    tell_page("online");
    assert_eq!(at(&tab.host, "events.length"), events, "a closed engine tells nothing");

    assert_eq!(code(tab.rename(2, &to("Grace"))).as_deref(), Some("closed"));
    tab.engine.watch(QUERY).expect("a late call is no mistake");
    assert!(!tab.engine.wish(&tab.id, "cancel").expect("a late call is no mistake"));
    other.engine.close().expect("it is open");
    until_lock_free(&format!("{}/leader", tab.name)).await;
    let held: Array = settled(held_locks()).await.unchecked_into();
    assert!(held.iter().all(|name| !name.as_string().is_some_and(|name| name.starts_with(&tab.name))));
    settled(delete_database(&tab.store())).await;
}

#[wasm_bindgen_test]
async fn an_object_that_is_freed_gives_everything_back_too() {
    let namespace = fresh_name();
    let host = make_host();
    let id = fresh_tab().to_string();
    let given = host.clone().unchecked_into();
    let engine = TabweaveEngine::new(&namespace, "me", &id, 7.0, true, &settings(""), given)
        .expect("the tab is a UUID");
    let engine: EngineObject = JsValue::from(engine).unchecked_into();
    engine.start().expect("it is new");
    until("the lead", || at(&engine.status(), "leading").is_truthy()).await;
    engine.free();
    until_lock_free(&format!("tabweave/{namespace}/me/leader")).await;
    settled(delete_database(&format!("tabweave/{namespace}/me/store"))).await;
}

#[wasm_bindgen_test]
async fn a_tab_that_is_closed_while_it_opens_has_stored_what_it_accepted() {
    let namespace = fresh_name();
    let tab = Tab::new(&namespace);
    tab.engine.register(vec!["rename".to_owned()]).expect("it is open");
    tab.engine.start().expect("it is new");
    let id = tab.rename(1, &to("Grace")).expect("it is accepted");
    drop(tab);
    let next = Tab::start(&namespace).await;
    assert_eq!(at(&next.engine.operations().into(), "0.id"), id.as_str());
}

#[wasm_bindgen_test]
async fn a_frozen_tab_holds_nothing_and_comes_back_as_a_new_incarnation() {
    let tab = Tab::lead(&fresh_name()).await;
    tell_page("freeze");
    tell_page("pagehide");
    until_lock_free(&format!("{}/leader", tab.name)).await;
    until_lock_free(&format!("{}/life/{}/0", tab.name, tab.id)).await;
    tab.rename(1, &to("Grace")).expect("what a person did is still accepted");
    tell_page("resume");
    tell_page("pageshow");
    until("the lead", || at(&tab.engine.status(), "leading").is_truthy()).await;
    assert_eq!(at(&tab.engine.status(), "incarnation"), 1);
    assert!(is_lock_held(&format!("{}/life/{}/1", tab.name, tab.id)).await);
    until("the attempt", || tab.attempts().len() == 1).await;
}
