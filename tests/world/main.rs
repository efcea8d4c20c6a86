//! The exhaustive small world: the engine that ships, with one or two operations of one document or two entries of
//! one topic, and *every* order in which things can happen, with at most two faults on a path. Of each world that is
//! found the faults are ended, and everything must come right.
//!
//! ```text
//! cargo test --profile sim --test world                                  every exploration
//! cargo test --profile sim --test world -- --only hung --deeper 4        one of them, to a greater depth
//! cargo test --profile sim --features planted --test world               seeks planted mistakes instead
//! cargo test --profile sim --features planted --test world -- --only GapIgnored    and tells how one shows
//! ```
//!
//! What may happen in any order: each delivery of a message (between two tabs in the order in which they were sent),
//! each transaction of the store (in the order of their issue, as IndexedDB runs them), news of locks, calls to the
//! server and its news, and what people do. Timers fire when nothing is on its way any more; that one fires before
//! is a fault, and so are a crash (with and without loss of transactions under way), a page that stops without a
//! word, one that is put to sleep, the return of either, a message lost or heard twice, the lock taken from its
//! holder, a write that fails, and cleared site data. Time is a few ticks.
//!
//! Laws on the way: one leader an epoch; no operation goes on by the hand of who did not win the last epoch; an end is
//! an end; claims are committed before they are sent, by who has proved its lead afresh; what is not repeatable is
//! sent once; the journal lets go of nothing that the store lacks; the engine does not panic. Laws after healing, from
//! every state and not only the last ones: the world comes to rest; all tabs agree with the store, and without
//! anybody's help unless news was lost; view = fold(base, pending); no acknowledged operation and no acknowledged
//! entry was lost; every operation is at an honest end; journals are empty; one tab leads and holds the lock.
//!
//! Three things keep it small. Worlds in which tabs have changed places are one ([`symmetry`]). Of a world that was
//! seen a fingerprint of 128 bits is kept, no more. And worlds share their parts ([`pool`], [`minds`]): ten million
//! steps of worlds are made of a few hundred thousand steps of engines, each of which is taken once.
//!
//! Why not the crate `stateright`: it knows such searches, symmetry included, but clones and hashes the whole state at
//! every step, which takes 114 µs for three engines, some thirty times of what a step takes here; its fingerprints have
//! 64 bits; and that every state comes right once the faults end is not among the properties that it can check. What
//! would be left of it is the search itself, which is a page.

mod app;
#[path = "../support/database.rs"]
mod database;
mod healing;
mod laws;
mod minds;
mod mix;
mod options;
#[cfg(feature = "planted")]
mod planted;
mod pool;
mod report;
mod scenes;
mod search;
mod stage;
mod steps;
mod story;
mod symmetry;
mod world;

use std::process::ExitCode;
use std::sync::Mutex;

use options::Options;
use report::Report;

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    // A panic of an engine is a broken law, and is reported as one.
    std::panic::set_hook(Box::new(|_| {}));
    let report = Report::default();
    INSTEAD.unwrap_or(explore_all)(&report, &options);
    report.finish()
}

/// What this build does instead of exploring the engine as it is.
#[cfg(feature = "planted")]
const INSTEAD: Option<fn(&Report, &Options)> = Some(planted::seek);
#[cfg(not(feature = "planted"))]
const INSTEAD: Option<fn(&Report, &Options)> = None;

const THREADS: usize = 2;

fn explore_all(report: &Report, options: &Options) {
    let mut plots = scenes::plots();
    if let Some(only) = &options.only {
        plots.retain(|plot| plot.name == only);
    }
    let waiting = Mutex::new(plots);
    let next = || waiting.lock().expect("no thread dies with it").pop();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(mut plot) = next() {
                    plot.depth += options.deeper;
                    report.add(plot.name, &search::explore(&plot));
                }
            });
        }
    });
    if options.only.is_none() {
        check_reduction(report);
    }
}

/// That worlds with tabs in other places are one must hide nothing: a search without it finds the same kinds.
fn check_reduction(report: &Report) {
    for (name, depth) in [("start", 9), ("start of three", 6)] {
        let plots = scenes::plots().into_iter().filter(|plot| plot.name == name);
        for plot in plots.map(|plot| scenes::Plot { depth, ..plot }) {
            let (reduced, whole) = (search::explore(&plot), search::explore_unreduced(&plot));
            let line = format!(
                "{name} to depth {depth}: {} states of {} kinds without the reduction, {} with it",
                whole.states, whole.kinds, reduced.states
            );
            let is_alike = whole.kinds == reduced.states && whole.states > reduced.states;
            if is_alike { report.pass(&line) } else { report.fail(&line) }
        }
    }
}
