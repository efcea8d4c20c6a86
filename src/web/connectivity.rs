//! Whether the server can be reached: the source of the data says so, and the browser does not deny it.

use core::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;

/// What is known about the connection. Dropping it removes the listeners.
pub struct Connectivity {
    source: Rc<Cell<bool>>,
    _listeners: Vec<EventListener>,
}

impl Connectivity {
    /// Calls `observe` whenever the browser goes online or offline.
    pub fn watch(observe: impl Fn(bool) + 'static) -> Self {
        let source = Rc::new(Cell::new(false));
        let Some(window) = web_sys::window() else {
            return Self { source, _listeners: Vec::new() };
        };
        let observe = Rc::new(observe);
        let listeners = ["online", "offline"].map(|name| {
            let (observe, source) = (observe.clone(), source.clone());
            EventListener::new(&window, name, move |_| observe(is_online() && source.get()))
        });
        Self { source, _listeners: listeners.into() }
    }

    /// Takes the source's word and returns what it comes to.
    pub fn set_source(&self, connected: bool) -> bool {
        self.source.set(connected);
        connected && is_online()
    }
}

/// The browser's opinion. Its "offline" can be relied on, its "online" cannot.
fn is_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}
