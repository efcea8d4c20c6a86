//! One world from its seed to its end, and many of them at once.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;

use super::checkers::Violation;
use super::coverage::Coverage;
use super::plan::Plan;
use super::world::{Turn, World};

/// What came of one world.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub plan: Plan,
    pub steps: u64,
    pub fingerprint: u64,
    pub violation: Option<Violation>,
    pub lines: Vec<String>,
    pub coverage: Coverage,
    /// The numbers of the deeds that were done.
    pub deeds: Vec<u64>,
    /// Tabs at the same time.
    pub tabs: usize,
}

/// Runs a world through its safety phase and its healing phase.
pub fn run(plan: &Plan, is_traced: bool) -> Outcome {
    let mut world = World::new(plan, is_traced);
    let result = catch_unwind(AssertUnwindSafe(|| live(&mut world)));
    let violation = match result {
        Ok(Ok(())) => None,
        Ok(Err(violation)) => Some(violation),
        Err(panic) => Some(Violation { checker: "no engine panics", what: message(panic.as_ref()) }),
    };
    Outcome {
        plan: plan.clone(),
        steps: world.steps,
        fingerprint: world.trace.fingerprint(),
        violation,
        lines: world.trace.take_lines(),
        coverage: std::mem::take(&mut world.coverage),
        deeds: std::mem::take(&mut world.deeds_done),
        tabs: world.swarm.tabs,
    }
}

fn live(world: &mut World) -> Result<(), Violation> {
    let steps = world.plan.length();
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

/// Runs worlds in several threads and hands over what came of each in the order of the plans. Stops early when
/// told to (false).
pub fn run_all(plans: &[Plan], threads: usize, mut each: impl FnMut(Outcome) -> bool) {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = channel();
    let sender = Mutex::new(sender);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let sender = sender.lock().expect("no thread panics with the sender in hand").clone();
            let next = &next;
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(plan) = plans.get(number) else { break };
                    if sender.send((number, run(plan, false))).is_err() {
                        break;
                    }
                }
            });
        }
        let mut early = BTreeMap::new();
        for number in 0..plans.len() {
            while !early.contains_key(&number) {
                let (number, outcome) = receiver.recv().expect("every plan is run");
                early.insert(number, outcome);
            }
            let outcome = early.remove(&number).expect("it was waited for just now");
            if !each(outcome) {
                next.store(plans.len(), Ordering::Relaxed);
                break;
            }
        }
        drop(receiver);
    });
}
