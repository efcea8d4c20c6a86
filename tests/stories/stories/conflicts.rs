//! Edits that the server holds something else against.

use tabweave::engine::{
    AuditEntry, Body, Current, Digests, FailedKind, OperationId, OperationRequest, Outcome, PersistFailure,
    Rebased, Resolution, TabId, Told, Verdict, Weighed, Wish, verify,
};

use crate::stage::{Stage, unknown};
use crate::support::canonical::Canonical;
use crate::support::host::NAMES;
use crate::support::value::Value;

fn card(number: f64) -> Value {
    Value::object([("_id", Value::text("a")), ("n", Value::number(number))])
}

/// Somebody makes the card's number another one.
fn edit(stage: &mut Stage, tab: usize, from: f64, to: f64) -> OperationId {
    let body = Body::Edit {
        collection: "cards".to_owned(),
        document: "a".to_owned(),
        base: card(from),
        next: card(to),
    };
    let request = OperationRequest { body, ..stage.request("edit", "a", 0.0) };
    let id = request.id;
    assert_eq!(stage.ask(tab, request), Ok(()));
    id
}

fn rebased(held: f64, wanted: f64) -> Rebased<Value> {
    let weighed = |number| Some(Weighed { value: card(number), digest: Canonical.digest(&card(number)) });
    let path = Value::list([]);
    let told = Told {
        who: Some("Brenna".to_owned()),
        path: Weighed { digest: Canonical.digest(&path), value: path },
        rule: "none".to_owned(),
        kind: Resolution::Manual,
        base: None,
        local: None,
        server: weighed(held),
        result: weighed(wanted),
    };
    Rebased { base: card(held), next: card(wanted), decided: vec![told] }
}

/// The server holds this number, and the app makes this of both, if it can.
fn conflict(held: f64, wanted: Option<f64>) -> Outcome<Value> {
    Outcome::Failed {
        kind: FailedKind::Conflict,
        error: Value::Null,
        after_ms: None,
        current: Some(Current::Document(card(held))),
        rebased: wanted.map(|wanted| rebased(held, wanted)),
    }
}

/// What is sent next, with its key's number of merges.
fn sent(stage: &Stage, id: OperationId) -> (Body<Value>, u32) {
    let operation = &stage.store.operations[&id];
    (operation.body.clone(), operation.rebases)
}

fn body(from: f64, to: f64) -> Body<Value> {
    Body::Edit { collection: "cards".to_owned(), document: "a".to_owned(), base: card(from), next: card(to) }
}

#[test]
fn what_the_app_can_merge_is_sent_again_under_a_new_key() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let id = edit(&mut stage, tab, 1.0, 2.0);
    stage.answer(tab, conflict(5.0, Some(6.0)));
    assert_eq!(sent(&stage, id), (body(5.0, 6.0), 1));
    assert_eq!(stage.calls(tab), [id]);
    stage.answer(tab, conflict(7.0, Some(8.0)));
    assert_eq!(stage.store.operations[&id].key(), format!("{id}.2"));
    stage.accept(tab);
    assert_eq!(stage.settlements(tab, id), ["done"]);
}

#[test]
fn the_same_answer_a_second_time_merges_nothing_a_second_time() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open_knowing(&[], true), stage.open()];
    let id = edit(&mut stage, other, 1.0, 2.0);
    stage.answer(other, conflict(5.0, Some(6.0)));
    stage.repeat(leader, "attempt_ended");
    assert_eq!(sent(&stage, id), (body(5.0, 6.0), 1));
}

#[test]
fn what_nobody_but_a_person_can_decide_is_parked_with_what_the_server_holds() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open(), stage.open()];
    let id = edit(&mut stage, leader, 1.0, 2.0);
    let behind = edit(&mut stage, leader, 2.0, 3.0);
    stage.answer(leader, conflict(5.0, None));
    assert_eq!((stage.stored_state(id), stage.stored_state(behind)), ("parked", "queued"));
    // A person decides it in another tab.
    assert!(stage.with(other, |engine, _, now| engine.resolve(now, id, rebased(5.0, 2.0))));
    assert_eq!(sent(&stage, id), (body(5.0, 2.0), 1));
    assert_eq!(stage.calls(leader), [id]);
}

#[test]
fn a_conflict_is_decided_once() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open(), stage.open()];
    let id = edit(&mut stage, leader, 1.0, 2.0);
    stage.answer(leader, conflict(5.0, None));
    stage.are_letters_held = true;
    assert!(stage.with(other, |engine, _, now| engine.resolve(now, id, rebased(5.0, 3.0))));
    assert!(stage.with(leader, |engine, _, now| engine.resolve(now, id, rebased(5.0, 4.0))));
    stage.deliver_backwards();
    stage.are_letters_held = false;
    assert_eq!(sent(&stage, id), (body(5.0, 4.0), 1));
    assert!(!stage.with(other, |engine, _, now| engine.resolve(now, id, rebased(5.0, 3.0))));
}

