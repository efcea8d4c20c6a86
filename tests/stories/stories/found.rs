//! Mistakes that the simulation found in the engine, each told as the story that it was.

use tabweave::engine::{Event, LockNews, Operation, OperationId, OperationState, Wish};

use crate::stage::Stage;
use crate::support::host::NAMES;
use crate::support::value::Value;

#[test]
fn without_locks_a_leader_that_heard_nothing_for_a_while_steps_down_when_it_hears_of_the_next() {
    let mut stage = Stage::new();
    stage.has_locks = false;
    let tabs = [stage.open(), stage.open()];
    for tab in tabs {
        stage.with(tab, |engine, _, now| engine.handle_leader_lock(now, LockNews::Missing));
    }
    stage.wait(1_000);
    let (leader, other) = if stage.leads(tabs[0]) { (tabs[0], tabs[1]) } else { (tabs[1], tabs[0]) };
    stage.deaf.insert(leader);
    stage.mutate(other, "patch", "a", 1.0);
    stage.wait(5_000);
    assert_eq!([leader, other].map(|tab| stage.leads(tab)), [true, true]);
    stage.deaf.remove(&leader);
    // A tab that arrives has the leader make itself known.
    stage.open();
    assert_eq!([leader, other].map(|tab| stage.leads(tab)), [false, true]);
}

#[test]
fn who_missed_the_word_of_the_last_epoch_takes_over_from_a_silent_leader_in_time() {
    let mut stage = Stage::new();
    let [first, second, third] = [stage.open(), stage.open(), stage.open()];
    stage.deaf.insert(third);
    stage.with(first, |engine, _, now| engine.close(now));
    assert!(stage.leads(second));
    stage.deaf.remove(&third);
    stage.stop(second);
    stage.mutate(third, "patch", "a", 1.0);
    stage.wait(5_000);
    assert!(stage.leads(third));
}

#[test]
fn who_led_over_a_lost_store_is_not_taken_for_the_leader_over_the_next() {
    let mut stage = Stage::new();
    let [first, second, third, next, other] = [(); 5].map(|()| stage.open());
    for gone in [first, second] {
        stage.with(gone, |engine, _, now| engine.close(now));
    }
    assert!(stage.leads(third));
    stage.wipe_store();
    stage.wait(1_000);
    // The lead goes on under an epoch that is no later than the last one over the lost store, and who has it does not
    // say goodbye.
    stage.crash(third);
    stage.wait(1_000);
    assert!(stage.leads(next));
    let [name, believed] = [next, other]
        .map(|tab| stage.with(tab, |engine, _, _| (engine.status().tab, engine.status().leader)));
    assert_eq!(believed.1, Some(name.0));
}

/// The first of two tabs removes its ephemeral entry while this one looks for the store; what the other was told of it.
fn removed_while_the_store_is_looked_for_by(looking: usize) -> Vec<bool> {
    let mut stage = Stage::new();
    let [tab, other] = [stage.open(), stage.open()];
    let publish = |stage: &mut Stage, value: Option<Value>| {
        let published = stage.with(tab, |engine, _, now| {
            engine.publish(now, false, "board".to_owned(), "k".to_owned(), value)
        });
        assert_eq!(published, Ok(()));
    };
    publish(&mut stage, Some(Value::number(1.0)));
    stage.wait(1_000);
    stage.hold_store([tab, other][looking], true);
    stage.wipe_store();
    stage.wait(10);
    publish(&mut stage, None);
    stage.hold_store([tab, other][looking], false);
    stage.wait(1_000);
    let changes = stage.events(other).iter().filter_map(|event| match event {
        Event::TopicChanged { entries, .. } => entries.last().map(|(_, value)| value.is_some()),
        _ => None,
    });
    changes.collect()
}

#[test]
fn an_ephemeral_entry_that_is_removed_while_the_store_is_looked_for_goes_everywhere() {
    assert_eq!(removed_while_the_store_is_looked_for_by(0), [true, false]);
}

#[test]
fn an_ephemeral_entry_that_is_removed_while_another_tab_looks_for_the_store_goes_there_too() {
    assert_eq!(removed_while_the_store_is_looked_for_by(1), [true, false]);
}

#[test]
fn what_waits_for_a_handler_is_not_tried_again_by_wish() {
    let mut stage = Stage::new();
    let [_, tab] = [stage.open_knowing(&[], true), stage.open_knowing(&[], true)];
    let request = stage.request("patch", "a", 1.0);
    let id = request.id;
    // It was accepted by this tab's page before, in a build that knew the operation.
    stage.with(tab, |engine, app, now| engine.adopt(now, app, engine.status().tab, vec![request]));
    assert_eq!(stage.stored_state(id), "waiting");
    assert!(!stage.with(tab, |engine, _, now| engine.wish(now, id, Wish::Retry)));
}

