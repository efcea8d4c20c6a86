//! The store in IndexedDB: what it keeps, what it undoes, and what becomes of it when it is deleted.

use std::cell::RefCell;
use std::rc::Rc;

use tabweave::engine::{
    CachedQuery, Epoch, OperationId, PersistFailure, QueryToken, Revision, StoreContents, Write, WriteBatch,
};
use tabweave::web::database::{Database, Persisted, StoreNews};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{
    Covered, answer, arguments, assert_rich, commits_during, delete_database, evaluate, fresh_name, get_raw,
    keys_of, operation, put_raw, rich_value, settled, unfenced, until,
};

const CONFLICT: Persisted = Err(PersistFailure::Conflict);

fn open(name: &str) -> Database {
    Database::open(name, |news| panic!("nothing should happen to it: {news:?}"))
}

async fn persist(database: &Database, batch: WriteBatch<JsValue>) -> Persisted {
    let (done, outcome) = answer();
    database.persist(batch, done);
    outcome.await
}

async fn read(database: &Database) -> StoreContents<JsValue> {
    let (done, contents) = answer();
    database.read_store(done);
    contents.await.expect("it can be read")
}

async fn read_query(database: &Database, query: &str) -> Option<CachedQuery<JsValue>> {
    let (done, cached) = answer();
    database.read_query(QueryToken::new(query), done);
    cached.await.expect("it can be read")
}

fn add(number: u8) -> Write<JsValue> {
    Write::AddOperation(operation(number, &JsValue::NULL))
}

fn fenced(epoch: u64, writes: Vec<Write<JsValue>>) -> WriteBatch<JsValue> {
    WriteBatch { fence: Some(Epoch(epoch)), writes }
}

fn ids(contents: &StoreContents<JsValue>) -> Vec<OperationId> {
    contents.operations.iter().map(|operation| operation.id).collect()
}

#[wasm_bindgen_test]
async fn values_come_out_of_a_reopened_store_as_they_went_in() {
    let name = fresh_name();
    let database = open(&name);
    let cached = CachedQuery { value: rich_value(), at_ms: 5, contains: vec![] };
    let writes = vec![
        Write::AddOperation(operation(1, &rich_value())),
        Write::PutQuery { query: QueryToken::new("notes:{}"), cached },
    ];
    assert_eq!(persist(&database, unfenced(writes)).await, Ok(Some(Revision(1))));
    let before = read(&database).await;
    drop(database);

    let database = open(&name);
    let after = read(&database).await;
    assert_eq!(after.store, before.store);
    assert_rich(&arguments(&after.operations[0]));
    assert_rich(&read_query(&database, "notes:{}").await.expect("it was kept").value);
    assert_eq!(read_query(&database, "__proto__").await, None);
}

#[wasm_bindgen_test]
async fn a_batch_of_an_old_epoch_is_undone_as_a_whole() {
    let database = open(&fresh_name());
    persist(&database, unfenced(vec![Write::ClaimEpoch(Epoch(1))])).await.expect("the first epoch is free");
    persist(&database, fenced(1, vec![add(1)])).await.expect("epoch 1 still leads");
    persist(&database, unfenced(vec![Write::ClaimEpoch(Epoch(2))])).await.expect("the next one is free");

    let mut changed = operation(1, &JsValue::NULL);
    changed.attempts = 1;
    let late = fenced(
        1,
        vec![Write::PutOperation(changed), add(2), Write::RemoveOperation(OperationId::from_bytes([1; 16]))],
    );
    assert_eq!(persist(&database, late).await, CONFLICT);

    let contents = read(&database).await;
    assert_eq!(contents.operations, [operation(1, &JsValue::NULL)]);
    assert_eq!((contents.revision, contents.epoch), (Revision(1), Epoch(2)));
}

#[wasm_bindgen_test]
async fn the_fence_leaves_the_lease_as_it_was() {
    let name = fresh_name();
    let database = open(&name);
    assert_eq!(persist(&database, unfenced(vec![Write::ClaimEpoch(Epoch(1))])).await, Ok(None));
    for number in 1..4 {
        persist(&database, fenced(1, vec![add(number)])).await.expect("epoch 1 leads");
    }
    assert_eq!(read(&database).await.epoch, Epoch(1));
    assert_eq!(js_sys::Array::from(&settled(keys_of(&name, "lease")).await).length(), 1);
    assert_eq!(persist(&database, unfenced(vec![Write::ClaimEpoch(Epoch(1))])).await, CONFLICT);
    assert_eq!(persist(&database, unfenced(vec![Write::ClaimEpoch(Epoch(2))])).await, Ok(None));
}

#[wasm_bindgen_test]
async fn two_tabs_share_revisions_and_an_undone_batch_leaves_no_gap() {
    let name = fresh_name();
    let (one, other) = (open(&name), open(&name));
    assert_eq!(persist(&one, unfenced(vec![add(1)])).await, Ok(Some(Revision(1))));
    assert_eq!(persist(&other, unfenced(vec![add(2)])).await, Ok(Some(Revision(2))));
    assert_eq!(persist(&one, unfenced(vec![add(3), add(2)])).await, CONFLICT);
    assert_eq!(persist(&other, unfenced(vec![add(4)])).await, Ok(Some(Revision(3))));
    let contents = read(&one).await;
    assert_eq!(contents.revision, Revision(3));
    assert_eq!(ids(&contents), [1, 2, 4].map(|number| OperationId::from_bytes([number; 16])));
}

