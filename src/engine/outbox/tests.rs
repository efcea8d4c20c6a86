use super::super::ids::{Epoch, TabId};
use super::super::operation::{Body, OperationState};
use super::super::terms::Terms;
use super::*;

const TAB: TabId = TabId::from_bytes([7; 16]);

fn operation(number: u8, at: u64) -> Operation<u8> {
    Operation {
        id: OperationId::from_bytes([number; 16]),
        name: "change".to_owned(),
        body: Body::Intent { arguments: number },
        scope: "scope".to_owned(),
        stamp: Stamp { wall_ms: at, counter: 0, tab: TAB },
        origin: TAB,
        repeatable: true,
        confirmed_by_key: true,
        bytes: 3,
        terms: Terms::default(),
        merges: 0,
        attempts: 0,
        answered: 0,
        first_attempt_ms: None,
        is_in_doubt: false,
        report: None,
        state: OperationState::Queued,
    }
}

fn claimed(number: u8, at: u64) -> Operation<u8> {
    let state = OperationState::Claimed { epoch: Epoch(1), runner: TAB, probes: false };
    Operation { attempts: 1, state, ..operation(number, at) }
}

fn heads(outbox: &Outbox<u8>) -> Vec<u8> {
    outbox.heads().map(|operation| operation.id.bytes()[0]).collect()
}

#[test]
fn the_first_of_a_scope_comes_first_whoever_was_heard_of_first() {
    let mut outbox = Outbox::new();
    outbox.learn(operation(2, 20), Revision(1));
    outbox.learn(operation(1, 10), Revision(2));
    assert_eq!(heads(&outbox), [1]);
}

#[test]
fn what_the_store_has_not_got_holds_up_its_scope() {
    let mut outbox = Outbox::new();
    outbox.accept(operation(1, 10));
    outbox.learn(operation(2, 20), Revision(1));
    assert!(heads(&outbox).is_empty());
    outbox.acknowledge(operation(1, 10).id, Revision(2));
    assert_eq!(heads(&outbox), [1]);
}

#[test]
fn an_operation_of_a_tab_whose_clock_is_behind_waits_for_what_is_under_way() {
    let mut outbox = Outbox::new();
    outbox.learn(claimed(2, 20), Revision(1));
    outbox.learn(operation(1, 10), Revision(2));
    assert!(heads(&outbox).is_empty());
}

#[test]
fn older_news_of_an_operation_tells_nothing() {
    let mut outbox = Outbox::new();
    outbox.learn(claimed(1, 10), Revision(5));
    assert_eq!(outbox.learn(operation(1, 10), Revision(4)), Learned::Nothing);
    assert_eq!(outbox.claimed().count(), 1);
}

#[test]
fn older_news_does_not_bring_back_what_was_removed() {
    let mut outbox = Outbox::new();
    outbox.learn(operation(1, 10), Revision(1));
    outbox.bury(operation(1, 10).id, Revision(5), true);
    outbox.remove(operation(1, 10).id);
    assert_eq!(outbox.learn(operation(1, 10), Revision(4)), Learned::Nothing);
    assert_eq!(outbox.learn(operation(1, 10), Revision(6)), Learned::New);
}

#[test]
fn the_later_of_a_scope_wait_until_the_store_has_the_first() {
    let mut outbox = Outbox::new();
    outbox.accept(operation(1, 10));
    outbox.accept(operation(2, 20));
    let id = |number, at| operation(number, at).id;
    assert_eq!(outbox.unstored(), [id(1, 10)]);
    outbox.acknowledge_unread(id(1, 10));
    assert!(outbox.unstored().is_empty());
    outbox.learn(operation(1, 10), Revision(3));
    assert_eq!(outbox.unstored(), [id(2, 20)]);
}

#[test]
fn a_claim_under_an_epoch_of_a_lost_store_is_given_up() {
    let mut outbox = Outbox::new();
    outbox.learn(claimed(1, 10), Revision(1));
    assert_eq!(outbox.forget_store(), [operation(1, 10).id]);
    assert_eq!((outbox.claimed().count(), outbox.unstored().len()), (0, 1));
}
