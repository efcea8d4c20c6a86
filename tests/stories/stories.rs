//! Stories of one or two tabs. Each tells one thing that the engine does for people.

mod acceptance;
mod answers;
mod attempts;
mod journals;
mod leaders;
mod news;
mod reloads;
mod results;
mod storage;
