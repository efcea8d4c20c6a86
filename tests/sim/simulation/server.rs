//! The server: documents, a record of every key it has seen, and a ledger of what it really did.

use std::collections::BTreeMap;
use std::rc::Rc;

use tabweave::engine::{Attempt, Body, FailedKind, Hindrance, OperationId, QueryToken};

use crate::support::host::{self, Documents};
use crate::support::value::Value;

type Collections = BTreeMap<String, Rc<Documents>>;

/// A call on its way to the server.
#[derive(Clone, Debug)]
pub struct Request {
    pub tab: usize,
    pub attempt: Attempt<Value>,
    pub repeatable: bool,
}

/// What the server answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    Accepted {
        result: Value,
    },
    /// It was not applied.
    Failed(FailedKind),
}

/// How the server feels about a request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mood {
    pub refuses: bool,
    pub is_busy: bool,
    pub is_overloaded: bool,
    pub knows_better: bool,
    pub signs_out: bool,
}

/// The server, with everything it ever was.
#[derive(Clone, Debug)]
pub struct Server {
    /// The documents after each change; a change's place in it is the server's time.
    history: Vec<Collections>,
    /// What was applied, in order.
    pub ledger: Vec<OperationId>,
    records: BTreeMap<String, Value>,
    /// When each operation was applied first.
    pub applied_at: BTreeMap<OperationId, u64>,
}

impl Server {
    pub fn new(collections: &[&str], documents: usize) -> Self {
        let fill = |_: &&str| -> Documents { (0..documents).map(document).collect() };
        let start = collections.iter().map(|name| ((*name).to_owned(), Rc::new(fill(name)))).collect();
        Self {
            history: vec![start],
            ledger: Vec::new(),
            records: BTreeMap::new(),
            applied_at: BTreeMap::new(),
        }
    }

    /// The server's time: how many changes it has seen.
    pub fn at(&self) -> u64 {
        self.history.len() as u64 - 1
    }

    /// Answers a request.
    pub fn answer(&mut self, request: &Request, mood: Mood) -> Reply {
        if mood.is_overloaded {
            return Reply::Failed(FailedKind::Retryable(Hindrance::Overload));
        }
        if mood.signs_out {
            return Reply::Failed(FailedKind::Unauthenticated);
        }
        let Attempt { id, key, name, body, .. } = &request.attempt;
        if let Some(result) = self.records.get(key).filter(|_| request.repeatable) {
            return Reply::Accepted { result: result.clone() };
        }
        let failed = [
            (mood.refuses, FailedKind::Rejected),
            (mood.knows_better, FailedKind::Conflict),
            (mood.is_busy, FailedKind::Retryable(Hindrance::Server)),
        ];
        if let Some((_, kind)) = failed.into_iter().find(|(feels, _)| *feels) {
            return Reply::Failed(kind);
        }
        self.apply(name, body);
        self.ledger.push(*id);
        let result = Value::BigInt(i128::from(self.at()));
        self.applied_at.entry(*id).or_insert(self.history.len() as u64 - 1);
        self.records.insert(key.clone(), result.clone());
        Reply::Accepted { result }
    }

    /// Somebody else's change, or an operation's.
    pub fn apply(&mut self, name: &str, body: &Body<Value>) {
        let mut next = self.history.last().expect("the server began with documents").clone();
        let (collection, _) = host::target(body);
        let documents = next.entry(collection.to_owned()).or_default();
        // An operation whose document is gone does nothing; that is this server's answer to a late edit.
        let _ = host::perform(name, body, Rc::make_mut(documents));
        self.history.push(next);
    }

    /// The document that an operation is about, as it is now.
    pub fn current(&self, body: &Body<Value>) -> Option<&Value> {
        let (collection, document) = host::target(body);
        self.history.last().expect("the server began with documents").get(collection)?.get(document)
    }

    /// A query's result as it was at this time.
    pub fn query(&self, query: &QueryToken, at: u64) -> Value {
        let collections = &self.history[usize::try_from(at).expect("times are counted from 0")];
        let listed = collections.iter().flat_map(|(collection, documents)| {
            let lists = |key: &str| host::lists(query, collection, key);
            documents.iter().filter(move |(key, _)| lists(key)).map(|(_, document)| document)
        });
        host::query_value(at, listed)
    }

    /// Whether this operation's effect is in results as of this time.
    pub fn contains(&self, id: OperationId, at: u64) -> bool {
        self.applied_at.get(&id).is_some_and(|applied| *applied <= at)
    }
}

fn document(number: usize) -> (String, Value) {
    let key = format!("d{number}");
    (key.clone(), Value::object([("_id", Value::text(key)), ("n", Value::number(0.0))]))
}
