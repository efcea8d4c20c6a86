//! The canonical encoding: one value has one, and no two values have the same.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value as Json;
use tabweave::engine::Digests;

use super::scripts;
use super::values::values;
use crate::support::canonical::{Canonical, canonical};
use crate::support::notation::value_of;

/// The cases that the package is held against as well.
#[test]
fn values_are_encoded_as_the_cases_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/canonical-cases.json");
    let text = fs::read_to_string(path).expect("tests/canonical-cases.json");
    let cases: Vec<Json> = serde_json::from_str(&text).expect("a list of cases");
    assert!(cases.len() > 70, "only {} cases were found", cases.len());
    for case in cases {
        let value = value_of(&case["value"]);
        let encoded = canonical(&value);
        assert_eq!(encoded.is_err(), case["refused"] == true, "{}", case["name"]);
        if let Some(bytes) = case["bytes"].as_str() {
            let encoded = encoded.expect("it is not refused");
            let digits: String = encoded.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(digits, bytes, "{}", case["name"]);
        }
        assert_eq!(Canonical.digest(&value).to_string(), case["sha256"], "{}", case["name"]);
    }
}

proptest! {
    #![proptest_config(scripts(2_000))]

    #[test]
    fn two_values_have_the_same_encoding_if_they_are_the_same(one in values(), other in values()) {
        let (first, second) = (canonical(&one).expect("it is small"), canonical(&other).expect("it is small"));
        prop_assert_eq!(one == other, first == second);
        prop_assert!(one == other || !first.starts_with(&second), "where one ends does not depend on what follows");
    }
}
