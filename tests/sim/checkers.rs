//! What must hold at every moment. Each checker has a name, which a failing run prints.

use std::collections::{BTreeMap, BTreeSet};

use tabweave::engine::{
    Attempt, Engine, Event, Host as _, Map, Operation, OperationId, OperationState, QueryToken, Settlement,
    Write, WriteBatch,
};

use super::input::short;
use super::store::Store;
use super::tab::{Base, Tab};
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
    if holds {
        Ok(())
    } else {
        Err(Violation {
            checker,
            what: what(),
        })
    }
}

impl World {
    // ---- After every call of an engine.

    /// A clone that was told the same is the same.
    pub fn check_twin(&self, number: usize, twin: &Engine<Value>) -> Result<(), Violation> {
        let engine = &self.tabs[number].engine;
        let agree = engine == twin && Fingerprint::of(engine) == Fingerprint::of(twin);
        ensure(agree, "clones of an engine agree", || {
            format!("tab {number} and its clone differ")
        })
    }

    pub fn check_tab(&mut self, number: usize, events: &[Event<Value>]) -> Result<(), Violation> {
        self.check_view(number, events)?;
        self.check_pending(number, events)?;
        self.check_operations(number, events)?;
        self.check_leaders(number)
    }

    /// The view is the fold of pending over base, and never changes in silence.
    fn check_view(&mut self, number: usize, events: &[Event<Value>]) -> Result<(), Violation> {
        let tab = &mut self.tabs[number];
        let folded = fold(tab);
        let announced: BTreeSet<_> = events
            .iter()
            .filter_map(|event| {
                if let Event::ViewChanged { queries } = event {
                    Some(queries)
                } else {
                    None
                }
            })
            .flatten()
            .collect();
        let mut views = BTreeMap::new();
        for query in &tab.watched {
            let view = tab.engine.view(query);
            let shown = view.as_ref().map(|view| {
                let marks = view
                    .pending
                    .filter(|marks| !marks.is_empty())
                    .cloned()
                    .unwrap_or_default();
                (view.value.clone(), marks)
            });
            ensure(
                shown.as_ref() == folded.get(query),
                "view = fold(base, pending)",
                || {
                    format!(
                        "tab {number} shows for {}: {shown:?}, and not {:?}",
                        query.as_str(),
                        folded.get(query)
                    )
                },
            )?;
            views.insert(query.clone(), Fingerprint::of(&shown));
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
        ensure(
            is_told || pending == tab.memory.pending,
            "pending never changes in silence",
            || format!("tab {number}: {:?} became {:?}", tab.memory.pending, pending),
        )?;
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
            .filter_map(|event| {
                if let Event::OperationChanged { id } = event {
                    Some(*id)
                } else {
                    None
                }
            })
            .collect();
        let states: BTreeMap<_, _> = tab
            .engine
            .operations()
            .map(|operation| (operation.id, (operation.state.name(), operation.attempts)))
            .collect();
        let changed = |id: &&OperationId| states.get(*id) != tab.memory.states.get(*id);
        let silent = states
            .keys()
            .chain(tab.memory.states.keys())
            .filter(changed)
            .find(|id| !told.contains(id));
        ensure(silent.is_none(), "no operation changes in silence", || {
            format!("tab {number}: {}", silent.map(short).unwrap_or_default())
        })?;
        tab.memory.states = states;
        for event in events {
            if let Event::Settled { id, settlement } = event {
                let settled = tab.memory.settled.entry(*id).or_insert((0, ""));
                *settled = (settled.0 + 1, settlement_name(settlement));
                let (count, _) = *settled;
                let allowed = 1 + self.accounts.of(*id).retries_asked;
                let was_wiped = self.accounts.of(*id).was_wiped;
                ensure(was_wiped || count <= allowed, "each end is reported once", || {
                    format!("tab {number} reported {} {count} times", short(id))
                })?;
            }
        }
        Ok(())
    }

    fn check_leaders(&self, number: usize) -> Result<(), Violation> {
        let Some(epoch) = self.tabs[number].engine.status().leading else {
            return Ok(());
        };
        let same_store = |other: &&Tab| other.connection == self.tabs[number].connection;
        let others = self
            .tabs
            .iter()
            .filter(|other| other.number != number && !other.is_gone())
            .filter(same_store);
        let rival = others
            .filter(|other| other.engine.status().leading == Some(epoch))
            .map(|other| other.number)
            .next();
        ensure(rival.is_none(), "one leader an epoch", || {
            format!(
                "tabs {number} and {} both lead under {epoch}",
                rival.unwrap_or_default()
            )
        })
    }

    /// A result that is kept for later contains what it is said to contain.
    pub fn check_kept(&self, number: usize, batch: &WriteBatch<Value>) -> Result<(), Violation> {
        let synced = self.tabs[number].synced_at.unwrap_or(0);
        for write in &batch.writes {
            let Write::PutQuery { query, cached } = write else {
                continue;
            };
            let keyed = |id: &&OperationId| self.accounts.all[*id].is_confirmed_by_key;
            let lacking = cached
                .contains
                .iter()
                .filter(keyed)
                .find(|id| !self.server.contains(**id, synced));
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

    // ---- After every commit.

    pub fn check_committed(
        &mut self,
        number: usize,
        before: &Store,
        batch: &WriteBatch<Value>,
    ) -> Result<(), Violation> {
        if let Some(epoch) = batch.fence {
            let winner = before.epochs.get(&epoch).copied();
            ensure(winner == Some(number), "one tab writes under an epoch", || {
                format!("tab {number} wrote under {epoch}, won by {winner:?}")
            })?;
            ensure(epoch == before.last_epoch(), "no write of an older epoch", || {
                format!("tab {number} wrote under {epoch} after {}", before.last_epoch())
            })?;
        }
        for write in &batch.writes {
            match write {
                Write::AddOperation(operation) => {
                    let account = self.accounts.of(operation.id);
                    account.is_guarded = true;
                    // Its record was removed before its journal was found: it starts all over.
                    account.was_wiped |= before.removed.contains(&operation.id);
                }
                Write::PutOperation(operation) => self.check_put(number, before, batch, operation)?,
                Write::RemoveOperation(id) => {
                    let known = before.operations.get(id);
                    let has_ended = known.is_none_or(|operation| {
                        matches!(
                            operation.state,
                            OperationState::Done { .. } | OperationState::Cancelled { .. }
                        )
                    });
                    ensure(has_ended && batch.fence.is_some(), "nothing vanishes", || {
                        format!(
                            "tab {number} removed {} as {:?}",
                            short(id),
                            known.map(|one| one.state.name())
                        )
                    })?;
                }
                Write::ClaimEpoch(_) | Write::PutQuery { .. } => {}
            }
        }
        Ok(())
    }

    fn check_put(
        &mut self,
        number: usize,
        before: &Store,
        batch: &WriteBatch<Value>,
        operation: &Operation<Value>,
    ) -> Result<(), Violation> {
        let id = operation.id;
        let Some(known) = before.operations.get(&id) else {
            return ensure(false, "only what is stored goes on", || {
                format!("tab {number} put {}", short(id))
            });
        };
        let (from, to) = (known.state.name(), operation.state.name());
        self.coverage.take_arrow(from, to);
        ensure(is_arrow(from, to), "states follow their arrows", || {
            format!("tab {number}: {} went from {from} to {to}", short(id))
        })?;
        ensure(
            batch.fence.is_some(),
            "operations go on behind the fence only",
            || format!("tab {number}"),
        )?;
        if let Some(epoch) = operation.state.epoch() {
            ensure(
                batch.fence == Some(epoch),
                "a claim is of its fence's epoch",
                || short(id),
            )?;
        }
        Ok(())
    }

    // ---- Journals, calls and the server's ledger.

    pub fn check_released(&mut self, number: usize, id: OperationId) -> Result<(), Violation> {
        let is_kept = self.store.operations.contains_key(&id) || self.store.removed.contains(&id);
        let was_wiped = !self.accounts.of(id).is_guarded;
        ensure(is_kept || was_wiped, "nothing vanishes", || {
            format!(
                "tab {number} released {} from its journal, but the store lacks it",
                short(id)
            )
        })
    }

    /// Nothing is sent before its claim was committed, and nothing twice that must not be.
    pub fn check_call(&mut self, number: usize, attempt: &Attempt<Value>) -> Result<(), Violation> {
        let tab = &self.tabs[number];
        let id = attempt.id;
        let account = &self.accounts.all[&id];
        let stored = self.store.operations.get(&id);
        let is_claimed = stored.is_some_and(|operation| operation.attempts >= attempt.attempt);
        ensure(is_claimed || account.was_wiped, "persist before send", || {
            format!(
                "tab {number} sends {} attempt {}, stored as {:?}",
                short(id),
                attempt.attempt,
                stored
            )
        })?;
        let mine = tab.engine.operation(id).is_some_and(
            |operation| matches!(operation.state, OperationState::Claimed { runner, .. } if runner == tab.id),
        );
        ensure(mine, "only the runner of a claim sends", || {
            format!("tab {number} sends {}", short(id))
        })?;
        let possible = account
            .calls
            .iter()
            .filter(|call| !call.is_known_unapplied)
            .count() as u32;
        let is_allowed = account.is_repeatable || account.was_wiped || possible <= account.retries_asked;
        ensure(is_allowed, "what is not repeatable is sent once", || {
            let asked = account.retries_asked;
            format!(
                "tab {number} sends {} after {possible} calls and {asked} wishes for another",
                short(id)
            )
        })
    }

    pub fn check_applied(&mut self, id: OperationId) -> Result<(), Violation> {
        let account = self.accounts.of(id);
        account.times_applied += 1;
        let (times, account) = (account.times_applied, account.clone());
        let allowed = if account.is_repeatable {
            1
        } else {
            1 + account.retries_asked
        };
        ensure(times <= allowed || account.was_wiped, "applied once", || {
            format!("{} was applied {times} times", short(id))
        })?;
        if times > 1 || account.was_wiped {
            return Ok(());
        }
        let late = account
            .after
            .iter()
            .find(|before| !self.has_had_its_turn(**before));
        ensure(late.is_none(), "order kept per scope", || {
            format!(
                "{} ran before {} of the same scope",
                short(id),
                late.map(short).unwrap_or_default()
            )
        })
    }

    /// Whether what comes after it may run: it was applied, or came to another end, or a person interfered.
    fn has_had_its_turn(&self, id: OperationId) -> bool {
        let account = &self.accounts.all[&id];
        let stored = self.store.operations.get(&id);
        account.times_applied > 0
            || account.was_wiped
            || account.cancels_asked + account.retries_asked > 0
            || stored.is_some_and(Operation::is_finished)
    }
}

/// What each query shows and which documents are marked, worked out from nothing.
fn fold(tab: &Tab) -> BTreeMap<QueryToken, (Value, Map<String, Vec<OperationId>>)> {
    let bases: Map<_, _> = tab
        .base
        .iter()
        .map(|(query, base)| (query.clone(), base.value.clone()))
        .collect();
    let over = |(query, base): (&QueryToken, &Base)| {
        let mut app = tab.app.clone();
        let mut draft = app.draft(&bases);
        let mut marks: Map<String, Vec<OperationId>> = Map::new();
        for operation in tab
            .engine
            .pending()
            .filter(|operation| !base.contains.contains(&operation.id))
        {
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
        Settlement::Cancelled => "cancelled",
    }
}

/// The arrows that the life of an operation has. Late answers reach an operation wherever it has got to.
pub fn is_arrow(from: &str, to: &str) -> bool {
    match from {
        "queued" => matches!(to, "claimed" | "waiting" | "done" | "dead" | "cancelled"),
        "claimed" => matches!(to, "claimed" | "queued" | "waiting" | "parked" | "done" | "dead"),
        "waiting" => matches!(
            to,
            "claimed" | "queued" | "waiting" | "parked" | "done" | "dead" | "cancelled"
        ),
        "parked" => matches!(
            to,
            "queued" | "waiting" | "parked" | "done" | "dead" | "cancelled"
        ),
        "dead" => matches!(to, "queued" | "cancelled"),
        _ => false,
    }
}
