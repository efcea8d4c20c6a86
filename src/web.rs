//! The browser's side: one adapter for each browser API, the driver that runs the engine over them, and the one
//! class that the package uses.
//!
//! Each adapter owns its callbacks and its timer: dropping it unsubscribes it. Nothing here holds a borrow of
//! the engine while it calls JavaScript, with one exception: the app's optimistic functions, which the engine
//! calls itself and from which it refuses to be called (`reentrant_call`).
//!
//! The class is `binding::TabweaveEngine`; read `driver` for how a call runs.

pub mod audit;
mod binding;
pub mod capabilities;
pub mod channel;
mod clock;
pub mod connectivity;
mod crash;
pub mod database;
pub mod digest;
pub mod doorbell;
mod driver;
pub mod entries;
mod entropy;
mod event;
pub mod fields;
mod host;
mod journal;
pub mod lifecycle;
pub mod locks;
mod memory;
mod merge;
pub mod message;
mod outcome;
mod plain;
mod platform;
mod reading;
pub mod record;
mod tables;
mod task;
mod terms;
pub mod timer;
mod transaction;
pub mod transport;

pub use binding::TabweaveEngine;
pub use host::EngineHost;
pub use merge::{CompiledPolicy, MergeWalk};

/// Half the size of the allocator that comes with the standard library.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
