//! The hand-written merges.

use crate::cases::Case;

#[test]
fn every_hand_written_merge_comes_to_what_is_written() {
    let text = include_str!("../merge-cases.json");
    let cases: Vec<serde_json::Value> = serde_json::from_str(text).expect("it is JSON");
    assert!(cases.len() >= 60);
    let failures: Vec<String> = cases.iter().filter_map(|case| Case::read(case).failure()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
