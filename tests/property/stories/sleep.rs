//! A page that is put to sleep holds nothing that others wait for, and is another one when it wakes.

use super::harness::{Story, accepted, rename};

fn suspend(story: &mut Story, tab: usize) {
    story.tell(tab, |engine, _, now| engine.handle_suspend(now));
}

fn resume(story: &mut Story, tab: usize) {
    story.tell(tab, |engine, _, now| engine.handle_resume(now));
}

#[test]
fn a_leader_that_falls_asleep_gives_back_lock_channel_and_life_lock_and_the_next_leads() {
    let mut story = Story::new();
    let [sleeper, other] = [story.open(&["patch"]), story.open(&["patch"])];
    assert_eq!((story.lock_holder(), story.joined(sleeper)), (Some(sleeper), Some(0)));
    suspend(&mut story, sleeper);
    assert_eq!((story.lock_holder(), story.joined(sleeper)), (Some(other), None));
    assert_eq!([story.leads(sleeper), story.leads(other)], [false, true]);
}

#[test]
fn a_page_that_wakes_is_a_new_incarnation_that_queues_again_and_reads_the_store() {
    let mut story = Story::new();
    let [sleeper, other] = [story.open(&["patch"]), story.open(&["patch"])];
    for tab in [sleeper, other] {
        story.send_cards(tab, &[("c1", "Ada")]);
    }
    suspend(&mut story, sleeper);
    story.mutate(other, rename(1, "c1", "Grace")).expect("it is accepted");
    assert_eq!(story.shown(sleeper), ["c1 Ada"], "it cannot know");
    let readings = story.readings(sleeper);
    resume(&mut story, sleeper);
    assert_eq!((story.joined(sleeper), story.readings(sleeper)), (Some(1), readings + 1));
    assert_eq!(story.shown(sleeper), ["c1 Grace*"]);
    assert_eq!((story.leads(sleeper), story.lock_holder()), (false, Some(other)));
    suspend(&mut story, other);
    assert!(story.leads(sleeper), "it stands in the queue");
}

#[test]
fn a_sleeping_page_wants_nothing_whatever_time_it_is() {
    let mut story = Story::new();
    let sleeper = story.open_offline(&["patch"]);
    story.send_cards(sleeper, &[("c1", "Ada")]);
    story.mutate(sleeper, rename(1, "c1", "Grace")).expect("it is accepted");
    suspend(&mut story, sleeper);
    assert_eq!(story.tell(sleeper, |engine, _, _| engine.poll_timeout()), None);
    story.tell(sleeper, |engine, _, now| engine.handle_connection(now, true));
    story.pass(3_600_000);
    assert_eq!((story.calls.len(), story.stored(1)), (0, "queued"));
    resume(&mut story, sleeper);
    assert_eq!(story.calls, [(sleeper, 1, 1)]);
}

#[test]
fn an_answer_that_a_leader_gets_in_its_sleep_is_told_when_it_wakes() {
    let mut story = Story::new();
    let [sleeper, other] = [story.open(&["patch"]), story.open(&["insert"])];
    story.mutate(sleeper, rename(1, "c1", "Grace")).expect("it is accepted");
    suspend(&mut story, sleeper);
    assert_eq!((story.leads(other), story.stored(1)), (true, "waiting"));
    story.answer(1, accepted());
    resume(&mut story, sleeper);
    assert_eq!((story.calls.as_slice(), story.stored(1)), ([(sleeper, 1, 1)].as_slice(), "done"));
}
