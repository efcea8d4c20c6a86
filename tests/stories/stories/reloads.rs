//! Offline, reloaded, restarted.

use tabweave::engine::OperationId;

use crate::stage::{Stage, cards};
use crate::support::host::NAMES;

/// Three changes that were made offline, in a tab that is gone since.
fn three_changes_offline(stage: &mut Stage) -> [OperationId; 3] {
    let tab = stage.open_knowing(&NAMES, false);
    stage.base(tab, &[("a", 1.0), ("b", 1.0)], &[]);
    stage.wait(1_000);
    let ids = [("a", 2.0), ("b", 5.0), ("a", 3.0)].map(|(document, value)| {
        let id = stage.mutate(tab, "patch", document, value);
        assert_eq!(stage.stored_state(id), "queued");
        id
    });
    assert_eq!(stage.calls(tab), []);
    stage.crash(tab);
    ids
}

#[test]
fn changes_made_offline_are_shown_after_a_reload_without_network() {
    let mut stage = Stage::new();
    three_changes_offline(&mut stage);
    let reloaded = stage.open_knowing(&NAMES, false);
    assert_eq!(stage.shows(reloaded), cards(&[("a", 3.0), ("b", 5.0)]));
}

#[test]
fn changes_made_offline_are_sent_in_order_once_there_is_a_connection() {
    let mut stage = Stage::new();
    let [first, elsewhere, second] = three_changes_offline(&mut stage);
    let reloaded = stage.open();
    assert_eq!(stage.calls(reloaded), [first, elsewhere]);
    stage.accept(reloaded);
    assert_eq!(stage.calls(reloaded), [elsewhere, second]);
}

#[test]
fn what_a_kept_result_contains_is_not_applied_to_it_again() {
    let mut stage = Stage::new();
    let tab = stage.open();
    stage.base(tab, &[("a", 1.0)], &[]);
    let id = stage.mutate(tab, "increment", "a", 0.0);
    stage.accept(tab);
    stage.base(tab, &[("a", 2.0)], &[id]);
    stage.wait(1_000);
    stage.crash(tab);
    let reloaded = stage.open_knowing(&NAMES, false);
    assert_eq!(stage.shows(reloaded), cards(&[("a", 2.0)]));
}

#[test]
fn what_a_kept_result_contains_stays_pending_over_the_older_result_of_the_server() {
    let mut stage = Stage::new();
    let tab = stage.open();
    stage.base(tab, &[("a", 1.0)], &[]);
    let id = stage.mutate(tab, "increment", "a", 0.0);
    stage.accept(tab);
    stage.base(tab, &[("a", 2.0)], &[id]);
    stage.wait(1_000);
    let late = stage.open();
    stage.base(late, &[("a", 1.0)], &[]);
    assert_eq!(stage.shows(late), cards(&[("a", 2.0)]));
    stage.base(late, &[("a", 2.0)], &[id]);
    assert_eq!((stage.shows(late), stage.pending(late)), (cards(&[("a", 2.0)]), vec![]));
}

#[test]
fn a_change_made_while_the_page_was_put_away_is_not_forgotten_when_it_comes_back() {
    let mut stage = Stage::new();
    let tab = stage.open();
    stage.fail_next_write(tab, tabweave::engine::PersistFailure::Quota);
    let id = stage.mutate(tab, "patch", "a", 1.0);
    stage.suspend(tab);
    stage.wait(5_000);
    stage.resume(tab);
    stage.wait(0);
    assert_eq!(stage.stored_state(id), "claimed");
}
