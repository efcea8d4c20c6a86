//! Stories of one or two tabs that a person can follow, told on a stage with real engines, and a few laws that
//! are told on the same stage.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../sim/simulation/locks.rs"]
#[allow(dead_code, reason = "the simulation uses the rest")]
mod locks;
#[path = "../sim/simulation/store.rs"]
#[allow(dead_code, reason = "the simulation uses the rest")]
mod store;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "the simulation uses the rest")]
mod support;

mod outbox;
mod rebase;
mod stage;
mod stories;
mod values;
