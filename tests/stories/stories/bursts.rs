//! Many changes at once: they reach the store together, and in their order.

use tabweave::engine::{DiagnosticCode, OperationId, PersistFailure};

use crate::stage::Stage;

/// Three changes within one call, two of them in one scope.
fn burst(stage: &mut Stage, tab: usize) -> [OperationId; 3] {
    stage.in_one_call(tab, |stage| {
        [("a", 1.0), ("a", 2.0), ("b", 3.0)].map(|(card, value)| stage.mutate(tab, "patch", card, value))
    })
}

fn stored(stage: &Stage, ids: [OperationId; 3]) -> [bool; 3] {
    ids.map(|id| stage.is_stored(id))
}

#[test]
fn what_is_done_in_one_call_is_one_write_and_said_once() {
    let mut stage = Stage::new();
    let [_leader, tab] = [stage.open(), stage.open()];
    stage.hold_store(tab, true);
    let ids = burst(&mut stage, tab);
    assert_eq!((stored(&stage, ids), stage.journal(tab)), ([false; 3], ids.to_vec()));
    stage.run_jobs(tab, 1);
    assert_eq!((stored(&stage, ids), stage.journal(tab)), ([true; 3], vec![]));
    assert_eq!(stage.said("writing"), 1);
}

#[test]
fn what_is_done_while_a_write_is_on_its_way_is_the_next_one() {
    let mut stage = Stage::new();
    let tab = stage.open();
    stage.hold_store(tab, true);
    let first = stage.mutate(tab, "patch", "a", 0.0);
    let ids = [1.0, 2.0, 3.0].map(|value| stage.mutate(tab, "patch", "a", value));
    stage.run_jobs(tab, 1);
    assert_eq!((stage.is_stored(first), stored(&stage, ids)), (true, [false; 3]));
    // The claim of the first was to be written meanwhile.
    stage.run_jobs(tab, 2);
    assert_eq!(stored(&stage, ids), [true; 3]);
}

#[test]
fn of_a_write_that_failed_none_overtakes_another() {
    let mut stage = Stage::new();
    let [leader, tab] = [stage.open(), stage.open()];
    // The first is what the store cannot take. It is tried again by itself, and then whenever another was stored.
    for failure in [PersistFailure::Quota, PersistFailure::Failed] {
        stage.fail_next_write(tab, failure);
    }
    let [first, second, other] = burst(&mut stage, tab);
    assert_eq!((stage.calls(leader), stored(&stage, [first, second, other])), (vec![], [false; 3]));
    stage.wait(1_000);
    let failures = [DiagnosticCode::StorageQuota, DiagnosticCode::StorageFailed];
    assert_eq!(stage.diagnostics(tab), failures);
    assert_eq!(stored(&stage, [first, second, other]), [true; 3]);
    assert_eq!(stage.calls(leader), [other, first]);
}

#[test]
fn what_the_store_has_already_spoils_no_other() {
    let mut stage = Stage::new();
    let [leader, tab] = [stage.open(), stage.open()];
    stage.hold_store(tab, true);
    let owner = stage.with(tab, |engine, _, _| engine.status().tab);
    let requests =
        [("a", 1.0), ("a", 2.0), ("b", 3.0)].map(|(card, value)| stage.request("patch", card, value));
    let ids = requests.clone().map(|request| request.id);
    stage.in_one_call(tab, |stage| {
        for request in requests.clone() {
            assert_eq!(stage.ask(tab, request), Ok(()));
        }
    });
    // The leader takes the tab for gone, and saw its journal when it held the first only.
    stage.deaf.insert(tab);
    stage.are_journals_kept = true;
    stage.with(leader, |engine, app, now| engine.adopt(now, app, owner, requests[..1].to_vec()));
    assert_eq!(stored(&stage, ids), [true, false, false]);
    stage.hold_store(tab, false);
    assert_eq!((stored(&stage, ids), stage.journal(tab)), ([true; 3], vec![]));
    let stamp = |id| stage.store.operations[&id].stamp;
    assert!(stamp(ids[0]) < stamp(ids[1]), "they stay in their order");
    assert_eq!(stage.calls(leader), [ids[0], ids[2]]);
}

#[test]
fn a_page_that_sleeps_or_ends_has_written_what_was_done_before() {
    let mut stage = Stage::new();
    let [sleeper, other] = [stage.open(), stage.open()];
    let asleep = stage.in_one_call(sleeper, |stage| {
        let id = stage.mutate(sleeper, "patch", "a", 1.0);
        stage.suspend(sleeper);
        id
    });
    let closed = stage.in_one_call(other, |stage| {
        let id = stage.mutate(other, "patch", "b", 1.0);
        stage.with(other, |engine, _, now| engine.close(now));
        assert!(stage.is_stored(id), "nothing happens any more afterwards");
        id
    });
    assert!(stage.is_stored(asleep) && stage.is_stored(closed));
}

#[test]
fn what_was_done_in_the_call_in_which_a_page_died_is_found() {
    let mut stage = Stage::new();
    let [survivor, victim] = [stage.open(), stage.open()];
    let id = stage.in_one_call(victim, |stage| {
        let id = stage.mutate(victim, "patch", "a", 1.0);
        stage.crash(victim);
        id
    });
    assert_eq!((stage.is_stored(id), stage.journal(victim)), (false, vec![id]));
    stage.wait(500);
    assert_eq!((stage.calls(survivor), stage.journal(victim)), (vec![id], vec![]));
}
