//! Cuts a failing world down to what makes it fail: fewer tabs, fewer kinds of trouble, a shorter life, fewer deeds.
//! A cut is kept if the same checker still complains. Every fault and every deed has dice of its own, so what is left
//! goes on much as before.

use super::plan::{Plan, Trouble};
use super::run::{Outcome, run};

/// What may be spent on it: runs, and steps in all of them.
const RUNS_MAX: u64 = 2_000;
const STEPS_MAX: u64 = 400_000;

struct Shrinker {
    best: Outcome,
    checker: &'static str,
    runs: u64,
    steps: u64,
}

/// The smallest world found that fails as this one does.
pub fn shrink(outcome: &Outcome) -> Outcome {
    let Some(violation) = &outcome.violation else {
        return outcome.clone();
    };
    let mut shrinker = Shrinker { best: outcome.clone(), checker: violation.checker, runs: 0, steps: 0 };
    shrinker.cut_life();
    shrinker.cut_tabs();
    shrinker.cut_troubles();
    shrinker.cut_deeds();
    shrinker.cut_life();
    shrinker.cut_troubles();
    shrinker.best
}

impl Shrinker {
    fn is_spent(&self) -> bool {
        self.runs >= RUNS_MAX || self.steps >= STEPS_MAX
    }

    /// Whether a smaller world fails alike; it is the best from then on.
    fn attempt(&mut self, plan: Plan) -> bool {
        if self.is_spent() || plan == self.best.plan {
            return false;
        }
        let outcome = run(&plan, false);
        self.runs += 1;
        self.steps += outcome.steps;
        let fails = outcome.violation.as_ref().is_some_and(|violation| violation.checker == self.checker);
        if fails {
            self.best = outcome;
        }
        fails
    }

    fn with(&self, change: impl FnOnce(&mut Plan)) -> Plan {
        let mut plan = self.best.plan.clone();
        change(&mut plan);
        plan
    }

    /// Has the healing phase begin as early as possible.
    fn cut_life(&mut self) {
        let (mut low, mut high) = (0, self.best.plan.length());
        while low < high && !self.is_spent() {
            let middle = u64::midpoint(low, high);
            if self.attempt(self.with(|plan| plan.stop = Some(middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
    }

    fn cut_tabs(&mut self) {
        for tabs in 1..self.best.tabs {
            if self.attempt(self.with(|plan| plan.tabs = Some(tabs))) {
                break;
            }
        }
    }

    fn cut_troubles(&mut self) {
        self.attempt(self.with(|plan| {
            let faults = Trouble::all().filter(|trouble| matches!(trouble, Trouble::Fault(_)));
            plan.without.extend(faults);
        }));
        for trouble in Trouble::all() {
            if !self.best.plan.without.contains(&trouble) {
                self.attempt(self.with(|plan| {
                    plan.without.insert(trouble);
                }));
            }
        }
    }

    /// Leaves out deeds, many at a time at first, then fewer.
    fn cut_deeds(&mut self) {
        let mut size = self.best.deeds.len().div_ceil(2);
        while size > 0 && !self.is_spent() {
            let mut from = 0;
            while from < self.best.deeds.len() && !self.is_spent() {
                let some: Vec<_> = self.best.deeds.iter().copied().skip(from).take(size).collect();
                if !self.attempt(self.with(|plan| plan.skip.extend(some))) {
                    from += size;
                }
            }
            size /= 2;
        }
    }
}
