//! The one class that crosses the boundary, with the TypeScript of everything it takes and gives.

use std::rc::Rc;

use js_sys::{Array, Function};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::audit::to_decided;
use super::crash;
use super::driver::{Driver, Refused};
use super::fields::{Fields, list_from, text_from, whole, whole_from};
use super::host::EngineHost;
use super::journal::{to_request, to_requests};
use super::outcome::{to_outcome, to_rebased};
use super::plain::Plain;
use super::reading;
use crate::engine::{
    AuditValues, BaseUpdate, Config, HostRefusal, OperationId, PublishRefusal, QueryToken, Refusal, TabId,
    Wish,
};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = include_str!("types.d.ts");

/// One tab's engine. Close it, or drop it, to give back everything it holds of the browser.
#[wasm_bindgen]
pub struct TabweaveEngine {
    driver: Rc<Driver>,
    visible: bool,
}

#[wasm_bindgen]
impl TabweaveEngine {
    /// An engine that has not started. `namespace` and `identity` go into names as they are.
    ///
    /// # Errors
    /// `invalid_argument`: the tab is not a UUID, or a limit is none.
    #[wasm_bindgen(constructor)]
    pub fn new(
        namespace: &str,
        identity: &str,
        tab: &str,
        seed: f64,
        visible: bool,
        #[wasm_bindgen(unchecked_param_type = "EngineSettings")] settings: &JsValue,
        host: EngineHost,
    ) -> Result<Self, JsValue> {
        crash::install_hook();
        let tab: TabId = tab.parse().map_err(|_| invalid("tab"))?;
        let config = to_config(settings).ok_or_else(|| invalid("setting"))?;
        Ok(Self { driver: Driver::new(namespace, identity, tab, seed as u64, config, host), visible })
    }

    /// Opens everything. Calling it again does nothing. Answers come as events.
    ///
    /// # Errors
    /// An `EngineRefusal`: called from within an optimistic function, or after a crash. The same goes for every
    /// method below; after `close` those that change something do nothing, `mutate` excepted.
    pub fn start(&self) -> Result<(), JsValue> {
        self.driver.start(self.visible).or_else(unless_closed)
    }

    /// Makes operations of these names known as runnable in this tab.
    pub fn register(&self, names: Vec<String>) -> Result<(), JsValue> {
        let registered = self.driver.command(|engine, now, host| engine.register(now, host, names));
        registered.or_else(unless_closed)
    }

    /// Accepts an operation, given as the journal has it: shows it at once and has it stored.
    ///
    /// # Errors
    /// What the optimistic function threw, as it is; or an `EngineRefusal`.
    pub fn mutate(
        &self,
        #[wasm_bindgen(unchecked_param_type = "JournalRecord")] record: &JsValue,
    ) -> Result<(), JsValue> {
        let request = to_request(record).ok_or_else(|| invalid("record"))?;
        let accepted = self.driver.command(|engine, now, host| engine.mutate(now, host, request));
        accepted.map_err(refused)?.map_err(refusal)
    }

    /// Has the store take over what was accepted before the task is over: no journal holds it.
    pub fn flush(&self) -> Result<(), JsValue> {
        self.driver.command(|engine, now, _| engine.handle_gathered(now)).or_else(unless_closed)
    }

    /// Accepts the operations of a journal: this tab's own, from before the engine was ready.
    pub fn adopt(
        &self,
        owner: &str,
        #[wasm_bindgen(unchecked_param_type = "JournalRecord[]")] records: &JsValue,
    ) -> Result<(), JsValue> {
        let owner: TabId = owner.parse().map_err(|_| invalid("owner"))?;
        let requests = to_requests(records).ok_or_else(|| invalid("records"))?;
        let adopted = self.driver.command(|engine, now, host| engine.adopt(now, host, owner, requests));
        adopted.or_else(unless_closed)
    }

    /// A component looks at this query.
    pub fn watch(&self, query: String) -> Result<(), JsValue> {
        let query = QueryToken::new(query);
        self.driver.command(|engine, now, _| engine.watch(now, query)).or_else(unless_closed)
    }

    /// No component looks at this query any more.
    pub fn unwatch(&self, query: String) -> Result<(), JsValue> {
        let query = QueryToken::new(query);
        let unwatched = self.driver.command(|engine, now, host| engine.unwatch(now, host, &query));
        unwatched.or_else(unless_closed)
    }

    /// The server's results as of one moment, with the keys of the operations that they contain.
    #[wasm_bindgen(js_name = handleBase)]
    pub fn handle_base(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Array<[query: string, value: unknown]>")] updates: &JsValue,
        seen: Vec<String>,
    ) -> Result<(), JsValue> {
        let queries = list_from(updates, to_result).ok_or_else(|| invalid("updates"))?;
        // Keys of operations that this package did not make are not its business.
        let seen = seen.iter().filter_map(|key| OperationId::of_key(key)).collect();
        let update = BaseUpdate { queries, seen };
        let told = self.driver.command(|engine, now, host| engine.handle_base(now, host, update));
        told.or_else(unless_closed)
    }

