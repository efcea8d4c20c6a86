//! Operations that an app makes one of: only what was never sent, and what it leads to on the server is the same.

use tabweave::engine::{Body, Operation, OperationState, ParkReason, Write, WriteBatch};

use super::checkers::{Violation, ensure};
use super::input::{Input, short};
use super::store::Store;
use super::world::{Arrival, World};
use crate::support::host;
use crate::support::value::Value;

/// How long the page takes at most to look, in milliseconds: in a browser no time passes.
const LOOK_MS_MAX: u64 = 2;
/// The dice of that.
const DICE: u64 = 1 << 21;

impl World {
    /// A page's app looks at operations that stand next to each other.
    pub fn look_at_neighbours(
        &mut self,
        number: usize,
        operations: &[Operation<Value>],
    ) -> Result<(), Violation> {
        let is_run = operations.windows(2).all(|pair| {
            pair[0].stamp < pair[1].stamp && pair[0].scope == pair[1].scope && pair[0].name == pair[1].name
        });
        let is_new = operations.iter().all(|one| one.terms.coalesces && one.attempts == 0);
        ensure(is_run && is_new, "neighbours that were never sent are looked at", || {
            format!("tab {number}")
        })?;
        let mergers = host::mergers(operations);
        let after_ms = self.chance.apart(DICE + self.scheduled, |chance| chance.up_to(LOOK_MS_MAX));
        self.schedule_arrival(after_ms, number, Arrival::Told(Input::Coalesced { mergers }));
        Ok(())
    }

    /// What takes part in a merger was never sent, and what comes of it is what the app said.
    pub fn check_merged(
        &mut self,
        before: &Store,
        batch: &WriteBatch<Value>,
        operation: &Operation<Value>,
    ) -> Result<(), Violation> {
        let known = &before.operations[&operation.id];
        let into = match operation.state {
            OperationState::Cancelled { into, .. } => into,
            _ => None,
        };
        if operation.rebases != known.rebases {
            return check_rebased(known, operation);
        }
        if into.is_none() && operation.merges == known.merges {
            return ensure(operation.body == known.body, "what a person did stays what it is", || {
                short(operation.id)
            });
        }
        let account = self.accounts.of(operation.id);
        let is_unsent = account.calls.is_empty() || account.was_wiped;
        ensure(is_unsent, "only what was never sent is merged", || short(operation.id))?;
        if into.is_some() {
            self.accounts.of(operation.id).into = into;
            return Ok(());
        }
        let part = |write: &Write<Value>| match write {
            Write::PutOperation(one) => {
                let is_part =
                    matches!(one.state, OperationState::Cancelled { into, .. } if into == Some(operation.id));
                before.operations.get(&one.id).filter(|_| is_part).cloned()
            }
            _ => None,
        };
        let mut parts: Vec<_> = batch.writes.iter().filter_map(part).collect();
        parts.push(known.clone());
        parts.sort_by_key(|part| part.stamp);
        ensure(parts[0].id == operation.id, "the first takes over", || short(operation.id))?;
        let mergers = host::mergers(&parts);
        let is_whole = mergers.len() == 1 && mergers[0].operations.len() == parts.len();
        ensure(is_whole && mergers[0].body == operation.body, "who takes over does it all", || {
            format!("{} took over {} others", short(operation.id), parts.len() - 1)
        })
    }
}

/// An edit that was merged with what the server holds is still one of its document, and is so only if what the server holds
/// cannot be that very edit, or a person said so.
fn check_rebased(known: &Operation<Value>, operation: &Operation<Value>) -> Result<(), Violation> {
    let id = || short(operation.id);
    let is_edit = matches!((&known.body, &operation.body), (Body::Edit { .. }, Body::Edit { .. }));
    let is_same = is_edit && host::target(&known.body) == host::target(&operation.body);
    ensure(is_same, "an edit that was merged is one of the same document", id)?;
    let is_next = operation.rebases == known.rebases + 1 && operation.key() != known.key();
    ensure(is_next, "what was merged has a key of its own", id)?;
    ensure(matches!(operation.state, OperationState::Queued), "what was merged is sent anew", id)?;
    let by_person = known.state.parked_for() == Some(ParkReason::Conflict);
    ensure(by_person || !known.is_in_doubt, "what may have taken effect is merged by nobody but a person", id)
}
