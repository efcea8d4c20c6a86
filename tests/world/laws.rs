//! What must hold in every world.

use tabweave::engine::{Operation, OperationState, Write, WriteBatch};

use super::app::{self, Marks, Store};
use super::stage::Stage;
use super::symmetry::tab_id;
use super::world::World;

/// A law that was broken.
#[derive(Clone, Debug)]
pub struct Violation {
    pub law: &'static str,
    pub what: String,
}

pub type Verdict = Result<(), Violation>;

pub fn ensure(holds: bool, law: &'static str, what: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(Violation { law, what: what() }) }
}

pub fn has_ended(operation: &Operation<Marks>) -> bool {
    operation.is_finished()
}

impl Stage {
    /// At most one tab leads under an epoch of a store.
    pub fn check_leaders(&self, world: &World, tab: u8) -> Verdict {
        let Some(epoch) = self.minds.face(world.tab(tab).mind).leads else {
            return Ok(());
        };
        let rival = world.places().find(|other| {
            let page = world.tab(*other);
            *other != tab
                && page.is_there()
                && page.connection == world.tab(tab).connection
                && self.minds.face(page.mind).leads == Some(epoch)
        });
        ensure(rival.is_none(), "one leader an epoch", || {
            format!("tabs {} and {} both lead under epoch {epoch}", tab, rival.unwrap_or_default())
        })
    }

    /// Operations go on only by the hand of who won the last epoch, and what has ended does not begin anew.
    pub fn check_committed(&self, tab: u8, before: &Store, batch: &WriteBatch<Marks>) -> Verdict {
        let winner = before.epochs.last_key_value().map(|(_, winner)| *winner);
        for write in &batch.writes {
            let id = match write {
                Write::PutOperation(operation) => operation.id,
                Write::RemoveOperation(id) => *id,
                _ => continue,
            };
            ensure(winner == Some(tab_id(tab)), "no stale write", || {
                format!("tab {tab} wrote an operation under an epoch that is not the last, or not its own")
            })?;
            let known = before.operations.get(&id);
            ensure(!known.is_some_and(has_ended), "an end is an end", || {
                format!("tab {tab} wrote over operation {}, which had ended", app::number_of(id))
            })?;
        }
        Ok(())
    }

    /// A call is made only under a claim that is committed, by one who has proved its lead just now.
    pub fn check_attempt(&self, world: &World, tab: u8, number: u8, attempt: u32) -> Verdict {
        let id = app::operation_id(number);
        let was_wiped = world.life > 0;
        let stored = self.minds.stores.get(world.store).operations.get(&id);
        let is_claimed = stored.is_some_and(|operation| operation.attempts >= attempt);
        ensure(is_claimed || was_wiped, "claimed before it is sent", || {
            format!(
                "tab {tab} sends attempt {attempt} of operation {number}, which the store holds as {stored:?}"
            )
        })?;
        let proof = world.tab(tab).proof;
        let is_fresh =
            proof.is_some_and(|proof| u64::from(world.now - proof) < self.config.lease_duration_ms);
        ensure(is_fresh, "the lead is proved afresh before a call", || {
            format!("tab {tab} sends operation {number} at {} after its last proof at {proof:?}", world.now)
        })?;
        let is_second = world.sent & 1 << number != 0;
        ensure(self.is_repeatable || !is_second || was_wiped, "what is not repeatable is sent once", || {
            format!("tab {tab} sends operation {number} a second time")
        })
    }

    /// The journal lets go only of what the store holds.
    pub fn check_released(&self, world: &World, tab: u8, numbers: Marks) -> Verdict {
        let store = self.minds.stores.get(world.store);
        let lost =
            app::numbers(numbers).find(|number| !store.operations.contains_key(&app::operation_id(*number)));
        ensure(lost.is_none() || world.life > 0, "no accepted operation is lost", || {
            format!(
                "tab {tab} gave up the journal's copy of operation {}, which the store lacks",
                lost.unwrap_or(0)
            )
        })
    }

    // ---- After healing.

