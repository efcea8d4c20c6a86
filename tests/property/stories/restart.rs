//! A page that starts shows what an earlier one was told, until the server tells more.

use tabweave::engine::Origin;

use super::harness::{Story, accepted, rename};

/// A tab that was told of the cards, wrote that down and is gone.
fn cards_of_an_earlier_page() -> Story {
    let mut story = Story::new();
    let tab = story.open_offline(&["patch"]);
    story.send_cards(tab, &[("c1", "Ada"), ("c2", "Bob")]);
    story.pass(250);
    story.crash(tab);
    story
}

#[test]
fn a_page_without_network_shows_the_last_known_result_and_says_where_it_is_from() {
    let mut story = cards_of_an_earlier_page();
    let tab = story.open_offline(&["patch"]);
    assert_eq!((story.shown(tab), story.origin(tab)), (lines(["c1 Ada", "c2 Bob"]), Some(Origin::Cache)));
}

#[test]
fn what_the_server_tells_replaces_the_last_known_result() {
    let mut story = cards_of_an_earlier_page();
    let tab = story.open_offline(&["patch"]);
    story.send_cards(tab, &[("c1", "Eve")]);
    assert_eq!((story.shown(tab), story.origin(tab)), (lines(["c1 Eve"]), Some(Origin::Server)));
}

#[test]
fn a_last_known_result_that_is_read_late_replaces_nothing_from_the_server() {
    let mut story = cards_of_an_earlier_page();
    let tab = story.open_offline(&["patch"]);
    story.send_cards(tab, &[("c1", "Eve")]);
    let query = tabweave::engine::QueryToken::new("cards:*");
    let late = story.store.queries.get(&query).cloned();
    assert!(late.is_some(), "the earlier page wrote it down");
    story.tell(tab, |engine, app, now| engine.handle_query_read(now, app, query, late));
    assert_eq!((story.shown(tab), story.origin(tab)), (lines(["c1 Eve"]), Some(Origin::Server)));
}

#[test]
fn a_change_made_offline_is_shown_after_a_reload_over_the_last_known_result_and_then_sent_under_its_key() {
    let mut story = cards_of_an_earlier_page();
    let tab = story.open_offline(&["patch"]);
    story.mutate(tab, rename(1, "c2", "Bert")).expect("it is accepted");
    story.crash(tab);
    let reloaded = story.open_offline(&["patch"]);
    assert_eq!(story.shown(reloaded), lines(["c1 Ada", "c2 Bert*"]));
    story.tell(reloaded, |engine, _, now| engine.handle_connection(now, true));
    assert_eq!(story.calls, [(reloaded, 1, 1)]);
    story.answer(1, accepted());
    assert_eq!(story.shown(reloaded), lines(["c1 Ada", "c2 Bert*"]), "no base contains it yet");
}

fn lines<const COUNT: usize>(lines: [&str; COUNT]) -> Vec<String> {
    lines.map(str::to_owned).into()
}
