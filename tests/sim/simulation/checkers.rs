//! What must hold at every moment. Each checker has a name, which a failing run prints.

use std::collections::{BTreeMap, BTreeSet};

use tabweave::engine::{
    Engine, Event, Host as _, Map, Operation, OperationId, QueryToken, Settlement, Write, WriteBatch,
};

use super::input::short;
use super::tab::{Base, Fold, Shown, Tab};
use super::trace::Fingerprint;
use super::world::World;
use crate::support::value::Value;

/// A promise that was broken.
#[derive(Clone, Debug)]
pub struct Violation {
    pub checker: &'static str,
    pub what: String,
}

pub fn ensure(holds: bool, checker: &'static str, what: impl FnOnce() -> String) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(Violation { checker, what: what() }) }
}

impl World {
    // ---- After every call of an engine.

    /// A clone that was told the same is the same.
    pub fn check_twin(&self, number: usize, twin: &Engine<Value>) -> Result<(), Violation> {
        let engine = &self.tabs[number].engine;
        let agree = engine == twin && Fingerprint::of(engine) == Fingerprint::of(twin);
        ensure(agree, "clones of an engine agree", || format!("tab {number} and its clone differ"))
    }

    pub fn check_tab(&mut self, number: usize, events: &[Event<Value>]) -> Result<(), Violation> {
        self.check_view(number, events)?;
        self.tabs[number].memory.is_outdated = false;
        self.check_pending(number, events)?;
        self.check_operations(number, events)?;
        self.check_standing(number)?;
        self.check_leaders(number)
    }

    /// The view is the fold of pending over base, and never changes in silence.
    fn check_view(&mut self, number: usize, events: &[Event<Value>]) -> Result<(), Violation> {
        let tab = &mut self.tabs[number];
        bring_up_to_date(tab);
        let folded = &tab.memory.fold.shown;
        let announced: BTreeSet<_> = events
            .iter()
            .filter_map(|event| if let Event::ViewChanged { queries } = event { Some(queries) } else { None })
            .flatten()
            .collect();
        let mut views = BTreeMap::new();
        for query in &tab.watched {
            let view = tab.engine.view(query);
            let shown = view.as_ref().map(|view| {
                let marks = view.pending.filter(|marks| !marks.is_empty()).cloned().unwrap_or_default();
                (view.value.clone(), marks)
            });
            ensure(shown.as_ref() == folded.get(query), "view = fold(base, pending)", || {
                format!(
                    "tab {number} shows for {}: {shown:?}, and not {:?}",
                    query.as_str(),
                    folded.get(query)
                )
            })?;
            views.insert(query.clone(), shown);
        }
        for (query, view) in &views {
            let is_told = tab.memory.views.get(query) == Some(view) || announced.contains(query);
            let is_first = !tab.memory.views.contains_key(query);
            ensure(is_told || is_first, "no view changes in silence", || {
                format!("tab {number}, query {}", query.as_str())
            })?;
        }
        tab.memory.views = views;
        Ok(())
    }

    /// What a base lacks is pending, unless it is dead or cancelled; and pending never changes in silence.
    fn check_pending(&mut self, number: usize, events: &[Event<Value>]) -> Result<(), Violation> {
        let tab = &mut self.tabs[number];
        let pending: Vec<_> = tab.engine.pending().map(|operation| operation.id).collect();
        let is_told = events.iter().any(|event| matches!(event, Event::PendingChanged));
        ensure(is_told || pending == tab.memory.pending, "pending never changes in silence", || {
            format!("tab {number}: {:?} became {:?}", tab.memory.pending, pending)
        })?;
        for operation in tab.engine.operations() {
            if !operation.confirmed_by_key || !operation.is_optimistic() || pending.contains(&operation.id) {
                continue;
            }
            let id = operation.id;
            let is_contained = tab.synced_at.is_some_and(|at| self.server.contains(id, at));
            ensure(is_contained, "pending until seen", || {
                format!(
                    "tab {number} shows {} ({}) no more, but its base lacks it",
                    short(id),
                    operation.state.name()
                )
            })?;
        }
        tab.memory.pending = pending;
        Ok(())
    }

