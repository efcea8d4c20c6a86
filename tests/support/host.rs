//! An app over [`Value`]: collections of documents, queries that list some of them, and operations that change
//! one. The optimistic functions of a tab and the mutations of a server run the same code, as in a well-made app.
//!
//! The query `cards:*` lists all documents of the collection `cards`, `cards:c1` the one with that key. A query's
//! value is `{ at, documents }`: the server's count of changes when it was read, and the documents by key.

use std::collections::{BTreeMap, BTreeSet};

use tabweave::engine::{Body, Host, HostRefusal, Map, Merger, Operation, QueryToken, Set, Touched};

use super::value::Value;

/// Names that the app defines. Others stand for operations of an older or newer build.
pub const NAMES: [&str; 7] = ["insert", "patch", "strict_patch", "remove", "increment", "edit", "throw"];

/// The documents of one collection, by key.
pub type Documents = BTreeMap<String, Value>;

/// What an operation is told.
pub fn arguments(collection: &str, document: &str, field: &str, value: Value) -> Value {
    Value::object([
        ("collection", Value::text(collection)),
        ("document", Value::text(document)),
        ("field", Value::text(field)),
        ("value", value),
    ])
}

/// A query's value.
pub fn query_value<'a>(at: u64, documents: impl IntoIterator<Item = &'a Value>) -> Value {
    let documents = Value::list(documents.into_iter().cloned());
    Value::object([("at", Value::number(at as f64)), ("documents", documents)])
}

/// The server's count of changes that a query's value is from.
pub fn query_at(value: &Value) -> u64 {
    value.field("at").and_then(Value::as_number).expect("a query's value says when it was read") as u64
}

pub fn query_documents(value: &Value) -> &[Value] {
    value.field("documents").and_then(Value::items).expect("a query's value lists documents")
}

/// The collection and the document that an operation is about.
pub fn target(body: &Body<Value>) -> (&str, &str) {
    match body {
        Body::Edit { collection, document, .. } => (collection, document),
        Body::Intent { arguments } => {
            let text =
                |name| arguments.field(name).and_then(Value::as_text).expect("arguments name their target");
            (text("collection"), text("document"))
        }
    }
}

/// Whether a query lists this document.
pub fn lists(query: &QueryToken, collection: &str, document: &str) -> bool {
    let (of, which) = query.as_str().split_once(':').expect("a token names its collection");
    of == collection && (which == "*" || which == document)
}

/// Carries an operation out on one collection. On an error nothing has changed.
///
/// # Errors
/// What the operation throws.
pub fn perform(name: &str, body: &Body<Value>, documents: &mut Documents) -> Result<(), Value> {
    let key = target(body).1;
    let known = documents.get(key).cloned();
    let next = match (name, body) {
        ("edit", Body::Edit { next, .. }) => Some(next.clone()),
        ("insert", Body::Intent { arguments }) => Some(known.unwrap_or_else(|| fresh(key, arguments))),
        ("patch", Body::Intent { arguments }) => known.map(|document| patched(&document, arguments)),
        ("strict_patch", Body::Intent { arguments }) => match known {
            Some(document) => Some(patched(&document, arguments)),
            None => return Err(Value::text(format!("there is no document {key}"))),
        },
        ("increment", Body::Intent { arguments }) => known.map(|document| incremented(&document, arguments)),
        ("remove", _) => None,
        _ => return Err(Value::text(format!("{name} throws"))),
    };
    match next {
        Some(document) => documents.insert(key.to_owned(), document),
        None => documents.remove(key),
    };
    Ok(())
}

/// What an app makes of two operations, the first of which was to be carried out right before the second: of two that
/// write the same field of a document the later one does all.
pub fn coalesced(name: &str, older: &Body<Value>, newer: &Body<Value>) -> Option<Body<Value>> {
    let (Body::Intent { arguments: first }, Body::Intent { arguments: second }) = (older, newer) else {
        return None;
    };
    let is_same = target(older) == target(newer) && field_of(first) == field_of(second);
    match name {
        "patch" if is_same => Some(newer.clone()),
        // The later one counts by how much the two do together.
        "increment" if is_same => {
            Some(Body::Intent { arguments: second.with_field("by", Value::number(by(first) + by(second))) })
        }
        _ => None,
    }
}

