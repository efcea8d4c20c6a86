//! Sensitive operations: only the page that accepted one knows what is to be done.

use tabweave::engine::{FailureCode, LockNews, OperationId, TabId, Terms, Wish};

use crate::stage::{Stage, not_now, rejected, unknown};

/// Two tabs, of which the first leads; the second accepts something sensitive.
fn with_a_secret(connected: bool) -> (Stage, [usize; 2], OperationId) {
    let mut stage = Stage::new();
    let tabs = [stage.open(), stage.open()];
    for tab in tabs {
        stage.with(tab, |engine, _, now| engine.handle_connection(now, connected));
    }
    let id = keep_secret(&mut stage, tabs[1]);
    (stage, tabs, id)
}

fn keep_secret(stage: &mut Stage, tab: usize) -> OperationId {
    let mut request = stage.request("patch", "a", 1.0);
    request.terms = Terms { sensitive: true, ..Terms::default() };
    let id = request.id;
    assert_eq!(stage.ask(tab, request), Ok(()));
    id
}

fn connect(stage: &mut Stage, tab: usize) {
    stage.with(tab, |engine, _, now| engine.handle_connection(now, true));
}

fn code(stage: &Stage, id: OperationId) -> Option<FailureCode> {
    stage.store.operations[&id].state.failure().map(|failure| failure.code)
}

#[test]
fn it_is_run_by_the_page_that_accepted_it_though_another_leads() {
    let (mut stage, [leader, tab], id) = with_a_secret(true);
    assert!(stage.leads(leader));
    assert_eq!([leader, tab].map(|tab| stage.calls(tab)), [vec![], vec![id]]);
    stage.accept(tab);
    assert_eq!((stage.stored_state(id), stage.settlements(tab, id)), ("done", vec!["done"]));
}

#[test]
fn it_is_run_by_its_page_after_the_leader_changed() {
    let (mut stage, [leader, tab], id) = with_a_secret(false);
    let third = stage.open();
    stage.with(leader, |engine, _, now| engine.close(now));
    assert!(stage.leads(tab));
    stage.suspend(tab);
    stage.resume(tab);
    assert!(stage.leads(third));
    connect(&mut stage, tab);
    assert_eq!([tab, third].map(|tab| stage.calls(tab)), [vec![id], vec![]]);
}

#[test]
fn it_becomes_a_dead_letter_when_its_page_says_that_it_leaves() {
    let (mut stage, [leader, tab], id) = with_a_secret(false);
    stage.with(tab, |engine, _, now| engine.close(now));
    assert_eq!((stage.stored_state(id), code(&stage, id)), ("dead", Some(FailureCode::PageGone)));
    assert_eq!(stage.settlements(leader, id), ["dead"]);
}

#[test]
fn it_becomes_a_dead_letter_when_somebody_looks_after_its_page_crashed() {
    let (mut stage, [leader, tab], id) = with_a_secret(false);
    stage.crash(tab);
    assert_eq!(stage.stored_state(id), "queued");
    stage.with(leader, |engine, _, now| engine.handle_visibility(now, true));
    assert_eq!((stage.stored_state(id), code(&stage, id)), ("dead", Some(FailureCode::PageGone)));
}

#[test]
fn a_tab_that_opens_later_gives_it_up_too() {
    let mut stage = Stage::new();
    let tab = stage.open_knowing(&["patch"], false);
    let id = keep_secret(&mut stage, tab);
    stage.crash(tab);
    let next = stage.open();
    assert!(stage.leads(next));
    assert_eq!((stage.stored_state(id), code(&stage, id)), ("dead", Some(FailureCode::PageGone)));
    assert_eq!(stage.calls(next), []);
}

#[test]
fn it_is_not_lost_silently_with_a_page_that_died_before_the_store_had_it() {
    let mut stage = Stage::new();
    let [leader, tab] = [stage.open(), stage.open()];
    stage.lose_jobs(tab);
    let id = keep_secret(&mut stage, tab);
    let next = stage.mutate(tab, "patch", "a", 2.0);
    stage.crash(tab);
    stage.wait(10_000);
    assert_eq!((stage.stored_state(id), code(&stage, id)), ("dead", Some(FailureCode::PageGone)));
    assert_eq!((stage.settlements(leader, id), stage.calls(leader)), (vec!["dead"], vec![next]));
}

#[test]
fn an_attempt_that_its_page_took_along_leaves_it_in_doubt() {
    let (mut stage, [_, tab], id) = with_a_secret(true);
    stage.crash(tab);
    stage.wait(10_000);
    assert_eq!((stage.stored_state(id), code(&stage, id)), ("dead", Some(FailureCode::OutcomeUnknown)));
}

#[test]
fn what_stopped_for_a_person_ends_with_its_page() {
    let mut stage = Stage::new();
    let [_, tab] = [stage.open(), stage.open()];
    let mut request = stage.request("patch", "a", 1.0);
    (request.repeatable, request.terms.sensitive) = (false, true);
    let id = request.id;
    assert_eq!(stage.ask(tab, request), Ok(()));
    stage.answer(tab, unknown());
    assert_eq!(stage.stored_state(id), "parked");
    stage.with(tab, |engine, _, now| engine.close(now));
    assert_eq!((stage.stored_state(id), code(&stage, id)), ("dead", Some(FailureCode::OutcomeUnknown)));
}

