//! What was checked, what was seen, and how it went.

use std::process::ExitCode;

use super::simulation::coverage::Coverage;
use super::simulation::run::Outcome;
use super::simulation::tables::{ELECTION, OPERATION, STATES, arrows, troubles};

/// Every promise that the worlds are held to.
const CHECKED: &str = "every key applied once; what is not repeatable sent once unless a person asked; order kept per \
scope; one leader an epoch; one tab writes under an epoch, and none under an older one; the epoch won before the lock is \
taken; claims committed before they are sent, under a lead proved afresh; states and elections follow their arrows; \
nothing vanishes; view = fold(base, pending); pending until seen; nothing changes in silence; clones agree; a change \
later than what it had seen; no older entry after a newer one; each change told once; what is acknowledged is stored; \
who comes back reads the store; strangers answered once and not listened to; what cannot be read left untouched, and what \
comes after it held up; no impossible clock believed; after healing: every operation at an honest end, journals empty, \
one leader, all tabs agree with the store (on return, where they hear of nobody) and show the server's documents, \
durable entries everywhere, ephemeral ones gone with their tabs; then the leader hangs, closes, crashes or sleeps: \
replaced in time";

/// A run of so many steps has to have taken every arrow and met every trouble in every state.
const DEMANDED_FROM_STEPS: u64 = 1_000_000;

/// The seeds that failed once, in the order in which they were found.
pub fn kept_seeds() -> Vec<u64> {
    let seeds = include_str!("seeds.txt").lines();
    let number = |line: &str| line.split_whitespace().next().and_then(|word| word.parse().ok());
    seeds.filter(|line| !line.starts_with('#')).filter_map(number).collect()
}

/// Counts over all worlds.
#[derive(Debug, Default)]
pub struct Report {
    passed: u64,
    failed: u64,
    steps: u64,
    compared: u64,
    coverage: Coverage,
}

impl Report {
    pub fn add(&mut self, outcome: &Outcome) {
        self.steps += outcome.steps;
        self.coverage.add(&outcome.coverage);
        match &outcome.violation {
            None => self.passed += 1,
            Some(violation) => {
                self.failed += 1;
                println!("seed {} broke “{}”: {}", outcome.plan.seed, violation.checker, violation.what);
            }
        }
    }

    /// Two runs of one seed must be the same, line by line.
    pub fn compare(&mut self, one: &Outcome, other: &Outcome) {
        self.compared += 1;
        if one.fingerprint == other.fingerprint && one.lines == other.lines {
            self.passed += 1;
        } else {
            self.failed += 1;
            println!("seed {} runs differently the second time", one.plan.seed);
        }
    }

    /// A run that makes fewer steps than it was to make shows less than it says.
    pub fn demand(&mut self, steps_min: u64) {
        if self.steps < steps_min {
            self.failed += 1;
            println!("{} steps instead of {steps_min} at least", self.steps);
        }
    }

    pub fn finish(&mut self) -> ExitCode {
        let Coverage { deeds, commits, undone, sent, applied, forgotten, .. } = &self.coverage;
        let deeds: Vec<_> = deeds.iter().map(|(deed, count)| format!("{deed:?} {count}")).collect();
        println!("checked: {CHECKED}");
        println!("deeds: {}", deeds.join(", "));
        println!(
            "batches committed {commits}, undone {undone}; calls sent {sent}, changes applied {applied}; \
             removals forgotten {forgotten}"
        );
        let missing = self.tell_coverage();
        println!("{} steps, {} seeds run twice alike", self.steps, self.compared);
        if self.steps >= DEMANDED_FROM_STEPS {
            // All of it is one test.
            match missing.is_empty() {
                true => self.passed += 1,
                false => self.failed += 1,
            }
            println!("every arrow and every trouble in every state: {}", missing.is_empty());
        }
        for what in &missing {
            println!("never taken: {what}");
        }
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Prints what was seen how often; returns what was not seen.
    fn tell_coverage(&self) -> Vec<String> {
        let Coverage { arrows: operations, elections, troubles: met, .. } = &self.coverage;
        let mut missing = Vec::new();
        if self.coverage.forgotten == 0 {
            missing.push("a removal that is forgotten".to_owned());
        }
        for (name, table, taken) in
            [("operation", &OPERATION[..], operations), ("election", &ELECTION[..], elections)]
        {
            let mut line = Vec::new();
            for (from, to) in arrows(table) {
                let count = taken.get(&(from, to)).copied().unwrap_or(0);
                line.push(format!("{from}→{to} {count}"));
                if count == 0 {
                    missing.push(format!("{name} {from}→{to}"));
                }
            }
            println!("arrows of the {name}: {}", line.join(", "));
        }
        println!("{:24}{}", "trouble while it is", STATES.map(|state| format!("{state:>10}")).concat());
        for trouble in troubles() {
            let counts = STATES.map(|state| met.get(&(trouble, state)).copied().unwrap_or(0));
            println!("{:24}{}", trouble.to_string(), counts.map(|count| format!("{count:>10}")).concat());
            let never = STATES.iter().zip(counts).filter(|(_, count)| *count == 0);
            missing.extend(never.map(|(state, _)| format!("{trouble} while {state}")));
        }
        missing
    }
}