#[test]
fn what_may_have_taken_effect_is_left_to_a_person() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let id = edit(&mut stage, tab, 1.0, 2.0);
    stage.answer(tab, unknown());
    stage.wait(10_000);
    assert_eq!(stage.calls(tab), [id]);
    // The server may hold this very edit.
    stage.answer(tab, conflict(2.0, Some(3.0)));
    assert_eq!((stage.stored_state(id), sent(&stage, id)), ("parked", (body(1.0, 2.0), 0)));
}

#[test]
fn a_decision_outlives_the_leader_that_was_to_write_it_down() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open_knowing(&NAMES, true), stage.open_knowing(&NAMES, true)];
    let id = edit(&mut stage, leader, 1.0, 2.0);
    stage.answer(leader, conflict(5.0, None));
    stage.stop(leader);
    assert!(stage.with(other, |engine, _, now| engine.resolve(now, id, rebased(5.0, 3.0))));
    stage.crash(leader);
    stage.wait(30_000);
    assert_eq!(sent(&stage, id), (body(5.0, 3.0), 1));
}

#[test]
fn nothing_but_an_edit_in_conflict_is_decided() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let intent = stage.mutate(tab, "patch", "a", 1.0);
    stage.answer(tab, conflict(5.0, Some(6.0)));
    assert_eq!(stage.stored_state(intent), "parked");
    assert!(!stage.with(tab, |engine, _, now| engine.resolve(now, intent, rebased(5.0, 3.0))));
    assert!(stage.with(tab, |engine, _, now| engine.wish(now, intent, Wish::Cancel)));
    let strange = OperationId::from_bytes(*TabId::from_bytes([9; 16]).bytes());
    assert!(!stage.with(tab, |engine, _, now| engine.resolve(now, strange, rebased(5.0, 3.0))));
}

#[test]
fn every_decision_has_an_entry_in_one_chain_whoever_leads() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open_knowing(&NAMES, true), stage.open_knowing(&NAMES, true)];
    let first = edit(&mut stage, leader, 1.0, 2.0);
    stage.answer(leader, conflict(5.0, Some(6.0)));
    stage.accept(leader);
    stage.crash(leader);
    stage.wait(30_000);
    let second = edit(&mut stage, other, 6.0, 7.0);
    stage.answer(other, conflict(8.0, None));
    assert!(stage.with(other, |engine, _, now| engine.resolve(now, second, rebased(8.0, 9.0))));
    let entries: Vec<_> = stage.store.audit.values().cloned().map(Some).collect();
    let about: Vec<_> = entries.iter().flatten().map(|entry| entry.decided.operation).collect();
    assert_eq!(about, [first, second]);
    let Verdict { findings, head } = verify(&mut Canonical, None, &entries, None);
    assert_eq!((findings, head), (Vec::new(), entries[1].as_ref().map(AuditEntry::link)));
}

#[test]
fn a_decision_whose_batch_failed_leaves_no_entry_and_is_written_down_later() {
    let mut stage = Stage::new();
    let tab = stage.open();
    let id = edit(&mut stage, tab, 1.0, 2.0);
    stage.fail_next_write(tab, PersistFailure::Quota);
    stage.answer(tab, conflict(5.0, Some(6.0)));
    assert_eq!((stage.store.audit.len(), sent(&stage, id).1), (0, 0));
    stage.wait(5_000);
    assert_eq!((stage.store.audit.len(), sent(&stage, id).1), (1, 1));
}

#[test]
fn an_edit_that_was_decided_meanwhile_is_not_given_up() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open(), stage.open()];
    let ahead = edit(&mut stage, leader, 0.0, 1.0);
    stage.answer(leader, conflict(5.0, None));
    stage.with(leader, |engine, _, now| engine.handle_connection(now, false));
    stage.are_letters_held = true;
    assert!(stage.with(other, |engine, _, now| engine.discard(now, ahead, rebased(5.0, 5.0).decided)));
    assert!(stage.with(leader, |engine, _, now| engine.resolve(now, ahead, rebased(5.0, 4.0))));
    stage.deliver_backwards();
    assert_eq!((stage.stored_state(ahead), sent(&stage, ahead)), ("queued", (body(5.0, 4.0), 1)));
    assert_eq!(stage.store.audit.len(), 1);
}

#[test]
fn an_edit_that_is_given_up_has_an_entry_too() {
    let mut stage = Stage::new();
    let [leader, other] = [stage.open_knowing(&NAMES, true), stage.open_knowing(&NAMES, true)];
    let id = edit(&mut stage, leader, 1.0, 2.0);
    assert!(!stage.with(other, |engine, _, now| engine.discard(now, id, rebased(5.0, 5.0).decided)));
    stage.answer(leader, conflict(5.0, None));
    assert!(stage.with(other, |engine, _, now| engine.discard(now, id, rebased(5.0, 5.0).decided)));
    let about: Vec<_> = stage.store.audit.values().map(|entry| entry.decided.operation).collect();
    assert_eq!((stage.stored_state(id), about), ("cancelled", vec![id]));
}
