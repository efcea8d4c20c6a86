//! The healing phase: every fault is off, everybody is back, and everything must come to rest in agreement.

use std::collections::BTreeSet;

use tabweave::engine::{FailureCode, Operation, OperationState, ParkReason, WaitReason, Wish};

use super::checkers::{Violation, ensure};
use super::faults::{Fault, Faults};
use super::input::{Input, Verdict, short};
use super::swarm::Transport;
use super::tab::Page;
use super::world::{WALL_START_MS, World};
use crate::support::host::{self, Documents};
use crate::support::value::Value;

impl World {
    /// Ends all faults and checks that everything comes right.
    pub fn heal(&mut self) -> Result<(), Violation> {
        self.trace.note(self.now, || "---- everything heals".to_owned());
        self.faults = Faults::none();
        self.is_store_full = false;
        self.next_deed_at = None;
        // What arrives in this moment was sent after what waits for a page that does not run.
        while self.next_happening_at().is_some_and(|at| at <= self.now) {
            self.turn()?;
        }
        let is_readable_now = self.bring_all_builds_up_to_date();
        let is_silent = self.swarm.transport == Transport::Silence;
        for number in 0..self.tabs.len() {
            self.start_clocks(number);
            // A list that somebody sees is looked at for ever.
            if self.tabs[number].is_started && !self.tabs[number].is_gone() {
                self.tell(number, Input::WatchPeers { watching: false })?;
            }
            match self.tabs[number].page {
                Page::Asleep => self.wake(number, true),
                Page::Frozen => self.wake(number, false),
                Page::Awake | Page::Gone => {}
            }
        }
        if self.tabs.iter().all(|tab| tab.is_gone()) {
            self.open_tab();
        }
        for number in self.living() {
            // The tabs of a browser share one clock, and somebody sets it right.
            self.tabs[number].wall.set(WALL_START_MS + self.now, self.now);
            self.set_online(number, true);
            self.send_base(number);
        }
        self.rest()?;
        if is_silent && is_readable_now {
            // Nobody signs in for what nobody has seen stop for want of it.
            self.put_all_away_and_back()?;
        }
        for number in self.living() {
            self.tell(number, Input::SignedIn)?;
        }
        self.rest()?;
        self.check_stored()?;
        // News that was lost is noticed with the next; orphans are found when somebody looks.
        for number in self.living() {
            // A tab says anew what it can do when somebody looks at it: for want of that, a greeting that was lost
            // or overtaken by an older one stays lost.
            let leads = self.tabs[number].engine.status().leading.is_some();
            let lost = [Fault::MessageLost, Fault::MessageOvertakes];
            if leads || lost.iter().any(|fault| self.swarm.faults.of(*fault) > 0) {
                self.tell(number, Input::Visibility { visible: true })?;
                self.rest()?;
            }
            if !self.tabs[number].app.registered.contains("insert") {
                self.tell(number, Input::Register { names: vec!["insert".to_owned()] })?;
            }
            if self.mutate_anything(number)? != Verdict::Taken {
                self.make_room(number)?;
            }
            self.rest()?;
        }
        self.look_for_the_gone()?;
        if is_silent {
            // What people did comes to its end by the store and the locks alone; what the others did shows on return.
            self.check_ends()?;
            self.put_all_away_and_back()?;
        }
        self.check_healed()?;
        self.drill()
    }

    /// Whoever looks at the list of tabs learns which of them are gone.
    fn look_for_the_gone(&mut self) -> Result<(), Violation> {
        for number in self.living() {
            self.tell(number, Input::Visibility { visible: true })?;
            self.tell(number, Input::WatchPeers { watching: true })?;
        }
        // Where there are no locks to look at, who is there is asked, and has the time to answer.
        let answers_ms = if self.swarm.has_locks { 0 } else { 2 * self.swarm.config.presence_check_ms };
        self.run_until(self.now + 200 + answers_ms, |_| false)?;
        for number in self.living() {
            self.tell(number, Input::WatchPeers { watching: false })?;
        }
        self.rest()
    }

