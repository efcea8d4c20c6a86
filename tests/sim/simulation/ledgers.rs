//! What must hold of every commit, every call and every change on the server.

use tabweave::engine::{
    Attempt, AuditEntry, Digest, Failure, FailureCode, Operation, OperationId, OperationState, WaitReason,
    Write, WriteBatch,
};

use super::checkers::{Violation, ensure};
use super::input::short;
use super::store::Store;
use super::tab::Tab;
use super::tables::{OPERATION, is_arrow};
use super::world::World;
use crate::support::value::Value;

impl World {
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
        self.check_held_back(number, before, batch)?;
        for write in &batch.writes {
            if let Write::PutOperation(Operation { id, .. }) | Write::RemoveOperation(id) = write {
                let is_readable = !before.unreadable.contains(id);
                ensure(is_readable, "what cannot be read is left untouched", || {
                    format!("tab {number} wrote {}", short(id))
                })?;
            }
            match write {
                Write::AddOperation(operation) => {
                    let begins_anew = before.removed.contains(&operation.id);
                    // A tab that slept until its operation's record was gone does not know that it was ever stored.
                    let has_slept = self.tabs[number].has_slept;
                    let account = self.accounts.of(operation.id);
                    account.is_guarded = true;
                    ensure(
                        !begins_anew || has_slept || account.was_wiped || account.was_hidden,
                        "what has ended does not begin anew",
                        || format!("tab {number} added {} again", short(operation.id)),
                    )?;
                    account.was_wiped |= begins_anew;
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
                Write::AppendAudit(entry) => {
                    let last = before.audit.values().last().map(AuditEntry::link);
                    let follows = entry.number == last.map_or(0, |last| last.number + 1)
                        && batch.fence.is_some()
                        && entry.previous == last.map_or(Digest::NONE, |last| last.hash);
                    ensure(follows, "the trail is one chain", || format!("entry {}", entry.number))?;
                }
                Write::ClaimEpoch(_) | Write::PutQuery { .. } | Write::PutEntry(_) => {}
                Write::DropEntry { topic, key, stamp } => {
                    self.check_replaced(before, batch, (topic, key, *stamp))?
                }
                Write::ForgetEntry { topic, key, stamp } => {
                    self.check_forgotten(topic, key, *stamp)?;
                    self.coverage.forgotten += 1;
                }
            }
        }
        Ok(())
    }

    /// As long as an operation waits because the server did not answer or asked everybody to hold back, one at a time is
    /// sent.
    fn check_held_back(
        &self,
        number: usize,
        before: &Store,
        batch: &WriteBatch<Value>,
    ) -> Result<(), Violation> {
        let mut after = before.operations.clone();
        // Of what it cannot read a build knows nothing, nor of what it has not read since it could.
        let engine = &self.tabs[number].engine;
        let has_read = |one: &Operation<Value>| {
            let was_hidden = self.accounts.all[&one.id].was_hidden;
            !was_hidden || engine.operation(one.id).is_some_and(|known| known.is_as_far_as(one))
        };
        let is_readable = |one: &Operation<Value>| !before.unreadable.contains(&one.id) && has_read(one);
        let is_claimed = |one: &&Operation<Value>| one.state.epoch().is_some() && is_readable(one);
        for write in &batch.writes {
            if let Write::PutOperation(operation) = write {
                after.insert(operation.id, operation.clone());
            }
        }
        let was_claimed =
            |one: &&Operation<Value>| before.operations.get(&one.id).is_some_and(|known| is_claimed(&known));
        let (open, claims): (Vec<_>, Vec<_>) = after.values().filter(is_claimed).partition(was_claimed);
        // Whose turn it was to see whether the server still is keeps the others back until it is answered.
        let waits = |one: &Operation<Value>| {
            let is_probe = matches!(one.state, OperationState::Claimed { probes: true, .. });
            let reasons = [WaitReason::Overload, WaitReason::Connection];
            let is_stopped = one.state.waits_for().is_some_and(|why| reasons.contains(&why));
            is_readable(one) && (is_probe || is_stopped)
        };
        let is_held_back =
            before.operations.values().any(|one| waits(one) && after.get(&one.id).is_some_and(waits));
        let is_kept = !is_held_back || claims.is_empty() || (claims.len() == 1 && open.is_empty());
        ensure(is_kept, "nobody is sent while the server does not answer, but one to see", || {
            format!("tab {number} claimed {} beside {}", claims.len(), open.len())
        })
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
        self.check_chosen(operation)?;
        self.check_merged(before, batch, operation)?;
        if known.is_as_far_as(operation) && known.report.is_some() && known.report != operation.report {
            return ensure(batch.fence.is_some(), "who is told is chosen behind the fence only", || {
                short(id)
            });
        }
        self.coverage.take_arrow(from, to);
        ensure(is_arrow(&OPERATION, from, to), "states follow their arrows", || {
            format!("tab {number}: {} went from {from} to {to}", short(id))
        })?;
        ensure(batch.fence.is_some(), "operations go on behind the fence only", || format!("tab {number}"))?;
        self.check_given_up(number, operation)?;
        let Some(epoch) = operation.state.epoch() else {
            return Ok(());
        };
        ensure(batch.fence == Some(epoch), "a claim is of its fence's epoch", || short(id))?;
        let comes_first = |one: &&Operation<Value>| {
            one.scope == operation.scope && one.stamp < operation.stamp && one.holds_its_scope()
        };
        // What was claimed before goes on: a call for it is open.
        let is_begun = known.state.epoch().is_some();
        let mut known = self.tabs[number].engine.operations().filter(|_| !is_begun).filter(comes_first);
        let hidden = known.find(|one| before.unreadable.contains(&one.id));
        ensure(hidden.is_none(), "what cannot be read holds up its scope", || {
            format!(
                "tab {number} claimed {} before {}",
                short(id),
                hidden.map(|one| short(one.id)).unwrap_or_default()
            )
        })
    }

