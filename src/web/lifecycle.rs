//! What becomes of the page: seen, hidden, frozen, kept in the back/forward cache, woken.

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Event, EventTarget, PageTransitionEvent, VisibilityState};

/// Something that happened to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A person began or ceased to see it.
    Visible(bool),
    /// It is about to stop: to be frozen, cached or left for good.
    Suspend,
    /// It runs again after it was stopped.
    Resume,
}

/// The listeners of one page. Dropping it removes them.
pub struct Lifecycle {
    _listeners: Vec<EventListener>,
}

impl Lifecycle {
    /// Calls `observe` with every moment from now on.
    pub fn watch(observe: impl Fn(Moment) + 'static) -> Self {
        let Some(window) = web_sys::window() else {
            return Self { _listeners: Vec::new() };
        };
        let Some(document) = window.document() else {
            return Self { _listeners: Vec::new() };
        };
        let observe = Rc::new(observe);
        // A cached page is told twice, by `pagehide` and by `freeze`, and woken twice; the engine knows.
        let listen = |target: &EventTarget, name: &'static str, read: fn(&Event) -> Option<Moment>| {
            let observe = observe.clone();
            EventListener::new(target, name, move |event| {
                if let Some(moment) = read(event) {
                    observe(moment);
                }
            })
        };
        let listeners = vec![
            listen(&document, "visibilitychange", |_| Some(Moment::Visible(is_visible()))),
            listen(&document, "freeze", |_| Some(Moment::Suspend)),
            listen(&document, "resume", |_| Some(Moment::Resume)),
            listen(&window, "pagehide", |_| Some(Moment::Suspend)),
            listen(&window, "pageshow", |event| was_cached(event).then_some(Moment::Resume)),
        ];
        Self { _listeners: listeners }
    }
}

fn is_visible() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| document.visibility_state() == VisibilityState::Visible)
}

fn was_cached(event: &Event) -> bool {
    event.dyn_ref::<PageTransitionEvent>().is_some_and(PageTransitionEvent::persisted)
}
