//! What was explored, and how it went. Several threads tell it at once.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};

use super::search::{Failure, Found};

/// Counts over all explorations.
#[derive(Debug, Default)]
pub struct Report {
    passed: AtomicU64,
    failed: AtomicU64,
    states: AtomicU64,
}

impl Report {
    pub fn pass(&self, line: &str) {
        self.passed.fetch_add(1, Ordering::Relaxed);
        println!("{line}");
    }

    pub fn fail(&self, line: &str) {
        self.failed.fetch_add(1, Ordering::Relaxed);
        println!("FAILED: {line}");
    }

    pub fn add(&self, name: &str, found: &Found) {
        self.states.fetch_add(found.states, Ordering::Relaxed);
        let Found { states, transitions, depth, minds, healed, .. } = found;
        let end = if found.is_closed { ", closed" } else { "" };
        let line = format!(
            "{name}: {states} distinct states, {transitions} steps, depth {depth}{end}; {minds} states of single \
             engines; {} healings in {} steps",
            healed.begun, healed.steps
        );
        match &found.failure {
            None => self.pass(&line),
            Some(failure) => {
                self.fail(&line);
                self.tell(failure);
            }
        }
    }

    /// The shortest way to a broken law.
    pub fn tell(&self, failure: &Failure) {
        for line in &failure.story {
            println!("  {line}");
        }
        println!("  broke “{}”: {}", failure.violation.law, failure.violation.what);
    }

    pub fn finish(&self) -> ExitCode {
        let [passed, failed, states] =
            [&self.passed, &self.failed, &self.states].map(|count| count.load(Ordering::Relaxed));
        if states > 0 {
            println!("{states} distinct states in all");
        }
        println!("{passed} passed, {failed} failed");
        if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
