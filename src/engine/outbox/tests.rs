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
        rebases: 0,
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

/// The numbers of the operations that the store can take over now, by batch.
fn unstored(outbox: &Outbox<u8>, on_the_way: &[u8]) -> Vec<Vec<u8>> {
    let numbers = |ids: Vec<OperationId>| ids.iter().map(|id| id.bytes()[0]).collect();
    outbox.unstored(|id| !on_the_way.contains(&id.bytes()[0])).into_iter().map(numbers).collect()
}

fn elsewhere(number: u8, at: u64) -> Operation<u8> {
    Operation { scope: "another scope".to_owned(), ..operation(number, at) }
}

#[test]
fn what_the_store_lacks_it_takes_over_as_one() {
    let mut outbox = Outbox::new();
    outbox.accept(operation(1, 10));
    outbox.accept(elsewhere(2, 20));
    outbox.accept(operation(3, 30));
    assert_eq!(unstored(&outbox, &[]), [[2, 1, 3]]);
}

#[test]
fn the_later_of_a_scope_wait_until_the_store_has_the_first() {
    let mut outbox = Outbox::new();
    outbox.accept(operation(1, 10));
    outbox.accept(operation(2, 20));
    outbox.accept(elsewhere(3, 30));
    assert_eq!(unstored(&outbox, &[1]), [[3]]);
    outbox.acknowledge_unread(operation(1, 10).id);
    assert_eq!(unstored(&outbox, &[]), [[3]]);
    outbox.learn(operation(1, 10), Revision(3));
    assert_eq!(unstored(&outbox, &[]), [[3, 2]]);
}

#[test]
fn those_of_a_batch_that_failed_are_by_themselves_until_the_store_has_them() {
    let mut outbox = Outbox::new();
    for (number, at) in [(1, 10), (2, 20), (3, 30)] {
        outbox.accept(operation(number, at));
    }
    outbox.part(&[operation(1, 10).id, operation(2, 20).id]);
    outbox.accept(elsewhere(4, 40));
    assert_eq!(unstored(&outbox, &[]), [[1], [4]]);
    outbox.learn(operation(1, 10), Revision(1));
    outbox.learn(operation(2, 20), Revision(2));
    assert_eq!(unstored(&outbox, &[]), [[4, 3]]);
}

#[test]
fn a_batch_has_an_end_and_what_does_not_go_into_it_waits_for_it() {
    let mut outbox = Outbox::new();
    for number in 1..=150 {
        outbox.accept(operation(number, number.into()));
    }
    outbox.accept(elsewhere(200, 200));
    let batches = unstored(&outbox, &[]);
    assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [100]);
    assert_eq!((batches[0][0], batches[0][1], batches[0][99]), (200, 1, 99));
    outbox.accept(Operation { bytes: 2_000_000, scope: "a large one".to_owned(), ..operation(201, 201) });
    let sizes: Vec<_> = unstored(&outbox, &[]).iter().map(Vec::len).collect();
    assert_eq!(sizes, [1, 100], "nothing is added to a batch that is large enough");
}

#[test]
fn a_claim_under_an_epoch_of_a_lost_store_is_given_up() {
    let mut outbox = Outbox::new();
    outbox.learn(claimed(1, 10), Revision(1));
    assert_eq!(outbox.forget_store(), [operation(1, 10).id]);
    assert_eq!((outbox.claimed().count(), unstored(&outbox, &[])), (0, vec![vec![1]]));
}
