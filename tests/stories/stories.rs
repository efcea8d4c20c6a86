//! Stories of a few tabs. Each tells one thing that the engine does for people.

mod acceptance;
mod attempts;
mod bursts;
mod coalescing;
mod conflicts;
mod crowd;
mod doubt;
mod found;
mod journals;
mod leaders;
mod news;
mod reloads;
mod reports;
mod results;
mod secrets;
mod storage;
mod topics;
mod turns;
mod versions;
mod wishes;