    /// What became of an attempt that the host was asked to make.
    #[wasm_bindgen(js_name = handleAttempt)]
    pub fn handle_attempt(
        &self,
        id: &str,
        attempt: u32,
        #[wasm_bindgen(unchecked_param_type = "EngineOutcome")] outcome: &JsValue,
    ) -> Result<(), JsValue> {
        let id = operation_id(id)?;
        let outcome = to_outcome(outcome).ok_or_else(|| invalid("outcome"))?;
        let told =
            self.driver.command(|engine, now, host| engine.handle_attempt(now, host, id, attempt, outcome));
        told.or_else(unless_closed)
    }

    /// The app is through with what the event `report` told it, with the `atMs` of that.
    #[wasm_bindgen(js_name = handleReported)]
    pub fn handle_reported(&self, id: &str, ended_ms: f64) -> Result<(), JsValue> {
        let id = operation_id(id)?;
        let ended_ms = whole_from(&JsValue::from_f64(ended_ms)).ok_or_else(|| invalid("time"))?;
        let told = self.driver.command(|engine, now, _| engine.handle_reported(now, id, ended_ms));
        told.or_else(unless_closed)
    }

    /// Whether the source of the data reaches its server; `navigator.onLine` is looked at as well.
    #[wasm_bindgen(js_name = handleConnection)]
    pub fn handle_connection(&self, connected: bool) -> Result<(), JsValue> {
        let connected = self.driver.platform.connection(connected);
        let told = self.driver.command(|engine, now, _| engine.handle_connection(now, connected));
        told.or_else(unless_closed)
    }

    /// The person has signed in again.
    #[wasm_bindgen(js_name = handleSignedIn)]
    pub fn handle_signed_in(&self) -> Result<(), JsValue> {
        self.driver.command(|engine, now, _| engine.handle_signed_in(now)).or_else(unless_closed)
    }

    /// Asks that an operation is withdrawn (`cancel`), tried again (`retry`), set aside as a dead letter (`set_aside`), or
    /// goes on because what it waited for is there (`resume`). False if that cannot be asked for now.
    pub fn wish(
        &self,
        id: &str,
        #[wasm_bindgen(unchecked_param_type = "\"cancel\" | \"retry\" | \"set_aside\" | \"resume\"")]
        wish: &str,
    ) -> Result<bool, JsValue> {
        let id = operation_id(id)?;
        let wish = Wish::from_name(wish).ok_or_else(|| invalid("wish"))?;
        let granted = self.driver.command(|engine, now, _| engine.wish(now, id, wish));
        granted.or_else(|refused| unless_closed(refused).map(|()| false))
    }

    /// What a person has decided about an edit in conflict. False if it is in none (any more).
    pub fn resolve(
        &self,
        id: &str,
        #[wasm_bindgen(unchecked_param_type = "RebasedEdit")] resolution: &JsValue,
    ) -> Result<bool, JsValue> {
        let id = operation_id(id)?;
        let resolution = to_rebased(resolution).ok_or_else(|| invalid("resolution"))?;
        let taken = self.driver.command(|engine, now, _| engine.resolve(now, id, resolution));
        taken.or_else(|refused| unless_closed(refused).map(|()| false))
    }

    /// A person gives up an edit in conflict. False if it is in none (any more).
    pub fn discard(
        &self,
        id: &str,
        #[wasm_bindgen(unchecked_param_type = "DecidedPart[]")] decided: &JsValue,
    ) -> Result<bool, JsValue> {
        let id = operation_id(id)?;
        let decided = to_decided(decided).ok_or_else(|| invalid("decisions"))?;
        let taken = self.driver.command(|engine, now, _| engine.discard(now, id, decided));
        taken.or_else(|refused| unless_closed(refused).map(|()| false))
    }

    /// Reads the audit trail as of now: `answered` is called with its entries, or with null if they cannot be read. False: it
    /// will not be called.
    #[wasm_bindgen(js_name = readAudit)]
    pub fn read_audit(
        &self,
        #[wasm_bindgen(unchecked_param_type = "(entries: unknown[] | null) => void")] answered: Function,
    ) -> bool {
        self.driver.platform.read_audit(answered)
    }

    /// Writes an entry of a topic, or removes it.
    ///
    /// # Errors
    /// An `EngineRefusal`: `topic_full`, `closed`, or as for every method.
    pub fn publish(
        &self,
        durable: bool,
        topic: String,
        key: String,
        #[wasm_bindgen(unchecked_param_type = "unknown")] value: JsValue,
        removed: bool,
    ) -> Result<(), JsValue> {
        let value = (!removed).then_some(value);
        let driver = &self.driver;
        let published =
            driver.command_shown(|engine, now, _| engine.publish(now, durable, topic, key, value));
        published.map_err(refused)?.map_err(unpublished)
    }

