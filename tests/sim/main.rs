//! The simulation: the engine that ships, in worlds made of chance and rules, with checkers at every step.
//!
//! `npm run sim -- --seeds 1000` runs more worlds, `npm run sim -- --seed 7` replays one of them with its whole
//! trace. A failing world is cut down to what makes it fail, and printed with the command that runs just that. Seeds
//! that once failed are kept in `seeds.txt` and run first.

#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod support;

#[path = "../support/merging/mod.rs"]
#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod merging;
use support::value;
mod options;
mod people;
mod report;
mod simulation;

use std::process::ExitCode;

use options::Options;
use report::Report;
use simulation::plan::Plan;
use simulation::run::{Outcome, run, run_all};
use simulation::shrink::shrink;

/// Worlds that are run twice, to see that a seed says everything.
const RUN_TWICE: u64 = 5;
/// Failing worlds that are cut down; the others are only named.
const SHRUNK_MAX: usize = 3;
/// Lines of a failing world's trace that are worth reading first.
const LAST_LINES: usize = 150;

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
    match &options.replay {
        Some(plan) => replay(plan),
        None => run_many(&options),
    }
}

fn replay(plan: &Plan) -> ExitCode {
    println!("{plan}");
    let outcome = run(plan, true);
    for line in &outcome.lines {
        println!("{line}");
    }
    let mut report = Report::default();
    report.add(&outcome);
    report.finish()
}

fn run_many(options: &Options) -> ExitCode {
    let Options { seeds, first, steps, tabs, threads, .. } = *options;
    let kept = report::kept_seeds();
    let last = first + seeds.max(1) - 1;
    println!("seeds {first} to {last} of {steps} steps each, after {} kept ones", kept.len());
    let plan = |seed| Plan::whole(seed, steps, tabs);
    let plans: Vec<_> = kept.into_iter().chain(first..=last).map(plan).collect();
    let mut report = Report::default();
    let mut failing = Vec::new();
    run_all(&plans, threads, |outcome| {
        report.add(&outcome);
        if outcome.violation.is_some() && failing.len() < SHRUNK_MAX {
            failing.push(outcome);
        }
        true
    });
    for outcome in &failing {
        tell_failure(outcome);
    }
    for seed in (first..=last).take(RUN_TWICE as usize) {
        let [one, other] = [true, true].map(|is_traced| run(&plan(seed), is_traced));
        report.compare(&one, &other);
    }
    report.demand(options.steps_min);
    let worlds = report.finish();
    let tables = people::run(options.scenes, first);
    if worlds == ExitCode::SUCCESS { tables } else { worlds }
}

/// Cuts the failing world down, and prints the end of its trace.
fn tell_failure(outcome: &Outcome) {
    let smallest = run(&shrink(outcome).plan, true);
    println!("\nseed {}, cut down to {} steps:", outcome.plan.seed, smallest.steps);
    for line in smallest.lines.iter().skip(smallest.lines.len().saturating_sub(LAST_LINES)) {
        println!("{line}");
    }
    if let Some(violation) = &smallest.violation {
        println!("it broke “{}”: {}", violation.checker, violation.what);
    }
    println!("again: {}", smallest.plan);
    println!("whole: {}", outcome.plan);
    println!("keep the seed: a line “{} why it failed” in tests/sim/seeds.txt\n", outcome.plan.seed);
}
