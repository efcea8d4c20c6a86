//! Whose turn it is: the breaker that all tabs share, urgency, operations that are wanted no more, and those that wait
//! for the connection or for a person to sign in.

use tabweave::engine::{
    FailedKind, FailureCode, Hindrance, OperationId, OperationState, Outcome, Priority, Wish,
};

use crate::stage::{Stage, not_now, unknown};
use crate::support::host::NAMES;
use crate::support::value::Value;

fn overload(after_ms: Option<u64>) -> Outcome<Value> {
    let kind = FailedKind::Retryable(Hindrance::Overload);
    Outcome::Failed { kind, error: Value::text("429"), after_ms, current: None, rebased: None }
}

fn failed(kind: FailedKind) -> Outcome<Value> {
    Outcome::failed(kind, Value::text("no"))
}

fn ask(stage: &mut Stage, tab: usize, document: &str, priority: Priority) -> OperationId {
    let mut request = stage.request("patch", document, 1.0);
    request.terms.priority = priority;
    let id = request.id;
    assert_eq!(stage.ask(tab, request), Ok(()));
    id
}

#[test]
fn ten_tabs_make_one_call_an_interval_while_the_server_is_overloaded() {
    let mut stage = Stage::new();
    let tabs: Vec<_> = (0..10).map(|_| stage.open()).collect();
    stage.mutate(tabs[0], "patch", "first", 1.0);
    stage.answer(tabs[0], overload(None));
    for tab in &tabs {
        stage.mutate(*tab, "patch", &format!("of tab {tab}"), 1.0);
    }
    let open = |stage: &Stage| -> usize { tabs.iter().map(|tab| stage.calls(*tab).len()).sum() };
    assert_eq!(open(&stage), 0, "everybody holds back");
    // The first operation may be tried 4 times, at growing intervals: 1, 2 and 4 s after the answers before.
    for interval_ms in [1_000, 2_000, 4_000] {
        stage.wait(interval_ms - 1);
        assert_eq!(open(&stage), 0, "not before {interval_ms} ms");
        stage.wait(1);
        assert_eq!(open(&stage), 1, "after {interval_ms} ms");
        stage.wait(60_000);
        assert_eq!(open(&stage), 1, "as long as it is not answered");
        stage.answer(tabs[0], overload(None));
    }
}

#[test]
fn an_answer_closes_the_breaker_and_all_go_on() {
    let mut stage = Stage::new();
    let tab = stage.open();
    stage.mutate(tab, "patch", "a", 1.0);
    stage.mutate(tab, "patch", "b", 1.0);
    stage.answer(tab, overload(Some(5_000)));
    stage.answer(tab, overload(Some(7_000)));
    let others = [stage.mutate(tab, "patch", "c", 1.0), stage.mutate(tab, "patch", "d", 1.0)];
    stage.wait(6_999);
    assert!(stage.calls(tab).is_empty(), "the longest wait that the server asked for counts");
    stage.wait(1);
    assert_eq!(stage.calls(tab).len(), 1);
    stage.accept(tab);
    assert_eq!(stage.calls(tab).len(), 3);
    assert!(others.iter().all(|id| stage.calls(tab).contains(id)));
}

#[test]
fn the_breaker_outlives_the_leader() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open(), stage.open()];
    stage.mutate(leader, "patch", "a", 1.0);
    stage.answer(leader, overload(Some(20_000)));
    stage.crash(leader);
    stage.mutate(other, "patch", "b", 1.0);
    stage.wait(19_000);
    assert!(stage.leads(other) && stage.calls(other).is_empty());
    stage.wait(2_000);
    assert_eq!(stage.calls(other).len(), 1);
}

#[test]
fn the_urgent_go_first_and_in_a_scope_the_order_counts_alone() {
    let mut stage = Stage::limited(|config| config.scopes_parallel_max = 1);
    let tab = stage.open_knowing(&NAMES, false);
    let usual = ask(&mut stage, tab, "a", Priority::Medium);
    let late_in_its_scope = ask(&mut stage, tab, "a", Priority::Critical);
    let idle = ask(&mut stage, tab, "b", Priority::Low);
    let urgent = ask(&mut stage, tab, "c", Priority::High);
    stage.with(tab, |engine, _, now| engine.handle_connection(now, true));
    let mut order = Vec::new();
    while let [next] = stage.calls(tab)[..] {
        order.push(next);
        stage.accept(tab);
    }
    assert_eq!(order, [urgent, usual, late_in_its_scope, idle]);
}