#[wasm_bindgen_test]
async fn two_tabs_that_open_at_once_find_one_store() {
    let name = fresh_name();
    let (one, other) = (open(&name), open(&name));
    assert_eq!(read(&one).await.store, read(&other).await.store);
}

#[wasm_bindgen_test]
async fn a_batch_without_operations_is_no_news() {
    let database = open(&fresh_name());
    let cached = CachedQuery { value: JsValue::TRUE, at_ms: 5, contains: vec![] };
    let put = Write::PutQuery { query: QueryToken::new("q"), cached };
    assert_eq!(persist(&database, unfenced(vec![put])).await, Ok(None));
    assert_eq!(read(&database).await.revision, Revision(0));
}

#[wasm_bindgen_test]
async fn an_unreadable_record_is_counted_and_left_untouched() {
    let name = fresh_name();
    let database = open(&name);
    persist(&database, unfenced(vec![add(1)])).await.expect("it is stored");
    settled(put_raw(&name, "operations", "zzz", &evaluate("{ schema: 2, of: 'a later version' }"))).await;
    let contents = read(&database).await;
    assert_eq!((contents.unreadable, contents.operations.len()), (1, 1));
    let id = operation(7, &JsValue::NULL).id;
    settled(put_raw(&name, "operations", &id.to_string(), &evaluate("{ schema: 2 }"))).await;
    let contents = read(&database).await;
    assert_eq!((contents.unreadable, contents.newer, contents.unreadable_operations), (2, 2, vec![id]));
    let left = settled(get_raw(&name, "operations", "zzz")).await;
    assert_eq!(
        js_sys::JSON::stringify(&left).expect("it is plain"),
        "{\"schema\":2,\"of\":\"a later version\"}"
    );

    settled(put_raw(&name, "queries", "q", &evaluate("{ schema: 2 }"))).await;
    assert_eq!(read_query(&database, "q").await, None);
}

#[wasm_bindgen_test]
async fn what_cannot_be_cloned_fails_and_undoes_its_batch() {
    let database = open(&fresh_name());
    let function = Write::AddOperation(operation(2, &evaluate("{ call: () => 1 }")));
    let outcome = persist(&database, unfenced(vec![add(1), function])).await;
    assert_eq!(outcome, Err(PersistFailure::Failed));
    assert_eq!(read(&database).await.operations, []);
}

#[wasm_bindgen_test]
async fn a_batch_is_committed_within_the_call() {
    let database = open(&fresh_name());
    read(&database).await;
    let (done, outcome) = answer();
    let mut done = Some(done);
    let commits = commits_during(&mut || {
        database.persist(unfenced(vec![add(1)]), done.take().expect("it is called once"));
    });
    assert_eq!(commits, 1);
    assert_eq!(outcome.await, Ok(Some(Revision(1))));
}

#[wasm_bindgen_test]
async fn what_is_asked_while_it_opens_is_done_in_order_even_if_it_is_dropped() {
    let name = fresh_name();
    let database = open(&name);
    for number in 1..4 {
        database.persist(unfenced(vec![add(number)]), |_| {});
    }
    drop(database);
    let database = open(&name);
    let contents = read(&database).await;
    assert_eq!(contents.revision, Revision(3));
    assert_eq!(contents.operations.len(), 3);
}

#[wasm_bindgen_test]
async fn a_deleted_database_is_told_once_and_opened_again_by_the_next_read() {
    let name = fresh_name();
    let heard = Rc::new(RefCell::new(Vec::new()));
    let database = Database::open(&name, {
        let heard = heard.clone();
        move |news| heard.borrow_mut().push(news)
    });
    let before = read(&database).await;
    persist(&database, unfenced(vec![add(1)])).await.expect("it is stored");
    settled(delete_database(&name)).await;
    until("the news", || !heard.borrow().is_empty()).await;
    assert_eq!(*heard.borrow(), [StoreNews::Lost]);
    assert_eq!(persist(&database, unfenced(vec![add(2)])).await, Err(PersistFailure::Closed));

    let after = read(&database).await;
    assert_ne!(after.store, before.store);
    assert_eq!((after.revision, after.operations.len()), (Revision(0), 0));
    assert_eq!(persist(&database, unfenced(vec![add(3)])).await, Ok(Some(Revision(1))));
}

#[wasm_bindgen_test]
async fn a_dropped_database_holds_nobody_up() {
    let name = fresh_name();
    let database = open(&name);
    persist(&database, unfenced(vec![add(1)])).await.expect("it is stored");
    drop(database);
    settled(delete_database(&name)).await;
}

#[wasm_bindgen_test]
async fn a_full_disk_is_told_as_such() {
    let database = open(&fresh_name());
    read(&database).await;
    // The quota cannot be filled in a test; what the adapter sees of it is the error's name.
    let full = evaluate("() => { throw new DOMException('full', 'QuotaExceededError'); }");
    let outcome = {
        let _full = Covered::new("IDBObjectStore.prototype", "add", &full);
        let (done, outcome) = answer();
        database.persist(unfenced(vec![add(1)]), done);
        outcome
    };
    assert_eq!(outcome.await, Err(PersistFailure::Quota));
}
