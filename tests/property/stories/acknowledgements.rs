//! An operation is sent only by a tab that surely leads.

use super::harness::{Story, rename};

/// A leader whose claim was committed ten seconds ago, and who learns it only now.
fn a_late_acknowledgement(meanwhile: impl FnOnce(&mut Story)) -> Story {
    let mut story = Story::new();
    let leader = story.open_offline(&["patch"]);
    story.open_offline(&["patch"]);
    story.mutate(leader, rename(1, "c1", "Grace")).expect("it is accepted");
    story.hold_acknowledgements(leader);
    story.tell(leader, |engine, _, now| engine.handle_connection(now, true));
    assert_eq!((story.stored(1), story.calls.len()), ("claimed", 0));
    story.pass(10_000);
    meanwhile(&mut story);
    story.release_acknowledgements(leader);
    story
}

#[test]
fn a_leader_that_learns_late_of_its_claim_proves_once_more_that_it_leads_and_then_sends() {
    let mut revision = None;
    let story = a_late_acknowledgement(|story| revision = Some(story.store.revision));
    assert_eq!(story.calls, [(0, 1, 1)]);
    assert_eq!(Some(story.store.revision), revision.map(|revision| revision.next()), "it wrote once more");
}

#[test]
fn a_leader_that_learns_late_of_its_claim_sends_nothing_if_another_leads_by_then() {
    let story = a_late_acknowledgement(|story| {
        story.steal_lock_for(1);
        assert!(story.leads(1));
    });
    assert_eq!((story.leads(0), story.leads(1)), (false, true));
    assert_eq!(story.calls, []);
}

#[test]
fn a_claim_that_was_acknowledged_in_time_is_sent_without_another_write() {
    let mut story = Story::new();
    let leader = story.open(&["patch"]);
    let before = story.store.revision;
    story.mutate(leader, rename(1, "c1", "Grace")).expect("it is accepted");
    assert_eq!(
        (story.calls.as_slice(), story.store.revision),
        ([(0, 1, 1)].as_slice(), before.next().next())
    );
}

#[test]
fn nothing_is_sent_before_its_claim_is_acknowledged() {
    let mut story = Story::new();
    let leader = story.open(&["patch"]);
    story.hold_acknowledgements(leader);
    story.mutate(leader, rename(1, "c1", "Grace")).expect("it is accepted");
    assert_eq!((story.stored(1), story.calls.len()), ("queued", 0));
    story.release_acknowledgements(leader);
    assert_eq!((story.stored(1), story.calls.len()), ("claimed", 1));
}
