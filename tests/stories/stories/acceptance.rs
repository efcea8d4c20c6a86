//! What is accepted, and what is refused.

use tabweave::engine::{HostRefusal, Refusal};

use crate::stage::{Stage, cards};
use crate::support::value::Value;

#[test]
fn a_change_is_shown_before_anything_was_stored() {
    let mut stage = Stage::new();
    let tab = stage.open();
    stage.base(tab, &[("a", 1.0)], &[]);
    stage.hold_store(tab, true);
    let id = stage.mutate(tab, "increment", "a", 0.0);
    assert_eq!(stage.shows(tab), cards(&[("a", 2.0)]));
    assert!(!stage.is_stored(id));
}

#[test]
fn what_an_optimistic_function_throws_refuses_the_change_before_it_is_stored() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let request = stage.request("throw", "a", 1.0);
    let thrown = HostRefusal::Threw(Value::text("throw throws"));
    assert_eq!(stage.ask(tab, request.clone()), Err(Refusal::Optimistic(thrown)));
    assert_eq!((stage.is_stored(request.id), stage.journal(tab)), (false, vec![]));
}

#[test]
fn a_change_is_sent_only_after_the_store_has_its_claim() {
    let mut stage = Stage::new();
    let tab = stage.open();
    stage.hold_store(tab, true);
    let id = stage.mutate(tab, "patch", "a", 1.0);
    assert_eq!(stage.calls(tab), []);
    stage.hold_store(tab, false);
    assert_eq!((stage.calls(tab), stage.stored_state(id)), (vec![id], "claimed"));
}

#[test]
fn a_change_stays_in_the_journal_until_the_store_has_it() {
    let mut stage = Stage::new();
    let tab = stage.open();
    stage.hold_store(tab, true);
    let id = stage.mutate(tab, "patch", "a", 1.0);
    assert_eq!(stage.journal(tab), [id]);
    stage.hold_store(tab, false);
    assert_eq!(stage.journal(tab), []);
}

#[test]
fn changes_of_one_scope_are_sent_one_after_another() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let [first, second] = [1.0, 2.0].map(|value| stage.mutate(tab, "patch", "a", value));
    assert_eq!(stage.calls(tab), [first]);
    stage.accept(tab);
    assert_eq!(stage.calls(tab), [second]);
}

#[test]
fn changes_of_two_scopes_are_sent_side_by_side() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let ids = ["a", "b"].map(|document| stage.mutate(tab, "patch", document, 1.0));
    assert_eq!(stage.calls(tab), ids);
}