/// A tab makes changes of one card of which another hears nothing, and dies with the last of them in its journal.
fn die_with_the_last_change_journalled(
    stage: &mut Stage,
    victim: usize,
    survivor: usize,
) -> Vec<OperationId> {
    stage.deaf.insert(survivor);
    let mut ids: Vec<_> = [1.0, 2.0, 3.0].map(|value| stage.mutate(victim, "patch", "a", value)).into();
    stage.lose_jobs(victim);
    ids.push(stage.mutate(victim, "patch", "a", 4.0));
    stage.crash(victim);
    stage.deaf.remove(&survivor);
    ids
}

/// The calls that a tab makes one after another.
fn calls_in_turn(stage: &mut Stage, tab: usize, count: usize) -> Vec<OperationId> {
    let mut calls = Vec::new();
    stage.wait(1_000);
    for _ in 0..count {
        calls.extend(stage.calls(tab));
        stage.accept(tab);
    }
    calls
}

#[test]
fn a_new_leader_orders_what_a_dead_tab_journalled_behind_what_that_tab_had_stored() {
    let mut stage = Stage::new();
    let [leader, heir] = [stage.open(), stage.open()];
    let ids = die_with_the_last_change_journalled(&mut stage, leader, heir);
    assert_eq!(calls_in_turn(&mut stage, heir, 4), ids);
}

#[test]
fn a_leader_that_missed_news_orders_what_a_dead_tab_journalled_behind_what_that_tab_had_stored() {
    let mut stage = Stage::new();
    let [leader, victim] = [stage.open(), stage.open()];
    let ids = die_with_the_last_change_journalled(&mut stage, victim, leader);
    stage.with(leader, |engine, _, now| engine.handle_visibility(now, true));
    assert_eq!(calls_in_turn(&mut stage, leader, 4), ids);
}

#[test]
fn a_change_that_its_own_tab_stored_first_goes_on_only_once_it_was_read_how() {
    let mut stage = Stage::new();
    let [leader, tab] = [stage.open(), stage.open()];
    stage.deaf.insert(leader);
    for held in [leader, tab] {
        stage.hold_store(held, true);
    }
    let requests = [1.0, 2.0].map(|value| stage.request("patch", "a", value));
    let [first, second] = [requests[0].id, requests[1].id];
    for request in requests.clone() {
        assert_eq!(stage.ask(tab, request), Ok(()));
    }
    let owner = stage.with(tab, |engine, _, _| engine.status().tab);
    stage.with(leader, |engine, app, now| engine.adopt(now, app, owner, requests.to_vec()));
    stage.run_jobs(leader, 1);
    stage.hold_store(tab, false);
    let stamp = stage.store.operations[&first].stamp;
    stage.hold_store(leader, false);
    assert_eq!((stage.store.operations[&first].stamp, stage.calls(leader)), (stamp, vec![first]));
    stage.accept(leader);
    assert_eq!(stage.calls(leader), [second]);
}

#[test]
fn what_comes_after_a_change_that_a_newer_version_stored_first_waits_until_it_can_be_read_how() {
    let mut stage = Stage::new();
    let [other, tab] = [stage.open_knowing(&NAMES, false), stage.open_knowing(&NAMES, false)];
    stage.deaf.insert(tab);
    stage.hold_store(tab, true);
    let requests = [1.0, 2.0].map(|value| stage.request("patch", "a", value));
    let [first, second] = [requests[0].id, requests[1].id];
    for request in requests.clone() {
        assert_eq!(stage.ask(tab, request), Ok(()));
    }
    stage.wait(1_000);
    let owner = stage.with(tab, |engine, _, _| engine.status().tab);
    stage.with(other, |engine, app, now| engine.adopt(now, app, owner, vec![requests[0].clone()]));
    stage.store.unreadable.insert(first);
    stage.hold_store(tab, false);
    assert!(!stage.is_stored(second));
    stage.store.unreadable.clear();
    stage.with(tab, |engine, _, now| engine.handle_doorbell(now));
    let stamp = |id| stage.store.operations[&id].stamp;
    assert!(stamp(first) < stamp(second));
}

#[test]
fn what_another_tab_stored_and_had_cancelled_is_shown_no_more_once_its_record_can_be_read() {
    let mut stage = Stage::new();
    let [other, tab] = [stage.open(), stage.open()];
    stage.deaf.insert(tab);
    stage.hold_store(tab, true);
    stage.wait(1_000);
    let request = stage.request("patch", "a", 1.0);
    let id = request.id;
    assert_eq!(stage.ask(tab, request.clone()), Ok(()));
    let owner = stage.with(tab, |engine, _, _| engine.status().tab);
    stage.with(other, |engine, app, now| engine.adopt(now, app, owner, vec![request]));
    // A newer version leads meanwhile, has it cancelled, and writes that down in its own way.
    let cancelled = Operation {
        state: OperationState::Cancelled { at_ms: 0, into: None },
        ..stage.store.operations[&id].clone()
    };
    stage.overtake(cancelled);
    stage.hold_store(tab, false);
    // It may have been done as well: a base would soon contain it then.
    assert_eq!((stage.state(tab, id), stage.pending(tab)), ("unknown", vec![id]));
    stage.store.unreadable.clear();
    stage.with(tab, |engine, _, now| engine.handle_doorbell(now));
    assert_eq!((stage.state(tab, id), stage.pending(tab)), ("cancelled", vec![]));
}