    /// Who hears of nobody reads the store when it comes back. What a page finds to do then the others do not hear of
    /// either, so all come back once more.
    fn put_all_away_and_back(&mut self) -> Result<(), Violation> {
        for number in [self.living(), self.living()].concat() {
            self.suspend(number)?;
            self.wake(number, true);
            self.rest()?;
        }
        Ok(())
    }

    /// The outbox is full of what waits behind an operation that a person has to decide about.
    fn make_room(&mut self, number: usize) -> Result<(), Violation> {
        let stopped = self.unfinished().first().map(|operation| operation.id);
        if let Some(id) = stopped {
            self.wish(number, id, Wish::Cancel)?;
            self.rest()?;
            self.mutate_anything(number)?;
        }
        Ok(())
    }

    fn check_healed(&mut self) -> Result<(), Violation> {
        self.check_journals()?;
        self.check_ends()?;
        self.check_reports()?;
        self.check_one_leader()?;
        self.check_topics()?;
        for number in self.living() {
            self.check_agreement(number)?;
            let is_told = self.tabs[number].engine.status().update_available;
            let is_newer = self.swarm.unreadable.1 > 0;
            ensure(is_told || !is_newer, "who is outdated knows it", || format!("tab {number}"))?;
            self.check_documents(number)?;
            self.check_settled(number)?;
        }
        Ok(())
    }

    /// What a tab accepted reaches the store without anybody's help.
    fn check_stored(&self) -> Result<(), Violation> {
        for number in self.living() {
            let engine = &self.tabs[number].engine;
            let unstored = engine.operations().find(|operation| !engine.is_stored(operation.id));
            ensure(unstored.is_none(), "what was accepted gets stored", || {
                format!(
                    "tab {number} keeps {} to itself",
                    unstored.map(|one| short(one.id)).unwrap_or_default()
                )
            })?;
        }
        Ok(())
    }

    fn check_journals(&self) -> Result<(), Violation> {
        let left = self.journals.iter().find(|(_, journal)| !journal.is_empty());
        ensure(left.is_none(), "journals are taken over", || {
            format!("the journal of tab {} is not empty", left.map(|(owner, _)| *owner).unwrap_or_default())
        })
    }

    /// enqueued = done + dead + cancelled + parked + waiting for a handler that nobody has.
    fn check_ends(&self) -> Result<(), Violation> {
        let known: BTreeSet<_> =
            self.living().into_iter().flat_map(|number| self.tabs[number].app.registered.iter()).collect();
        let mut blocked = BTreeSet::new();
        for operation in self.unfinished() {
            let keeper = self.accounts.all[&operation.id].kept_by;
            let is_bereft = keeper.is_some_and(|keeper| self.tabs[keeper].is_gone());
            ensure(!is_bereft, "what is sensitive ends with its page", || {
                format!("{} is {}", short(operation.id), operation.state.name())
            })?;
            let stays = match &operation.state {
                OperationState::Parked { why, .. } => *why != ParkReason::SignedOut,
                OperationState::Waiting { why: WaitReason::NoHandler, .. } => {
                    !known.contains(&operation.name)
                }
                _ => false,
            };
            let is_behind = !blocked.insert(operation.scope.clone());
            ensure(stays || is_behind, "every operation comes to an end", || {
                let state = operation.state.name();
                format!("{} ({}) stays {state}: {:?}", short(operation.id), operation.name, operation.state)
            })?;
        }
        for (id, account) in self.accounts.all.iter().filter(|(_, account)| account.is_guarded) {
            let is_known = self.store.operations.contains_key(id) || self.store.removed.contains(id);
            ensure(is_known, "nothing vanishes", || format!("{} is nowhere", short(id)))?;
            let operation = self.store.operations.get(id);
            let state = operation.map(|operation| &operation.state);
            let is_honest = match state {
                Some(OperationState::Done { .. }) => account.times_applied > 0,
                // What the server refused did not happen, nor what was tried as often as allowed and never in doubt.
                Some(OperationState::Dead { failure, .. }) => {
                    let certain =
                        [FailureCode::Rejected, FailureCode::AttemptsExhausted, FailureCode::PageGone];
                    let is_certain =
                        certain.contains(&failure.code) || !operation.is_some_and(|one| one.is_in_doubt);
                    account.times_applied == 0 || !is_certain || account.was_wiped
                }
                _ => true,
            };
            ensure(is_honest, "an end says what the server did", || {
                let name = state.map(OperationState::name).unwrap_or_default();
                format!("{} is {name}, applied {} times", short(id), account.times_applied)
            })?;
        }
        Ok(())
    }

