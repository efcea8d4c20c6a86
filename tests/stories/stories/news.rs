//! News between tabs, and how a tab notices that it missed some.

use crate::stage::{Stage, cards};
use crate::support::host::NAMES;

#[test]
fn a_change_is_shown_in_the_other_tab_before_the_server_answered() {
    let mut stage = Stage::new();
    let [one, other] = [stage.open(), stage.open()];
    stage.base(other, &[("a", 1.0)], &[]);
    stage.mutate(one, "increment", "a", 0.0);
    assert_eq!(stage.shows(other), cards(&[("a", 2.0)]));
}

#[test]
fn a_tab_that_missed_news_notices_with_the_next_and_reads_the_store() {
    let mut stage = Stage::new();
    let [one, other] = [stage.open_knowing(&NAMES, false), stage.open_knowing(&NAMES, false)];
    stage.deaf.insert(other);
    let missed = stage.mutate(one, "patch", "a", 1.0);
    stage.deaf.remove(&other);
    let heard = stage.mutate(one, "patch", "b", 1.0);
    assert_eq!([stage.state(other, missed), stage.state(other, heard)], ["unknown", "queued"]);
    stage.wait(50);
    assert_eq!(stage.state(other, missed), "queued");
}

#[test]
fn a_tab_that_slept_catches_up_when_it_wakes() {
    let mut stage = Stage::new();
    let [one, sleeper] = [stage.open(), stage.open()];
    stage.suspend(sleeper);
    let id = stage.mutate(one, "patch", "a", 1.0);
    stage.accept(one);
    assert_eq!(stage.state(sleeper, id), "unknown");
    stage.resume(sleeper);
    assert_eq!(stage.state(sleeper, id), "done");
}

#[test]
fn a_leader_that_missed_news_sends_nothing_before_it_knows_what_comes_first() {
    let mut stage = Stage::new();
    let [leader, tab] = [stage.open(), stage.open()];
    stage.deaf.insert(leader);
    let first = stage.mutate(tab, "patch", "a", 1.0);
    stage.deaf.remove(&leader);
    stage.mutate(tab, "patch", "a", 2.0);
    assert_eq!(stage.calls(leader), []);
    stage.wait(50);
    assert_eq!(stage.calls(leader), [first]);
}

#[test]
fn a_leader_that_missed_the_only_news_of_an_operation_hears_of_it_from_the_tab_that_waits() {
    let mut stage = Stage::new();
    let [leader, tab] = [stage.open(), stage.open()];
    stage.deaf.insert(leader);
    let id = stage.mutate(tab, "patch", "a", 1.0);
    stage.deaf.remove(&leader);
    stage.wait(1_500);
    stage.wait(50);
    assert_eq!((stage.leads(leader), stage.calls(leader)), (true, vec![id]));
}

#[test]
fn old_news_does_not_bring_back_what_was_removed() {
    let mut stage = Stage::new();
    // Without a connection it does not mind that it hears nothing of the leader.
    let [leader, other] = [stage.open(), stage.open_knowing(&NAMES, false)];
    let id = stage.mutate(leader, "patch", "a", 1.0);
    stage.are_letters_held = true;
    stage.accept(leader);
    stage.wait(300_000);
    stage.mutate(leader, "patch", "b", 1.0);
    stage.accept(leader);
    assert!(!stage.is_stored(id));
    stage.deliver_backwards();
    stage.wait(1_000);
    assert_eq!(stage.state(other, id), "unknown");
}

#[test]
fn a_leader_asks_a_tab_whose_greeting_it_missed_what_it_can_do() {
    let mut stage = Stage::new();
    let leader = stage.open_knowing(&["insert"], true);
    stage.deaf.insert(leader);
    let able = stage.open();
    stage.deaf.remove(&leader);
    let id = stage.mutate(able, "patch", "a", 1.0);
    assert_eq!((stage.leads(leader), stage.calls(able)), (true, vec![id]));
}
