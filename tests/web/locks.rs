//! Web Locks: one holder at a time, handed over when it drops, and told when it is taken by force.

use std::cell::RefCell;
use std::rc::Rc;

use tabweave::web::locks::{LockNews, LockRequest};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Covered, fresh_name, pass, settled, steal_lock, until, until_lock_free};

type Heard = Rc<RefCell<Vec<LockNews>>>;

fn queue(name: &str) -> (LockRequest, Heard) {
    let heard = Heard::default();
    let request = LockRequest::queue(name, {
        let heard = heard.clone();
        move |news| heard.borrow_mut().push(news)
    });
    (request.expect("this browser has Web Locks"), heard)
}

async fn until_granted(heard: &Heard) {
    until("the lock", || heard.borrow().contains(&LockNews::Granted)).await;
}

#[wasm_bindgen_test]
async fn the_lock_is_handed_over_when_its_holder_drops() {
    let name = fresh_name();
    let (holder, holding) = queue(&name);
    until_granted(&holding).await;
    let (_next, waiting) = queue(&name);
    pass().await;
    assert_eq!(*waiting.borrow(), []);
    drop(holder);
    until_granted(&waiting).await;
    assert_eq!(*holding.borrow(), [LockNews::Granted], "giving it back is no news");
}

#[wasm_bindgen_test]
async fn who_stops_waiting_is_passed_over() {
    let name = fresh_name();
    let (holder, holding) = queue(&name);
    until_granted(&holding).await;
    let (gave_up, nothing) = queue(&name);
    let (_patient, waiting) = queue(&name);
    drop(gave_up);
    drop(holder);
    until_granted(&waiting).await;
    assert_eq!(*nothing.borrow(), []);
}

#[wasm_bindgen_test]
async fn a_request_dropped_at_once_holds_nothing() {
    let name = fresh_name();
    let (request, heard) = queue(&name);
    drop(request);
    until_lock_free(&name).await;
    assert_eq!(*heard.borrow(), []);
}

#[wasm_bindgen_test]
async fn a_stolen_lock_is_told_as_lost() {
    let name = fresh_name();
    let (_holder, heard) = queue(&name);
    until_granted(&heard).await;
    settled(steal_lock(&name)).await;
    until("the loss", || heard.borrow().len() == 2).await;
    assert_eq!(*heard.borrow(), [LockNews::Granted, LockNews::Lost]);
}

#[wasm_bindgen_test]
async fn who_takes_it_by_force_holds_it_before_all_who_wait() {
    let name = fresh_name();
    let (_holder, losing) = queue(&name);
    until_granted(&losing).await;
    let (_patient, waiting) = queue(&name);
    let heard = Heard::default();
    let thief = LockRequest::steal(&name, {
        let heard = heard.clone();
        move |news| heard.borrow_mut().push(news)
    });
    let thief = thief.expect("this browser has Web Locks");
    until_granted(&heard).await;
    until("the loss", || losing.borrow().len() == 2).await;
    assert_eq!(*losing.borrow(), [LockNews::Granted, LockNews::Lost]);
    assert_eq!(*waiting.borrow(), []);
    drop(thief);
    until_granted(&waiting).await;
    assert_eq!(*heard.borrow(), [LockNews::Granted], "giving it back is no news");
}

#[wasm_bindgen_test]
fn without_web_locks_the_request_fails_at_once() {
    let _missing = Covered::new("navigator", "locks", &JsValue::UNDEFINED);
    assert!(LockRequest::queue("any", |_| {}).is_err());
}