    /// A person begins or ceases to see the list of tabs.
    #[wasm_bindgen(js_name = watchPeers)]
    pub fn watch_peers(&self, watching: bool) -> Result<(), JsValue> {
        self.driver.command(|engine, now, _| engine.watch_peers(now, watching)).or_else(unless_closed)
    }

    /// The server's time in milliseconds since 1970.
    #[wasm_bindgen(js_name = handleServerTime)]
    pub fn handle_server_time(&self, ms: f64) -> Result<(), JsValue> {
        let ms = whole_from(&JsValue::from_f64(ms.floor())).ok_or_else(|| invalid("time"))?;
        self.driver.command(|engine, now, _| engine.handle_server_time(now, ms)).or_else(unless_closed)
    }

    /// What a query shows; undefined as long as neither the server nor the store told its result.
    #[wasm_bindgen(unchecked_return_type = "EngineView | undefined")]
    pub fn view(&self, query: String) -> Result<JsValue, JsValue> {
        let query = QueryToken::new(query);
        self.driver.read(|engine| reading::view(engine, &query)).map_err(refused)
    }

    /// All operations that are known, in order.
    #[wasm_bindgen(unchecked_return_type = "OperationRecord[]")]
    pub fn operations(&self) -> Result<Array, JsValue> {
        self.driver.read(reading::operations).map_err(refused)
    }

    /// Keys of the operations that a base will be found to contain by their key, in order.
    #[wasm_bindgen(js_name = pendingKeys)]
    pub fn pending_keys(&self) -> Result<Vec<String>, JsValue> {
        self.driver.read(reading::pending_keys).map_err(refused)
    }

    /// This tab among the others, and what it has of the browser.
    #[wasm_bindgen(unchecked_return_type = "EngineStatus")]
    pub fn status(&self) -> Result<JsValue, JsValue> {
        let platform = &self.driver.platform;
        self.driver.read(|engine| reading::status(engine, platform)).map_err(refused)
    }

    /// Gives everything back. Calling it again does nothing.
    pub fn close(&self) -> Result<(), JsValue> {
        self.driver.close().map_err(refused)
    }
}

fn to_config(settings: &JsValue) -> Option<Config> {
    let fields = Fields::of(settings)?;
    let usual = Config::default();
    let limit = |key| fields.optional(key, whole_from);
    Some(Config {
        app: fields.text("app")?,
        audit_values: match fields.optional("auditValues", text_from)? {
            Some(values) => AuditValues::from_name(&values)?,
            None => usual.audit_values,
        },
        outbox_operations_max: match limit("outboxOperationsMax")? {
            Some(operations_max) => usize::try_from(operations_max).ok()?,
            None => usual.outbox_operations_max,
        },
        outbox_bytes_max: limit("outboxBytesMax")?.unwrap_or(usual.outbox_bytes_max),
        ..usual
    })
}

fn to_result(pair: &JsValue) -> Option<(QueryToken, JsValue)> {
    let mut parts = list_from(pair, |part| Some(part.clone()))?.into_iter();
    Some((QueryToken::new(parts.next()?.as_string()?), parts.next()?))
}

fn operation_id(text: &str) -> Result<OperationId, JsValue> {
    text.parse().map_err(|_| invalid("id"))
}

/// A late call to a closed engine is no mistake: an answer that comes after the end, an effect's cleanup.
fn unless_closed(why: Refused) -> Result<(), JsValue> {
    if why == Refused::Closed { Ok(()) } else { Err(refused(why)) }
}

fn refused(why: Refused) -> JsValue {
    let message = match why {
        Refused::Closed => "the engine was closed",
        Refused::Reentrant => "the engine was called from within an optimistic function",
        Refused::Crashed => "the engine crashed",
    };
    plain_error(why.code(), message).into()
}

fn invalid(what: &str) -> JsValue {
    plain_error("invalid_argument", &format!("not a valid {what}")).into()
}

fn refusal(refusal: Refusal<JsValue>) -> JsValue {
    let message = refusal.to_string();
    match refusal {
        Refusal::Optimistic(HostRefusal::Threw(error)) => error,
        Refusal::Optimistic(HostRefusal::Unregistered) => {
            plain_error("no_handler", "no operation of this name is registered").into()
        }
        Refusal::Duplicate => plain_error("duplicate", &message).into(),
        Refusal::OutboxFull { operations_max } => {
            plain_error("outbox_full", &message).with("operationsMax", operations_max as u32).into()
        }
        Refusal::OutboxHeavy { bytes_max } => {
            plain_error("outbox_full", &message).with("bytesMax", whole(bytes_max)).into()
        }
        Refusal::Closed => refused(Refused::Closed),
    }
}

fn unpublished(refusal: PublishRefusal) -> JsValue {
    let message = refusal.to_string();
    match refusal {
        PublishRefusal::TopicFull { entries_max } => {
            plain_error("topic_full", &message).with("entriesMax", entries_max as u32).into()
        }
        PublishRefusal::Closed => refused(Refused::Closed),
    }
}

fn plain_error(code: &str, message: &str) -> Plain {
    Plain::new().with("code", code).with("message", message)
}
