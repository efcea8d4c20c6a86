//! What can be seen on the stage.

use std::collections::BTreeMap;

use tabweave::engine::{Diagnostic, DiagnosticCode, Event, OperationId, QueryToken, Settlement};

use super::{CARDS, Stage};
use crate::support::host;
use crate::support::value::Value;

impl Stage {
    /// The numbers on the cards that a tab shows.
    pub fn shows(&self, tab: usize) -> BTreeMap<String, f64> {
        let view = self.actors[tab].engine.view(&QueryToken::new(CARDS));
        let documents = view.map(|view| host::by_key(view.value)).unwrap_or_default();
        let number = |card: &Value| card.field("n").and_then(Value::as_number).expect("cards have numbers");
        documents.iter().map(|(key, card)| (key.clone(), number(card))).collect()
    }

    /// The operations that a tab shows as pending.
    pub fn pending(&self, tab: usize) -> Vec<OperationId> {
        self.actors[tab].engine.pending().map(|operation| operation.id).collect()
    }

    /// How far an operation is, as far as the tab knows.
    pub fn state(&self, tab: usize, id: OperationId) -> &'static str {
        self.actors[tab].engine.operation(id).map_or("unknown", |operation| operation.state.name())
    }

    /// What an operation waits for, as far as the tab knows.
    pub fn waits_for(&self, tab: usize, id: OperationId) -> Option<&'static str> {
        let operation = self.actors[tab].engine.operation(id)?;
        operation.state.waits_for().map(tabweave::engine::WaitReason::name)
    }

    pub fn stored_state(&self, id: OperationId) -> &'static str {
        self.store.operations.get(&id).map_or("missing", |operation| operation.state.name())
    }

    pub fn is_stored(&self, id: OperationId) -> bool {
        self.store.operations.contains_key(&id)
    }

    pub fn leads(&self, tab: usize) -> bool {
        self.actors[tab].engine.status().leading.is_some()
    }

    /// Operations that are in a tab's journal.
    pub fn journal(&self, tab: usize) -> Vec<OperationId> {
        self.actors[tab].journal.iter().map(|request| request.id).collect()
    }

    /// How a tab was told that the operation ended.
    pub fn settlements(&self, tab: usize, id: OperationId) -> Vec<&'static str> {
        let settled = self.actors[tab].events.iter().filter_map(|event| match event {
            Event::Settled { id: of, settlement } if *of == id => Some(match settlement {
                Settlement::Done { .. } => "done",
                Settlement::Dead { .. } => "dead",
                Settlement::Cancelled => "cancelled",
                Settlement::Merged { .. } => "merged",
            }),
            _ => None,
        });
        settled.collect()
    }

    /// The ends that a tab's app was told, in order.
    pub fn reports(&self, tab: usize) -> Vec<(OperationId, &'static str)> {
        let told = self.actors[tab].events.iter().filter_map(|event| match event {
            Event::Report { operation } => Some((operation.id, operation.state.name())),
            _ => None,
        });
        told.collect()
    }

    /// Whether the store says that nobody is to be told of the operation's end, or any more.
    pub fn is_reported(&self, id: OperationId) -> bool {
        self.store.operations[&id].report.is_none()
    }

    pub fn events(&self, tab: usize) -> &[Event<Value>] {
        &self.actors[tab].events
    }

    /// How many letters of this name were sent, one to each tab that listened.
    /// How many letters were written: one a reader, so a message to forty-nine others counts so often.
    pub fn letters(&self) -> usize {
        self.said.len()
    }

    pub fn said(&self, name: &str) -> usize {
        self.said.iter().filter(|letter| letter.envelope.message.name() == name).count()
    }

    pub fn lock_holder(&self) -> Option<usize> {
        self.locks.holder().map(|(tab, _)| tab)
    }

    pub fn diagnostics(&self, tab: usize) -> Vec<DiagnosticCode> {
        let code = |event: &Event<Value>| match event {
            Event::Diagnostic(Diagnostic { code, .. }) => Some(*code),
            _ => None,
        };
        self.actors[tab].events.iter().filter_map(code).collect()
    }
}
