//! Who leads, and what becomes of the work of one who leads no more.

use tabweave::engine::DiagnosticCode;

use crate::stage::{Stage, unknown};

#[test]
fn the_first_tab_leads_and_the_next_takes_over_when_it_dies() {
    let mut stage = Stage::new();
    let [first, second] = [stage.open(), stage.open()];
    assert_eq!([stage.leads(first), stage.leads(second)], [true, false]);
    stage.crash(first);
    assert!(stage.leads(second));
}

#[test]
fn a_repeatable_change_of_a_leader_that_died_is_sent_again() {
    let mut stage = Stage::new();
    let [first, second] = [stage.open(), stage.open()];
    let id = stage.mutate(first, "patch", "a", 1.0);
    assert_eq!(stage.calls(first), [id]);
    stage.crash(first);
    assert_eq!(stage.calls(second), [id]);
}

#[test]
fn a_change_that_must_not_be_repeated_is_parked_when_its_leader_died() {
    let mut stage = Stage::new();
    let [first, second] = [stage.open(), stage.open()];
    let mut request = stage.request("patch", "a", 1.0);
    request.repeatable = false;
    let id = request.id;
    assert_eq!(stage.ask(first, request), Ok(()));
    stage.crash(first);
    assert_eq!((stage.calls(second), stage.stored_state(id)), (vec![], "parked"));
}

#[test]
fn a_leader_whose_epoch_was_taken_steps_down_and_sends_nothing() {
    let mut stage = Stage::new();
    let [former, next] = [stage.open(), stage.open()];
    stage.deaf.insert(former);
    stage.steal_lock_unheard();
    assert_eq!([stage.leads(former), stage.leads(next)], [true, true]);
    let id = stage.mutate(former, "patch", "a", 1.0);
    assert_eq!((stage.calls(former), stage.calls(next)), (vec![], vec![id]));
    assert_eq!((stage.leads(former), stage.diagnostics(former)), (false, vec![DiagnosticCode::FenceLost]));
}

#[test]
fn a_former_leader_hands_the_answer_it_still_got_to_the_next() {
    let mut stage = Stage::new();
    let [former, next] = [stage.open(), stage.open()];
    let mut request = stage.request("patch", "a", 1.0);
    request.repeatable = false;
    let id = request.id;
    assert_eq!(stage.ask(former, request), Ok(()));
    stage.steal_lock_unheard();
    assert_eq!(stage.stored_state(id), "parked");
    stage.accept(former);
    assert_eq!((stage.leads(next), stage.stored_state(id)), (true, "done"));
}

#[test]
fn an_acknowledgement_that_came_too_late_proves_the_lead_again_before_anything_is_sent() {
    let mut stage = Stage::new();
    let tab = stage.open();
    stage.hold_store(tab, true);
    stage.mutate(tab, "patch", "a", 1.0);
    stage.run_jobs(tab, 1);
    let before = stage.store.revision;
    stage.wait(10_000);
    stage.run_jobs(tab, 1);
    assert_eq!((stage.calls(tab).len(), stage.store.revision), (0, before.next()));
    stage.run_jobs(tab, 1);
    assert_eq!((stage.calls(tab).len(), stage.store.revision), (1, before.next().next()));
}

#[test]
fn a_leader_that_leads_again_sends_what_its_own_older_call_left_open() {
    let mut stage = Stage::new();
    let [tab, other] = [stage.open(), stage.open()];
    let id = stage.mutate(tab, "patch", "a", 1.0);
    stage.suspend(tab);
    stage.answer(other, unknown());
    stage.resume(tab);
    stage.crash(other);
    stage.wait(60_000);
    stage.answer(tab, unknown());
    stage.wait(60_000);
    assert_eq!((stage.leads(tab), stage.calls(tab)), (true, vec![id]));
}

#[test]
fn who_is_asked_for_an_attempt_before_it_hears_of_the_claim_makes_it_as_soon_as_it_does() {
    let mut stage = Stage::new();
    let [_, able] = [stage.open_knowing(&[], true), stage.open_knowing(&["patch"], true)];
    stage.deaf.insert(able);
    let id = stage.mutate(able, "patch", "a", 1.0);
    stage.deaf.remove(&able);
    stage.hold_store(able, true);
    // Asked again, for want of an answer, it looks for the claim in the store.
    stage.wait(2_000);
    assert_eq!(stage.calls(able), []);
    stage.hold_store(able, false);
    stage.wait(10);
    assert_eq!(stage.calls(able), [id]);
}