#[test]
fn what_the_server_never_answered_does_not_count() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let id = stage.mutate(tab, "patch", "a", 1.0);
    for _ in 0..20 {
        stage.answer(tab, unknown());
        stage.wait(30_000);
    }
    assert_eq!((stage.state(tab, id), stage.calls(tab)), ("claimed", vec![id]));
    for _ in 0..3 {
        stage.answer(tab, not_now());
        stage.wait(30_000);
    }
    assert_eq!(stage.state(tab, id), "claimed");
    stage.answer(tab, not_now());
    // It was sent without an answer before: whoever decides has to know that it may have been applied.
    let OperationState::Dead { failure, .. } = stage.store.operations[&id].state.clone() else {
        panic!("it was tried as often as it may be");
    };
    assert_eq!(failure.code, FailureCode::OutcomeUnknown);
}

#[test]
fn a_connection_that_comes_back_ends_the_wait_for_it() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let id = stage.mutate(tab, "patch", "a", 1.0);
    for _ in 0..6 {
        stage.answer(tab, unknown());
        stage.wait(30_000);
    }
    stage.with(tab, |engine, _, now| engine.handle_connection(now, false));
    stage.answer(tab, unknown());
    assert_eq!((stage.waits_for(tab, id), stage.calls(tab)), (Some("connection"), vec![]));
    stage.with(tab, |engine, _, now| engine.handle_connection(now, true));
    assert_eq!(stage.calls(tab), [id]);
}

#[test]
fn a_connection_that_only_seems_to_be_there_is_tried_with_one_operation_at_a_time() {
    let mut stage = Stage::new();
    let tab = stage.open();
    for card in ["a", "b", "c", "d"] {
        stage.mutate(tab, "patch", card, 1.0);
    }
    assert_eq!(stage.calls(tab).len(), 4);
    for _ in 0..4 {
        stage.answer(tab, unknown());
    }
    for _ in 0..10 {
        stage.wait(30_000);
        assert_eq!(stage.calls(tab).len(), 1);
        stage.answer(tab, unknown());
    }
    stage.wait(30_000);
    stage.accept(tab);
    assert_eq!(stage.calls(tab).len(), 3, "it answers: all go on");
}

#[test]
fn what_waits_for_another_operation_neither_counts_nor_holds_anybody_up() {
    waits_alone(Hindrance::Creator, "creator");
}

#[test]
fn what_only_a_newer_build_of_the_app_can_read_neither_counts_nor_holds_anybody_up() {
    waits_alone(Hindrance::Handler, "no_handler");
}

/// An operation that was not sent for this reason is tried again after a while, however often, and nobody else waits.
fn waits_alone(hindrance: Hindrance, reason: &str) {
    let mut stage = Stage::new();
    let tab = stage.open();
    let id = stage.mutate(tab, "patch", "a", 1.0);
    for _ in 0..10 {
        stage.answer(tab, failed(FailedKind::Retryable(hindrance)));
        assert_eq!((stage.waits_for(tab, id), stage.calls(tab)), (Some(reason), vec![]));
        stage.wait(30_000);
    }
    stage.answer(tab, failed(FailedKind::Retryable(hindrance)));
    let others: Vec<_> = ["b", "c", "d"].map(|card| stage.mutate(tab, "patch", card, 1.0)).into();
    assert_eq!(stage.calls(tab), others);
}

