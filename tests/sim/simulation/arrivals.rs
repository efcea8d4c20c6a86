//! What reaches a page, and what store and server do with what reached them.

use std::collections::BTreeSet;

use tabweave::engine::{
    BaseUpdate, Body, Current, Digests, FailedKind, OperationId, Outcome, QueryToken, Rebased, Resolution,
    TabId, Told, Weighed, Wish,
};

use super::checkers::Violation;
use super::faults::Fault;
use super::input::{Input, Verdict};
use super::service::NO_ANSWER;
use super::tab::{Base, Page, Tab};
use super::world::{Arrival, Fate, World};
use crate::support::canonical::Canonical;
use crate::support::host;
use crate::support::value::Value;

impl World {
    /// Something arrives at a page: at once if it runs, later if it sleeps, never if it is gone.
    pub fn reach(&mut self, number: usize, arrival: Arrival) -> Result<(), Violation> {
        match self.tabs[number].page {
            Page::Gone => Ok(()),
            Page::Awake => self.deliver(number, arrival),
            // A page that was told that it will sleep may still run for a moment.
            Page::Asleep if self.tabs[number].inbox.is_empty() && self.chance.strikes(250) => {
                self.deliver(number, arrival)
            }
            Page::Asleep | Page::Frozen => {
                self.tabs[number].inbox.push_back(arrival);
                Ok(())
            }
        }
    }

    fn deliver(&mut self, number: usize, arrival: Arrival) -> Result<(), Violation> {
        let tab = &self.tabs[number];
        let input = match arrival {
            Arrival::Told(Input::Start { visible }) => return self.start(number, visible),
            Arrival::Told(Input::QueryRead { query, cached }) => {
                let is_wanted = tab.watched.contains(&query) && !tab.base.contains_key(&query);
                if let Some(cached) = cached.clone().filter(|_| is_wanted) {
                    let contains = cached.contains.into_iter().collect();
                    self.tabs[number].base.insert(query.clone(), Base { value: cached.value, contains });
                    self.tabs[number].memory.is_outdated = true;
                }
                Input::QueryRead { query, cached }
            }
            Arrival::Told(Input::Persisted { batch, result }) => {
                let tab = &mut self.tabs[number];
                let issued = tab.fenced.remove(&batch);
                tab.proof = issued.filter(|_| result.is_ok()).or(tab.proof);
                Input::Persisted { batch, result }
            }
            Arrival::Told(Input::Reported { id, ended_ms }) => {
                self.note_reported(id, ended_ms);
                Input::Reported { id, ended_ms }
            }
            Arrival::Told(Input::Resume) => return self.resume(number),
            Arrival::Told(input) => {
                if let Input::StoreRead { contents } = &input {
                    let tab = &mut self.tabs[number];
                    tab.memory.reads_answered += 1;
                    if let Ok(contents) = contents {
                        tab.strangers.stand_by(contents.store);
                    }
                }
                input
            }
            Arrival::Message { channel, envelope } => {
                if tab.channel != Some(channel) {
                    return Ok(());
                }
                return self.hear(number, envelope.as_ref().clone());
            }
            Arrival::Lock { request, news } => {
                if tab.lock_request != Some(request) {
                    return Ok(());
                }
                Input::LeaderLock { news }
            }
            Arrival::Answer { id, attempt, session, fate } => {
                // An answer does not find its way over another connection.
                let fate = if session == tab.session { fate } else { NO_ANSWER };
                self.answer(number, id, attempt, fate)
            }
            Arrival::Base { session, at } => {
                let Some(update) = self.base_update(number, session, at) else {
                    return Ok(());
                };
                Input::Base { update }
            }
            Arrival::Orphans { living, pages, journals } => {
                return self.tell_orphans(number, living, pages, journals);
            }
            Arrival::StoreClosed { store } => {
                if tab.connection != Some(store) {
                    return Ok(());
                }
                self.tabs[number].connection = None;
                self.tabs[number].strangers.forget_stores();
                Input::StoreClosed
            }
        };
        self.tell(number, input).map(|_| ())
    }

