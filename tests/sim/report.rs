//! What was checked, and how it went.

use std::process::ExitCode;

use super::coverage::Coverage;
use super::run::Outcome;

/// Every promise that the worlds are held to.
const CHECKED: &str = "every key applied once; what is not repeatable sent once unless a person asked; order kept per \
scope; one leader an epoch; one tab writes under an epoch, and none under an older one; claims committed before \
they are sent, under a lead proved afresh; states follow their arrows; nothing vanishes; view = fold(base, pending); pending until seen; nothing \
changes in silence; clones agree; after healing: every operation at an honest end, journals empty, one leader, all \
tabs agree with the store and show the server's documents";

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

    pub fn finish(&self) -> ExitCode {
        let Coverage { arrows, deeds, commits, undone, sent, applied, .. } = &self.coverage;
        let arrows: Vec<_> =
            arrows.iter().map(|((from, to), count)| format!("{from}→{to} {count}")).collect();
        let deeds: Vec<_> = deeds.iter().map(|(deed, count)| format!("{deed:?} {count}")).collect();
        println!("checked: {CHECKED}");
        println!("deeds: {}", deeds.join(", "));
        println!("arrows: {}", arrows.join(", "));
        println!(
            "batches committed {commits}, undone {undone}; calls sent {sent}, changes applied {applied}"
        );
        println!("{} steps, {} seeds run twice alike", self.steps, self.compared);
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
