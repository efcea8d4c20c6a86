//! Reports: how an operation ended is told once over all tabs, in one that a person sees.
//!
//! The leader chooses that tab in the same write as the end, or as soon as there is one to choose. The tab has its app
//! told, and says so when the app is through; that is written down, and nobody is told again. Should the tab go before,
//! another one is chosen: an app is told at least once, and knows by the operation's id what it was told before.

use super::Engine;
use super::effect::Event;
use super::flat::Map;
use super::ids::{OperationId, TabId};
use super::operation::{Operation, OperationState, Report};
use super::plant::Plant;
use super::protocol::Message;
use super::time::Now;
use super::timers::Timer;

/// Ends that this tab tells its app, by the wall time of the end in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Reports {
    /// The app is being told.
    making: Map<OperationId, u64>,
    /// The app was told, and the store does not say so yet.
    made: Map<OperationId, u64>,
}

impl Reports {
    pub(super) const fn new() -> Self {
        Self { making: Map::new(), made: Map::new() }
    }

    /// The store holds the operation like this now.
    pub(super) fn learned<V>(&mut self, operation: &Operation<V>) {
        let ended_ms = operation.state.ended_ms();
        if operation.report.is_none() || self.made.get(&operation.id).copied() != ended_ms {
            self.made.remove(&operation.id);
        }
    }

    pub(super) fn forget(&mut self, id: OperationId) {
        self.made.remove(&id);
    }

    /// What was told of another store.
    pub(super) fn forget_store(&mut self) {
        self.made.clear();
    }
}

impl<V: Clone> Engine<V> {
    // ---- In the tab that was chosen.

    /// Has the app told, if this tab was chosen for it and has not begun yet.
    pub(super) fn report_if_chosen(&mut self, operation: &Operation<V>) {
        self.reports.learned(operation);
        let (id, ended_ms) = (operation.id, operation.state.ended_ms());
        let told = [&self.reports.making, &self.reports.made].map(|ends| ends.get(&id).copied());
        if operation.report == Some(Report::With(self.tab))
            && let Some(ended_ms) = ended_ms.filter(|_| !told.contains(&ended_ms))
        {
            self.reports.making.insert(id, ended_ms);
            self.events.push_back(Event::Report { operation: Box::new(operation.clone()) });
        }
    }

    /// The app is through with what it was told.
    pub(super) fn report_made(&mut self, now: Now, id: OperationId, ended_ms: u64) {
        if self.reports.making.get(&id) == Some(&ended_ms) {
            self.reports.making.remove(&id);
        }
        if self.owes_report(id, ended_ms) {
            self.reports.made.insert(id, ended_ms);
            self.tell_reports();
            self.work(now);
        }
    }

    /// A tab that does not lead tells the leader which reports it made.
    pub(super) fn tell_reports(&mut self) {
        if self.election.epoch().is_some() {
            return;
        }
        let made: Vec<_> = self.reports.made.iter().map(|(id, ended_ms)| (*id, *ended_ms)).collect();
        for (id, ended_ms) in made {
            self.broadcast(Message::Reported { id, ended_ms });
        }
    }

    // ---- In the leader's tab.

    /// An operation that is to be written down: did it come to its end now, and who is told?
    pub(super) fn order_report(&self, operation: &mut Operation<V>) {
        let ended_ms = operation.state.ended_ms();
        let known = self.outbox.get(operation.id);
        let is_new = known.is_none_or(|known| known.state.ended_ms() != ended_ms);
        // Who took it over is told of.
        let is_merged = matches!(operation.state, OperationState::Cancelled { into: Some(_), .. });
        if ended_ms.is_none() || !operation.terms.is_reported || is_merged {
            operation.report = None;
        } else if is_new {
            operation.report = Some(self.teller_of(operation).map_or(Report::Owed, Report::With));
        }
    }

    /// Ends that were told, and those that somebody can be found for now.
    pub(super) fn reported(&self, before: &[Operation<V>]) -> Vec<Operation<V>> {
        let untouched = |id: &OperationId| !before.iter().any(|other| other.id == *id);
        let settled = |id: &OperationId| untouched(id) && self.outbox.is_settled(*id);
        let unreported = self.outbox.deadlines.unreported().filter(settled);
        let next = |operation: &Operation<V>| {
            let made = self.reports.made.get(&operation.id).copied();
            let report = match made.is_some() && made == operation.state.ended_ms() {
                true => None,
                false => Some(self.next_report(operation)?),
            };
            Some(Operation { report, ..operation.clone() })
        };
        unreported.filter_map(|id| self.outbox.get(id)).filter_map(next).collect()
    }

    /// Another tab's app was told.
    pub(super) fn hear_reported(&mut self, id: OperationId, ended_ms: u64) {
        if self.election.epoch().is_some() && self.owes_report(id, ended_ms) {
            self.reports.made.insert(id, ended_ms);
        }
    }

    /// Another tab was chosen, and may go without a word, or not have heard of it.
    pub(super) fn look_after_tellers(&mut self, now: Now) {
        if self.reports_elsewhere() {
            self.timers.set(Timer::Presence, now, self.config.presence_check_ms);
        }
    }

    /// Tabs that were chosen and missed the news of it read the store.
    pub(super) fn remind_tellers(&mut self) {
        if self.reports_elsewhere() {
            self.broadcast(Message::Bell { revision: self.revisions.complete() });
        }
    }

    /// Whether another tab was chosen for a report.
    fn reports_elsewhere(&self) -> bool {
        let mut unreported = self.outbox.deadlines.unreported().filter_map(|id| self.outbox.get(id));
        unreported.any(|one| matches!(one.report, Some(Report::With(tab)) if tab != self.tab))
    }

    // ---- In both.

    /// Whether a leader would find somebody to tell, or has something to write down.
    pub(super) fn reports_need_leader(&self) -> bool {
        let settled = |id: &OperationId| self.outbox.is_settled(*id);
        let is_owed = |operation: &Operation<V>| {
            operation.report == Some(Report::Owed) && self.shows(self.tab, &operation.name)
        };
        let mut unreported = self.outbox.deadlines.unreported().filter(settled);
        self.reports.made.keys().any(settled) || unreported.any(|id| self.outbox.get(id).is_some_and(is_owed))
    }

    fn owes_report(&self, id: OperationId, ended_ms: u64) -> bool {
        let operation = self.outbox.get(id);
        operation.is_some_and(|one| one.report.is_some() && one.state.ended_ms() == Some(ended_ms))
    }

    /// Whoever is to be told now, if that is somebody else than before.
    fn next_report(&self, operation: &Operation<V>) -> Option<Report> {
        let teller = self.teller_of(operation).map(Report::With);
        match operation.report {
            Some(Report::With(tab)) if tab == self.tab || !self.peers.is_gone(tab) => None,
            Some(Report::With(_)) if self.has_planted(Plant::ReportAbandoned) => None,
            // Nobody has to look after it until there is somebody to tell.
            Some(Report::With(_)) => Some(teller.unwrap_or(Report::Owed)),
            _ => teller,
        }
    }

    /// A tab that a person sees: rather the one where it was done, then this one.
    fn teller_of(&self, operation: &Operation<V>) -> Option<TabId> {
        let shows = |tab: &TabId| self.shows(*tab, &operation.name);
        [operation.origin, self.tab].into_iter().find(shows).or_else(|| self.peers.in_sight(&operation.name))
    }

    fn shows(&self, tab: TabId, name: &str) -> bool {
        match tab == self.tab {
            true => self.visible && self.handlers.contains(name),
            false => self.peers.shows(tab, name),
        }
    }
}
