//! Operations that were not sent yet become one.

use tabweave::engine::{OperationId, PersistFailure, Terms, Wish};

use crate::stage::{Stage, cards, unknown};
use crate::support::host::NAMES;

/// A change that may go together with its neighbours.
fn change(stage: &mut Stage, tab: usize, name: &str, value: f64) -> OperationId {
    let mut request = stage.request(name, "a", value);
    request.terms = Terms { coalesces: true, ..Terms::default() };
    let id = request.id;
    assert_eq!(stage.ask(tab, request), Ok(()));
    id
}

fn connect(stage: &mut Stage, tab: usize) {
    stage.with(tab, |engine, _, now| engine.handle_connection(now, true));
}

#[test]
fn changes_made_offline_are_sent_as_one_that_does_what_all_of_them_did() {
    let mut stage = Stage::new();
    let tab = stage.open_knowing(&NAMES, false);
    stage.base(tab, &[("a", 1.0)], &[]);
    let [first, second, third] = [0, 0, 0].map(|_| change(&mut stage, tab, "increment", 0.0));
    assert_eq!(stage.shows(tab), cards(&[("a", 4.0)]));
    assert_eq!([first, second, third].map(|id| stage.stored_state(id)), ["queued", "cancelled", "cancelled"]);
    assert_eq!(stage.pending(tab), [first]);
    connect(&mut stage, tab);
    assert_eq!(stage.calls(tab), [first]);
    stage.accept(tab);
    assert_eq!(stage.settlements(tab, third), ["merged"]);
    assert_eq!(stage.settlements(tab, first), ["done"]);
}

#[test]
fn what_is_on_its_way_stays_what_it_is_and_those_behind_it_become_one() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let first = change(&mut stage, tab, "patch", 1.0);
    let [second, third] = [2.0, 3.0].map(|value| change(&mut stage, tab, "patch", value));
    assert_eq!(stage.calls(tab), [first]);
    stage.answer(tab, unknown());
    // What was sent once may be known to the server under its key.
    assert_eq!([first, second, third].map(|id| stage.stored_state(id)), ["waiting", "queued", "cancelled"]);
}

#[test]
fn changes_of_two_tabs_become_one_and_both_show_it() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open_knowing(&NAMES, false), stage.open_knowing(&NAMES, false)];
    for tab in [leader, other] {
        stage.base(tab, &[("a", 1.0)], &[]);
    }
    let [first, second] = [leader, other].map(|tab| change(&mut stage, tab, "increment", 0.0));
    assert_eq!([first, second].map(|id| stage.stored_state(id)), ["queued", "cancelled"]);
    assert_eq!([leader, other].map(|tab| stage.shows(tab)), [cards(&[("a", 3.0)]), cards(&[("a", 3.0)])]);
}

#[test]
fn what_the_app_keeps_apart_stays_apart() {
    let mut stage = Stage::new();
    let tab = stage.open_knowing(&NAMES, false);
    let [first, second] = ["patch", "increment"].map(|name| change(&mut stage, tab, name, 1.0));
    let [third, fourth] = ["remove", "remove"].map(|name| change(&mut stage, tab, name, 1.0));
    assert_eq!([first, second, third, fourth].map(|id| stage.stored_state(id)), ["queued"; 4]);
}

#[test]
fn a_write_that_fails_leaves_them_apart_until_it_is_tried_again() {
    let mut stage = Stage::new();
    let tab = stage.open_knowing(&NAMES, false);
    stage.base(tab, &[("a", 1.0)], &[]);
    let first = change(&mut stage, tab, "increment", 0.0);
    stage.hold_store(tab, true);
    let second = change(&mut stage, tab, "increment", 0.0);
    stage.run_jobs(tab, 1);
    stage.fail_next_write(tab, PersistFailure::Failed);
    stage.hold_store(tab, false);
    assert_eq!([first, second].map(|id| stage.stored_state(id)), ["queued", "queued"]);
    assert_eq!(stage.shows(tab), cards(&[("a", 3.0)]));
    stage.wait(1_000);
    assert_eq!([first, second].map(|id| stage.stored_state(id)), ["queued", "cancelled"]);
}

#[test]
fn who_leads_next_makes_one_of_what_the_leader_left() {
    let mut stage = Stage::new();
    let former = stage.open_knowing(&[], false);
    let heir = stage.open_knowing(&NAMES, false);
    // The leader does not know the operation, so it looks at nothing.
    let [first, second] = [0, 0].map(|_| change(&mut stage, heir, "increment", 0.0));
    assert_eq!([first, second].map(|id| stage.stored_state(id)), ["queued", "queued"]);
    stage.crash(former);
    assert_eq!([first, second].map(|id| stage.stored_state(id)), ["queued", "cancelled"]);
}

#[test]
fn what_another_tab_did_between_two_and_had_not_stored_comes_after_what_they_become() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open_knowing(&NAMES, false), stage.open_knowing(&NAMES, false)];
    let first = change(&mut stage, leader, "patch", 1.0);
    stage.hold_store(other, true);
    stage.wait(10);
    let between = stage.mutate(other, "insert", "a", 0.0);
    stage.wait(10);
    change(&mut stage, leader, "patch", 2.0);
    stage.hold_store(other, false);
    connect(&mut stage, leader);
    assert_eq!(stage.calls(leader), [first]);
    stage.accept(leader);
    assert_eq!(stage.calls(leader), [between]);
}

#[test]
fn what_took_over_can_be_withdrawn_as_a_whole() {
    let mut stage = Stage::new();
    let tab = stage.open_knowing(&NAMES, false);
    stage.base(tab, &[("a", 1.0)], &[]);
    let [first, _] = [0, 0].map(|_| change(&mut stage, tab, "increment", 0.0));
    assert!(stage.with(tab, |engine, _, now| engine.wish(now, first, Wish::Cancel)));
    assert_eq!(stage.shows(tab), cards(&[("a", 1.0)]));
}
