//! The engines of all worlds: each state of one is kept once, and how it goes on after an input is worked out once.
//! Worlds differ in their order of events far more than in what a single tab has seen of them, so most steps of a
//! world find the step of its engine known.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use tabweave::engine::{
    BatchId, Config, Effect, Engine, Envelope, Epoch, Event, LockNews, Now, Outcome, PersistFailure,
    Revision, WriteBatch,
};

use super::app::{self, App, Marks, Store};
use super::laws::{Violation, ensure};
use super::mix::Lookup;
use super::pool::{Number, Pool};
use super::symmetry::{Renaming, place_of, tab_id};

/// What a tab is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    Open {
        base: Marks,
    },
    Mutate {
        number: u8,
    },
    Publish {
        number: u8,
    },
    /// Publishes something else, only so that something is announced.
    Poke,
    /// A person looks at the page.
    Look,
    /// None: the database is closed.
    StoreRead {
        store: Option<Number>,
    },
    Persisted {
        batch: BatchId,
        result: Result<Option<Revision>, PersistFailure>,
    },
    StoreClosed,
    Lock {
        news: LockNews,
    },
    Letter {
        envelope: Number,
    },
    Answer {
        number: u8,
        attempt: u32,
        seen: bool,
    },
    Base {
        value: Marks,
        seen: Marks,
    },
    Presence {
        living: Marks,
        pages: Marks,
    },
    Adopt {
        owner: u8,
        numbers: Marks,
    },
    Suspend,
    Resume,
    Timeout,
}

/// What a tab wants done, and what it tells.
#[derive(Clone, Debug)]
pub enum Output {
    Join,
    Leave,
    ReadStore,
    Persist {
        batch: BatchId,
        writes: Number,
    },
    RequestLock,
    ReleaseLock,
    StealLock,
    Send {
        envelope: Number,
    },
    Attempt {
        number: u8,
        attempt: u32,
    },
    LookAround {
        journals: bool,
    },
    DropJournal {
        owner: u8,
    },
    /// The journal may forget the operation.
    Released {
        number: u8,
    },
    /// The topic's entry shows this now.
    Shows {
        value: Option<Marks>,
    },
    /// The tab's own entry is committed.
    Published,
}

/// What the world wants to know of an engine at every step.
#[derive(Clone, Copy, Debug)]
pub struct Face {
    pub leads: Option<Epoch>,
    pub wakes_at: Option<u64>,
    pub pending: Marks,
    /// Operations that are known and not finished.
    pub unfinished: Marks,
}

/// A mind, what its clocks show, and what it is told.
type Question = (Number, u16, u16, Input);
/// The mind it becomes, and what it wants.
type Told = (Number, Rc<[Output]>);

/// All states of all engines, and what they have in common.
#[derive(Debug)]
pub struct Minds {
    pub engines: Pool<Engine<Marks>>,
    pub envelopes: Pool<Envelope<Marks>>,
    pub batches: Pool<WriteBatch<Marks>>,
    pub stores: Pool<Store>,
    faces: Vec<Face>,
    known: Lookup<Question, Told>,
    config: Config,
    is_repeatable: bool,
}

impl Minds {
    pub fn new(renamings: &[Renaming], config: Config, is_repeatable: bool) -> Self {
        Self {
            engines: Pool::new(renamings),
            envelopes: Pool::new(renamings),
            batches: Pool::new(renamings),
            stores: Pool::new(renamings),
            faces: Vec::new(),
            known: Lookup::default(),
            config,
            is_repeatable,
        }
    }

    /// A tab whose page has not loaded yet.
    pub fn unborn(&mut self, place: u8) -> Number {
        let engine = Engine::new(self.config.clone(), tab_id(place), 0);
        self.keep(engine)
    }

    pub fn face(&self, mind: Number) -> Face {
        self.faces[mind as usize]
    }

    /// How a mind goes on when it is told something at this time of its clocks.
    ///
    /// # Errors
    /// The engine panicked.
    pub fn tell(&mut self, mind: Number, steady: u16, wall: u16, input: Input) -> Result<Told, Violation> {
        let question = (mind, steady, wall, input);
        if let Some((next, outputs)) = self.known.get(&question) {
            return Ok((*next, Rc::clone(outputs)));
        }
        let now = Now { wall_ms: u64::from(wall), steady_ms: u64::from(steady) };
        let mut engine = self.engines.get(mind).clone();
        let told = catch_unwind(AssertUnwindSafe(|| self.apply(&mut engine, now, &question.3)));
        ensure(told.is_ok(), "the engine does not panic", || format!("it was told {:?}", question.3))?;
        let outputs: Rc<[Output]> = self.drain(&mut engine, now).into();
        let next = self.keep(engine);
        self.known.insert(question, (next, Rc::clone(&outputs)));
        Ok((next, outputs))
    }

