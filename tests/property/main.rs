//! What holds whatever happens (laws, over scripts made by chance) and what people live through (stories, one
//! behaviour each).
//!
//! A law that fails prints the shortest script that breaks it, and its seed is kept in `seeds.txt`, whose seeds
//! every later run tries first.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../support/cases/mod.rs"]
#[allow(dead_code, reason = "what is written is for the package's walk")]
mod cases;
mod merge_cases;
#[path = "../support/merging/mod.rs"]
#[allow(dead_code, reason = "the fuzzer uses the rest")]
mod merging;
#[path = "../sim/simulation/store.rs"]
#[allow(dead_code, reason = "the simulation uses the rest")]
mod store;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "the simulation uses the rest")]
mod support;

mod laws;
mod stories;

use support::value;