    /// The engine is ready: it takes over what the page accepted before.
    fn start(&mut self, number: usize, visible: bool) -> Result<(), Violation> {
        self.tabs[number].is_started = true;
        self.tell(number, Input::Start { visible })?;
        let tab = &mut self.tabs[number];
        let (owner, names, requests) = (tab.id, tab.names.clone(), std::mem::take(&mut tab.early));
        self.tell(number, Input::Register { names })?;
        if !requests.is_empty() {
            self.tell(number, Input::Adopt { owner, requests })?;
        }
        for query in super::world::QUERIES {
            if query == "cards:*" || self.chance.strikes(500) {
                self.watch(number, QueryToken::new(query))?;
            }
        }
        let connected = self.tabs[number].is_online;
        self.tell(number, Input::Connection { connected })?;
        self.send_base(number);
        Ok(())
    }

    pub fn watch(&mut self, number: usize, query: QueryToken) -> Result<(), Violation> {
        self.tabs[number].watched.insert(query.clone());
        self.tabs[number].memory.is_outdated = true;
        self.tell(number, Input::Watch { query })?;
        self.send_base(number);
        Ok(())
    }

    // ---- The server's side of a page.

    /// The server tells a page what it looks at, as of now.
    pub fn send_base(&mut self, number: usize) {
        let tab = &self.tabs[number];
        if tab.is_gone() || !tab.is_online || !tab.is_started {
            return;
        }
        let (session, at) = (tab.session, self.server.at());
        let after_ms = 1 + self.delay(Fault::BaseLate);
        self.schedule_arrival(after_ms, number, Arrival::Base { session, at });
    }

    pub fn send_bases(&mut self) {
        for number in 0..self.tabs.len() {
            self.send_base(number);
        }
    }

    /// The pending operations changed: the server is asked about their keys.
    pub fn watch_keys(&mut self, number: usize) {
        let at = self.server.at();
        let tab = &self.tabs[number];
        if tab.engine.pending().any(|one| one.confirmed_by_key && self.server.contains(one.id, at)) {
            self.send_base(number);
        }
    }

    fn base_update(&mut self, number: usize, session: u64, at: u64) -> Option<BaseUpdate<Value>> {
        let server = &self.server;
        let tab = &mut self.tabs[number];
        if session != tab.session || tab.synced_at.is_some_and(|synced| synced > at) {
            return None;
        }
        let mut queries = Vec::new();
        for query in &tab.watched {
            let value = server.query(query, at);
            let known = tab.base.get(query).filter(|_| tab.delivered.contains(query));
            if known.is_none_or(|base| host::query_documents(&base.value) != host::query_documents(&value)) {
                queries.push((query.clone(), value));
            }
        }
        let is_seen = |id: OperationId| server.contains(id, at);
        let keyed = tab.engine.pending().filter(|operation| operation.confirmed_by_key);
        let seen: Vec<_> = keyed.map(|operation| operation.id).filter(|id| is_seen(*id)).collect();
        tab.synced_at = Some(at);
        tab.memory.is_outdated = true;
        for (query, value) in &queries {
            tab.delivered.insert(query.clone());
            tab.base.insert(query.clone(), Base { value: value.clone(), contains: BTreeSet::new() });
        }
        (!queries.is_empty() || !seen.is_empty()).then_some(BaseUpdate { queries, seen })
    }

    fn answer(&mut self, number: usize, id: OperationId, attempt: u32, fate: Fate) -> Input {
        let error = Value::text("what the server said");
        let outcome = match fate {
            Fate::Accepted { result } => {
                let synced = self.tabs[number].synced_at;
                Outcome::Accepted { result, seen: synced.is_some_and(|at| self.server.contains(id, at)) }
            }
            Fate::Failed { kind } => {
                let rebased = (kind == FailedKind::Conflict).then(|| self.rebased(number, id)).flatten();
                let current = rebased.as_ref().map(|rebased| Current::Document(rebased.base.clone()));
                let rebased = rebased.filter(|_| self.chance.strikes(600));
                Outcome::Failed { kind, error, after_ms: None, current, rebased }
            }
        };
        let is_unknown = |kind: &FailedKind| matches!(kind, FailedKind::Unknown(_) | FailedKind::Lost);
        if matches!(&outcome, Outcome::Failed { kind, .. } if !is_unknown(kind)) {
            let calls = &mut self.accounts.of(id).calls;
            let of_this = |call: &&mut super::accounts::Call| call.tab == number && call.attempt == attempt;
            if let Some(call) = calls.iter_mut().rfind(of_this) {
                call.is_known_unapplied = true;
            }
        }
        Input::Answer { id, attempt, outcome }
    }

