//! The run loop: one call into the engine, then everything that came of it, in order, with nothing borrowed.
//!
//! What the engine wants done and has to tell goes into one queue. Performing an item may call the app, and the
//! app may call the class again: that call goes into the engine at once, its answer is returned at once, and
//! what it leads to is appended to the queue that the outermost call is working off. What an adapter reports
//! while the engine is busy waits in the inbox.

use core::cell::{Cell, RefCell, RefMut};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;

use super::clock;
use super::crash;
use super::event::{Fallback, from_event, from_fallback, from_operations};
use super::host::{EngineHost, JsHost};
use super::platform::Platform;
use crate::engine::{Config, Effect, Engine, Event, Now, OperationId, TabId};

/// One engine with its host and its platform.
pub(super) struct Driver {
    me: Weak<Self>,
    engine: RefCell<Engine<JsValue>>,
    pub(super) host: JsHost,
    pub(super) platform: Platform,
    outputs: RefCell<VecDeque<Output>>,
    inbox: RefCell<VecDeque<Input>>,
    /// Whether a call further out works off the queue.
    performing: Cell<bool>,
    /// Before the start, what is wanted waits in the queue: there is no platform yet to do it.
    started: Cell<bool>,
    life: Cell<Life>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Life {
    Open,
    Closed,
    /// It panicked: what the engine holds is not to be trusted.
    Crashed,
}

/// One call into the engine.
struct Turn<'a> {
    engine: RefMut<'a, Engine<JsValue>>,
    /// The driver that was at work before; see [`crash`].
    former: Weak<Driver>,
}

/// Something to be performed.
enum Output {
    Effect(Effect<JsValue>),
    Event(Event<JsValue>),
    /// Events of one kind that followed one another, by the operations they are of: a start tells of thousands.
    Operations(&'static str, Vec<OperationId>),
    Fallback(Fallback, JsValue),
}

/// Something an adapter has to report.
type Input = Box<dyn FnOnce(&mut Engine<JsValue>, Now, &mut &JsHost)>;

/// Why a call did not reach the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The class was closed.
    Closed,
    /// It came from within an optimistic function.
    Reentrant,
    /// The engine is dead.
    Crashed,
}

