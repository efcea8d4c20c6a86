//! The timer, the page's lifecycle, the connection and what the browser offers.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use tabweave::engine::Now;
use tabweave::web::capabilities::Capabilities;
use tabweave::web::connectivity::Connectivity;
use tabweave::web::lifecycle::{Lifecycle, Moment};
use tabweave::web::timer::Timer;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Covered, evaluate, tell_page, until};

const NOW: Now = Now { wall_ms: 0, steady_ms: 100 };

fn counter() -> (Rc<Cell<u32>>, impl Fn() + Clone + 'static) {
    let count = Rc::new(Cell::new(0));
    let counted = count.clone();
    (count, move || counted.set(counted.get() + 1))
}

#[wasm_bindgen_test]
async fn the_timer_rings_for_the_last_moment_it_was_armed_for() {
    let timer = Timer::default();
    let (early, ring_early) = counter();
    let (late, ring_late) = counter();
    timer.arm(Some(110), NOW, ring_early);
    timer.arm(Some(130), NOW, ring_late);
    until("the bell", || late.get() == 1).await;
    assert_eq!(early.get(), 0);
}

#[wasm_bindgen_test]
async fn arming_for_the_same_moment_again_keeps_the_first_bell() {
    let timer = Timer::default();
    let (first, ring_first) = counter();
    let (second, ring_second) = counter();
    timer.arm(Some(110), NOW, ring_first);
    timer.arm(Some(110), NOW, ring_second);
    until("the bell", || first.get() == 1).await;
    assert_eq!(second.get(), 0);
}

#[wasm_bindgen_test]
async fn a_dropped_or_cleared_timer_does_not_ring() {
    let (dropped, ring_dropped) = counter();
    let (cleared, ring_cleared) = counter();
    let timer = Timer::default();
    timer.arm(Some(100), NOW, ring_dropped);
    drop(timer);
    let timer = Timer::default();
    timer.arm(Some(100), NOW, ring_cleared);
    timer.arm(None, NOW, || {});
    // A later bell of the same page has rung, so theirs would have too.
    let (rung, ring) = counter();
    let other = Timer::default();
    other.arm(Some(110), NOW, ring);
    until("the other bell", || rung.get() == 1).await;
    assert_eq!((dropped.get(), cleared.get()), (0, 0));
}

#[wasm_bindgen_test]
async fn a_timer_may_be_cleared_and_armed_again_from_its_own_bell() {
    let timer = Rc::new(Timer::default());
    let (rung, ring) = counter();
    timer.arm(Some(100), NOW, {
        let timer = timer.clone();
        move || {
            timer.clear();
            timer.arm(Some(100), NOW, ring);
        }
    });
    until("the second bell", || rung.get() == 1).await;
}

#[wasm_bindgen_test]
fn the_page_tells_of_its_life_until_nobody_listens() {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let lifecycle = Lifecycle::watch({
        let heard = heard.clone();
        move |moment| heard.borrow_mut().push(moment)
    });
    for event in ["freeze", "resume", "pagehide", "pageshow"] {
        tell_page(event);
    }
    {
        let _hidden = Covered::new("document", "visibilityState", &JsValue::from("hidden"));
        tell_page("visibilitychange");
    }
    let expected = [Moment::Suspend, Moment::Resume, Moment::Suspend, Moment::Resume, Moment::Visible(false)];
    assert_eq!(*heard.borrow(), expected);
    drop(lifecycle);
    tell_page("freeze");
    assert_eq!(heard.borrow().len(), expected.len());
}

#[wasm_bindgen_test]
fn the_connection_needs_both_the_browser_and_the_source() {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let connectivity = Connectivity::watch({
        let heard = heard.clone();
        move |connected| heard.borrow_mut().push(connected)
    });
    tell_page("online");
    assert!(connectivity.set_source(true));
    {
        let _offline = Covered::new("navigator", "onLine", &JsValue::FALSE);
        tell_page("offline");
        assert!(!connectivity.set_source(true));
    }
    tell_page("online");
    assert_eq!(*heard.borrow(), [false, false, true]);
    drop(connectivity);
    tell_page("offline");
    assert_eq!(heard.borrow().len(), 3);
}

#[wasm_bindgen_test]
fn what_is_missing_or_forbidden_is_found_missing() {
    let all = Capabilities { channel: true, locks: true, indexed_db: true, local_storage: true };
    assert_eq!(Capabilities::detect(), all);
    let _channel = Covered::new("globalThis", "BroadcastChannel", &JsValue::UNDEFINED);
    let _locks = Covered::new("navigator", "locks", &JsValue::UNDEFINED);
    let _database = Covered::new("globalThis", "indexedDB", &JsValue::NULL);
    let broken = evaluate("{ get length() { throw new DOMException('no', 'SecurityError'); } }");
    let _storage = Covered::new("globalThis", "localStorage", &broken);
    let none = Capabilities { channel: false, locks: false, indexed_db: false, local_storage: false };
    assert_eq!(Capabilities::detect(), none);
}
