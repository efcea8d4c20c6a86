//! One engine with its host: two of them in one page are two tabs.

use js_sys::{Array, Function, Object, Reflect};
use tabweave::web::TabweaveEngine;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::page::{evaluate, fresh_tab, make_host, operation, until};

#[wasm_bindgen]
extern "C" {
    /// The class from its outside: every call crosses the boundary.
    #[derive(Clone)]
    pub type EngineObject;
    #[wasm_bindgen(method, catch)]
    pub fn start(this: &EngineObject) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn register(this: &EngineObject, names: Vec<String>) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn mutate(this: &EngineObject, record: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn watch(this: &EngineObject, query: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = handleBase)]
    pub fn handle_base(this: &EngineObject, updates: &JsValue, seen: Vec<String>) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = handleAttempt)]
    pub fn handle_attempt(
        this: &EngineObject,
        id: &str,
        attempt: u32,
        outcome: &JsValue,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = handleConnection)]
    pub fn handle_connection(this: &EngineObject, connected: bool) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn publish(
        this: &EngineObject,
        durable: bool,
        topic: &str,
        key: &str,
        value: &JsValue,
        removed: bool,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn wish(this: &EngineObject, id: &str, wish: &str) -> Result<bool, JsValue>;
    #[wasm_bindgen(method)]
    pub fn view(this: &EngineObject, query: &str) -> JsValue;
    #[wasm_bindgen(method)]
    pub fn operations(this: &EngineObject) -> Array;
    #[wasm_bindgen(method, js_name = pendingKeys)]
    pub fn pending_keys(this: &EngineObject) -> Vec<String>;
    #[wasm_bindgen(method)]
    pub fn status(this: &EngineObject) -> JsValue;
    #[wasm_bindgen(method, catch)]
    pub fn close(this: &EngineObject) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    pub fn free(this: &EngineObject);
}

pub const QUERY: &str = "people:{}";

/// What an engine is made with: the version of the app, and the usual limits.
pub fn settings(app: &str) -> JsValue {
    evaluate(&format!("{{ app: '{app}' }}"))
}

/// One engine with its host.
pub struct Tab {
    pub engine: EngineObject,
    pub host: Object,
    pub name: String,
    pub id: String,
}

impl Tab {
    pub fn new(namespace: &str) -> Self {
        let (host, id) = (make_host(), fresh_tab().to_string());
        let given = host.clone().unchecked_into();
        let engine = TabweaveEngine::new(namespace, "me", &id, 7.0, true, &settings("1.0"), given)
            .expect("the tab is a UUID");
        let engine: EngineObject = JsValue::from(engine).unchecked_into();
        Self { engine, host, name: format!("tabweave/{namespace}/me"), id }
    }

    /// A tab that runs, can run `rename`, and looks at the query.
    pub async fn start(namespace: &str) -> Self {
        let tab = Self::new(namespace);
        tab.engine.register(vec!["rename".to_owned()]).expect("it is open");
        tab.engine.start().expect("it is new");
        tab.engine.watch(QUERY).expect("it is open");
        until("the store", || at(&tab.engine.status(), "started").is_truthy()).await;
        tab
    }

    /// A tab that leads and is connected.
    pub async fn lead(namespace: &str) -> Self {
        let tab = Self::start(namespace).await;
        until("the lead", || at(&tab.engine.status(), "leading").is_truthy()).await;
        tab.engine.handle_connection(true).expect("it is open");
        tab
    }

    /// Renames, and returns the operation's id.
    pub fn rename(&self, number: u8, arguments: &JsValue) -> Result<String, JsValue> {
        let id = operation(number, &JsValue::NULL).id.to_string();
        let body = evaluate("(arguments) => ({ kind: 'intent', arguments })").unchecked_into::<Function>();
        let body = body.call1(&JsValue::NULL, arguments)?;
        self.engine.mutate(&record(&id, "rename", &body)).map(|()| id)
    }

    /// What the server tells, as of one moment.
    pub fn tell_base(&self, document: &str, seen: &[&str]) {
        let updates = Array::of1(&Array::of2(&QUERY.into(), &evaluate(document)));
        let seen = seen.iter().map(|key| (*key).to_owned()).collect();
        self.engine.handle_base(&updates, seen).expect("it is open");
    }

    pub fn shown_name(&self) -> Option<String> {
        at(&self.engine.view(QUERY), "value.name").as_string()
    }

    pub fn events(&self, kind: &str) -> Vec<JsValue> {
        let events: Array = at(&self.host, "events").unchecked_into();
        events.iter().filter(|event| at(event, "type") == kind).collect()
    }

    pub fn heard_code(&self, code: &str) -> bool {
        self.events("diagnostic").iter().any(|event| at(event, "code") == code)
    }

    pub fn attempts(&self) -> Vec<JsValue> {
        at(&self.host, "attempts").unchecked_into::<Array>().iter().collect()
    }

    pub fn set_host(&self, key: &str, value: &JsValue) {
        Reflect::set(&self.host, &key.into(), value).expect("it is a plain object");
    }

    /// The name of its database.
    pub fn store(&self) -> String {
        format!("{}/store", self.name)
    }

    pub async fn until_stored(&self, count: usize) {
        let released = || -> u32 {
            self.events("journal_released").iter().map(|event| Array::from(&at(event, "ids")).length()).sum()
        };
        until("the store to take it", || released() as usize == count).await;
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        // A crashed engine gives back what it held, too; nothing else can go wrong here.
        let _ = self.engine.close();
    }
}

/// What is found along a path of keys; undefined if it ends early.
pub fn at(value: &JsValue, path: &str) -> JsValue {
    let step = |value: JsValue, key: &str| {
        if value.is_object() {
            Reflect::get(&value, &key.into()).unwrap_or_default()
        } else {
            JsValue::UNDEFINED
        }
    };
    path.split('.').fold(value.clone(), step)
}

pub fn code(refused: Result<impl Sized, JsValue>) -> Option<String> {
    refused.err().and_then(|error| at(&error, "code").as_string())
}

pub fn to(name: &str) -> JsValue {
    evaluate(&format!("{{ query: '{QUERY}', name: '{name}' }}"))
}

/// An operation as the journal has it.
pub fn record(id: &str, name: &str, body: &JsValue) -> JsValue {
    let record =
        evaluate("{ schema: 1, scope: 'all', repeatable: true, confirmedByKey: true, acceptedMs: 1 }");
    for (field, value) in [("id", id.into()), ("name", name.into()), ("body", body.clone())] {
        Reflect::set(&record, &field.into(), &value).expect("a fresh object takes any field");
    }
    record
}

/// The server applied an operation.
pub fn accepted() -> JsValue {
    evaluate("{ kind: 'accepted', value: 'ok', seen: false }")
}