#[test]
fn what_is_wanted_no_more_becomes_a_dead_letter_and_lives_again_when_a_person_says_so() {
    let mut stage = Stage::new();
    let tab = stage.open_knowing(&NAMES, false);
    let mut request = stage.request("patch", "a", 1.0);
    request.terms.expire_after_ms = Some(60_000);
    let id = request.id;
    assert_eq!(stage.ask(tab, request), Ok(()));
    stage.wait(59_999);
    assert_eq!(stage.state(tab, id), "queued");
    stage.wait(1);
    assert_eq!((stage.state(tab, id), stage.settlements(tab, id)), ("dead", vec!["dead"]));
    assert!(stage.with(tab, |engine, _, now| engine.wish(now, id, Wish::Retry)));
    stage.wait(600_000);
    assert_eq!(stage.state(tab, id), "queued");
}

#[test]
fn a_queue_25_hours_old_is_still_there() {
    let mut stage = Stage::new();
    let tab = stage.open_knowing(&NAMES, false);
    let ids = [stage.mutate(tab, "patch", "a", 1.0), stage.mutate(tab, "patch", "a", 2.0)];
    stage.wait(25 * 3_600_000);
    let next = stage.open();
    stage.crash(tab);
    stage.wait(5_000);
    assert_eq!(stage.calls(next), [ids[0]]);
    stage.accept(next);
    assert_eq!(stage.calls(next), [ids[1]]);
}

#[test]
fn who_was_signed_out_goes_on_when_the_person_signs_in_in_another_tab() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open(), stage.open()];
    let id = stage.mutate(leader, "patch", "a", 1.0);
    stage.answer(leader, failed(FailedKind::Unauthenticated));
    stage.wait(600_000);
    assert_eq!((stage.state(leader, id), stage.calls(leader)), ("parked", vec![]));
    stage.with(other, |engine, _, now| engine.handle_signed_in(now));
    assert_eq!(stage.calls(leader), [id]);
}

#[test]
fn a_refusal_that_was_on_its_way_while_the_person_signed_in_stops_nothing() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let id = stage.mutate(tab, "patch", "a", 1.0);
    stage.with(tab, |engine, _, now| engine.handle_signed_in(now));
    stage.answer(tab, failed(FailedKind::Unauthenticated));
    assert_eq!(stage.calls(tab), [id], "it was refused for the former signature");
    stage.answer(tab, failed(FailedKind::Unauthenticated));
    assert_eq!((stage.state(tab, id), stage.calls(tab)), ("parked", vec![]), "and not again and again");
}

#[test]
fn a_conflict_waits_for_a_person_and_holds_up_its_scope_alone() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let first = stage.mutate(tab, "patch", "a", 1.0);
    let behind = stage.mutate(tab, "patch", "a", 2.0);
    stage.answer(tab, failed(FailedKind::Conflict));
    let elsewhere = stage.mutate(tab, "patch", "b", 1.0);
    assert_eq!((stage.state(tab, first), stage.state(tab, behind)), ("parked", "queued"));
    assert_eq!(stage.calls(tab), [elsewhere]);
    assert!(stage.with(tab, |engine, _, now| engine.wish(now, first, Wish::SetAside)));
    assert_eq!((stage.state(tab, first), stage.calls(tab)), ("dead", vec![elsewhere, behind]));
}

#[test]
fn what_may_have_been_applied_long_ago_is_never_sent_again_by_itself() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let id = stage.mutate(tab, "patch", "a", 1.0);
    stage.answer(tab, failed(FailedKind::Lost));
    stage.wait(600_000);
    let OperationState::Dead { failure, .. } = stage.store.operations[&id].state.clone() else {
        panic!("it is a dead letter");
    };
    assert_eq!((failure.code, stage.calls(tab)), (FailureCode::OutcomeUnknown, vec![]));
}

#[test]
fn a_wish_whose_write_fails_is_granted_later() {
    let mut stage = Stage::new();
    let tab = stage.open_knowing(&NAMES, false);
    let id = stage.mutate(tab, "patch", "a", 1.0);
    stage.fail_next_write(tab, tabweave::engine::PersistFailure::Failed);
    assert!(stage.with(tab, |engine, _, now| engine.wish(now, id, Wish::Cancel)));
    assert_eq!(stage.stored_state(id), "queued");
    stage.wait(2_000);
    assert_eq!(stage.stored_state(id), "cancelled");
}
