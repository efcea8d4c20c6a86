//! How often people who change a scene at the same time have to be asked: the share of what both sides changed that a rule
//! decides, over the workload of `people.txt` and the demo's policy, and whether any change got lost without a word.

mod distribution;
mod scene;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use tabweave::engine::merge::{Fallback, Rule, Times};

use crate::merging::given::Given;
use crate::merging::{Merged, RuleSpec, Rules, Sides, laws, merge};
use crate::value::Value;
use distribution::Distribution;
use scene::scene;

/// The share that was aimed at, in percent.
const GOAL: f64 = 95.0;

/// The policy of the demo's scenes.
fn policy() -> Rules {
    let rules = [
        ("note", RuleSpec::Plain(Rule::TextBoth)),
        ("participants", RuleSpec::Keyed("id".to_owned())),
        ("participants[*].hp", RuleSpec::Plain(Rule::Counter)),
        ("tags", RuleSpec::Plain(Rule::Union)),
    ];
    Rules {
        rules: rules.map(|(pattern, rule)| (pattern.to_owned(), rule)).to_vec(),
        fallback: Fallback::Manual,
        ..Rules::default()
    }
}

/// Counts over all scenes.
#[derive(Debug, Default)]
struct Figures {
    merges: u64,
    /// Merges in which both sides had changed the same part.
    overlapping: u64,
    /// Those of them that nobody had to be asked about.
    automatic: u64,
    /// By rule, how often it decided.
    decided: BTreeMap<&'static str, u64>,
    /// By rule and reason, how often somebody has to decide.
    left: BTreeMap<String, u64>,
    lost: u64,
}

/// Lets people loose on so many scenes, and prints what came of it.
pub fn run(scenes: u64, seed: u64) -> ExitCode {
    let distribution = Distribution::committed();
    let rules = policy();
    let mut figures = Figures::default();
    for number in 0..scenes {
        let mut chance = fastrand::Rng::with_seed(seed ^ (number << 20));
        play(&distribution, &rules, &mut chance, &mut figures);
    }
    figures.print(scenes);
    if figures.lost == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// People change one scene, and are heard one after the other.
fn play(distribution: &Distribution, rules: &Rules, chance: &mut fastrand::Rng, figures: &mut Figures) {
    let base = scene(chance);
    let mut server = base.clone();
    for person in 0..distribution.people.draw(chance) {
        let mut local = base.clone();
        for _ in 0..distribution.changes.draw(chance) {
            local = distribution.deeds.draw(chance).of(&local, chance);
        }
        // Whoever comes first finds everything as it was.
        if person == 0 {
            server = local;
            continue;
        }
        let sides = Sides::new(base.clone(), local.clone(), server.clone());
        let times = Times { local_ms: Some(person as u64), server_ms: Some(person as u64 + 1) };
        let given = Given { sides, rules: rules.clone(), times };
        let merged = merge(&given.sides, rules, times);
        figures.count(&given, &merged);
        // Who is asked takes either.
        server = if merged.conflicts.is_empty() || chance.bool() {
            merged.value.unwrap_or(Value::Null)
        } else {
            local
        };
    }
}

impl Figures {
    fn count(&mut self, given: &Given, merged: &Merged) {
        self.merges += 1;
        for decision in &merged.decisions {
            *self.decided.entry(decision.rule).or_default() += 1;
        }
        for conflict in &merged.conflicts {
            *self.left.entry(format!("{}, {}", conflict.rule, conflict.why.name())).or_default() += 1;
        }
        let is_overlapping = !(merged.decisions.is_empty() && merged.conflicts.is_empty());
        self.overlapping += u64::from(is_overlapping);
        self.automatic += u64::from(is_overlapping && merged.conflicts.is_empty());
        let law = || laws::nothing_is_lost_without_a_word(&laws::Trial::new(given));
        self.lost += u64::from(catch_unwind(AssertUnwindSafe(law)).is_err());
    }

    fn print(&self, scenes: u64) {
        let share = 100.0 * self.automatic as f64 / self.overlapping.max(1) as f64;
        let all = 100.0 * self.automatic as f64 / self.merges.max(1) as f64;
        println!("{scenes} scenes that 2 to 5 people change at once: {} merges", self.merges);
        println!(
            "both changed the same part in {}; a rule decided {share:.1} % of those (goal: {GOAL} %{})",
            self.overlapping,
            if share < GOAL { ", missed" } else { "" }
        );
        println!(
            "under a policy that leaves everything to people it would be 0 % of those, with {all:.1} % of all merges"
        );
        for (rule, times) in &self.decided {
            println!("  {times:>8} decided by {rule}");
        }
        for (why, times) in &self.left {
            println!("  {times:>8} left to a person: {why}");
        }
        println!("{} changes lost without a word", self.lost);
    }
}
