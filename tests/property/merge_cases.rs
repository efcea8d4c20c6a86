//! The hand-written merges.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use tabweave::engine::merge::Rule;

use crate::cases::Case;

fn cases() -> Vec<Json> {
    serde_json::from_str(include_str!("../merge-cases.json")).expect("it is JSON")
}

#[test]
fn every_hand_written_merge_comes_to_what_is_written() {
    let cases = cases();
    assert!(cases.len() >= 60);
    let failures: Vec<String> = cases.iter().filter_map(|case| Case::read(case).failure()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn every_rule_decides_in_one_of_them_and_every_reason_not_to_is_there() {
    let cases = cases();
    let told = |list: &str, field: &str| -> BTreeSet<String> {
        let verdicts = cases.iter().flat_map(|case| case["expected"][list].as_array().expect("a list"));
        verdicts.map(|verdict| verdict[field].as_str().expect("a name").to_owned()).collect()
    };
    let deciding = told("decisions", "rule");
    let rules = Rule::PLAIN.into_iter().filter(|rule| *rule != Rule::Manual).map(Rule::name);
    for rule in rules.chain(["keyed", "function", "fallback"]) {
        assert!(deciding.contains(rule), "{rule} decides in no case");
    }
    let reasons = "both_changed manual no_times overlap removed reordered threw too_large unfit";
    assert_eq!(told("conflicts", "why").into_iter().collect::<Vec<_>>().join(" "), reasons);
}
