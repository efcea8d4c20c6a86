//! A world of simulated tabs. `plan` says which world, `world` makes it go round, `run` runs it to its end; what
//! happens in it is spread over the other files by what it is about, and so is what is checked.

mod accounts;
mod arrivals;
mod builds;
mod chance;
mod channel;
mod checkers;
pub mod coverage;
mod deed;
mod deeds;
mod drills;
mod environment;
mod faults;
mod healing;
mod input;
mod ledgers;
mod locks;
mod messages;
mod opening;
mod pages;
mod perform;
pub mod plan;
mod reports;
mod rest;
pub mod run;
mod server;
mod service;
pub mod shrink;
mod standing;
mod store;
mod strangers;
mod swarm;
mod tab;
pub mod tables;
mod topics;
mod trace;
mod world;