    pub fn check_one_leader(&self) -> Result<(), Violation> {
        let leaders = self.leaders();
        ensure(leaders.len() == 1, "one tab leads", || format!("{leaders:?} lead"))
    }

    /// A tab knows what the store holds.
    fn check_agreement(&self, number: usize) -> Result<(), Violation> {
        let known: Vec<_> = self.tabs[number].engine.operations().collect();
        let mut stored: Vec<_> = self.store.operations.values().collect();
        stored.sort_by_key(|operation| operation.stamp);
        let summary = |operations: &[&Operation<Value>]| -> Vec<_> {
            let line = |one: &&Operation<Value>| (short(one.id), one.state.name(), one.attempts, one.stamp);
            operations.iter().map(line).collect()
        };
        ensure(summary(&known) == summary(&stored), "all tabs agree with the store", || {
            format!("tab {number} knows {:?}, the store {:?}", summary(&known), summary(&stored))
        })
    }

    /// A tab shows the server's documents, with what has not ended over them and nothing else.
    fn check_documents(&self, number: usize) -> Result<(), Violation> {
        let tab = &self.tabs[number];
        let unfinished = self.unfinished();
        let pending: Vec<_> = tab.engine.pending().map(|operation| operation.id).collect();
        let applied = |id| self.server.contains(id, self.server.at());
        for id in &pending {
            let is_waiting = unfinished.iter().any(|operation| operation.id == *id);
            ensure(is_waiting, "nothing stays pending", || format!("tab {number} shows {}", short(id)))?;
        }
        for query in &tab.watched {
            let mut documents: Documents = host::by_key(&self.server.query(query, self.server.at()));
            for operation in unfinished.iter().filter(|one| tab.app.registered.contains(&one.name)) {
                let (collection, document) = host::target(&operation.body);
                // Without a key it can only be guessed whether a base contains the operation.
                let is_lacking = if operation.confirmed_by_key {
                    !applied(operation.id)
                } else {
                    pending.contains(&operation.id)
                };
                if host::lists(query, collection, document) && is_lacking {
                    // An optimistic function that throws has no effect.
                    let _ = host::perform(&operation.name, &operation.body, &mut documents);
                }
            }
            let view = tab.engine.view(query);
            let shown = view.map(|view| host::by_key(view.value));
            ensure(shown.as_ref() == Some(&documents), "all tabs show the server's documents", || {
                format!("tab {number} shows {shown:?} for {}, and not {documents:?}", query.as_str())
            })?;
        }
        Ok(())
    }

    /// Who accepted an operation was told how it ended.
    fn check_settled(&self, number: usize) -> Result<(), Violation> {
        let tab = &self.tabs[number];
        for id in &tab.accepted {
            let Some(operation) = self.store.operations.get(id).filter(|operation| operation.is_finished())
            else {
                continue;
            };
            if self.accounts.all[id].was_wiped {
                continue;
            }
            let told = tab.memory.settled.get(id).map(|(_, name)| *name);
            // Discarding a dead letter is no second end.
            let is_told = told == Some(operation.state.name())
                || (told == Some("dead") && operation.state.name() == "cancelled");
            ensure(is_told, "who asked is told the end", || {
                format!(
                    "tab {number} was told {told:?} of {}, which is {}",
                    short(id),
                    operation.state.name()
                )
            })?;
        }
        Ok(())
    }
}
