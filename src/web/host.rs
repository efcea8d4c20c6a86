//! The package's side of the class: the app's functions and everything that is done in TypeScript.

use core::cell::Cell;

use js_sys::{Array, Map, Object, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::fields::{Fields, id_from, list_from, whole};
use super::plain::{Plain, objects};
use super::record::{from_body, record_of, to_body};
use crate::engine::{
    Attempt, Host, HostRefusal, Map as SortedMap, Merger, Operation, QueryToken, Set, TabId, Touched,
};

#[wasm_bindgen]
extern "C" {
    /// What the class is constructed with. `event` and `attempt` may call the class; `optimistic` must not.
    #[wasm_bindgen(typescript_type = "EngineHost")]
    #[derive(Clone)]
    pub type EngineHost;

    #[wasm_bindgen(method, catch)]
    fn optimistic(this: &EngineHost, operation: &Object, draft: &Map) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = attempt)]
    fn call_attempt(this: &EngineHost, attempt: &Object) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = coalesce)]
    fn call_coalesce(this: &EngineHost, operations: &Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = event)]
    fn call_event(this: &EngineHost, event: &Object) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = findOrphans)]
    fn call_find_orphans(this: &EngineHost) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = lookAround)]
    fn call_look_around(this: &EngineHost) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = dropJournal)]
    fn call_drop_journal(this: &EngineHost, owner: &str) -> Result<(), JsValue>;
}

/// The host as the engine and the platform use it.
pub(super) struct JsHost {
    object: EngineHost,
    /// Whether an optimistic function runs right now: whoever calls the class then is called from within it.
    in_optimistic: Cell<bool>,
}

impl JsHost {
    pub(super) fn new(object: EngineHost) -> Self {
        Self { object, in_optimistic: Cell::new(false) }
    }

    pub(super) fn is_in_optimistic(&self) -> bool {
        self.in_optimistic.get()
    }

    /// Tells the app something.
    pub(super) fn event(&self, event: &Object) {
        surface(self.object.call_event(event));
    }

    /// Has an attempt made.
    ///
    /// # Errors
    /// What the host threw: nobody will answer this attempt.
    pub(super) fn attempt(&self, attempt: &Attempt<JsValue>) -> Result<(), JsValue> {
        let call = Plain::new()
            .with("id", attempt.id.to_string())
            .with("key", attempt.key.as_str())
            .with("name", attempt.name.as_str())
            .with("body", from_body(&attempt.body))
            .with("version", attempt.version)
            .with_some("sensitive", Some(true).filter(|_| attempt.sensitive))
            .with_some("inDoubt", Some(true).filter(|_| attempt.is_in_doubt))
            .with("acceptedMs", whole(attempt.accepted_ms))
            .with("attempt", attempt.attempt)
            .with("firstAttemptMs", whole(attempt.first_attempt_ms))
            .with("timeoutMs", whole(attempt.timeout_ms));
        self.object.call_attempt(&call.done())
    }

    /// What the app makes of operations that stand next to each other.
    pub(super) fn coalesce(&self, operations: &[Operation<JsValue>]) -> Vec<Merger<JsValue>> {
        let mergers = self.object.call_coalesce(&objects(operations.iter().map(record_of)));
        let mergers = mergers.map(|mergers| list_from(&mergers, merger_from));
        mergers.inspect_err(|error| drop(Promise::reject(error))).ok().flatten().unwrap_or_default()
    }

    /// Looks which tabs live and which journals have no living owner.
    pub(super) fn find_orphans(&self) -> Result<Promise, JsValue> {
        self.object.call_find_orphans()
    }

    /// Looks which tabs live.
    pub(super) fn look_around(&self) -> Result<Promise, JsValue> {
        self.object.call_look_around()
    }

    /// Deletes the journal of a tab that lives no more.
    pub(super) fn drop_journal(&self, owner: TabId) {
        surface(self.object.call_drop_journal(&owner.to_string()));
    }
}

impl Host<JsValue> for &JsHost {
    type Draft = Map;

    fn draft(&mut self, values: &SortedMap<QueryToken, JsValue>) -> Map {
        let draft = Map::new();
        for (query, value) in values {
            draft.set(&JsValue::from_str(query.as_str()), value);
        }
        draft
    }

    fn optimistic(
        &mut self,
        operation: &Operation<JsValue>,
        draft: &mut Map,
    ) -> Result<Vec<Touched>, HostRefusal<JsValue>> {
        let call = Plain::new()
            .with("id", operation.id.to_string())
            .with("name", operation.name.as_str())
            .with("body", from_body(&operation.body))
            .with("version", operation.terms.version)
            .with_some("sensitive", Some(true).filter(|_| operation.terms.sensitive))
            .with("atMs", whole(operation.stamp.wall_ms));
        self.in_optimistic.set(true);
        let outcome = self.object.optimistic(&call.done(), draft);
        self.in_optimistic.set(false);
        let touched = outcome.map_err(HostRefusal::Threw)?;
        if touched.is_null() {
            return Err(HostRefusal::Unregistered);
        }
        Ok(list_from(&touched, touched_from).expect("the package answers with pairs of texts"))
    }

    fn values(&mut self, draft: Map, queries: &Set<QueryToken>) -> Vec<(QueryToken, JsValue)> {
        let value_of = |query: &QueryToken| {
            let key = JsValue::from_str(query.as_str());
            draft.has(&key).then(|| (query.clone(), draft.get(&key)))
        };
        queries.iter().filter_map(value_of).collect()
    }
}

fn merger_from(value: &JsValue) -> Option<Merger<JsValue>> {
    let fields = Fields::of(value)?;
    Some(Merger { operations: fields.list("operations", id_from)?, body: to_body(&fields.value("body")?)? })
}

fn touched_from(pair: &JsValue) -> Option<Touched> {
    let mut parts = list_from(pair, JsValue::as_string)?.into_iter();
    Some(Touched { query: QueryToken::new(parts.next()?), document: parts.next()? })
}

/// The host must not throw here. If it does it is a bug of the package, and the page should hear of it without
/// this loop being torn down: as an unhandled rejection.
fn surface(outcome: Result<(), JsValue>) {
    if let Err(error) = outcome {
        drop(Promise::reject(&error));
    }
}