    /// Only what is sensitive is given up with its page, and only if that is gone. A page that sleeps in the cache may be
    /// taken for gone, and where there are no locks one that does not answer.
    fn check_given_up(&self, number: usize, operation: &Operation<Value>) -> Result<(), Violation> {
        let is_given_up = |failure: &Failure<Value>| failure.code == FailureCode::PageGone;
        if !operation.state.failure().is_some_and(is_given_up) {
            return Ok(());
        }
        let keeper = self.accounts.all[&operation.id].kept_by.map(|keeper| &self.tabs[keeper]);
        let seems_gone = |tab: &Tab| tab.is_gone() || tab.was_cached || !self.swarm.has_locks;
        ensure(keeper.is_some_and(seems_gone), "a page that exists keeps its operations", || {
            format!("tab {number} gave up {}", short(operation.id))
        })
    }

    // ---- Journals, calls and the server's ledger.

    pub fn check_released(&mut self, number: usize, id: OperationId) -> Result<(), Violation> {
        let is_kept = self.store.operations.contains_key(&id) || self.store.removed.contains(&id);
        let was_wiped = !self.accounts.of(id).is_guarded;
        ensure(is_kept || was_wiped, "nothing vanishes", || {
            format!("tab {number} released {} from its journal, but the store lacks it", short(id))
        })
    }

    /// Nothing is sent before its claim was committed, and nothing twice that must not be.
    pub fn check_call(&mut self, number: usize, attempt: &Attempt<Value>) -> Result<(), Violation> {
        let tab = &self.tabs[number];
        let id = attempt.id;
        let account = &self.accounts.all[&id];
        let stored = self.store.operations.get(&id);
        let is_claimed = stored.is_some_and(|operation| operation.attempts >= attempt.attempt);
        // A tab that was asked to make the attempt may have slept until the operation's record was done and gone.
        let was_removed = self.store.removed.contains(&id);
        ensure(is_claimed || account.was_wiped || was_removed, "persist before send", || {
            format!("tab {number} sends {} attempt {}, stored as {:?}", short(id), attempt.attempt, stored)
        })?;
        let is_its_own = account.kept_by.is_none_or(|keeper| keeper == number);
        ensure(is_its_own, "what is sensitive is sent by its own page", || {
            format!("tab {number} sends {} of tab {:?}", short(id), account.kept_by)
        })?;
        let mine = tab.engine.operation(id).is_some_and(
            |operation| matches!(operation.state, OperationState::Claimed { runner, .. } if runner == tab.id),
        );
        ensure(mine, "only the runner of a claim sends", || format!("tab {number} sends {}", short(id)))?;
        // Of a tab that calls for another's lead only that other knows how fresh it is.
        let age_ms = tab.proof.map(|proof| tab.now(self.now).since_ms(proof));
        let is_fresh = age_ms.is_some_and(|age_ms| age_ms < self.swarm.config.lease_duration_ms);
        let epoch = tab.engine.operation(id).and_then(|operation| operation.state.epoch());
        let is_own_lead = epoch.is_some() && epoch == tab.engine.status().leading;
        ensure(is_fresh || !is_own_lead, "the lead is proved afresh before a call", || {
            format!("tab {number} sends {} {age_ms:?} ms after its last proof", short(id))
        })?;
        let possible = account.calls.iter().filter(|call| !call.is_known_unapplied).count() as u32;
        let is_allowed = account.is_repeatable || account.was_wiped || possible <= account.retries_asked;
        ensure(is_allowed, "what is not repeatable is sent once", || {
            let asked = account.retries_asked;
            format!("tab {number} sends {} after {possible} calls and {asked} wishes for another", short(id))
        })
    }

    pub fn check_applied(&mut self, id: OperationId) -> Result<(), Violation> {
        let account = self.accounts.of(id);
        account.times_applied += 1;
        let (times, account) = (account.times_applied, account.clone());
        let allowed = if account.is_repeatable { 1 } else { 1 + account.retries_asked };
        ensure(times <= allowed || account.was_wiped, "applied once", || {
            format!("{} was applied {times} times", short(id))
        })?;
        if times > 1 || account.was_wiped {
            return Ok(());
        }
        let late = account.after.iter().find(|before| !self.has_had_its_turn(**before));
        ensure(late.is_none(), "order kept per scope", || {
            format!("{} ran before {} of the same scope", short(id), late.map(short).unwrap_or_default())
        })
    }

    /// Whether what comes after it may run: it was applied, or came to another end, or a person interfered.
    fn has_had_its_turn(&self, id: OperationId) -> bool {
        let account = &self.accounts.all[&id];
        let stored = self.store.operations.get(&id);
        let took_over = account.into.is_some_and(|into| self.has_had_its_turn(into));
        took_over
            || account.times_applied > 0
            || account.was_wiped
            || account.was_hidden
            || account.cancels_asked + account.retries_asked > 0
            || account.into.is_none() && stored.is_some_and(Operation::is_finished)
    }
}
