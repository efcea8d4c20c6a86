//! Many tabs: what one of them does costs each of the others the same, however many they are.

use crate::stage::Stage;
use crate::support::value::Value;

/// How many letters each of the other tabs gets when one of so many does this.
fn letters_each(tabs: usize, act: impl Fn(&mut Stage, usize)) -> usize {
    let mut stage = Stage::new();
    let last = (0..tabs).map(|_| stage.open()).last().expect("there is a tab");
    stage.wait(1_000);
    let before = stage.letters();
    act(&mut stage, last);
    // Less than the patience with a leader whose server takes its time.
    stage.wait(500);
    let letters = stage.letters() - before;
    assert_eq!(letters % (tabs - 1), 0, "everything is said to everybody");
    letters / (tabs - 1)
}

fn publish(stage: &mut Stage, tab: usize, durable: bool) {
    let published = stage.with(tab, |engine, _, now| {
        engine.publish(now, durable, "board".to_owned(), "k".to_owned(), Some(Value::Null))
    });
    assert_eq!(published, Ok(()));
}

fn check_linear(messages: usize, act: impl Fn(&mut Stage, usize) + Copy) {
    assert_eq!([5, 50].map(|tabs| letters_each(tabs, act)), [messages, messages]);
}

#[test]
fn an_ephemeral_update_is_one_message() {
    check_linear(1, |stage, tab| publish(stage, tab, false));
}

#[test]
fn a_durable_update_is_two_messages() {
    check_linear(2, |stage, tab| publish(stage, tab, true));
}

#[test]
fn an_operation_is_three_messages_until_it_is_sent() {
    check_linear(3, |stage, tab| {
        stage.mutate(tab, "patch", "a", 1.0);
    });
}

#[test]
fn tabs_that_open_together_do_not_answer_each_one_each() {
    const TABS: usize = 50;
    let mut stage = Stage::new();
    stage.are_letters_held = true;
    for _ in 0..TABS {
        stage.open();
    }
    stage.deliver_backwards();
    stage.wait(1_000);
    let messages = stage.letters() / (TABS - 1);
    assert!((TABS..=5 * TABS).contains(&messages), "{messages} messages for {TABS} tabs");
}

#[test]
fn no_timer_wakes_tabs_that_have_nothing_to_do() {
    let mut stage = Stage::new();
    let tabs = [stage.open(), stage.open(), stage.open()];
    let id = stage.mutate(tabs[1], "patch", "a", 1.0);
    publish(&mut stage, tabs[1], false);
    publish(&mut stage, tabs[2], true);
    stage.accept(tabs[0]);
    for tab in tabs {
        stage.base(tab, &[("a", 1.0)], &[id]);
    }
    stage.wait(10_000);
    let due = tabs.map(|tab| stage.with(tab, |engine, _, _| engine.poll_timeout()));
    assert_eq!(due, [None; 3]);
    // Who looks at the list of tabs has them looked for, as long as that lasts.
    stage.with(tabs[1], |engine, _, now| engine.watch_peers(now, true));
    assert!(stage.with(tabs[1], |engine, _, _| engine.poll_timeout()).is_some());
    stage.with(tabs[1], |engine, _, now| engine.watch_peers(now, false));
    assert_eq!(stage.with(tabs[1], |engine, _, _| engine.poll_timeout()), None);
}
