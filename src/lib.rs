//! Tabweave keeps what people see and do in a web app in step: across tabs, through offline, reload and crash,
//! and against other people's edits. This crate decides; the npm package of the same name gives it to web
//! developers as typed functions and React hooks.
//!
//! # The run loop
//!
//! [`engine::Engine`] is a state machine without IO. A driver owns one and repeats three steps:
//!
//! 1. Call **one** method that changes it: a command (what the app wants: [`mutate`](engine::Engine::mutate),
//!    [`watch`](engine::Engine::watch), [`wish`](engine::Engine::wish) …) or a `handle_*` method (what
//!    happened: a message came, a batch was committed, an attempt was answered …).
//! 2. **Drain** it: [`poll_effect`](engine::Engine::poll_effect) and [`poll_event`](engine::Engine::poll_event)
//!    until they give nothing. Effects are for the platform, and each names the `handle_*` method that answers it;
//!    events are for the app. Perform them in order, with no borrow of the engine held: an event's listener may
//!    call a command.
//! 3. Arm one timer for [`poll_timeout`](engine::Engine::poll_timeout) and call
//!    [`handle_timeout`](engine::Engine::handle_timeout) when it is due.
//!
//! ```
//! use tabweave::engine::{Config, Effect, Engine, Now, TabId};
//!
//! let mut engine: Engine<u8> = Engine::new(Config::default(), TabId::from_bytes([1; 16]), 7);
//! engine.start(Now { wall_ms: 1_700_000_000_000, steady_ms: 0 }, true);
//! let wanted: Vec<Effect<u8>> = std::iter::from_fn(|| engine.poll_effect()).collect();
//! assert!(matches!(wanted[..], [Effect::Join { .. }, Effect::ReadStore, Effect::RequestLeaderLock]));
//! ```
//!
//! # Kinds of time
//!
//! [`engine::Now`] carries two readings taken together. The wall clock orders what people did (through the
//! [hybrid logical clock](engine::Clock)) and is written into records, for it means something in another tab. The
//! steady clock measures waits. Whether a lease is still fresh is asked of both, and the longer answer counts.
//!
//! # Values
//!
//! `V` is a value of the platform: a `JsValue` in the browser, a small enum in tests. The engine clones handles
//! of values and never looks into them; what has to look (optimistic functions, later merges) sits behind
//! [`engine::Host`].
//!
//! # Errors and bugs
//!
//! What may happen is a value: [`engine::Refusal`] from a command, [`engine::PersistFailure`] from the store,
//! [`engine::Outcome`] from the server, [`engine::Diagnostic`] for a fallback that was taken. A broken invariant
//! is a bug and panics with a sentence; in the browser the object is then dead, and the package makes a new one
//! from the store.

pub mod engine;
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod web;
