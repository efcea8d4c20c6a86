//! Reports: an app is told once over all tabs how an operation ended, and again only if the tab that was to tell it
//! went before the app was through.

use tabweave::engine::{Operation, OperationId, OperationState, Report};

use super::checkers::{Violation, ensure};
use super::input::{Input, short};
use super::tab::Page;
use super::world::{Arrival, World};
use crate::support::value::Value;

/// A tab that the store named to be told of an end.
#[derive(Clone, Debug)]
pub struct Teller {
    tab: usize,
    ended_ms: u64,
}

/// What has happened to an operation's reports.
#[derive(Clone, Debug, Default)]
pub struct Told {
    tellers: Vec<Teller>,
    /// Ends that an app is through with.
    made: Vec<u64>,
}

/// How long an app takes at most, in milliseconds.
const APP_MS_MAX: u64 = 400;
/// The dice of that.
const DICE: u64 = 1 << 20;

impl World {
    /// A page's app is told, and is through after a while.
    pub fn be_told(&mut self, number: usize, operation: &Operation<Value>) -> Result<(), Violation> {
        let (id, ended_ms) = (operation.id, operation.state.ended_ms());
        let is_own =
            operation.terms.is_reported && operation.report == Some(Report::With(self.tabs[number].id));
        let told = &self.accounts.of(id).told;
        let is_chosen = told.tellers.iter().any(|one| one.tab == number && Some(one.ended_ms) == ended_ms);
        ensure(is_own && is_chosen, "who is told was chosen in the store", || {
            format!("tab {number} is told of {}", short(id))
        })?;
        let ended_ms = ended_ms.expect("a chosen end is an end");
        let after_ms = self.chance.apart(DICE + self.scheduled, |chance| chance.up_to(APP_MS_MAX));
        self.schedule_arrival(after_ms, number, Arrival::Told(Input::Reported { id, ended_ms }));
        Ok(())
    }

    /// An app is through.
    pub fn note_reported(&mut self, id: OperationId, ended_ms: u64) {
        self.accounts.of(id).told.made.push(ended_ms);
    }

    /// Another tab is chosen only if the former one is away, or was: its farewell may be late.
    pub fn check_chosen(&mut self, operation: &Operation<Value>) -> Result<(), Violation> {
        let (Some(Report::With(tab)), Some(ended_ms)) = (operation.report, operation.state.ended_ms()) else {
            return Ok(());
        };
        let tab = self.tab_number(tab).expect("tabs that are chosen exist");
        let told = &self.accounts.of(operation.id).told;
        let former = told.tellers.last().filter(|one| one.ended_ms == ended_ms).cloned();
        if let Some(former) = former.filter(|former| former.tab != tab) {
            let page = &self.tabs[former.tab];
            let has_left = page.page != Page::Awake || page.has_slept;
            ensure(has_left || !self.swarm.has_locks, "nobody is told twice without need", || {
                format!("tab {tab} is chosen for {} after tab {}", short(operation.id), former.tab)
            })?;
        }
        self.accounts.of(operation.id).told.tellers.push(Teller { tab, ended_ms });
        Ok(())
    }

    /// Every end that was to be told was told, if there was somebody to tell.
    pub fn check_reports(&self) -> Result<(), Violation> {
        let known = |name: &String| {
            self.living().into_iter().any(|number| self.tabs[number].app.registered.contains(name))
        };
        for operation in self.store.operations.values().filter(|one| one.terms.is_reported) {
            let account = &self.accounts.all[&operation.id];
            let begins_anew = account.was_wiped || account.was_hidden;
            // Of what another one took over that one's end is told.
            let is_merged = matches!(operation.state, OperationState::Cancelled { into: Some(_), .. });
            let Some(ended_ms) = operation.state.ended_ms().filter(|_| !begins_anew && !is_merged) else {
                continue;
            };
            let is_told = operation.report.is_none() && account.told.made.contains(&ended_ms);
            ensure(is_told || !known(&operation.name), "every end is told", || {
                let state = operation.state.name();
                format!("{} is {state}, to be told {:?}", short(operation.id), operation.report)
            })?;
        }
        Ok(())
    }
}
