//! The test's own value type keeps the promises that the other laws lean on.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::support::value::Value;

fn hash(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn specimens_equal_themselves_and_no_other() {
    let specimens = Value::specimens();
    for (at, one) in specimens.iter().enumerate() {
        for (other_at, other) in specimens.iter().enumerate() {
            assert_eq!(one == other, at == other_at, "{one:?} and {other:?}");
            assert_eq!(hash(one) == hash(other), at == other_at, "{one:?} and {other:?}");
        }
    }
}
