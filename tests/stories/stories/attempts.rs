//! Attempts: how often, and by whom.

use tabweave::engine::Wish;

use crate::stage::{Stage, not_now, rejected, unknown};
use crate::support::host::NAMES;

#[test]
fn a_repeatable_change_without_an_answer_is_sent_again_after_a_while() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let id = stage.mutate(tab, "patch", "a", 1.0);
    stage.answer(tab, unknown());
    assert_eq!((stage.state(tab, id), stage.calls(tab)), ("waiting", vec![]));
    stage.wait(1_000);
    assert_eq!(stage.calls(tab), [id]);
}

#[test]
fn a_change_that_must_not_be_repeated_waits_for_a_person_when_nobody_answered() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let mut request = stage.request("patch", "a", 1.0);
    request.repeatable = false;
    let id = request.id;
    assert_eq!(stage.ask(tab, request), Ok(()));
    stage.answer(tab, unknown());
    stage.wait(600_000);
    assert_eq!((stage.state(tab, id), stage.calls(tab)), ("parked", vec![]));
    assert!(stage.with(tab, |engine, _, now| engine.wish(now, id, Wish::Retry)));
    assert_eq!(stage.calls(tab), [id]);
}

#[test]
fn a_second_word_that_nobody_knows_changes_nothing_about_a_parked_change() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let mut request = stage.request("patch", "a", 1.0);
    request.repeatable = false;
    let id = request.id;
    assert_eq!(stage.ask(tab, request), Ok(()));
    stage.answer(tab, unknown());
    let before = stage.store.revision;
    stage.with(tab, |engine, app, now| engine.handle_attempt(now, app, id, 1, unknown()));
    assert_eq!((stage.state(tab, id), stage.store.revision), ("parked", before));
}

#[test]
fn a_late_answer_to_an_older_attempt_is_not_taken_for_the_new_ones() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let mut request = stage.request("patch", "a", 1.0);
    request.repeatable = false;
    let id = request.id;
    assert_eq!(stage.ask(tab, request), Ok(()));
    stage.answer(tab, unknown());
    assert!(stage.with(tab, |engine, _, now| engine.wish(now, id, Wish::Retry)));
    stage.with(tab, |engine, app, now| engine.handle_attempt(now, app, id, 1, not_now()));
    stage.wait(60_000);
    assert_eq!((stage.state(tab, id), stage.store.operations[&id].attempts), ("claimed", 2));
}

#[test]
fn a_server_that_says_not_now_too_often_makes_a_dead_letter() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let id = stage.mutate(tab, "patch", "a", 1.0);
    for _ in 0..4 {
        stage.answer(tab, not_now());
        stage.wait(30_000);
    }
    assert_eq!((stage.state(tab, id), stage.settlements(tab, id)), ("dead", vec!["dead"]));
}

#[test]
fn a_dead_letter_can_be_tried_again() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let id = stage.mutate(tab, "patch", "a", 1.0);
    stage.answer(tab, rejected());
    assert!(stage.with(tab, |engine, _, now| engine.wish(now, id, Wish::Retry)));
    stage.accept(tab);
    assert_eq!((stage.state(tab, id), stage.settlements(tab, id)), ("done", vec!["dead", "done"]));
}

#[test]
fn a_change_is_made_by_the_tab_that_knows_how() {
    let mut stage = Stage::new();
    let [leader, able] = [stage.open_knowing(&["insert"], true), stage.open()];
    let id = stage.mutate(able, "patch", "a", 1.0);
    assert_eq!((stage.calls(leader), stage.calls(able)), (vec![], vec![id]));
    stage.accept(able);
    assert_eq!(stage.stored_state(id), "done");
}

#[test]
fn a_request_that_was_lost_on_the_way_to_the_able_tab_is_repeated() {
    let mut stage = Stage::new();
    let [leader, able] = [stage.open_knowing(&["insert"], true), stage.open()];
    stage.deaf.insert(able);
    let id = stage.mutate(able, "patch", "a", 1.0);
    assert_eq!((stage.calls(able), stage.stored_state(id)), (vec![], "claimed"));
    stage.deaf.remove(&able);
    stage.wait(4_000);
    assert_eq!((stage.leads(leader), stage.calls(able)), (true, vec![id]));
}

#[test]
fn an_answer_that_was_lost_on_the_way_to_the_leader_is_repeated_without_another_call() {
    let mut stage = Stage::new();
    let [leader, able] = [stage.open_knowing(&["insert"], true), stage.open()];
    let id = stage.mutate(able, "patch", "a", 1.0);
    stage.deaf.insert(leader);
    stage.accept(able);
    assert_eq!(stage.stored_state(id), "claimed");
    stage.deaf.remove(&leader);
    stage.wait(4_000);
    assert_eq!((stage.stored_state(id), stage.calls(able)), ("done", vec![]));
}

#[test]
fn a_change_that_nobody_can_make_waits_until_somebody_can() {
    let mut stage = Stage::new();
    let able = stage.open_knowing(&NAMES, false);
    let id = stage.mutate(able, "patch", "a", 1.0);
    let unable = stage.open_knowing(&["insert"], true);
    stage.crash(able);
    assert_eq!((stage.stored_state(id), stage.calls(unable)), ("waiting", vec![]));
    stage.register(unable, &["patch"]);
    assert_eq!(stage.calls(unable), [id]);
}

#[test]
fn a_change_that_failed_and_that_nobody_can_make_any_more_says_so() {
    let mut stage = Stage::new();
    let [unable, able] = [stage.open_knowing(&["insert"], true), stage.open()];
    let id = stage.mutate(able, "patch", "a", 1.0);
    stage.answer(able, unknown());
    stage.suspend(able);
    stage.wait(30_000);
    assert_eq!(stage.waits_for(unable, id), Some("no_handler"));
}
