//! A store that fails, fills up, or is gone.

use tabweave::engine::{
    Config, DiagnosticCode, Effect, Engine, FailedKind, Hindrance, Now, OperationId, OperationState, Outcome,
    PersistFailure, StoreId, TabId, Wish,
};

use crate::stage::{Stage, cards, not_now};
use crate::store::Store;
use crate::support::host::{App, NAMES};
use crate::support::value::Value;

#[test]
fn a_full_store_is_reported_and_the_change_is_written_when_there_is_room() {
    let mut stage = Stage::new();
    let tab = stage.open();
    stage.fail_next_write(tab, PersistFailure::Quota);
    let id = stage.mutate(tab, "patch", "a", 1.0);
    assert_eq!((stage.is_stored(id), stage.diagnostics(tab)), (false, vec![DiagnosticCode::StorageQuota]));
    stage.wait(1_000);
    assert!(stage.is_stored(id));
}

#[test]
fn what_a_tab_knows_is_written_to_the_new_store_when_the_old_was_cleared() {
    let mut stage = Stage::new();
    let tab = stage.open_knowing(&["patch"], false);
    stage.base(tab, &[("a", 1.0)], &[]);
    let id = stage.mutate(tab, "patch", "a", 9.0);
    stage.wipe_store();
    assert_eq!((stage.stored_state(id), stage.shows(tab)), ("queued", cards(&[("a", 9.0)])));
    assert_eq!(stage.diagnostics(tab), [DiagnosticCode::StoreLost]);
}

#[test]
fn a_claim_of_a_cleared_store_means_nothing_in_the_new_one() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open(), stage.open()];
    let id = stage.mutate(leader, "patch", "a", 1.0);
    stage.crash(leader);
    stage.accept(other);
    let mut request = stage.request("patch", "b", 1.0);
    request.repeatable = false;
    let unrepeatable = request.id;
    assert_eq!(stage.ask(other, request), Ok(()));
    stage.wipe_store();
    assert_eq!([stage.stored_state(id), stage.stored_state(unrepeatable)], ["missing", "parked"]);
}

#[test]
fn what_a_change_made_visible_is_marked_no_more_when_it_ended_in_a_store_that_is_gone() {
    let mut stage = Stage::new();
    let tab = stage.open();
    stage.base(tab, &[("a", 1.0)], &[]);
    let mut request = stage.request("increment", "a", 0.0);
    request.confirmed_by_key = false;
    assert_eq!(stage.ask(tab, request), Ok(()));
    stage.accept(tab);
    stage.wipe_store();
    assert_eq!((stage.pending(tab), stage.shows(tab)), (vec![], cards(&[("a", 1.0)])));
}

#[test]
fn what_was_done_and_removed_is_not_sent_again_by_who_missed_it_beside_records_that_cannot_be_read() {
    let mut stage = Stage::limited(|limits| limits.finished_keep_ms = 1_000);
    let [leader, heir] = [stage.open(), stage.open()];
    stage.store.unreadable.insert(OperationId::from_bytes([0xee; 16]));
    let id = stage.mutate(leader, "patch", "a", 1.0);
    stage.deaf.insert(heir);
    stage.accept(leader);
    stage.wait(2_000);
    stage.mutate(leader, "patch", "b", 1.0);
    stage.accept(leader);
    assert_eq!((stage.stored_state(id), stage.state(heir, id)), ("missing", "claimed"));
    stage.crash(leader);
    stage.wait(2_000);
    assert_eq!((stage.leads(heir), stage.calls(heir), stage.state(heir, id)), (true, vec![], "unknown"));
}

#[test]
fn what_a_newer_version_has_rewritten_is_left_to_it_with_all_that_comes_after() {
    let mut stage = Stage::new();
    let tab = stage.open_knowing(&NAMES, false);
    let [first, second] = [1.0, 2.0].map(|value| stage.mutate(tab, "patch", "a", value));
    let elsewhere = stage.mutate(tab, "patch", "b", 1.0);
    stage.store.unreadable.insert(first);
    stage.with(tab, |engine, _, now| engine.handle_doorbell(now));
    stage.with(tab, |engine, _, now| engine.handle_connection(now, true));
    assert_eq!((stage.calls(tab), stage.state(tab, first)), (vec![elsewhere], "queued"));
    assert!(!stage.with(tab, |engine, _, now| engine.wish(now, first, Wish::Cancel)));
    stage.store.unreadable.clear();
    stage.with(tab, |engine, _, now| engine.handle_doorbell(now));
    assert_eq!((stage.calls(tab), stage.state(tab, second)), (vec![elsewhere, first], "queued"));
}

#[test]
fn a_record_that_counts_as_many_attempts_as_can_be_counted_is_tried_all_the_same() {
    let mut stage = Stage::new();
    let former = stage.open_knowing(&NAMES, false);
    let id = stage.mutate(former, "patch", "a", 1.0);
    stage.crash(former);
    let operation = stage.store.operations.get_mut(&id).expect("it is stored");
    (operation.attempts, operation.answered) = (u32::MAX, u32::MAX);
    let tab = stage.open();
    assert_eq!(stage.calls(tab), [id]);
    stage.answer(tab, not_now());
    assert_eq!(stage.stored_state(id), "dead");
}

#[test]
fn a_back_off_longer_than_time_ends_with_the_last_moment_that_can_be_read() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let id = stage.mutate(tab, "patch", "a", 1.0);
    let kind = FailedKind::Retryable(Hindrance::Server);
    let after_ms = Some(8_640_000_000_000_000);
    stage.answer(tab, Outcome::Failed { kind, error: Value::Null, after_ms, current: None, rebased: None });
    let state = &stage.store.operations[&id].state;
    assert!(
        matches!(state, OperationState::Waiting { until_ms: Some(8_640_000_000_000_000), .. }),
        "{state:?}"
    );
}

#[test]
fn a_leader_whose_first_reading_failed_reads_again_and_works() {
    let mut stage = Stage::new();
    let tab = stage.open_knowing(&["patch"], false);
    let id = stage.mutate(tab, "patch", "a", 1.0);
    stage.crash(tab);
    let next = stage.open_unable_to_read(2);
    stage.wait(3_000);
    assert_eq!(stage.calls(next), [id]);
}

#[test]
fn an_answer_from_before_a_reading_failed_does_not_stand_for_the_reading_that_is_owed() {
    let (now, mut app) = (Now::default(), App::default());
    let contents = |number| Ok(Store::new(StoreId::from_bytes([number; 16])).contents());
    let mut engine = Engine::new(Config::default(), TabId::from_bytes([9; 16]), 0);
    engine.start(now, true);
    engine.handle_store_read(now, &mut app, contents(1));
    engine.handle_suspend(now);
    engine.handle_resume(now);
    engine.handle_store_closed(now);
    assert_eq!(readings(&mut engine), 3);
    engine.handle_suspend(now);
    engine.handle_resume(now);
    engine.handle_store_read(now, &mut app, Err(PersistFailure::Closed));
    // This was read before the page came back.
    engine.handle_store_read(now, &mut app, contents(2));
    assert_eq!(readings(&mut engine), 1);
}

/// How often the engine has asked for the store since.
fn readings(engine: &mut Engine<Value>) -> usize {
    let effects = std::iter::from_fn(|| engine.poll_effect());
    effects.filter(|effect| matches!(effect, Effect::ReadStore)).count()
}
