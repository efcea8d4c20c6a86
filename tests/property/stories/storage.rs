//! A store that fails is reported and tried again; what a person did stays shown meanwhile.

use tabweave::engine::PersistFailure;

use super::harness::{Story, rename};

#[test]
fn a_write_that_fails_is_reported_each_time_and_tried_again_until_it_works() {
    let mut story = Story::new();
    let tab = story.open(&["patch"]);
    story.send_cards(tab, &[("c1", "Ada")]);
    story.pass(250);
    story.failure = Some(PersistFailure::Failed);
    story.mutate(tab, rename(1, "c1", "Grace")).expect("it is accepted");
    story.pass(2_000);
    assert_eq!((story.diagnostics(tab), story.stored(1)), (vec!["storage_failed"; 3], "not stored"));
    assert_eq!(story.shown(tab), ["c1 Grace*"]);
    story.failure = None;
    story.pass(1_000);
    assert_eq!((story.stored(1), story.calls.as_slice()), ("claimed", [(tab, 1, 1)].as_slice()));
}

#[test]
fn a_claim_that_fails_is_tried_again_and_counted_once() {
    let mut story = Story::new();
    let tab = story.open_offline(&["patch"]);
    story.mutate(tab, rename(1, "c1", "Grace")).expect("it is accepted");
    story.failure = Some(PersistFailure::Quota);
    story.tell(tab, |engine, _, now| engine.handle_connection(now, true));
    assert_eq!((story.diagnostics(tab), story.stored(1)), (vec!["storage_quota"], "queued"));
    story.failure = None;
    story.pass(1_000);
    assert_eq!(story.calls, [(tab, 1, 1)]);
}

#[test]
fn a_write_that_hangs_is_reported() {
    let mut story = Story::new();
    let tab = story.open(&["patch"]);
    story.hold_acknowledgements(tab);
    story.mutate(tab, rename(1, "c1", "Grace")).expect("it is accepted");
    story.pass(4_999);
    assert_eq!(story.diagnostics(tab), [""; 0]);
    story.pass(1);
    assert_eq!(story.diagnostics(tab), ["storage_stalled"]);
}

#[test]
fn results_that_could_not_be_written_down_are_written_later() {
    let mut story = Story::new();
    let tab = story.open(&["patch"]);
    story.failure = Some(PersistFailure::Failed);
    story.send_cards(tab, &[("c1", "Ada")]);
    story.pass(250);
    assert_eq!((story.diagnostics(tab), story.store.queries.len()), (vec!["storage_failed"], 0));
    story.failure = None;
    story.pass(1_000);
    assert_eq!(story.store.queries.len(), 1);
}
