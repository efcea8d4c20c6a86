//! Three-way merges: what holds of all of them.

use std::collections::BTreeSet;

use arbitrary::{Result, Unstructured};
use proptest::collection::vec;
use proptest::prelude::*;
use tabweave::engine::merge::{Rule, Times};

use super::scripts;
use crate::merging::given::{self, Given};
use crate::merging::laws::Trial;
use crate::merging::{RuleSpec, Rules, Sides, Version, laws, merge};
use crate::value::Value;

fn given() -> impl Strategy<Value = Given> {
    vec(any::<u8>(), 0..900).prop_map(|bytes| Given::spelled(&bytes))
}

proptest! {
    #![proptest_config(scripts(2_000))]

    #[test]
    fn a_change_of_one_side_counts(given in given()) {
        laws::a_change_of_one_side_counts(&Trial::new(&given));
    }

    #[test]
    fn merging_again_changes_nothing(given in given()) {
        laws::merging_again_changes_nothing(&Trial::new(&given));
    }

    #[test]
    fn conflicts_are_everybodys(given in given()) {
        laws::conflicts_are_everybodys(&Trial::new(&given));
    }

    #[test]
    fn the_budget_is_kept(given in given()) {
        laws::the_budget_is_kept(&Trial::new(&given));
    }

    #[test]
    fn verdicts_tell_what_is_there(given in given()) {
        laws::verdicts_tell_what_is_there(&Trial::new(&given));
    }

    #[test]
    fn nothing_is_lost_without_a_word(given in given()) {
        laws::nothing_is_lost_without_a_word(&Trial::new(&given));
    }

    #[test]
    fn the_side_that_is_shown_decides_nothing(given in given()) {
        laws::the_side_that_is_shown_decides_nothing(&Trial::new(&given));
    }

    #[test]
    fn changes_of_different_places_are_both_made(bytes in vec(any::<u8>(), 0..900)) {
        let (sides, expected) = apart(&mut Unstructured::new(&bytes)).expect("bytes that end are zeros");
        let merged = merge(&sides, &Rules::default(), Times::default());
        prop_assert!(merged.conflicts.is_empty(), "{merged:?}");
        prop_assert_eq!(merged.value.as_ref().map(sorted), Some(sorted(&expected)));
    }

    #[test]
    fn rules_without_a_side_do_not_care_who_is_who(
        rule in prop_oneof![
            Just(Rule::Counter), Just(Rule::Max), Just(Rule::Min), Just(Rule::Latest),
            Just(Rule::MostRecentNonNull), Just(Rule::Union),
        ],
        bytes in vec(any::<u8>(), 0..60),
    ) {
        let sides = measurable(rule, &mut Unstructured::new(&bytes)).expect("bytes that end are zeros");
        let rules = Rules::one("", RuleSpec::Plain(rule));
        let merge_by = |sides: &Sides, local_ms: u64, server_ms: u64| {
            merge(sides, &rules, Times { local_ms: Some(local_ms), server_ms: Some(server_ms) })
        };
        let (one, other) = (merge_by(&sides, 1, 2), merge_by(&sides.swapped(), 2, 1));
        prop_assert_eq!(one.conflicts.is_empty(), other.conflicts.is_empty());
        if one.conflicts.is_empty() {
            prop_assert_eq!(essence(rule, &one.value), essence(rule, &other.value));
        }
    }
}

/// Values that a rule may be able to do something with.
fn measurable(rule: Rule, bytes: &mut Unstructured<'_>) -> Result<Sides> {
    let mut side = || match rule {
        Rule::Union => {
            let count = bytes.int_in_range(0..=5)?;
            Ok(Value::list((0..count).map(|_| given::scalar(bytes)).collect::<Result<Vec<_>>>()?))
        }
        _ => given::scalar(bytes),
    };
    Ok(Sides::new(side()?, side()?, side()?))
}