    /// Operations never change in silence, and each end is reported once.
    fn check_operations(&mut self, number: usize, events: &[Event<Value>]) -> Result<(), Violation> {
        let tab = &mut self.tabs[number];
        let told: BTreeSet<_> = events
            .iter()
            .filter_map(|event| if let Event::OperationChanged { id } = event { Some(*id) } else { None })
            .collect();
        let state = |operation: &Operation<Value>| (operation.id, operation.state.name(), operation.attempts);
        let states: Vec<_> = tab.engine.operations().map(state).collect();
        if states != tab.memory.states {
            let [now, before] =
                [&states, &tab.memory.states].map(|states| states.iter().collect::<BTreeSet<_>>());
            let silent = now.symmetric_difference(&before).map(|(id, ..)| id).find(|id| !told.contains(id));
            ensure(silent.is_none(), "no operation changes in silence", || {
                format!("tab {number}: {}", silent.map(short).unwrap_or_default())
            })?;
        }
        tab.memory.states = states;
        for event in events {
            if let Event::Settled { id, settlement } = event {
                let settled = tab.memory.settled.entry(*id).or_insert((0, ""));
                *settled = (settled.0 + 1, settlement_name(settlement));
                let (count, _) = *settled;
                let account = self.accounts.of(*id);
                // What was given up and then found to have been applied all along ends once more.
                let is_found_done = account.calls.iter().any(|call| !call.is_known_unapplied);
                let allowed = 1 + account.retries_asked + u32::from(is_found_done);
                // Nothing that a build once could not read can it read later, but here.
                let begins_anew = account.was_wiped || account.was_hidden;
                ensure(begins_anew || count <= allowed, "each end is reported once", || {
                    format!("tab {number} reported {} {count} times", short(id))
                })?;
            }
        }
        Ok(())
    }

    /// A result that is kept for later contains what it is said to contain.
    pub fn check_kept(&self, number: usize, batch: &WriteBatch<Value>) -> Result<(), Violation> {
        let synced = self.tabs[number].synced_at.unwrap_or(0);
        for write in &batch.writes {
            let Write::PutQuery { query, cached } = write else {
                continue;
            };
            let keyed = |id: &&OperationId| self.accounts.all[*id].is_confirmed_by_key;
            let lacking = cached.contains.iter().filter(keyed).find(|id| !self.server.contains(**id, synced));
            ensure(lacking.is_none(), "a kept result contains what it says", || {
                format!(
                    "tab {number} keeps {} as if it contained {}",
                    query.as_str(),
                    lacking.map(short).unwrap_or_default()
                )
            })?;
        }
        Ok(())
    }
}

/// Works out anew what the queries should show if anything has changed that it depends on.
fn bring_up_to_date(tab: &mut Tab) {
    let pending: Vec<_> = tab.engine.pending().map(|one| (one.id, one.stamp, one.merges)).collect();
    let registered = tab.app.registered.len();
    let fold = &tab.memory.fold;
    if tab.memory.is_outdated || fold.pending != pending || fold.registered != registered {
        tab.memory.fold = Fold { shown: fold_anew(tab), pending, registered };
    }
}

/// What each query shows and which documents are marked, worked out from nothing.
fn fold_anew(tab: &Tab) -> BTreeMap<QueryToken, Shown> {
    let contained = |base: &Base| -> Vec<OperationId> {
        let ids = tab.engine.pending().map(|operation| operation.id);
        ids.filter(|id| base.contains.contains(id)).collect()
    };
    let over = |(query, base): (&QueryToken, &Base)| {
        // Results that contain the same are seen together.
        let alike = tab.base.iter().filter(|(_, other)| contained(other) == contained(base));
        let bases = alike.map(|(query, base)| (query.clone(), base.value.clone())).collect();
        let mut app = tab.app.clone();
        let mut draft = app.draft(&bases);
        let mut marks: Map<String, Vec<OperationId>> = Map::new();
        for operation in tab.engine.pending().filter(|operation| !base.contains.contains(&operation.id)) {
            // What is not registered, or throws, has no effect.
            let touched = app.optimistic(operation, &mut draft).unwrap_or_default();
            for one in touched.into_iter().filter(|one| one.query == *query) {
                marks.entry(one.document).or_default().push(operation.id);
            }
        }
        let value = draft.remove(query).expect("a draft keeps its queries");
        (query.clone(), (value, marks))
    };
    tab.base.iter().map(over).collect()
}

fn settlement_name(settlement: &Settlement<Value>) -> &'static str {
    match settlement {
        Settlement::Done { .. } => "done",
        Settlement::Dead { .. } => "dead",
        Settlement::Cancelled | Settlement::Merged { .. } => "cancelled",
    }
}
