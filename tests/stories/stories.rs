//! Stories of one or two tabs. Each tells one thing that the engine does for people.

mod acceptance;
mod attempts;
mod doubt;
mod found;
mod journals;
mod leaders;
mod news;
mod reloads;
mod results;
mod storage;
mod topics;
mod versions;
mod wishes;
