//! Journals of tabs that are gone, and of tabs that were taken for gone.

use tabweave::engine::{OperationRequest, PersistFailure, TabId};

use crate::stage::Stage;
use crate::support::host::NAMES;
use crate::support::value::Value;

#[test]
fn what_a_tab_accepted_in_the_task_in_which_it_died_is_sent_by_another() {
    let mut stage = Stage::new();
    let [survivor, victim] = [stage.open(), stage.open()];
    stage.lose_jobs(victim);
    let id = stage.mutate(victim, "patch", "a", 1.0);
    stage.crash(victim);
    assert!(!stage.is_stored(id));
    stage.wait(500);
    assert_eq!((stage.calls(survivor), stage.journal(victim)), (vec![id], vec![]));
}

#[test]
fn changes_of_a_journal_keep_their_order() {
    let mut stage = Stage::new();
    let [survivor, victim] = [stage.open(), stage.open()];
    stage.lose_jobs(victim);
    let ids = [1.0, 2.0, 3.0].map(|value| stage.mutate(victim, "patch", "a", value));
    stage.crash(victim);
    stage.wait(500);
    for id in ids {
        assert_eq!(stage.calls(survivor), [id]);
        stage.accept(survivor);
    }
}

#[test]
fn a_later_change_never_overtakes_an_earlier_one_whose_write_failed() {
    let mut stage = Stage::new();
    let [leader, tab] = [stage.open(), stage.open()];
    stage.fail_next_write(tab, PersistFailure::Quota);
    let [first, second] = [1.0, 2.0].map(|value| stage.mutate(tab, "patch", "a", value));
    assert_eq!(stage.calls(leader), []);
    stage.wait(1_000);
    assert_eq!(stage.calls(leader), [first]);
    stage.accept(leader);
    assert_eq!(stage.calls(leader), [second]);
}

#[test]
fn a_sleeper_whose_journal_was_taken_over_orders_its_later_changes_behind() {
    let mut stage = Stage::new();
    let [leader, sleeper] = [stage.open_knowing(&NAMES, false), stage.open_knowing(&NAMES, false)];
    stage.fail_next_write(sleeper, PersistFailure::Failed);
    let first = stage.mutate(sleeper, "patch", "a", 1.0);
    stage.suspend(sleeper);
    let second = stage.mutate(sleeper, "patch", "a", 2.0);
    stage.forget_last_journalled(sleeper);
    stage.wait(1_000);
    stage.with(leader, |engine, _, now| engine.handle_visibility(now, true));
    assert!(stage.is_stored(first) && !stage.is_stored(second));
    stage.resume(sleeper);
    stage.wait(1_000);
    let stamp = |id| stage.store.operations[&id].stamp;
    assert!(stamp(first) < stamp(second));
}

#[test]
fn a_tab_lets_go_of_its_journal_when_another_has_stored_what_it_holds() {
    let mut stage = Stage::new();
    let [leader, sleeper] = [stage.open(), stage.open()];
    stage.fail_next_write(sleeper, PersistFailure::Failed);
    let id = stage.mutate(sleeper, "patch", "a", 1.0);
    stage.suspend(sleeper);
    stage.are_journals_kept = true;
    stage.with(leader, |engine, _, now| engine.handle_visibility(now, true));
    assert_eq!((stage.is_stored(id), stage.journal(sleeper)), (true, vec![id]));
    stage.resume(sleeper);
    assert_eq!(stage.journal(sleeper), []);
}

/// A sleeping tab's journal of one change, which the leader begins to take over; with the change that is to follow it.
fn half_taken_over(
    stage: &mut Stage,
    leader: usize,
    sleeper: usize,
) -> (TabId, [OperationRequest<Value>; 2]) {
    let owner = stage.with(sleeper, |engine, _, _| engine.status().tab);
    let requests = [1.0, 2.0].map(|value| stage.request("patch", "a", value));
    stage.fail_next_write(sleeper, PersistFailure::Failed);
    assert_eq!(stage.ask(sleeper, requests[0].clone()), Ok(()));
    stage.suspend(sleeper);
    stage.hold_store(leader, true);
    stage.with(leader, |engine, app, now| engine.adopt(now, app, owner, vec![requests[0].clone()]));
    stage.run_jobs(leader, 1);
    (owner, requests)
}

#[test]
fn a_journal_that_grew_while_it_was_taken_over_is_kept_until_the_store_has_all_of_it() {
    let mut stage = Stage::new();
    let [leader, sleeper] = [stage.open(), stage.open()];
    let (owner, requests) = half_taken_over(&mut stage, leader, sleeper);
    let ids = requests.clone().map(|request| request.id);
    assert_eq!(stage.ask(sleeper, requests[1].clone()), Ok(()));
    stage.with(leader, |engine, app, now| engine.adopt(now, app, owner, requests.to_vec()));
    stage.run_jobs(leader, 1);
    assert_eq!((stage.is_stored(ids[0]), stage.journal(sleeper)), (true, ids.to_vec()));
    stage.hold_store(leader, false);
    assert_eq!((stage.is_stored(ids[1]), stage.journal(sleeper)), (true, vec![]));
}

#[test]
fn a_journal_that_grew_while_the_tab_that_took_it_over_slept_is_kept_until_it_is_found_again() {
    let mut stage = Stage::new();
    let [leader, sleeper] = [stage.open(), stage.open()];
    let (owner, requests) = half_taken_over(&mut stage, leader, sleeper);
    let ids = requests.clone().map(|request| request.id);
    stage.suspend(leader);
    assert_eq!(stage.ask(sleeper, requests[1].clone()), Ok(()));
    // What the leader had asked for arrives in its sleep.
    stage.with(leader, |engine, app, now| engine.adopt(now, app, owner, requests.to_vec()));
    stage.resume(leader);
    stage.run_jobs(leader, 1);
    assert_eq!((stage.is_stored(ids[0]), stage.journal(sleeper)), (true, ids.to_vec()));
    stage.hold_store(leader, false);
    assert_eq!((stage.is_stored(ids[1]), stage.journal(sleeper)), (true, vec![]));
}

/// Time in which records of what has ended could go, and occasions to see to it.
fn much_later(stage: &mut Stage, leader: usize) {
    for _ in 0..3 {
        stage.wait(300_000);
        stage.mutate(leader, "patch", "b", 1.0);
        stage.accept(leader);
    }
}

#[test]
fn the_record_of_what_ended_is_kept_until_the_journal_of_its_dead_tab_is_gone() {
    let mut stage = Stage::new();
    let [leader, victim] = [stage.open(), stage.open()];
    stage.are_journals_kept = true;
    stage.lose_jobs(victim);
    let id = stage.mutate(victim, "patch", "a", 1.0);
    stage.crash(victim);
    stage.wait(2_000);
    assert_eq!(stage.calls(leader), [id]);
    stage.accept(leader);
    much_later(&mut stage, leader);
    // Whoever finds the journal now knows that it has ended.
    assert_eq!((stage.calls(leader), stage.stored_state(id)), (vec![], "done"));
    stage.are_journals_kept = false;
    much_later(&mut stage, leader);
    assert!(!stage.is_stored(id));
}