    fn keep(&mut self, engine: Engine<Marks>) -> Number {
        let number = self.engines.number(engine);
        if number as usize == self.faces.len() {
            let engine = self.engines.get(number);
            let marks = |ids: &mut dyn Iterator<Item = _>| ids.fold(0, |marks, id| marks | app::mark_of(id));
            let pending = marks(&mut engine.pending().map(|operation| operation.id));
            let unfinished = engine.operations().filter(|operation| !operation.is_finished());
            self.faces.push(Face {
                leads: engine.status().leading,
                wakes_at: engine.poll_timeout(),
                pending,
                unfinished: marks(&mut unfinished.map(|operation| operation.id)),
            });
        }
        number
    }

    fn apply(&self, engine: &mut Engine<Marks>, now: Now, input: &Input) {
        match input.clone() {
            Input::Open { base } => {
                engine.start(now, true);
                engine.register(now, &mut App, [app::OPERATION.to_owned()]);
                engine.handle_connection(now, true);
                engine.handle_base(now, &mut App, app::base(base, 0));
            }
            Input::Mutate { number } => {
                let accepted = engine.mutate(now, &mut App, app::request(number, self.is_repeatable));
                accepted.expect("the outbox has room and the function does not throw");
            }
            Input::Publish { number } => {
                publish(engine, now, app::TOPIC, 1 << number);
            }
            Input::Poke => publish(engine, now, app::OTHER_TOPIC, 1),
            Input::Look => engine.handle_visibility(now, true),
            Input::StoreRead { store } => {
                let contents = store.map(|store| self.stores.get(store).contents());
                engine.handle_store_read(now, &mut App, contents.ok_or(PersistFailure::Closed));
            }
            Input::Persisted { batch, result } => engine.handle_persisted(now, &mut App, batch, result),
            Input::StoreClosed => engine.handle_store_closed(now),
            Input::Lock { news } => engine.handle_leader_lock(now, news),
            Input::Letter { envelope } => {
                engine.handle_message(now, &mut App, self.envelopes.get(envelope).clone());
            }
            Input::Answer { number, attempt, seen } => {
                let outcome = Outcome::Accepted { result: number, seen };
                engine.handle_attempt(now, &mut App, app::operation_id(number), attempt, outcome);
            }
            Input::Base { value, seen } => engine.handle_base(now, &mut App, app::base(value, seen)),
            Input::Presence { living, pages } => {
                let tabs = |places| app::numbers(places).map(tab_id).collect();
                engine.handle_presence(now, &tabs(living), &tabs(pages));
            }
            Input::Adopt { owner, numbers } => {
                let requests = app::numbers(numbers).map(|number| app::request(number, self.is_repeatable));
                engine.adopt(now, &mut App, tab_id(owner), requests.collect());
            }
            Input::Suspend => engine.handle_suspend(now),
            Input::Resume => engine.handle_resume(now),
            Input::Timeout => engine.handle_timeout(now, &mut App),
        }
    }

    fn drain(&mut self, engine: &mut Engine<Marks>, now: Now) -> Vec<Output> {
        let mut outputs = Vec::new();
        while let Some(effect) = engine.poll_effect() {
            if effect == Effect::Gather {
                // Nothing comes between a call and its end but the end of the page, which is a step of its own anyway.
                engine.handle_gathered(now);
            }
            outputs.extend(self.effect(effect));
        }
        while let Some(event) = engine.poll_event() {
            match event {
                Event::JournalReleased { id } => {
                    outputs.push(Output::Released { number: app::number_of(id) })
                }
                Event::TopicChanged { entries, topic, .. } if topic == app::TOPIC => {
                    outputs.extend(entries.into_iter().map(|(_, value)| Output::Shows { value }));
                }
                Event::TopicStored { topic, .. } if topic == app::TOPIC => outputs.push(Output::Published),
                _ => {}
            }
        }
        outputs
    }

    fn effect(&mut self, effect: Effect<Marks>) -> Option<Output> {
        Some(match effect {
            Effect::Join { .. } => Output::Join,
            Effect::Leave => Output::Leave,
            Effect::ReadStore => Output::ReadStore,
            Effect::Persist { batch, writes } => {
                Output::Persist { batch, writes: self.batches.number(writes) }
            }
            Effect::RequestLeaderLock => Output::RequestLock,
            Effect::ReleaseLeaderLock => Output::ReleaseLock,
            Effect::StealLeaderLock => Output::StealLock,
            Effect::Broadcast(envelope) => Output::Send { envelope: self.envelopes.number(envelope) },
            Effect::Attempt(attempt) => {
                Output::Attempt { number: app::number_of(attempt.id), attempt: attempt.attempt }
            }
            Effect::FindOrphans => Output::LookAround { journals: true },
            Effect::LookAround => Output::LookAround { journals: false },
            Effect::DropJournal { owner } => Output::DropJournal { owner: place_of(owner) },
            // No component of this app looks at a query before the server has told its result, and no operation of it goes
            // together with another.
            Effect::ReadQuery { .. } | Effect::Coalesce { .. } | Effect::Gather => return None,
        })
    }
}

fn publish(engine: &mut Engine<Marks>, now: Now, topic: &str, value: Marks) {
    let published = engine.publish(now, true, topic.to_owned(), app::KEY.to_owned(), Some(value));
    published.expect("the topic has room");
}
