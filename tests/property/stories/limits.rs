//! What is refused leaves no trace.

use tabweave::engine::{Config, HostRefusal, OperationRequest, Refusal};

use super::harness::{Story, accepted, rename};
use crate::support::value::Value;

#[test]
fn a_full_outbox_refuses_and_takes_the_next_when_one_is_through() {
    let mut story = Story::with(Config { outbox_operations_max: 2, ..Config::default() });
    let tab = story.open(&["patch"]);
    story.send_cards(tab, &[("c1", "Ada")]);
    for (operation, name) in [(1, "Grace"), (2, "Edith")] {
        assert_eq!(story.mutate(tab, rename(operation, "c1", name)), Ok(()));
    }
    assert_eq!(story.mutate(tab, rename(3, "c1", "Mary")), Err(Refusal::OutboxFull { operations_max: 2 }));
    assert_eq!((story.shown(tab), story.stored(3)), (vec!["c1 Edith*".to_owned()], "not stored"));
    story.answer(1, accepted());
    assert_eq!(story.mutate(tab, rename(3, "c1", "Mary")), Ok(()));
}

#[test]
fn arguments_take_no_more_than_they_may_until_those_before_are_through() {
    let mut story = Story::with(Config { outbox_bytes_max: 5_000, ..Config::default() });
    let [tab, other] = [story.open(&["patch"]), story.open(&["patch"])];
    story.send_cards(tab, &[("c1", "Ada")]);
    let heavy = |operation, name, bytes| OperationRequest { bytes, ..rename(operation, "c1", name) };
    assert_eq!(story.mutate(tab, heavy(1, "Grace", 3_000)), Ok(()));
    let refusal = Refusal::OutboxHeavy { bytes_max: 5_000 };
    assert_eq!(story.mutate(tab, heavy(2, "Edith", 2_001)), Err(refusal.clone()));
    assert_eq!((story.shown(tab), story.stored(2)), (vec!["c1 Grace*".to_owned()], "not stored"));
    assert_eq!(story.mutate(other, heavy(3, "Mary", 2_001)), Err(refusal), "all tabs count alike");
    assert_eq!(story.mutate(tab, heavy(4, "Edith", 2_000)), Ok(()));
    story.answer(1, accepted());
    assert_eq!(story.mutate(tab, heavy(5, "Mary", 3_000)), Ok(()));
}

#[test]
fn what_an_optimistic_function_throws_is_handed_to_the_caller_and_nothing_is_stored() {
    let mut story = Story::new();
    let tab = story.open(&["patch", "throw"]);
    let request = OperationRequest { name: "throw".to_owned(), ..rename(1, "c1", "Grace") };
    let thrown = Refusal::Optimistic(HostRefusal::Threw(Value::text("throw throws")));
    assert_eq!(story.mutate(tab, request), Err(thrown));
    assert_eq!((story.stored(1), story.calls.len()), ("not stored", 0));
}

#[test]
fn an_operation_that_this_build_does_not_know_is_refused() {
    let mut story = Story::new();
    let tab = story.open(&["insert"]);
    let refusal = Refusal::Optimistic(HostRefusal::Unregistered);
    assert_eq!(story.mutate(tab, rename(1, "c1", "Grace")), Err(refusal));
}

#[test]
fn an_id_is_accepted_once() {
    let mut story = Story::new();
    let tab = story.open(&["patch"]);
    assert_eq!(story.mutate(tab, rename(1, "c1", "Grace")), Ok(()));
    assert_eq!(story.mutate(tab, rename(1, "c1", "Edith")), Err(Refusal::Duplicate));
}

#[test]
fn a_closed_engine_refuses_and_holds_nothing() {
    let mut story = Story::new();
    let [tab, other] = [story.open(&["patch"]), story.open(&["patch"])];
    story.tell(tab, |engine, _, now| engine.close(now));
    assert_eq!(story.mutate(tab, rename(1, "c1", "Grace")), Err(Refusal::Closed));
    assert_eq!((story.joined(tab), story.lock_holder(), story.leads(other)), (None, Some(other), true));
}