    /// Everybody agrees with the store.
    pub fn check_agreement(&self, world: &World) -> Verdict {
        let store = self.minds.stores.get(world.store);
        let unfinished = store.operations.values().filter(|operation| !has_ended(operation));
        let unfinished = unfinished.fold(0, |marks, operation| marks | app::mark_of(operation.id));
        let latest = latest(store);
        for place in world.places().filter(|place| world.tab(*place).is_awake()) {
            let tab = world.tab(place);
            let engine = self.minds.engines.get(tab.mind);
            let known: Vec<_> = engine.operations().collect();
            let is_same = known.len() == store.operations.len()
                && known
                    .iter()
                    .all(|one| store.operations.get(&one.id).is_some_and(|other| alike(one, other)));
            ensure(is_same, "all tabs agree with the store", || {
                format!("tab {place} knows {known:?}, the store holds {:?}", store.operations)
            })?;
            ensure(tab.shown == latest, "all tabs show the latest entry", || {
                format!("tab {place} shows {:#b}, the store holds {latest:#b}", tab.shown)
            })?;
            let view = engine.view(&app::query()).map(|view| *view.value);
            ensure(view == Some(world.applied | unfinished), "view = fold(base, pending)", || {
                format!(
                    "tab {place} shows {view:?}; the server holds {:#b}, pending {unfinished:#b}",
                    world.applied
                )
            })?;
        }
        Ok(())
    }

    /// Nothing was lost, everything has ended, one tab leads and holds the lock.
    pub fn check_healed(&self, world: &World) -> Verdict {
        let store = self.minds.stores.get(world.store);
        for number in app::numbers(world.owed) {
            let stored = store.operations.get(&app::operation_id(number));
            let is_applied = world.applied & 1 << number != 0;
            let is_kept = stored.is_some() || world.life > 0 && is_applied;
            ensure(is_kept, "no accepted operation is lost", || format!("operation {number} is nowhere"))?;
        }
        for operation in store.operations.values() {
            let number = app::number_of(operation.id);
            let is_applied = world.applied & app::mark_of(operation.id) != 0;
            let is_honest = match operation.state {
                OperationState::Done { .. } => is_applied,
                OperationState::Parked { .. } => !self.is_repeatable,
                // Stands behind one that a person has to decide about.
                _ => !self.is_repeatable && store.operations.len() > 1,
            };
            ensure(is_honest, "every operation comes to an end", || {
                format!("operation {number} stays {:?}", operation.state)
            })?;
        }
        let kept_journal = world.places().find(|place| world.tab(*place).journal != 0);
        ensure(kept_journal.is_none(), "journals are taken over", || {
            format!("the journal of tab {} is not empty", kept_journal.unwrap_or_default())
        })?;
        self.check_entries(world, latest(store))?;
        let leads = |place: &u8| {
            world.tab(*place).is_awake() && self.minds.face(world.tab(*place).mind).leads.is_some()
        };
        let leaders: Vec<_> = world.places().filter(leads).collect();
        let holds = |leader: &u8| !self.has_locks || world.holder == Some(*leader);
        let is_one = matches!(&leaders[..], [leader] if holds(leader));
        ensure(is_one, "one tab leads, and holds the lock", || {
            format!("these lead: {leaders:?}; the lock is held by {:?}", world.holder)
        })
    }

    /// No acknowledged entry gave way to one that its writer had seen.
    fn check_entries(&self, world: &World, latest: Marks) -> Verdict {
        let lost = app::numbers(world.kept)
            .find(|number| latest == 0 || world.saw[usize::from(*number)] & latest != 0);
        ensure(lost.is_none(), "no acknowledged entry is lost", || {
            format!("entry {} is acknowledged, and the topic shows {latest:#b}", lost.unwrap_or_default())
        })
    }
}

fn alike(one: &Operation<Marks>, other: &Operation<Marks>) -> bool {
    one.is_as_far_as(other)
}

/// The value of the topic's entry with the latest stamp.
fn latest(store: &Store) -> Marks {
    let of_topic = store.entries.values().filter(|entry| entry.topic == app::TOPIC);
    of_topic.max_by_key(|entry| entry.stamp).and_then(|entry| entry.value).unwrap_or(0)
}
