//! One world from its seed to its end.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::checkers::Violation;
use super::coverage::Coverage;
use super::world::{Turn, World};

/// What came of one world.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub seed: u64,
    pub steps: u64,
    pub fingerprint: u64,
    pub violation: Option<Violation>,
    pub lines: Vec<String>,
    pub coverage: Coverage,
}

/// Runs a world through its safety phase and its healing phase.
pub fn run(seed: u64, steps: u64, tabs: Option<usize>, is_traced: bool) -> Outcome {
    let mut world = World::new(seed, steps, tabs, is_traced);
    let result = catch_unwind(AssertUnwindSafe(|| live(&mut world, steps)));
    let violation = match result {
        Ok(Ok(())) => None,
        Ok(Err(violation)) => Some(violation),
        Err(panic) => Some(Violation { checker: "no engine panics", what: message(panic.as_ref()) }),
    };
    Outcome {
        seed,
        steps: world.steps,
        fingerprint: world.trace.fingerprint(),
        violation,
        lines: world.trace.lines().to_vec(),
        coverage: world.coverage.clone(),
    }
}

fn live(world: &mut World, steps: u64) -> Result<(), Violation> {
    // A world in which nothing counts any more has said what it had to say.
    let turns_max = steps * 20;
    for _ in 0..turns_max {
        if world.steps >= steps || world.turn()? == Turn::Idle {
            break;
        }
    }
    world.heal()
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}
