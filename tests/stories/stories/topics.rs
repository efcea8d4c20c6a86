//! Topics: what tabs share besides operations.

use tabweave::engine::{Event, PersistFailure, PublishRefusal};

use crate::stage::Stage;
use crate::support::value::Value;

fn publish(stage: &mut Stage, tab: usize, durable: bool, value: Option<f64>) {
    put(stage, tab, durable, "k", value);
}

fn publish_at(stage: &mut Stage, tab: usize, key: &str, value: Option<f64>) {
    put(stage, tab, true, key, value);
}

fn put(stage: &mut Stage, tab: usize, durable: bool, key: &str, value: Option<f64>) {
    let published = stage.with(tab, |engine, _, now| {
        engine.publish(now, durable, "board".to_owned(), key.to_owned(), value.map(Value::number))
    });
    assert_eq!(published, Ok(()));
}

/// What a tab's app was told of the key, in order.
fn told(stage: &Stage, tab: usize) -> Vec<Option<f64>> {
    let changes = stage.events(tab).iter().filter_map(|event| match event {
        Event::TopicChanged { entries, .. } => Some(entries),
        _ => None,
    });
    changes.flatten().map(|(_, value)| value.as_ref().and_then(Value::as_number)).collect()
}

fn stored(stage: &Stage, tab: usize) -> usize {
    stage.events(tab).iter().filter(|event| matches!(event, Event::TopicStored { .. })).count()
}

#[test]
fn a_durable_entry_is_stored_and_told_and_there_for_a_tab_that_opens_later() {
    let mut stage = Stage::new();
    let [one, other] = [stage.open(), stage.open()];
    publish(&mut stage, one, true, Some(1.0));
    assert_eq!((stored(&stage, one), told(&stage, other)), (1, vec![Some(1.0)]));
    stage.crash(one);
    stage.crash(other);
    let late = stage.open();
    assert_eq!(told(&stage, late), [Some(1.0)]);
}

#[test]
fn of_two_that_were_written_at_once_all_tabs_show_the_later_whatever_they_hear_first() {
    let mut stage = Stage::new();
    let [one, other] = [stage.open(), stage.open()];
    stage.are_letters_held = true;
    publish(&mut stage, one, true, Some(1.0));
    publish(&mut stage, other, true, Some(2.0));
    stage.deliver_backwards();
    stage.wait(100);
    let last = [one, other].map(|tab| told(&stage, tab).pop());
    assert_eq!(last[0], last[1]);
    let late = stage.open();
    assert_eq!(told(&stage, late).pop(), last[0]);
}

#[test]
fn an_entry_whose_news_was_missed_is_read_from_the_store() {
    let mut stage = Stage::new();
    let [one, other] = [stage.open(), stage.open()];
    stage.deaf.insert(other);
    publish(&mut stage, one, true, Some(1.0));
    stage.deaf.remove(&other);
    stage.mutate(one, "patch", "a", 1.0);
    stage.wait(50);
    assert_eq!(told(&stage, other), [Some(1.0)]);
}

#[test]
fn an_entry_whose_writer_died_before_it_could_tell_is_told_by_the_leader() {
    let mut stage = Stage::new();
    let [leader, writer, other] = [stage.open(), stage.open(), stage.open()];
    stage.hold_store(writer, true);
    publish(&mut stage, writer, true, Some(1.0));
    stage.crash(writer);
    stage.run_jobs(writer, 1);
    stage.hold_store(writer, false);
    stage.wait(1_000);
    assert_eq!([leader, other].map(|tab| told(&stage, tab)), [vec![Some(1.0)], vec![Some(1.0)]]);
}

#[test]
fn what_was_removed_while_a_tab_slept_is_gone_when_it_is_back() {
    let mut stage = Stage::new();
    let [one, sleeper] = [stage.open(), stage.open()];
    publish(&mut stage, one, true, Some(1.0));
    stage.suspend(sleeper);
    publish(&mut stage, one, true, None);
    stage.resume(sleeper);
    assert_eq!(told(&stage, sleeper), [Some(1.0), None]);
}

#[test]
fn what_later_entries_replaced_is_dropped_a_number_at_a_time_whoever_wrote_it() {
    let mut stage = Stage::limited(|config| config.topic_replaced_max = 3);
    let [one, other] = [stage.open(), stage.open()];
    stage.are_letters_held = true;
    publish(&mut stage, one, true, Some(1.0));
    publish(&mut stage, other, true, Some(2.0));
    stage.deliver_backwards();
    for value in [3.0, 4.0] {
        publish(&mut stage, one, true, Some(value));
    }
    assert!(stage.store.entries.len() > 1, "one at a time would cost more");
    publish(&mut stage, one, true, Some(5.0));
    publish(&mut stage, one, true, Some(6.0));
    assert!(stage.store.entries.len() <= 3, "{} are left", stage.store.entries.len());
    assert_eq!(told(&stage, other).pop(), Some(Some(6.0)));
}

#[test]
fn removals_are_forgotten_once_they_are_old_and_every_tab_lets_go_of_them() {
    let mut stage = Stage::limited(|config| (config.topic_removed_max, config.topic_replaced_max) = (0, 1));
    let [one, other] = [stage.open(), stage.open()];
    publish_at(&mut stage, one, "gone", Some(1.0));
    publish_at(&mut stage, one, "gone", None);
    publish_at(&mut stage, one, "k", Some(2.0));
    assert_eq!(stage.store.entries.len(), 2, "the removal is young");
    stage.wait(300_001);
    publish_at(&mut stage, other, "k", Some(3.0));
    stage.wait(100);
    assert_eq!(stage.store.entries.len(), 1);
    // With nothing left that is later, an entry of that key shows whatever its stamp.
    publish_at(&mut stage, other, "gone", Some(4.0));
    assert_eq!(told(&stage, one).pop(), Some(Some(4.0)));
}