    /// What the app of a tab makes of an edit and of what the server holds.
    pub fn rebased(&self, number: usize, id: OperationId) -> Option<Rebased<Value>> {
        let operation = self.tabs[number].engine.operations().find(|operation| operation.id == id)?;
        let Body::Edit { next, .. } = &operation.body else { return None };
        let base = self.server.current(&operation.body)?.clone();
        let weighed = |value: &Value| Weighed { value: value.clone(), digest: Canonical.digest(value) };
        let told = Told {
            who: None,
            path: weighed(&Value::list([])),
            rule: "none".to_owned(),
            kind: Resolution::Local,
            base: None,
            local: Some(weighed(next)),
            server: Some(weighed(&base)),
            result: Some(weighed(next)),
        };
        Some(Rebased { base, next: next.clone(), decided: vec![told] })
    }

    // ---- Who lives.

    pub fn look_around(&mut self, number: usize, journals_too: bool) {
        if !self.swarm.has_locks {
            // The package says what the engine knows: nobody else can tell who lives.
            let tab = &self.tabs[number];
            let peers = tab.engine.status().peers.into_iter().map(|(peer, _)| peer);
            let living: Vec<_> = peers.chain([tab.id]).collect();
            let journals = self.journals_but(|owner| living.contains(&self.tabs[*owner].id));
            let arrival = Arrival::Orphans { pages: living.clone(), living, journals };
            return self.schedule_arrival(0, number, arrival);
        }
        let strangers = self.strangers.tabs.iter().copied();
        let living =
            self.locks.living.keys().map(|tab| self.tabs[*tab].id).chain(strangers.clone()).collect();
        let exists = |tab: &&Tab| !(tab.is_gone() || tab.page == Page::Asleep && tab.is_cached);
        let pages = self.tabs.iter().filter(exists).map(|tab| tab.id).chain(strangers).collect();
        let is_kept =
            |owner: &usize| !journals_too || self.locks.living.contains_key(owner) || *owner == number;
        let journals = self.journals_but(is_kept);
        let after_ms = self.delay(Fault::PresenceLate);
        self.schedule_arrival(after_ms, number, Arrival::Orphans { living, pages, journals });
    }

    /// The journals that are not empty, but for those of these owners.
    fn journals_but(&self, is_kept: impl Fn(&usize) -> bool) -> Vec<super::world::OwnedJournal> {
        let journals = self.journals.iter().filter(|(owner, journal)| !is_kept(owner) && !journal.is_empty());
        journals.map(|(owner, journal)| (self.tabs[*owner].id, journal.clone())).collect()
    }

    fn tell_orphans(
        &mut self,
        number: usize,
        living: Vec<TabId>,
        pages: Vec<TabId>,
        journals: Vec<super::world::OwnedJournal>,
    ) -> Result<(), Violation> {
        for (owner, requests) in journals {
            if let Some(of) = self.tab_number(owner) {
                let ids: BTreeSet<_> = requests.iter().map(|request| request.id).collect();
                self.tabs[number].handed.insert(of, ids);
            }
            self.tell(number, Input::Adopt { owner, requests })?;
        }
        let [living, pages] = [living, pages].map(|tabs| tabs.into_iter().collect());
        self.tell(number, Input::Presence { living, pages }).map(|_| ())
    }

    /// A wish of a person, with what it entitles the engine to.
    pub fn wish(&mut self, number: usize, id: OperationId, wish: Wish) -> Result<(), Violation> {
        let input = match wish {
            Wish::Retry => Input::Retry { id },
            Wish::Cancel => Input::Cancel { id },
            Wish::SetAside => Input::SetAside { id },
            Wish::Resume => Input::SignedIn,
            Wish::Resolve => match self.rebased(number, id) {
                Some(resolution) => Input::Resolve { id, resolution },
                None => return Ok(()),
            },
        };
        // Counted first: the engine may act on it within the call.
        *self.accounts.of(id).asked(wish) += 1;
        if self.tell(number, input)? != Verdict::Taken {
            *self.accounts.of(id).asked(wish) -= 1;
        }
        Ok(())
    }
}