/// The same for all operations that an engine has an app look at.
pub fn mergers(operations: &[Operation<Value>]) -> Vec<Merger<Value>> {
    let mut mergers: Vec<Merger<Value>> = Vec::new();
    let mut whole: Option<Merger<Value>> = None;
    for operation in operations {
        let merged =
            whole.as_ref().and_then(|whole| coalesced(&operation.name, &whole.body, &operation.body));
        let mut former = whole.take();
        let ids = match (&mut former, &merged) {
            (Some(former), Some(_)) => std::mem::take(&mut former.operations),
            _ => Vec::new(),
        };
        mergers.extend(former.filter(|former| former.operations.len() > 1));
        let operations = ids.into_iter().chain([operation.id]).collect();
        whole = Some(Merger { operations, body: merged.unwrap_or_else(|| operation.body.clone()) });
    }
    mergers.extend(whole.filter(|whole| whole.operations.len() > 1));
    mergers
}

/// How often an increment counts.
fn by(arguments: &Value) -> f64 {
    arguments.field("by").and_then(Value::as_number).unwrap_or(1.0)
}

fn part<'a>(arguments: &'a Value, name: &str) -> &'a Value {
    arguments.field(name).expect("arguments are complete")
}

fn field_of(arguments: &Value) -> &str {
    part(arguments, "field").as_text().expect("a field is named by a text")
}

fn fresh(key: &str, arguments: &Value) -> Value {
    Value::object([("_id", Value::text(key)), (field_of(arguments), part(arguments, "value").clone())])
}

fn patched(document: &Value, arguments: &Value) -> Value {
    document.with_field(field_of(arguments), part(arguments, "value").clone())
}

fn incremented(document: &Value, arguments: &Value) -> Value {
    let before = document.field(field_of(arguments)).and_then(Value::as_number).unwrap_or(0.0);
    document.with_field(field_of(arguments), Value::number(before + by(arguments)))
}

/// The functions that one tab has registered.
#[derive(Clone, Debug, Default)]
pub struct App {
    pub registered: BTreeSet<String>,
}

impl App {
    pub fn with<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self { registered: names.into_iter().map(str::to_owned).collect() }
    }
}

impl Host<Value> for App {
    type Draft = Map<QueryToken, Value>;

    fn draft(&mut self, values: &Map<QueryToken, Value>) -> Self::Draft {
        values.clone()
    }

    fn optimistic(
        &mut self,
        operation: &Operation<Value>,
        draft: &mut Self::Draft,
    ) -> Result<Vec<Touched>, HostRefusal<Value>> {
        if !self.registered.contains(&operation.name) {
            return Err(HostRefusal::Unregistered);
        }
        let (collection, document) = target(&operation.body);
        let mut changed = Vec::new();
        if operation.name == "throw" {
            return Err(HostRefusal::Threw(Value::text("throw throws")));
        }
        for (query, value) in draft.iter().filter(|(query, _)| lists(query, collection, document)) {
            let mut documents = by_key(value);
            perform(&operation.name, &operation.body, &mut documents).map_err(HostRefusal::Threw)?;
            changed.push((query.clone(), query_value(query_at(value), documents.values())));
        }
        let touched = |query: &QueryToken| Touched { query: query.clone(), document: document.to_owned() };
        let touched = changed.iter().map(|(query, _)| touched(query)).collect();
        draft.extend(changed);
        Ok(touched)
    }

    fn values(&mut self, draft: Self::Draft, queries: &Set<QueryToken>) -> Vec<(QueryToken, Value)> {
        draft.into_iter().filter(|(query, _)| queries.contains(query)).collect()
    }
}

/// The documents of a query's value.
pub fn by_key(value: &Value) -> Documents {
    let key = |document: &Value| {
        document.field("_id").and_then(Value::as_text).expect("documents have keys").to_owned()
    };
    query_documents(value).iter().map(|document| (key(document), document.clone())).collect()
}
