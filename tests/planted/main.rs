//! Whether the simulation finds mistakes: each is planted into the engine, and worlds are run until one of them breaks
//! a promise. A mistake that no world shows within [`SEEDS_MAX`] seeds is a failure, and so is a world that fails
//! without one.
//!
//! `--only FenceUnasserted` plants one of them and prints the world that shows it, cut down.

#[path = "../sim/simulation/mod.rs"]
#[allow(dead_code, reason = "the simulation's own program uses the rest")]
mod simulation;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod support;

use std::process::ExitCode;

use simulation::plan::Plan;
use simulation::run::{Outcome, run, run_all};
use simulation::shrink::shrink;
use tabweave::engine::Plant;

/// Worlds in which a mistake has to show.
const SEEDS_MAX: u64 = 400;
/// Steps of each world's safety phase.
const STEPS: u64 = 400;
const THREADS: usize = 2;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().collect();
    let only = arguments.iter().position(|argument| argument == "--only").map(|at| &arguments[at + 1]);
    // A panic of the engine is one way of finding a mistake.
    std::panic::set_hook(Box::new(|_| {}));
    let (mut found, mut missed) = (0, 0);
    for plant in Plant::ALL.into_iter().chain(Plant::OF_LARGE_WORLDS) {
        let name = format!("{plant:?}");
        if only.is_some_and(|only| *only != name) {
            continue;
        }
        match find(plant) {
            Some(outcome) => {
                found += 1;
                let violation = outcome.violation.as_ref().expect("it was found by what it broke");
                println!("{name:24}{:>4} seeds  {}", outcome.plan.seed, violation.checker);
                if only.is_some() {
                    tell(&outcome);
                }
            }
            None => {
                missed += 1;
                println!("{name:24} not within {SEEDS_MAX} seeds");
            }
        }
    }
    println!("{found} passed, {missed} failed");
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The first world that shows the mistake.
fn find(plant: Plant) -> Option<Outcome> {
    let planted = |seed| Plan { plant: Some(plant), ..Plan::whole(seed, STEPS, None) };
    let plans: Vec<_> = (1..=SEEDS_MAX).map(planted).collect();
    let mut found = None;
    run_all(&plans, THREADS, |outcome| {
        if outcome.violation.is_some() {
            found = Some(outcome);
        }
        found.is_none()
    });
    // What fails without the mistake as well says nothing about it.
    let sound = |outcome: &Outcome| Plan { plant: None, ..outcome.plan.clone() };
    found.filter(|outcome| run(&sound(outcome), false).violation.is_none())
}

fn tell(outcome: &Outcome) {
    let smallest = run(&shrink(outcome).plan, true);
    for line in &smallest.lines {
        println!("{line}");
    }
    if let Some(violation) = &smallest.violation {
        println!("it broke “{}”: {}", violation.checker, violation.what);
    }
}
