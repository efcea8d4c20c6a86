//! What holds of every merge, whatever the documents and the policy.

use std::cell::Cell;
use std::collections::BTreeSet;

use tabweave::engine::merge::{Policy, Side, Times};

use super::given::Given;
use super::places::{at, base_at, keyed_parts};
use super::value::Value;
use super::{Merged, Path, RuleSpec, Rules, Segment, Sides, Version, merge_counted, spelling};

/// A merge that is made, and may be made again.
pub struct Trial<'a> {
    given: &'a Given,
    policy: Policy,
    merged: Merged,
    looked_at: u64,
}

impl<'a> Trial<'a> {
    /// Merges what is given.
    pub fn new(given: &'a Given) -> Self {
        let policy = given.rules.try_compile().expect("a policy of a test can be");
        let (merged, looked_at) =
            merge_counted(&given.sides, &given.rules, &policy, given.times, Side::Server);
        Self { given, policy, merged, looked_at }
    }

    /// Merges something else by the same rules.
    fn merge(&self, sides: &Sides, times: Times) -> Merged {
        merge_counted(sides, &self.given.rules, &self.policy, times, Side::Server).0
    }
}

/// All of them.
pub fn hold(given: &Given) {
    let trial = &Trial::new(given);
    a_change_of_one_side_counts(trial);
    merging_again_changes_nothing(trial);
    conflicts_are_everybodys(trial);
    the_budget_is_kept(trial);
    verdicts_tell_what_is_there(trial);
    nothing_is_lost_without_a_word(trial);
    the_side_that_is_shown_decides_nothing(trial);
}

/// What only one side changed, or both alike, is what it is then.
pub fn a_change_of_one_side_counts(trial: &Trial<'_>) {
    let Given { sides: Sides { base, local, server }, times, .. } = trial.given;
    for other in [local, server] {
        for (here, there) in [(base, other), (other, base), (other, other)] {
            let sides = Sides { base: base.clone(), local: here.clone(), server: there.clone() };
            let merged = trial.merge(&sides, *times);
            if !merged.is_too_large() {
                assert_eq!(merged, Merged::settled(other.clone()), "{sides:?}");
            }
        }
    }
}

/// The same comes out of the same, and merging what came out changes nothing.
pub fn merging_again_changes_nothing(trial: &Trial<'_>) {
    let Trial { given: Given { sides, times, .. }, merged, .. } = trial;
    assert_eq!(trial.merge(sides, *times), *merged);
    let server = &sides.server;
    let again = Sides { base: server.clone(), local: merged.value.clone(), server: server.clone() };
    let remerged = trial.merge(&again, *times);
    if !remerged.is_too_large() {
        assert_eq!(remerged, Merged::settled(merged.value.clone()));
    }
}

/// Whether there is something to decide does not depend on who is who.
pub fn conflicts_are_everybodys(trial: &Trial<'_>) {
    let Trial { given: Given { sides, times, .. }, merged, .. } = trial;
    let swapped = Times { local_ms: times.server_ms, server_ms: times.local_ms };
    let other = trial.merge(&sides.swapped(), swapped);
    if merged.is_too_large() || other.is_too_large() {
        return;
    }
    let told = |merged: &Merged| {
        merged.conflicts.iter().map(|conflict| format!("{:?} {:?}", conflict.path, conflict.why)).collect()
    };
    let [one, other]: [BTreeSet<String>; 2] = [told(merged), told(&other)];
    assert_eq!(one, other);
}

/// Of a document that is too large nothing is taken but what the server has.
pub fn the_budget_is_kept(trial: &Trial<'_>) {
    let Trial { given: Given { sides, rules, .. }, merged, looked_at, .. } = trial;
    assert!(*looked_at <= rules.limits.nodes_max);
    if merged.is_too_large() {
        assert_eq!(*merged, Merged::too_large(sides.clone(), Side::Server));
    }
}

/// Each part has one verdict at most, which tells what the sides have there. What nobody decided is as the server has it.
pub fn verdicts_tell_what_is_there(trial: &Trial<'_>) {
    let Trial { given: Given { sides, rules, .. }, merged, .. } = trial;
    if merged.is_too_large() {
        return;
    }
    let decisions = merged.decisions.iter().map(|decision| (&decision.path, &decision.sides));
    let conflicts = merged.conflicts.iter().map(|conflict| (&conflict.path, &conflict.sides));
    let mut known: Vec<&Path> = Vec::new();
    for (path, told) in decisions.chain(conflicts) {
        assert!(!known.contains(&path), "{} has two verdicts", spelling::path(path));
        known.push(path);
        assert!(told.local != told.server, "{} is no matter of dispute", spelling::path(path));
        let there = Sides {
            base: base_at(&sides.base, &sides.local, path),
            local: at(&sides.local, path),
            server: at(&sides.server, path),
        };
        assert_eq!(there, *told, "{}", spelling::path(path));
    }
    if asks_functions(rules) {
        return;
    }
    for decision in &merged.decisions {
        assert_eq!(
            at(&merged.value, &decision.path),
            decision.result,
            "{} in {merged:?}",
            spelling::path(&decision.path)
        );
    }
    for conflict in &merged.conflicts {
        assert_eq!(
            at(&merged.value, &conflict.path),
            conflict.sides.server,
            "{} in {merged:?}",
            spelling::path(&conflict.path)
        );
    }
}

