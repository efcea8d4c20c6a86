//! How a change gives way to the server's results.

use crate::stage::{Stage, cards, rejected};

#[test]
fn a_change_stays_shown_until_a_base_contains_it_though_the_server_has_answered() {
    let mut stage = Stage::new();
    let tab = stage.open();
    stage.base(tab, &[("a", 1.0)], &[]);
    let id = stage.mutate(tab, "increment", "a", 0.0);
    stage.accept(tab);
    assert_eq!((stage.settlements(tab, id), stage.shows(tab)), (vec!["done"], cards(&[("a", 2.0)])));
    stage.base(tab, &[("a", 2.0)], &[id]);
    assert_eq!((stage.pending(tab), stage.shows(tab)), (vec![], cards(&[("a", 2.0)])));
}

#[test]
fn a_tab_whose_base_lags_never_flashes_the_old_value() {
    let mut stage = Stage::new();
    let [leader, lagging] = [stage.open(), stage.open()];
    for tab in [leader, lagging] {
        stage.base(tab, &[("a", 1.0)], &[]);
    }
    let id = stage.mutate(leader, "increment", "a", 0.0);
    stage.accept(leader);
    stage.base(leader, &[("a", 2.0)], &[id]);
    assert_eq!(stage.shows(lagging), cards(&[("a", 2.0)]));
    stage.base(lagging, &[("a", 2.0)], &[id]);
    assert_eq!(stage.shows(lagging), cards(&[("a", 2.0)]));
}

#[test]
fn a_refused_change_is_rolled_back_and_the_later_one_on_the_same_document_stays() {
    let mut stage = Stage::new();
    let [tab, other] = [stage.open(), stage.open()];
    for each in [tab, other] {
        stage.base(each, &[("a", 1.0)], &[]);
    }
    let refused = stage.mutate(tab, "patch", "a", 10.0);
    stage.mutate(tab, "increment", "a", 0.0);
    assert_eq!(stage.shows(tab), cards(&[("a", 11.0)]));
    stage.answer(tab, rejected());
    for each in [tab, other] {
        assert_eq!((stage.shows(each), stage.state(each, refused)), (cards(&[("a", 2.0)]), "dead"));
    }
}

#[test]
fn somebody_elses_edit_moves_in_below_what_is_pending() {
    let mut stage = Stage::new();
    let tab = stage.open();
    stage.base(tab, &[("a", 1.0)], &[]);
    stage.mutate(tab, "increment", "a", 0.0);
    stage.base(tab, &[("a", 70.0)], &[]);
    assert_eq!(stage.shows(tab), cards(&[("a", 71.0)]));
}

#[test]
fn a_change_without_a_key_is_let_go_when_no_base_ever_tells_of_it() {
    let mut stage = Stage::new();
    let tab = stage.open();
    stage.base(tab, &[("a", 1.0)], &[]);
    let mut request = stage.request("increment", "a", 0.0);
    request.confirmed_by_key = false;
    assert_eq!(stage.ask(tab, request), Ok(()));
    stage.accept(tab);
    assert_eq!(stage.shows(tab), cards(&[("a", 2.0)]));
    stage.wait(2_000);
    assert_eq!(stage.shows(tab), cards(&[("a", 1.0)]));
}

#[test]
fn a_change_without_a_key_is_let_go_by_a_tab_that_slept_when_its_time_was_up() {
    let mut stage = Stage::new();
    let tab = stage.open();
    stage.base(tab, &[("a", 1.0)], &[]);
    let mut request = stage.request("increment", "a", 0.0);
    request.confirmed_by_key = false;
    assert_eq!(stage.ask(tab, request), Ok(()));
    stage.accept(tab);
    stage.suspend(tab);
    stage.wait(10_000);
    stage.resume(tab);
    stage.wait(2_000);
    assert_eq!(stage.pending(tab), []);
}
