//! The app of the small worlds: one document, which is a set of at most eight marks. An operation sets the mark of
//! its own number, so what is shown, and what the server holds, is the set of operations that are contained in it.

use tabweave::engine::{
    BaseUpdate, Body, Host, HostRefusal, Map, Operation, OperationId, OperationRequest, QueryToken, Set,
    StoreId, TabId, Terms, Touched,
};

use super::database::Database;

const FIRST_BYTE: u8 = 0x50;

/// Operations or published values, each by its number, as bits.
pub type Marks = u8;

/// One life of the database.
pub type Store = Database<Marks, TabId>;

pub fn new_store(life: u8) -> Store {
    Store::new(StoreId::from_bytes([0xd0 + life; 16]))
}

pub fn operation_id(number: u8) -> OperationId {
    OperationId::from_bytes([FIRST_BYTE + number; 16])
}

pub fn number_of(id: OperationId) -> u8 {
    id.bytes()[0] - FIRST_BYTE
}

pub fn mark_of(id: OperationId) -> Marks {
    1 << number_of(id)
}

/// The numbers of marks.
pub fn numbers(marks: Marks) -> impl Iterator<Item = u8> {
    (0..8).filter(move |number| marks & 1 << number != 0)
}

pub fn query() -> QueryToken {
    QueryToken::new("q")
}

pub const OPERATION: &str = "mark";
pub const TOPIC: &str = "t";
pub const OTHER_TOPIC: &str = "u";
pub const KEY: &str = "k";

pub fn request(number: u8, is_repeatable: bool) -> OperationRequest<Marks> {
    OperationRequest {
        id: operation_id(number),
        name: OPERATION.to_owned(),
        body: Body::Intent { arguments: 1 << number },
        scope: "s".to_owned(),
        repeatable: is_repeatable,
        confirmed_by_key: true,
        bytes: 1_000,
        terms: Terms::default(),
    }
}

/// What the server tells a page.
pub fn base(value: Marks, seen: Marks) -> BaseUpdate<Marks> {
    BaseUpdate { queries: vec![(query(), value)], seen: numbers(seen).map(operation_id).collect() }
}

/// The app's functions.
#[derive(Clone, Copy, Debug)]
pub struct App;

impl Host<Marks> for App {
    type Draft = Map<QueryToken, Marks>;

    fn draft(&mut self, values: &Map<QueryToken, Marks>) -> Self::Draft {
        values.clone()
    }

    fn optimistic(
        &mut self,
        operation: &Operation<Marks>,
        draft: &mut Self::Draft,
    ) -> Result<Vec<Touched>, HostRefusal<Marks>> {
        let Body::Intent { arguments } = &operation.body else {
            return Err(HostRefusal::Unregistered);
        };
        let Some(value) = draft.get_mut(&query()) else {
            return Ok(Vec::new());
        };
        *value |= arguments;
        Ok(vec![Touched { query: query(), document: "d".to_owned() }])
    }

    fn values(&mut self, draft: Self::Draft, queries: &Set<QueryToken>) -> Vec<(QueryToken, Marks)> {
        draft.into_iter().filter(|(query, _)| queries.contains(query)).collect()
    }
}
