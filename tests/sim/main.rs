//! The simulation: the engine that ships, in worlds made of chance and rules, with checkers at every step.
//!
//! `npm run sim -- --seeds 1000` runs more worlds, `npm run sim -- --seed 7` replays one of them with its whole
//! trace. Seeds that once failed are kept in `seeds.txt` and run first.

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod support;

mod accounts;
mod arrivals;
mod chance;
mod channel;
mod checkers;
mod coverage;
mod deeds;
mod faults;
mod healing;
mod input;
mod ledgers;
mod locks;
mod options;
mod perform;
mod report;
mod run;
mod server;
mod service;
mod store;
mod tab;
mod trace;
mod world;

use std::process::ExitCode;

use options::Options;
use report::Report;
use run::{Outcome, run};

/// Worlds that are run twice, to see that a seed says everything.
const RUN_TWICE: u64 = 5;
/// Lines of a failing world's trace that are worth reading first.
const LAST_LINES: usize = 60;

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(why) => {
            eprintln!("{why}");
            return ExitCode::from(2);
        }
    };
    // A panic of the engine is caught and reported with its seed.
    std::panic::set_hook(Box::new(|_| {}));
    match options.seed {
        Some(seed) => replay(seed, &options),
        None => run_all(&options),
    }
}

fn replay(seed: u64, options: &Options) -> ExitCode {
    println!("seed {seed}");
    let outcome = run(seed, options.steps, options.tabs, true);
    for line in &outcome.lines {
        println!("{line}");
    }
    let mut report = Report::default();
    report.add(&outcome);
    report.finish()
}

fn run_all(options: &Options) -> ExitCode {
    let kept = report::kept_seeds();
    let first = 1;
    println!(
        "seeds {first} to {} of {} steps each, after {} kept ones",
        options.seeds,
        options.steps,
        kept.len()
    );
    let mut report = Report::default();
    for seed in kept.into_iter().chain(first..=options.seeds) {
        let outcome = run(seed, options.steps, options.tabs, false);
        if outcome.violation.is_some() {
            tell_failure(&outcome, options);
        }
        report.add(&outcome);
    }
    for seed in first..=options.seeds.min(RUN_TWICE) {
        let [one, other] = [true, true].map(|is_traced| run(seed, options.steps, options.tabs, is_traced));
        report.compare(&one, &other);
    }
    report.finish()
}

/// Runs the failing world again to have its trace, and prints the end of it.
fn tell_failure(outcome: &Outcome, options: &Options) {
    let again = run(outcome.seed, options.steps, options.tabs, true);
    println!("\nseed {} fails after {} steps:", outcome.seed, outcome.steps);
    for line in again.lines.iter().skip(again.lines.len().saturating_sub(LAST_LINES)) {
        println!("{line}");
    }
    if let Some(violation) = &outcome.violation {
        println!("seed {} broke “{}”: {}", outcome.seed, violation.checker, violation.what);
    }
}