/// What of a value the rule looks at: two moments may be written otherwise, 0 is -0, and a union has no order.
fn essence(rule: Rule, version: &Version) -> BTreeSet<String> {
    let value = version.as_ref().expect("nothing was removed");
    match (rule, value) {
        (Rule::Union, Value::List(items)) => {
            items.iter().map(|item| format!("{:?}", item.as_key())).collect()
        }
        (Rule::Latest, _) => BTreeSet::from([format!("{:?}", crate::merging::measures::moment_ms(value))]),
        (Rule::MostRecentNonNull, Value::Undefined) => BTreeSet::from(["Null".to_owned()]),
        _ => BTreeSet::from([format!("{:?}", value.as_key())]),
    }
}

/// A document of which each side changed other places, and what it is with both.
fn apart(bytes: &mut Unstructured<'_>) -> Result<(Sides, Value)> {
    let base = given::object(bytes, 0)?;
    let [local, server, both] = split(bytes, &base, &mut 0)?;
    Ok((Sides::new(base, local, server), both))
}

fn split(bytes: &mut Unstructured<'_>, base: &Value, news: &mut u32) -> Result<[Value; 3]> {
    let parts: Vec<(Value, Value)> = match base {
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (Value::text(name), value.clone())).collect()
        }
        Value::List(items) => items
            .iter()
            .map(|item| (item.field("id").cloned().unwrap_or(Value::Null), item.clone()))
            .collect(),
        _ => unreachable!("only what can be split is"),
    };
    let mut sides: [Vec<(Value, Value)>; 3] = Default::default();
    for (key, value) in parts {
        let is_split = is_splittable(&value) && bytes.ratio(1, 2)?;
        let versions = if is_split {
            split(bytes, &value, news)?.map(Some)
        } else {
            let changed = changed(bytes, base, &key, news)?;
            match bytes.int_in_range(0..=2)? {
                // Who changes what tells an object apart makes another one of it.
                _ if key == Value::text("id") || key == Value::text("_id") => {
                    [Some(value.clone()), Some(value.clone()), Some(value)]
                }
                0 => [Some(value.clone()), Some(value.clone()), Some(value)],
                1 => [changed.clone(), Some(value), changed],
                _ => [Some(value), changed.clone(), changed],
            }
        };
        for (side, version) in sides.iter_mut().zip(versions) {
            side.extend(version.map(|version| (key.clone(), version)));
        }
    }
    for side in 0..2 {
        *news += 1;
        let key = Value::text(format!("new {news}"));
        let made = item(base, &key, *news);
        sides[side].push((key.clone(), made.clone()));
        sides[2].push((key, made));
    }
    Ok(sides.map(|parts| whole(base, parts)))
}

/// What a side made of a part; none: it is gone.
fn changed(bytes: &mut Unstructured<'_>, around: &Value, key: &Value, news: &mut u32) -> Result<Version> {
    *news += 1;
    Ok((!bytes.ratio(1, 3)?).then(|| item(around, key, *news)))
}

/// A part that nobody has yet.
fn item(around: &Value, key: &Value, new: u32) -> Value {
    let made = Value::text(format!("made {new}"));
    match around {
        Value::List(_) => Value::object([("id", key.clone()), ("made", made)]),
        _ => made,
    }
}

fn whole(around: &Value, parts: Vec<(Value, Value)>) -> Value {
    match around {
        Value::List(_) => Value::list(parts.into_iter().map(|(_, value)| value)),
        _ => {
            let name = |key: &Value| key.as_text().expect("fields have names").to_owned();
            Value::object(parts.into_iter().map(|(key, value)| (name(&key), value)))
        }
    }
}

/// Objects, and lists of objects that their ids tell apart.
fn is_splittable(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::List(items) => {
            let ids: BTreeSet<String> = items.iter().map(|item| format!("{:?}", item.field("id"))).collect();
            let has_id = |item: &Value| matches!(item.field("id"), Some(Value::Number(_)));
            !items.is_empty() && ids.len() == items.len() && items.iter().all(has_id)
        }
        _ => false,
    }
}

/// With lists of objects by their ids: where both added at one place, either order is right.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => Value::object(fields.iter().map(|(name, value)| (name, sorted(value)))),
        Value::List(items) if items.iter().all(|item| item.field("id").is_some()) => {
            let mut items: Vec<Value> = items.iter().map(sorted).collect();
            items.sort_by_key(|item| format!("{:?}", item.field("id")));
            Value::list(items)
        }
        _ => value.clone(),
    }
}