#[test]
fn a_page_that_sleeps_keeps_it() {
    let (mut stage, [leader, tab], id) = with_a_secret(true);
    stage.answer(tab, not_now());
    stage.suspend(tab);
    stage.wait(60_000);
    stage.with(leader, |engine, _, now| engine.handle_visibility(now, true));
    let newcomer = stage.open();
    stage.wait(60_000);
    assert_eq!((stage.stored_state(id), stage.waits_for(leader, id)), ("waiting", Some("no_handler")));
    assert_eq!(stage.diagnostics(leader), [], "no definition is lacking");
    stage.resume(tab);
    assert_eq!([leader, newcomer, tab].map(|tab| stage.calls(tab)), [vec![], vec![], vec![id]]);
}

#[test]
fn a_tab_that_opened_since_the_look_began_is_not_judged_by_it() {
    let mut stage = Stage::new();
    let [leader, tab] = [stage.open(), stage.open()];
    stage.with(leader, |engine, _, now| engine.handle_connection(now, false));
    let [own, other] = [leader, tab].map(|tab| stage.with(tab, |engine, _, _| engine.status().tab));
    let only = |tab: TabId| [tab].into_iter().collect();
    // A look begins and sees neither the other tab nor, a moment later, what it accepts.
    stage.with(leader, |engine, _, now| {
        engine.handle_visibility(now, true);
        while engine.poll_effect().is_some() {}
    });
    stage.with(tab, |engine, _, now| engine.handle_connection(now, false));
    let id = keep_secret(&mut stage, tab);
    stage.with(leader, |engine, _, now| engine.handle_presence(now, &only(own), &only(own)));
    assert_eq!(stage.stored_state(id), "queued");
    assert_ne!(own, other);
}

#[test]
fn where_there_are_no_locks_a_page_that_does_not_answer_is_gone() {
    let mut stage = Stage::new();
    stage.has_locks = false;
    let [leader, tab] = [stage.open(), stage.open()];
    for tab in [leader, tab] {
        stage.with(tab, |engine, _, now| engine.handle_leader_lock(now, LockNews::Missing));
    }
    stage.wait(1_000);
    let (leader, tab) = if stage.leads(leader) { (leader, tab) } else { (tab, leader) };
    stage.with(leader, |engine, _, now| engine.handle_connection(now, false));
    let id = keep_secret(&mut stage, tab);
    stage.wait(10_000);
    stage.with(leader, |engine, _, now| engine.handle_visibility(now, true));
    stage.wait(10_000);
    assert_eq!(stage.stored_state(id), "queued", "it answers");
    stage.crash(tab);
    stage.with(leader, |engine, _, now| engine.handle_visibility(now, true));
    stage.wait(10_000);
    assert_eq!((stage.stored_state(id), code(&stage, id)), ("dead", Some(FailureCode::PageGone)));
}

#[test]
fn it_outlives_the_store_with_its_page() {
    let (mut stage, [leader, tab], id) = with_a_secret(false);
    stage.wipe_store();
    stage.wait(2_000);
    assert_eq!(stage.stored_state(id), "queued");
    for tab in [leader, tab] {
        connect(&mut stage, tab);
    }
    assert_eq!([leader, tab].map(|tab| stage.calls(tab)), [vec![], vec![id]]);
}

#[test]
fn what_comes_after_it_in_its_scope_waits_for_it_and_goes_on_without_its_page() {
    let (mut stage, [leader, tab], id) = with_a_secret(true);
    let next = stage.mutate(leader, "patch", "a", 2.0);
    assert_eq!(stage.calls(leader), []);
    stage.with(tab, |engine, _, now| engine.close(now));
    assert_eq!((stage.stored_state(id), stage.calls(leader)), ("dead", vec![next]));
}

#[test]
fn a_dead_letter_is_tried_again_in_its_page_alone() {
    let (mut stage, [leader, tab], id) = with_a_secret(true);
    stage.answer(tab, rejected());
    let retry = |stage: &mut Stage, tab| stage.with(tab, |engine, _, now| engine.wish(now, id, Wish::Retry));
    assert!(!retry(&mut stage, leader));
    assert!(retry(&mut stage, tab));
    assert_eq!([leader, tab].map(|tab| stage.calls(tab)), [vec![], vec![id]]);
}

#[test]
fn a_page_that_was_taken_for_gone_can_have_it_tried_again() {
    let (mut stage, [leader, tab], id) = with_a_secret(false);
    stage.suspend(tab);
    stage.crash(tab);
    stage.with(leader, |engine, _, now| engine.handle_visibility(now, true));
    assert_eq!((stage.stored_state(id), code(&stage, id)), ("dead", Some(FailureCode::PageGone)));
    stage.come_back(tab);
    connect(&mut stage, leader);
    assert_eq!(stage.stored_state(id), "dead", "somebody has to decide");
    assert!(stage.with(tab, |engine, _, now| engine.wish(now, id, Wish::Retry)));
    connect(&mut stage, tab);
    assert_eq!([leader, tab].map(|tab| stage.calls(tab)), [vec![], vec![id]]);
}
