//! How an operation ended is told once over all tabs, where a person looks.

use tabweave::engine::{OperationId, Terms, Wish};

use crate::stage::{Stage, rejected};
use crate::support::host::NAMES;

/// A change of which a person wants to know how it ends.
fn change(stage: &mut Stage, tab: usize) -> OperationId {
    let mut request = stage.request("patch", "a", 1.0);
    request.terms = Terms { is_reported: true, ..Terms::default() };
    let id = request.id;
    assert_eq!(stage.ask(tab, request), Ok(()));
    id
}

fn look(stage: &mut Stage, tab: usize, visible: bool) {
    stage.with(tab, |engine, _, now| engine.handle_visibility(now, visible));
}

#[test]
fn the_tab_that_asked_is_told_if_a_person_still_sees_it_and_nobody_else() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open(), stage.open()];
    let id = change(&mut stage, other);
    stage.accept(leader);
    assert_eq!((stage.reports(leader), stage.reports(other)), (vec![], vec![(id, "done")]));
    stage.through(other);
    assert!(stage.is_reported(id));
    stage.wait(10_000);
    assert_eq!((stage.reports(leader).len(), stage.reports(other).len()), (0, 1));
}

#[test]
fn after_a_reload_the_tab_that_is_there_is_told() {
    let mut stage = Stage::new();
    let former = stage.open_knowing(&NAMES, false);
    let id = change(&mut stage, former);
    stage.crash(former);
    let reloaded = stage.open();
    stage.accept(reloaded);
    assert_eq!(stage.reports(reloaded), [(id, "done")]);
}

#[test]
fn nobody_is_told_until_a_person_sees_a_tab() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open(), stage.open()];
    let id = change(&mut stage, leader);
    look(&mut stage, leader, false);
    look(&mut stage, other, false);
    stage.accept(leader);
    stage.wait(600_000);
    assert_eq!((stage.reports(leader), stage.reports(other)), (vec![], vec![]));
    // Its record is kept for as long as it takes.
    assert_eq!(stage.stored_state(id), "done");
    look(&mut stage, other, true);
    assert_eq!((stage.reports(leader), stage.reports(other)), (vec![], vec![(id, "done")]));
}

#[test]
fn another_tab_is_told_if_the_first_dies_before_its_app_is_through() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open(), stage.open()];
    let id = change(&mut stage, other);
    stage.accept(leader);
    assert_eq!(stage.reports(other), [(id, "done")]);
    stage.crash(other);
    stage.wait(5_000);
    assert_eq!(stage.reports(leader), [(id, "done")]);
    stage.through(leader);
    assert!(stage.is_reported(id));
}

#[test]
fn a_leader_that_dies_takes_no_report_along() {
    let mut stage = Stage::new();
    let [leader, heir] = [stage.open(), stage.open()];
    let id = change(&mut stage, leader);
    stage.accept(leader);
    assert_eq!(stage.reports(leader), [(id, "done")]);
    stage.crash(leader);
    stage.wait(5_000);
    assert_eq!(stage.reports(heir), [(id, "done")]);
}

#[test]
fn who_is_through_while_the_leader_hears_nothing_says_so_again() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open(), stage.open()];
    let id = change(&mut stage, other);
    stage.accept(leader);
    stage.deaf.insert(leader);
    stage.through(other);
    assert!(!stage.is_reported(id));
    stage.deaf.clear();
    stage.wait(5_000);
    assert!(stage.is_reported(id));
    assert_eq!((stage.reports(leader).len(), stage.reports(other).len()), (0, 1));
}

#[test]
fn each_end_of_a_dead_letter_that_is_tried_again_is_told() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let id = change(&mut stage, tab);
    stage.answer(tab, rejected());
    // The app is not through with the first end when the second comes.
    assert!(stage.with(tab, |engine, _, now| engine.wish(now, id, Wish::Retry)));
    stage.wait(10);
    stage.accept(tab);
    assert_eq!(stage.reports(tab), [(id, "dead"), (id, "done")]);
    stage.through(tab);
    assert!(stage.is_reported(id));
}

#[test]
fn an_operation_that_nobody_wants_to_be_told_of_is_not_told() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let id = stage.mutate(tab, "patch", "a", 1.0);
    stage.accept(tab);
    assert_eq!(stage.reports(tab), []);
    assert!(stage.is_reported(id));
}
