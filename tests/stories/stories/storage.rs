//! A store that fails, fills up, or is gone.

use tabweave::engine::{DiagnosticCode, PersistFailure};

use crate::stage::{Stage, cards};

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
fn a_leader_whose_first_reading_failed_reads_again_and_works() {
    let mut stage = Stage::new();
    let tab = stage.open_knowing(&["patch"], false);
    let id = stage.mutate(tab, "patch", "a", 1.0);
    stage.crash(tab);
    let next = stage.open_unable_to_read(2);
    stage.wait(3_000);
    assert_eq!(stage.calls(next), [id]);
}
