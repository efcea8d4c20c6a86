//! Wishes of people, in the leader's tab and in others.

use tabweave::engine::Wish;

use crate::stage::{Stage, cards, rejected, unknown};
use crate::support::host::NAMES;

#[test]
fn a_change_that_waits_can_be_withdrawn_from_another_tab() {
    let mut stage = Stage::new();
    let leader = stage.open_knowing(&NAMES, false);
    let other = stage.open_knowing(&NAMES, false);
    stage.base(other, &[("a", 1.0)], &[]);
    let id = stage.mutate(leader, "increment", "a", 0.0);
    assert_eq!(stage.shows(other), cards(&[("a", 2.0)]));
    assert!(stage.with(other, |engine, _, now| engine.wish(now, id, Wish::Cancel)));
    assert_eq!((stage.stored_state(id), stage.shows(other)), ("cancelled", cards(&[("a", 1.0)])));
}

#[test]
fn what_is_under_way_cannot_be_withdrawn() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let id = stage.mutate(tab, "patch", "a", 1.0);
    assert!(!stage.with(tab, |engine, _, now| engine.wish(now, id, Wish::Cancel)));
    assert_eq!(stage.state(tab, id), "claimed");
}

#[test]
fn a_wish_that_arrives_twice_is_granted_once() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open(), stage.open()];
    let id = stage.mutate(leader, "patch", "a", 1.0);
    stage.answer(leader, rejected());
    assert!(stage.with(other, |engine, _, now| engine.wish(now, id, Wish::Retry)));
    stage.answer(leader, rejected());
    stage.repeat(leader, "ask");
    assert_eq!((stage.state(leader, id), stage.calls(leader)), ("dead", vec![]));
}

#[test]
fn an_operation_withdrawn_and_forgotten_while_a_tab_slept_is_not_shown_for_ever() {
    let mut stage = Stage::new();
    let [leader, sleeper] = [stage.open_knowing(&NAMES, false), stage.open_knowing(&NAMES, false)];
    stage.base(sleeper, &[("a", 1.0)], &[]);
    let id = stage.mutate(leader, "increment", "a", 0.0);
    stage.suspend(sleeper);
    assert!(stage.with(leader, |engine, _, now| engine.wish(now, id, Wish::Cancel)));
    stage.wait(300_000);
    stage.with(leader, |engine, _, now| engine.handle_connection(now, true));
    stage.mutate(leader, "patch", "b", 1.0);
    stage.accept(leader);
    assert!(!stage.is_stored(id));
    stage.resume(sleeper);
    stage.wait(2_000);
    assert_eq!((stage.shows(sleeper), stage.pending(sleeper).contains(&id)), (cards(&[("a", 1.0)]), false));
}

#[test]
fn a_parked_change_can_be_discarded_and_the_next_of_its_scope_goes_on() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let mut request = stage.request("patch", "a", 1.0);
    request.repeatable = false;
    let id = request.id;
    assert_eq!(stage.ask(tab, request), Ok(()));
    let next = stage.mutate(tab, "patch", "a", 2.0);
    stage.answer(tab, unknown());
    assert_eq!(stage.calls(tab), []);
    assert!(stage.with(tab, |engine, _, now| engine.wish(now, id, Wish::Cancel)));
    assert_eq!(stage.calls(tab), [next]);
}

#[test]
fn who_slept_while_a_dead_letter_was_tried_again_is_told_that_it_was_done() {
    let mut stage = Stage::new();
    let [leader, sleeper] = [stage.open(), stage.open()];
    let id = stage.mutate(sleeper, "patch", "a", 1.0);
    stage.answer(leader, rejected());
    stage.suspend(sleeper);
    assert!(stage.with(leader, |engine, _, now| engine.wish(now, id, Wish::Retry)));
    stage.accept(leader);
    stage.resume(sleeper);
    assert_eq!(stage.settlements(sleeper, id), ["dead", "done"]);
}