/// Whichever side is shown where nobody has decided, the same is decided, and the rest is as that side has it.
pub fn the_side_that_is_shown_decides_nothing(trial: &Trial<'_>) {
    let Trial { given: Given { sides, rules, times }, policy, merged, .. } = trial;
    let (other, _) = merge_counted(sides, rules, policy, *times, Side::Local);
    let decided = |merged: &Merged| -> Vec<_> {
        merged
            .decisions
            .iter()
            .map(|decision| (decision.path.clone(), decision.rule, decision.kind))
            .collect()
    };
    assert_eq!(decided(&other), decided(merged));
    assert_eq!(other.conflicts, merged.conflicts);
    for conflict in other.conflicts.iter().filter(|_| !asks_functions(rules)) {
        assert_eq!(at(&other.value, &conflict.path), conflict.sides.local, "{other:?}");
    }
}

/// A function may make something of a part in which nothing is found where it was.
fn asks_functions(rules: &Rules) -> bool {
    rules.rules.iter().any(|(_, spec)| matches!(spec, RuleSpec::Function(_)))
}

/// What a side changed is in what comes out, or there is a word about it.
pub fn nothing_is_lost_without_a_word(trial: &Trial<'_>) {
    let Trial { given: Given { sides, rules, .. }, merged, .. } = trial;
    if asks_functions(rules) {
        return;
    }
    let decided = merged.decisions.iter().map(|decision| decision.path.clone());
    let told = decided.chain(merged.conflicts.iter().map(|conflict| conflict.path.clone())).collect();
    let keys = rules.rules.iter().filter_map(|(_, spec)| match spec {
        RuleSpec::Keyed(by) => Some(by.as_str()),
        _ => None,
    });
    let keys = ["_id", "id", "key"].into_iter().chain(keys).collect();
    let search = Search { told, keys, steps: Cell::new(0) };
    for side in [&sides.local, &sides.server] {
        let lost = search.lost(&Path::new(), &sides.base, side, &merged.value);
        let lost = lost.map(|path| spelling::path(&path));
        assert_eq!(lost, None, "of {} in {merged:?}", spelling::version(side));
    }
}

struct Search<'a> {
    told: Vec<Path>,
    /// Fields that tell objects of lists apart.
    keys: BTreeSet<&'a str>,
    steps: Cell<u32>,
}

/// Of deep documents there are more ways to take them apart than anybody could try.
const STEPS_MAX: u32 = 20_000;

impl Search<'_> {
    /// Where a change of a side was lost.
    fn lost(&self, path: &Path, base: &Version, side: &Version, result: &Version) -> Option<Path> {
        self.steps.set(self.steps.get() + 1);
        let is_given_up = self.steps.get() > STEPS_MAX;
        if side == base || side == result || is_given_up || self.told.contains(path) {
            return None;
        }
        let ways = self.parts(base, side, result);
        let mut losses = ways.into_iter().map(|parts| {
            parts.into_iter().find_map(|(segment, [base, side, result])| {
                let below: Path = path.iter().cloned().chain([segment]).collect();
                self.lost(&below, &base, &side, &result)
            })
        });
        // Of several ways to take the values apart one has to show that all is there.
        losses.find(Option::is_none).unwrap_or_else(|| Some(path.clone()))
    }

    fn parts(&self, base: &Version, side: &Version, result: &Version) -> Vec<Vec<(Segment, [Version; 3])>> {
        let versions = [base, side, result];
        let names: BTreeSet<_> = versions.iter().flat_map(|version| fields(version)).collect();
        if versions[1..].iter().all(|version| matches!(version, Some(Value::Object(_)))) {
            let part = |name: &std::rc::Rc<str>| {
                let of = |version: &&Version| version.as_ref().and_then(|value| value.field(name)).cloned();
                (Segment::Field(name.clone()), [of(&base), of(&side), of(&result)])
            };
            return vec![names.iter().map(part).collect()];
        }
        let cuts = self.keys.iter().map(|by| Some(*by)).chain([None]);
        cuts.filter_map(|by| keyed_parts(by, versions)).collect()
    }
}

fn fields(version: &Version) -> Vec<std::rc::Rc<str>> {
    match version {
        Some(Value::Object(fields)) => fields.keys().cloned().collect(),
        _ => Vec::new(),
    }
}
