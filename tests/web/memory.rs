//! The store of a tab without IndexedDB behaves like the one in IndexedDB.

use std::cell::RefCell;
use std::rc::Rc;

use tabweave::engine::{
    CachedQuery, Epoch, PersistFailure, QueryToken, Revision, StoreContents, Write, WriteBatch,
};
use tabweave::web::database::{Database, Persisted, StoreNews};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Covered, answer, fresh_name, operation, unfenced, until};

async fn open_without_indexed_db() -> (Database, Rc<RefCell<Vec<StoreNews>>>) {
    let _missing = Covered::new("globalThis", "indexedDB", &JsValue::UNDEFINED);
    let heard = Rc::new(RefCell::new(Vec::new()));
    let database = Database::open(&fresh_name(), {
        let heard = heard.clone();
        move |news| heard.borrow_mut().push(news)
    });
    until("the news", || !heard.borrow().is_empty()).await;
    (database, heard)
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

fn add(number: u8) -> Write<JsValue> {
    Write::AddOperation(operation(number, &JsValue::NULL))
}

#[wasm_bindgen_test]
async fn without_indexed_db_the_tab_keeps_the_store_and_says_so() {
    let (database, heard) = open_without_indexed_db().await;
    assert!(database.is_memory());
    assert!(matches!(heard.borrow()[..], [StoreNews::Memory(_)]), "{heard:?}");
    let cached = CachedQuery { value: JsValue::TRUE, at_ms: 3, contains: vec![] };
    let writes = vec![add(1), Write::PutQuery { query: QueryToken::new("q"), cached: cached.clone() }];
    assert_eq!(persist(&database, unfenced(writes)).await, Ok(Some(Revision(1))));
    assert_eq!(read(&database).await.operations, [operation(1, &JsValue::NULL)]);
    let (done, found) = answer();
    database.read_query(QueryToken::new("q"), done);
    assert_eq!(found.await, Ok(Some(cached)));
}

#[wasm_bindgen_test]
async fn its_epochs_fence_and_its_conflicts_undo_as_in_indexed_db() {
    let (database, _) = open_without_indexed_db().await;
    assert_eq!(persist(&database, unfenced(vec![Write::ClaimEpoch(Epoch(1))])).await, Ok(None));
    let fenced = |writes| WriteBatch { fence: Some(Epoch(1)), writes };
    assert_eq!(persist(&database, fenced(vec![add(1)])).await, Ok(Some(Revision(1))));
    assert_eq!(persist(&database, unfenced(vec![Write::ClaimEpoch(Epoch(2))])).await, Ok(None));
    let conflict = Err(PersistFailure::Conflict);
    assert_eq!(persist(&database, unfenced(vec![Write::ClaimEpoch(Epoch(2))])).await, conflict);
    assert_eq!(persist(&database, fenced(vec![add(2)])).await, conflict);
    assert_eq!(persist(&database, unfenced(vec![add(3), add(1)])).await, conflict);
    let contents = read(&database).await;
    assert_eq!(contents.operations, [operation(1, &JsValue::NULL)]);
    assert_eq!((contents.revision, contents.epoch), (Revision(1), Epoch(2)));
}
