//! The channel: values hop as they are, and a closed one hears nothing.

use std::cell::RefCell;
use std::rc::Rc;

use tabweave::web::channel::Channel;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{assert_rich, evaluate, fresh_name, rich_value, until};

type Heard = Rc<RefCell<Vec<JsValue>>>;

fn listen(name: &str) -> (Channel, Heard) {
    let heard = Heard::default();
    let channel = Channel::open(name, {
        let heard = heard.clone();
        move |message| heard.borrow_mut().push(message)
    });
    (channel.expect("this browser has channels"), heard)
}

#[wasm_bindgen_test]
async fn a_value_hops_as_it_is_and_not_to_its_sender() {
    let name = fresh_name();
    let (sender, echo) = listen(&name);
    let (_listener, heard) = listen(&name);
    sender.post(&rich_value()).expect("it can be cloned");
    until("the message", || heard.borrow().len() == 1).await;
    assert_rich(&heard.borrow()[0]);
    assert_eq!(echo.borrow().len(), 0);
}

#[wasm_bindgen_test]
fn what_cannot_be_cloned_is_an_error_and_no_exception() {
    let (sender, _) = listen(&fresh_name());
    assert!(sender.post(&evaluate("() => 1")).is_err());
}

#[wasm_bindgen_test]
async fn a_dropped_channel_delivers_what_was_posted_and_hears_no_more() {
    let name = fresh_name();
    let (sender, _) = listen(&name);
    let (closed, nothing) = listen(&name);
    let (_listener, heard) = listen(&name);
    drop(closed);
    sender.post(&JsValue::from(1)).expect("it can be cloned");
    drop(sender);
    until("the message", || heard.borrow().len() == 1).await;
    assert_eq!(nothing.borrow().len(), 0);
}