impl Driver {
    pub(super) fn new(
        namespace: &str,
        identity: &str,
        tab: TabId,
        seed: u64,
        config: Config,
        host: EngineHost,
    ) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            me: me.clone(),
            engine: RefCell::new(Engine::new(config, tab, seed)),
            host: JsHost::new(host),
            platform: Platform::new(me.clone(), namespace, identity, tab),
            outputs: RefCell::default(),
            inbox: RefCell::default(),
            performing: Cell::new(false),
            started: Cell::new(false),
            life: Cell::new(Life::Open),
        })
    }

    /// Opens everything and starts the engine.
    pub(super) fn start(&self, visible: bool) -> Result<(), Refused> {
        if self.started.replace(true) {
            return Ok(());
        }
        if self.life.get() == Life::Open {
            self.platform.start();
        }
        self.command(|engine, now, _| engine.start(now, visible))
    }

    /// Makes one call into the engine and performs what comes of it.
    pub(super) fn command<R>(
        &self,
        act: impl FnOnce(&mut Engine<JsValue>, Now, &mut &JsHost) -> R,
    ) -> Result<R, Refused> {
        let answer = self.enter_open(act)?;
        self.perform();
        Ok(answer)
    }

    /// The same for a change of a topic that its caller shows by itself: what the engine tells of it would cost more than
    /// the change. Within a listener it is told all the same, for older changes may still wait to be told.
    pub(super) fn command_shown<R>(
        &self,
        act: impl FnOnce(&mut Engine<JsValue>, Now, &mut &JsHost) -> R,
    ) -> Result<R, Refused> {
        let answer = self.enter_open(act)?;
        if !self.performing.get() {
            let is_shown = |output: &Output| matches!(output, Output::Event(Event::TopicChanged { .. }));
            self.outputs.borrow_mut().retain(|output| !is_shown(output));
        }
        self.perform();
        Ok(answer)
    }

    /// Reads from the engine; a closed one still answers.
    pub(super) fn read<R>(&self, read: impl FnOnce(&Engine<JsValue>) -> R) -> Result<R, Refused> {
        if self.life.get() == Life::Crashed {
            return Err(Refused::Crashed);
        }
        self.engine.try_borrow().map(|engine| read(&engine)).map_err(|_| Refused::Reentrant)
    }

    /// Reports something to the engine, as soon as it is free.
    pub(super) fn deliver(&self, input: impl FnOnce(&mut Engine<JsValue>, Now, &mut &JsHost) + 'static) {
        if self.life.get() == Life::Open {
            self.inbox.borrow_mut().push_back(Box::new(input));
            self.perform();
        }
    }

    /// The browser, or the source, changed its mind on the connection.
    pub(super) fn connection(&self, connected: bool) {
        self.deliver(move |engine, now, _| engine.handle_connection(now, connected));
    }

    /// Tells the app of a fallback.
    pub(super) fn fall_back(&self, fallback: Fallback, error: JsValue) {
        self.outputs.borrow_mut().push_back(Output::Fallback(fallback, error));
        self.perform();
    }

    /// Closes the engine, performs what that leads to, and gives everything back. A dead one gives back only.
    pub(super) fn close(&self) -> Result<(), Refused> {
        match self.life.get() {
            Life::Closed => {}
            Life::Crashed => self.platform.release(),
            Life::Open => {
                self.enter(|engine, now, _| engine.close(now))?;
                self.life.set(Life::Closed);
                self.perform();
                if !self.started.get() {
                    self.platform.release();
                }
            }
        }
        Ok(())
    }

    /// The engine panicked just now.
    pub(super) fn crash(&self) {
        self.life.set(Life::Crashed);
        self.host.event(&from_fallback(Fallback::EngineCrashed, &JsValue::UNDEFINED));
    }

    /// Enters the engine unless it is closed.
    fn enter_open<R>(
        &self,
        act: impl FnOnce(&mut Engine<JsValue>, Now, &mut &JsHost) -> R,
    ) -> Result<R, Refused> {
        if self.life.get() == Life::Closed {
            return Err(Refused::Closed);
        }
        self.enter(act)
    }

    fn enter<R>(&self, act: impl FnOnce(&mut Engine<JsValue>, Now, &mut &JsHost) -> R) -> Result<R, Refused> {
        let mut turn = self.begin()?;
        let answer = act(&mut turn.engine, clock::now(), &mut &self.host);
        self.end(turn);
        Ok(answer)
    }

    fn begin(&self) -> Result<Turn<'_>, Refused> {
        if self.life.get() == Life::Crashed {
            return Err(Refused::Crashed);
        }
        let engine = self.engine.try_borrow_mut().map_err(|_| Refused::Reentrant)?;
        Ok(Turn { engine, former: crash::put_at_work(self.me.clone()) })
    }

    fn end(&self, turn: Turn<'_>) {
        let Turn { mut engine, former } = turn;
        crash::put_at_work(former);
        let mut outputs = self.outputs.borrow_mut();
        while let Some(effect) = engine.poll_effect() {
            outputs.push_back(Output::Effect(effect));
        }
        while let Some(event) = engine.poll_event() {
            put_event(&mut outputs, event);
        }
    }

    /// Works off the queue and the inbox, unless a call further out will.
    fn perform(&self) {
        if !self.started.get() || self.host.is_in_optimistic() || self.performing.replace(true) {
            return;
        }
        let former = crash::put_at_work(self.me.clone());
        loop {
            let output = self.outputs.borrow_mut().pop_front();
            if let Some(output) = output {
                self.perform_one(output);
                continue;
            }
            let input = self.inbox.borrow_mut().pop_front();
            let Some(input) = input else { break };
            // A closed engine hears nothing more.
            if self.life.get() == Life::Open {
                self.enter(input).expect("the engine is free: nothing further out is in it");
            }
        }
        crash::put_at_work(former);
        self.performing.set(false);
        match self.life.get() {
            Life::Open => self.await_timeout(),
            Life::Closed => self.platform.release(),
            Life::Crashed => {}
        }
    }

    fn perform_one(&self, output: Output) {
        match output {
            Output::Effect(effect) => self.platform.carry_out(self, effect),
            Output::Event(event) => self.host.event(&from_event(event)),
            Output::Operations(kind, ids) => self.host.event(&from_operations(kind, &ids)),
            Output::Fallback(fallback, error) => self.host.event(&from_fallback(fallback, &error)),
        }
    }

    fn await_timeout(&self) {
        if let Ok(due_ms) = self.read(Engine::poll_timeout) {
            self.platform.await_timeout(due_ms, clock::now());
        }
    }
}

fn put_event(outputs: &mut VecDeque<Output>, event: Event<JsValue>) {
    let (kind, id) = match event {
        Event::OperationChanged { id } => ("operation", id),
        Event::JournalReleased { id } => ("journal_released", id),
        other => return outputs.push_back(Output::Event(other)),
    };
    match outputs.back_mut() {
        Some(Output::Operations(last, ids)) if *last == kind => ids.push(id),
        _ => outputs.push_back(Output::Operations(kind, vec![id])),
    }
}

impl Refused {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Reentrant => "reentrant_call",
            Self::Crashed => "engine_crashed",
        }
    }
}
