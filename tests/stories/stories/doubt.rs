//! A leader that hangs with the lock in its hands, and tabs that have work for it.

use tabweave::engine::{DiagnosticCode, LockNews, Wish};

use crate::stage::Stage;

/// The first of these tabs leads and hangs.
fn with_a_silent_leader() -> (Stage, [usize; 3]) {
    let mut stage = Stage::new();
    let tabs = [stage.open(), stage.open(), stage.open()];
    stage.stop(tabs[0]);
    (stage, tabs)
}

#[test]
fn a_tab_with_work_for_a_silent_leader_takes_over_in_less_than_five_seconds() {
    let (mut stage, [silent, tab, other]) = with_a_silent_leader();
    let id = stage.mutate(tab, "patch", "a", 1.0);
    stage.wait(5_000);
    let leaders: Vec<_> = [tab, other].into_iter().filter(|tab| stage.leads(*tab)).collect();
    assert_eq!(leaders.len(), 1);
    assert_eq!((stage.calls(leaders[0]), stage.calls(silent)), (vec![id], vec![]));
    assert_eq!(stage.lock_holder(), Some(leaders[0]));
}

#[test]
fn a_silent_leader_without_work_is_left_alone() {
    let (mut stage, [silent, tab, other]) = with_a_silent_leader();
    stage.wait(60_000);
    assert_eq!([silent, tab, other].map(|tab| stage.leads(tab)), [true, false, false]);
    assert_eq!(stage.said("ping"), 0);
}

#[test]
fn who_was_taken_over_from_steps_down_when_it_runs_again_and_sends_nothing() {
    let (mut stage, [silent, tab, _]) = with_a_silent_leader();
    let id = stage.mutate(tab, "patch", "a", 1.0);
    stage.wait(5_000);
    stage.go_on(silent);
    assert_eq!((stage.leads(silent), stage.calls(silent)), (false, vec![]));
    assert_eq!(stage.stored_state(id), "claimed");
}

#[test]
fn one_answer_ends_the_doubt_of_all() {
    let mut stage = Stage::new();
    let [leader, tab, other] = [stage.open(), stage.open(), stage.open()];
    let id = stage.mutate(tab, "patch", "a", 1.0);
    stage.wait(60_000);
    assert_eq!([leader, tab, other].map(|tab| stage.leads(tab)), [true, false, false]);
    assert_eq!(stage.calls(leader), [id]);
    // While the server takes a minute, two tabs ask each other and the leader at most once a second each.
    let asked = stage.said("ping");
    assert!((60..=2 * 2 * 60).contains(&asked), "{asked} letters");
}

#[test]
fn a_leader_that_answered_for_a_minute_and_hangs_then_is_taken_over_from_in_less_than_five_seconds() {
    let mut stage = Stage::new();
    let [leader, tab, other] = [stage.open(), stage.open(), stage.open()];
    stage.mutate(tab, "patch", "a", 1.0);
    stage.wait(60_000);
    stage.stop(leader);
    stage.wait(5_000);
    assert_eq!([tab, other].into_iter().filter(|tab| stage.leads(*tab)).count(), 1);
}

#[test]
fn what_a_person_wanted_of_a_silent_leader_is_asked_of_the_next() {
    let mut stage = Stage::new();
    let [silent, tab] = [stage.open_knowing(&[], true), stage.open_knowing(&[], true)];
    let mut knower = stage.request("patch", "a", 1.0);
    knower.repeatable = true;
    let id = knower.id;
    stage.register(tab, &["patch"]);
    assert_eq!(stage.ask(tab, knower), Ok(()));
    stage.answer(tab, crate::stage::rejected());
    assert_eq!(stage.stored_state(id), "dead");
    stage.stop(silent);
    assert!(stage.with(tab, |engine, _, now| engine.wish(now, id, Wish::Retry)));
    stage.wait(5_000);
    assert_eq!((stage.leads(tab), stage.calls(tab)), (true, vec![id]));
    assert!(stage.diagnostics(tab).contains(&DiagnosticCode::LeaderSilent));
}

#[test]
fn without_web_locks_work_of_a_tab_that_crashed_is_done_by_another() {
    let mut stage = Stage::new();
    stage.has_locks = false;
    let [leader, runner, other] =
        [stage.open_knowing(&[], true), stage.open_knowing(&["patch"], true), stage.open_knowing(&[], true)];
    for tab in [leader, runner, other] {
        stage.with(tab, |engine, _, now| engine.handle_leader_lock(now, LockNews::Missing));
        stage.wait(1_000);
    }
    let id = stage.mutate(runner, "patch", "a", 1.0);
    assert_eq!((stage.leads(leader), stage.calls(runner)), (true, vec![id]));
    stage.crash(runner);
    stage.register(other, &["patch"]);
    stage.wait(6_000);
    assert_eq!(stage.calls(other), [id]);
}

#[test]
fn without_web_locks_one_tab_leads_and_the_next_takes_over_when_it_leaves() {
    let mut stage = Stage::new();
    stage.has_locks = false;
    let [first, second] = [stage.open(), stage.open()];
    for tab in [first, second] {
        stage.with(tab, |engine, _, now| engine.handle_leader_lock(now, LockNews::Missing));
    }
    stage.wait(1_000);
    let leaders = |stage: &Stage| [first, second].map(|tab| stage.leads(tab));
    assert_eq!(leaders(&stage).into_iter().filter(|leads| *leads).count(), 1);
    let (leader, other) = if stage.leads(first) { (first, second) } else { (second, first) };
    stage.with(leader, |engine, _, now| engine.close(now));
    stage.wait(1_000);
    assert!(stage.leads(other));
}

#[test]
fn nobody_is_asked_for_what_no_tab_of_this_version_can_read() {
    let mut stage = Stage::new();
    let [leader, tab] = [stage.open_knowing(&[], true), stage.open()];
    let id = stage.mutate(tab, "patch", "a", 1.0);
    assert_eq!(stage.calls(tab), [id]);
    stage.store.unreadable.insert(id);
    for reader in [leader, tab] {
        stage.with(reader, |engine, _, now| engine.handle_doorbell(now));
    }
    stage.accept(tab);
    stage.wait(60_000);
    assert_eq!((stage.said("ping"), stage.stored_state(id)), (0, "claimed"));
    stage.store.unreadable.clear();
    for reader in [leader, tab] {
        stage.with(reader, |engine, _, now| engine.handle_doorbell(now));
    }
    assert_eq!(stage.stored_state(id), "done");
}