#[test]
fn an_entry_whose_write_failed_is_written_again() {
    let mut stage = Stage::new();
    let tab = stage.open();
    stage.fail_next_write(tab, PersistFailure::Quota);
    publish(&mut stage, tab, true, Some(1.0));
    assert_eq!((stored(&stage, tab), stage.store.entries.len()), (0, 0));
    stage.wait(1_000);
    assert_eq!((stored(&stage, tab), stage.store.entries.len()), (1, 1));
}

#[test]
fn entries_are_written_to_the_new_store_when_the_old_was_cleared() {
    let mut stage = Stage::new();
    let [one, other] = [stage.open(), stage.open()];
    publish(&mut stage, one, true, Some(1.0));
    stage.wipe_store();
    stage.wait(1_000);
    assert_eq!(stage.store.entries.len(), 1);
    assert_eq!([one, other].map(|tab| told(&stage, tab)), [vec![Some(1.0)], vec![Some(1.0)]]);
}

#[test]
fn an_ephemeral_entry_is_told_at_once_and_then_once_a_frame() {
    let mut stage = Stage::new();
    let [one, other] = [stage.open(), stage.open()];
    for value in 1..=5 {
        publish(&mut stage, one, false, Some(f64::from(value)));
    }
    assert_eq!(told(&stage, other), [Some(1.0)]);
    stage.wait(16);
    assert_eq!(told(&stage, other), [Some(1.0), Some(5.0)]);
    let said = stage.said("shared");
    stage.wait(1_000);
    assert_eq!((stage.said("shared"), stage.store.entries.len()), (said, 0));
}

#[test]
fn an_ephemeral_entry_is_told_to_a_tab_that_arrives_and_goes_with_its_writer() {
    let mut stage = Stage::new();
    let one = stage.open();
    publish(&mut stage, one, false, Some(1.0));
    let late = stage.open();
    assert_eq!(told(&stage, late), [Some(1.0)]);
    stage.with(one, |engine, _, now| engine.close(now));
    assert_eq!(told(&stage, late), [Some(1.0), None]);
}

#[test]
fn an_ephemeral_entry_is_gone_while_its_writer_sleeps_and_back_with_it() {
    let mut stage = Stage::new();
    let [one, other] = [stage.open(), stage.open()];
    publish(&mut stage, one, false, Some(1.0));
    stage.suspend(one);
    stage.resume(one);
    assert_eq!(told(&stage, other), [Some(1.0), None, Some(1.0)]);
}

#[test]
fn when_a_writer_leaves_every_tab_shows_what_its_entry_had_replaced() {
    let mut stage = Stage::new();
    let [one, other] = [stage.open(), stage.open()];
    // The second value waits for its frame when another tab's replaces it.
    publish(&mut stage, one, false, Some(1.0));
    publish(&mut stage, one, false, Some(2.0));
    publish(&mut stage, other, false, Some(3.0));
    stage.wait(100);
    let late = stage.open();
    stage.with(other, |engine, _, now| engine.close(now));
    assert_eq!(told(&stage, one), [Some(1.0), Some(2.0), Some(3.0), Some(2.0)]);
    assert_eq!(told(&stage, late).pop(), Some(Some(2.0)));
}

#[test]
fn what_another_tab_removed_does_not_come_back_when_that_tab_leaves() {
    let mut stage = Stage::new();
    let [one, other] = [stage.open(), stage.open()];
    publish(&mut stage, one, false, Some(1.0));
    publish(&mut stage, other, false, None);
    stage.wait(100);
    stage.with(other, |engine, _, now| engine.close(now));
    let late = stage.open();
    assert_eq!((told(&stage, one), told(&stage, late)), (vec![Some(1.0), None], vec![]));
}

#[test]
fn a_topic_that_is_full_takes_what_it_has_and_nothing_new() {
    let mut stage = Stage::limited(|config| config.topic_entries_max = 1);
    let tab = stage.open();
    publish(&mut stage, tab, true, Some(1.0));
    publish(&mut stage, tab, true, Some(2.0));
    let refused = stage.with(tab, |engine, _, now| {
        engine.publish(now, true, "board".to_owned(), "other".to_owned(), Some(Value::Null))
    });
    assert_eq!(refused, Err(PublishRefusal::TopicFull { entries_max: 1 }));
}

#[test]
fn what_a_tab_shared_before_it_left_is_gone_with_it_though_it_arrives_later() {
    let mut stage = Stage::new();
    let [one, other] = [stage.open(), stage.open()];
    publish(&mut stage, one, false, Some(1.0));
    stage.wait(100);
    publish(&mut stage, one, false, Some(2.0));
    stage.wait(100);
    stage.suspend(one);
    assert_eq!(told(&stage, other), [Some(1.0), Some(2.0), None]);
    stage.repeat(other, "shared");
    assert_eq!(told(&stage, other), [Some(1.0), Some(2.0), None]);
    stage.resume(one);
    stage.wait(1_000);
    assert_eq!(told(&stage, other).last(), Some(&Some(2.0)));
}
