//! A leader that does not know an operation has it made by a tab that does, and looks after that tab.

use super::harness::{Story, accepted, once, rename};

/// A leader that knows nothing, and a tab that knows how and was asked to.
fn a_tab_works_for_the_leader(is_repeatable: bool) -> Story {
    let mut story = Story::new();
    story.open(&["insert"]);
    let able = story.open(&["patch"]);
    let request = rename(1, "c1", "Grace");
    let request = if is_repeatable { request } else { once(request) };
    story.mutate(able, request).expect("it is accepted");
    assert_eq!(story.calls, [(able, 1, 1)]);
    story
}

#[test]
fn the_tab_that_knows_how_makes_the_call_and_the_leader_writes_down_the_answer() {
    let mut story = a_tab_works_for_the_leader(true);
    story.answer(1, accepted());
    assert_eq!((story.leads(0), story.stored(1)), (true, "done"));
}

#[test]
fn what_a_dead_tab_left_half_done_is_sent_again_by_the_next_that_knows_how() {
    let mut story = a_tab_works_for_the_leader(true);
    story.crash(1);
    let next = story.open(&["patch"]);
    story.pass(2_000);
    assert_eq!(story.calls, [(1, 1, 1), (next, 1, 2)]);
}

#[test]
fn what_a_dead_tab_left_half_done_waits_while_nobody_knows_how() {
    let mut story = a_tab_works_for_the_leader(true);
    story.crash(1);
    story.pass(2_000);
    assert_eq!((story.stored(1), story.diagnostics(0)), ("waiting", vec!["no_handler"]));
    story.tell(0, |engine, app, now| {
        app.registered.insert("patch".to_owned());
        engine.register(now, app, ["patch".to_owned()]);
    });
    assert_eq!(story.calls, [(1, 1, 1), (0, 1, 2)]);
}

#[test]
fn what_must_not_be_repeated_and_a_dead_tab_left_half_done_waits_for_a_person() {
    let mut story = a_tab_works_for_the_leader(false);
    story.crash(1);
    story.open(&["patch"]);
    story.pass(60_000);
    assert_eq!((story.stored(1), story.calls.len()), ("parked", 1));
}
