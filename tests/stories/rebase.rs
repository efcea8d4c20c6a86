//! Laws of the view: it is the fold of what is pending over what the server told, however it came about.

use proptest::prelude::*;
use std::collections::BTreeMap;
use tabweave::engine::{OperationId, Wish};

use crate::stage::{Stage, cards_of, rejected};
use crate::support::host::{self, Documents, NAMES};
use crate::support::value::Value;

const DOCUMENTS: [&str; 3] = ["a", "b", "c"];

/// A change that a person makes, and what comes of it.
#[derive(Clone, Debug)]
struct Change {
    name: &'static str,
    document: &'static str,
    value: f64,
}

fn change() -> impl Strategy<Value = Change> {
    let name = prop::sample::select(vec!["insert", "patch", "remove", "increment"]);
    let document = prop::sample::select(DOCUMENTS.to_vec());
    (name, document, 0..9_u8).prop_map(|(name, document, value)| Change {
        name,
        document,
        value: f64::from(value),
    })
}

fn base() -> impl Strategy<Value = Vec<(&'static str, f64)>> {
    prop::collection::vec((prop::sample::select(DOCUMENTS.to_vec()), (0..9_u8).prop_map(f64::from)), 0..4)
}

/// The changes folded over the base, without an engine.
fn folded<'a>(base: &[(&str, f64)], changes: impl IntoIterator<Item = &'a Change>) -> BTreeMap<String, f64> {
    let mut documents: Documents = cards_of(base);
    for Change { name, document, value } in changes {
        let arguments = host::arguments("cards", document, "n", Value::number(*value));
        let body = tabweave::engine::Body::Intent { arguments };
        host::perform(name, &body, &mut documents).expect("these changes never throw");
    }
    let number = |card: &Value| card.field("n").and_then(Value::as_number).expect("cards have numbers");
    documents.iter().map(|(key, card)| (key.clone(), number(card))).collect()
}

/// Makes the changes in a tab without a connection, so that the story decides what becomes of them.
fn tab_with(base: &[(&str, f64)], changes: &[Change]) -> (Stage, usize, Vec<OperationId>) {
    let mut stage = Stage::new();
    let tab = stage.open_knowing(&NAMES, false);
    stage.base(tab, base, &[]);
    let ids = changes.iter().map(|one| stage.mutate(tab, one.name, one.document, one.value)).collect();
    (stage, tab, ids)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_view_is_the_fold(base in base(), changes in prop::collection::vec(change(), 0..8)) {
        let (stage, tab, _) = tab_with(&base, &changes);
        prop_assert_eq!(stage.shows(tab), folded(&base, &changes));
    }

    #[test]
    fn a_change_taken_back_leaves_the_fold_of_the_others(
        base in base(), changes in prop::collection::vec(change(), 1..8), which in any::<prop::sample::Index>()
    ) {
        let (mut stage, tab, ids) = tab_with(&base, &changes);
        let taken_back = which.index(changes.len());
        prop_assert!(stage.with(tab, |engine, _, now| engine.wish(now, ids[taken_back], Wish::Cancel)));
        let others = changes.iter().enumerate().filter(|(at, _)| *at != taken_back).map(|(_, one)| one);
        prop_assert_eq!(stage.shows(tab), folded(&base, others));
    }

    #[test]
    fn changes_settled_in_any_order_leave_the_fold_of_the_rest(
        base in base(), next in base(), changes in prop::collection::vec(change(), 1..8), order in any::<u64>()
    ) {
        let (mut stage, tab, ids) = tab_with(&base, &changes);
        let mut left: Vec<usize> = (0..changes.len()).collect();
        let mut order = order;
        while !left.is_empty() {
            let settled = left.remove(order as usize % left.len());
            order = order.rotate_right(7);
            stage.base(tab, &next, &[ids[settled]]);
            prop_assert_eq!(stage.shows(tab), folded(&next, left.iter().map(|at| &changes[*at])));
            let pending: Vec<_> = left.iter().map(|at| ids[*at]).collect();
            prop_assert_eq!(stage.pending(tab), pending);
        }
    }

    #[test]
    fn another_tab_folds_the_same(base in base(), changes in prop::collection::vec(change(), 0..8)) {
        let (mut stage, tab, _) = tab_with(&base, &changes);
        let other = stage.open_knowing(&NAMES, false);
        stage.base(other, &base, &[]);
        prop_assert_eq!(stage.shows(other), stage.shows(tab));
    }

    #[test]
    fn a_refusal_rolls_back_one_change_only(base in base(), changes in prop::collection::vec(change(), 1..6)) {
        let (mut stage, tab, ids) = tab_with(&base, &changes);
        stage.with(tab, |engine, _, now| engine.handle_connection(now, true));
        let refused = stage.calls(tab)[0];
        stage.answer(tab, rejected());
        let others = changes.iter().zip(&ids).filter(|(_, id)| **id != refused).map(|(one, _)| one);
        prop_assert_eq!(stage.shows(tab), folded(&base, others));
    }
}
