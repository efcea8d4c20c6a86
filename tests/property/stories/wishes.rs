//! What a person wants of an operation goes through the leader, from whichever tab.

use tabweave::engine::Wish;

use super::harness::{Story, accepted, operation_id, rejected, rename};

#[test]
fn a_dead_letter_is_tried_again_from_a_tab_that_does_not_lead() {
    let mut story = Story::new();
    let [leader, tab] = [story.open(&["patch"]), story.open(&["patch"])];
    story.send_cards(tab, &[("c1", "Ada")]);
    story.mutate(tab, rename(1, "c1", "Grace")).expect("it is accepted");
    story.answer(1, rejected());
    assert_eq!((story.stored(1), story.shown(tab)), ("dead", vec!["c1 Ada".to_owned()]));
    assert!(story.tell(tab, |engine, _, now| engine.wish(now, operation_id(1), Wish::Retry)));
    assert_eq!(
        (story.shown(tab), story.calls.as_slice()),
        (vec!["c1 Grace*".to_owned()], [(leader, 1, 1), (leader, 1, 2)].as_slice(),)
    );
    story.answer(1, accepted());
    assert_eq!(story.stored(1), "done");
}

#[test]
fn a_change_is_withdrawn_from_a_tab_that_does_not_lead() {
    let mut story = Story::new();
    let [_, tab] = [story.open_offline(&["patch"]), story.open_offline(&["patch"])];
    story.send_cards(tab, &[("c1", "Ada")]);
    story.mutate(tab, rename(1, "c1", "Grace")).expect("it is accepted");
    assert!(story.tell(tab, |engine, _, now| engine.wish(now, operation_id(1), Wish::Cancel)));
    assert_eq!((story.stored(1), story.shown(tab)), ("cancelled", vec!["c1 Ada".to_owned()]));
}

#[test]
fn nothing_can_be_wished_of_what_is_under_way_or_over() {
    let mut story = Story::new();
    let [_, tab] = [story.open(&["patch"]), story.open(&["patch"])];
    story.mutate(tab, rename(1, "c1", "Grace")).expect("it is accepted");
    for state in ["claimed", "done"] {
        assert_eq!(story.stored(1), state);
        assert!(
            !story.tell(tab, |engine, _, now| engine.wish(now, operation_id(1), Wish::Cancel)),
            "{state}"
        );
        assert!(!story.tell(tab, |engine, _, now| engine.wish(now, operation_id(1), Wish::Retry)), "{state}");
        story.answer(1, accepted());
    }
}
