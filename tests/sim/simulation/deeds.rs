//! What people do, and what the environment does to them.

use tabweave::engine::{
    Body, Operation, OperationId, OperationRequest, ParkReason, Priority, QueryToken, Retry, Terms, Wish,
};

use super::checkers::Violation;
use super::deed::Deed;
use super::faults::Fault;
use super::input::{self, Input, Verdict};
use super::plan::Trouble;
use super::tab::Page;
use super::trace::Fingerprint;
use super::world::{COLLECTIONS, QUERIES, World};
use crate::support::host::{self, NAMES};
use crate::support::value::Value;

impl World {
    /// One deed, if the one that chance picked is possible.
    pub fn do_something(&mut self) -> Result<(), Violation> {
        self.deeds_drawn += 1;
        let number = self.deeds_drawn;
        let former = self.chance.take_up(number);
        self.next_deed_at = Some(self.now + self.chance.up_to(self.swarm.pause_ms_max));
        let deed = self.chance.weighed(&self.swarm.weights).map(|index| Deed::ALL[index]);
        let is_left_out = |deed: &Deed| {
            self.plan.without.contains(&Trouble::Deed(*deed)) || self.plan.skip.contains(&number)
        };
        if let Some(deed) = deed.filter(|deed| !is_left_out(deed)) {
            self.trace.note(self.now, || format!("#{number} {deed:?}"));
            if self.do_one(deed)? {
                self.coverage.take_deed(deed);
                self.deeds_done.push(number);
            }
        }
        self.chance.put_back(former);
        Ok(())
    }

    fn do_one(&mut self, deed: Deed) -> Result<bool, Violation> {
        match deed {
            Deed::Open => return Ok(self.open_another()),
            Deed::StealLock => return Ok(self.steal_lock()),
            Deed::WipeStore => self.wipe_store(),
            Deed::FillStore | Deed::EmptyStore => {
                let is_full = deed == Deed::FillStore;
                if is_full {
                    self.trouble_all(deed);
                }
                return Ok(std::mem::replace(&mut self.is_store_full, is_full) != is_full);
            }
            Deed::JumpClock => self.jump_clock(),
            Deed::Stranger => self.let_stranger_speak(),
            Deed::NewerBuild => self.let_newer_build_lead(),
            Deed::EditElsewhere => self.edit_elsewhere(),
            Deed::Resume => return Ok(self.wake_one(Page::Asleep)),
            Deed::Thaw => return Ok(self.wake_one(Page::Frozen)),
            _ => {
                let usable: Vec<_> =
                    self.tabs.iter().filter(|tab| tab.is_usable()).map(|tab| tab.number).collect();
                let Some(number) = self.chance.pick(&usable) else {
                    return Ok(false);
                };
                return self.do_in(number, deed);
            }
        }
        Ok(true)
    }

    /// A deed in one page that a person can use.
    fn do_in(&mut self, number: usize, deed: Deed) -> Result<bool, Violation> {
        match deed {
            Deed::Mutate => return self.mutate(number),
            Deed::Crash => self.crash(number),
            Deed::Disconnect | Deed::Connect => return Ok(self.set_online(number, deed == Deed::Connect)),
            Deed::Freeze => self.freeze(number),
            Deed::StopClock => {
                self.trouble(Trouble::Deed(deed), number);
                let (both, now) = (self.chance.strikes(300), self.now);
                self.tabs[number].steady.stop(now);
                if both {
                    self.tabs[number].wall.stop(now);
                }
            }
            Deed::StartClock => return Ok(self.start_clocks(number)),
            _ if !self.tabs[number].is_started => return Ok(false),
            Deed::Cancel => return self.wish_something(number, Wish::Cancel),
            Deed::Retry => return self.wish_something(number, Wish::Retry),
            Deed::Resolve => return self.resolve_something(number),
            Deed::SetAside => return self.wish_something(number, Wish::SetAside),
            Deed::SignIn => self.tell(number, Input::SignedIn).map(|_| ())?,
            Deed::Watch => {
                let query = QueryToken::new(QUERIES[self.chance.below(QUERIES.len())]);
                self.watch(number, query)?;
            }
            Deed::Unwatch => {
                let query = QueryToken::new(QUERIES[self.chance.below(QUERIES.len())]);
                self.unwatch(number, query)?;
            }
            Deed::Register => {
                let name = NAMES[self.chance.below(NAMES.len())].to_owned();
                self.tabs[number].names.push(name.clone());
                self.tell(number, Input::Register { names: vec![name] })?;
            }
            Deed::Look => {
                let visible = !self.tabs[number].is_visible;
                self.tabs[number].is_visible = visible;
                self.tell(number, Input::Visibility { visible })?;
            }
            Deed::Close => self.close(number)?,
            Deed::Suspend => self.suspend(number)?,
            Deed::Publish | Deed::Unpublish => return self.publish(number, deed == Deed::Unpublish),
            Deed::WatchPeers => {
                let watching = self.chance.strikes(500);
                self.tell(number, Input::WatchPeers { watching })?;
            }
            Deed::ServerTime => self.tell_server_time(number)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn unwatch(&mut self, number: usize, query: QueryToken) -> Result<(), Violation> {
        let tab = &mut self.tabs[number];
        tab.watched.remove(&query);
        tab.delivered.remove(&query);
        tab.base.remove(&query);
        tab.memory.is_outdated = true;
        self.tell(number, Input::Unwatch { query }).map(|_| ())
    }

    // ---- Operations.

    /// Operations that a page's build knows.
    pub fn draw_names(&mut self) -> Vec<String> {
        let known = |chance: &mut super::chance::Chance| chance.strikes(600);
        let all = self.swarm.all_registered;
        let names = NAMES.iter().filter(|_| all || known(&mut self.chance));
        names.map(|name| (*name).to_owned()).collect()
    }

    fn mutate(&mut self, number: usize) -> Result<bool, Violation> {
        if self.accounts.all.len() >= self.swarm.operations_max {
            return Ok(false);
        }
        let names = self.tabs[number].names.clone();
        let Some(name) = self.chance.pick(&names) else {
            return Ok(false);
        };
        let request = self.draw_request(name);
        if self.tabs[number].is_started {
            let dies = self.swarm.has(Deed::Crash)
                && self.chance.strikes(125)
                && self.strikes_tab(Fault::CrashInTask, number);
            let effects_max = if dies { self.chance.below(3) } else { usize::MAX };
            self.tell_partly(number, Input::Mutate { request }, effects_max)?;
            if dies {
                self.crash(number);
            }
        } else if request.name != "throw" {
            // The engine is not there yet: the package accepts it, and hands it over later.
            self.trace.note(self.now, || format!("tab {number} accepts {} early", input::short(request.id)));
            self.tabs[number].early.push(request.clone());
            self.journal(number, request);
        }
        Ok(true)
    }

    /// The same change again in the healing phase, by a person who looks whether it works now.
    pub fn mutate_anything(&mut self, number: usize) -> Result<Verdict, Violation> {
        let mut request = self.draw_request("insert".to_owned());
        request.scope = "healing".to_owned();
        (request.repeatable, request.confirmed_by_key) = (true, true);
        request.terms = Terms::default();
        self.tell(number, Input::Mutate { request })
    }

    fn draw_request(&mut self, name: String) -> OperationRequest<Value> {
        let repeatable = !self.chance.strikes(self.swarm.not_repeatable);
        let confirmed_by_key = repeatable && !self.chance.strikes(100);
        let body = self.draw_body(&name);
        let id = OperationId::from_bytes(self.chance.bytes());
        OperationRequest {
            id,
            name,
            body,
            scope: format!("scope {}", self.chance.below(self.swarm.scopes)),
            repeatable,
            confirmed_by_key,
            bytes: 1_000,
            terms: self.terms_of(id),
        }
    }

    /// By the id, so that it takes no dice.
    fn terms_of(&self, id: OperationId) -> Terms {
        let drawn = Fingerprint::of(&id);
        let priorities = [Priority::Low, Priority::Medium, Priority::High, Priority::Critical];
        let retry = Retry { retries_max: self.swarm.retries_max, ..Retry::default() };
        Terms {
            priority: priorities[(drawn % 4) as usize],
            retry,
            expire_after_ms: self.swarm.expire_after_ms.filter(|_| drawn.is_multiple_of(3)),
            version: 0,
            is_reported: (drawn >> 8).is_multiple_of(2),
            coalesces: (drawn >> 16).is_multiple_of(2),
            sensitive: self.swarm.has_secrets && drawn.is_multiple_of(5),
        }
    }

    fn draw_body(&mut self, name: &str) -> Body<Value> {
        let collection = COLLECTIONS[self.chance.below(COLLECTIONS.len())];
        let document = format!("d{}", self.chance.below(4));
        if name == "edit" {
            let version = Value::number(self.chance.up_to(99) as f64);
            let next = Value::object([("_id", Value::text(&document)), ("n", version)]);
            return Body::Edit { collection: collection.to_owned(), document, base: Value::Undefined, next };
        }
        let specimens = Value::specimens();
        let value = specimens[self.chance.below(specimens.len())].clone();
        let field = if name == "increment" { "n" } else { "field" };
        Body::Intent { arguments: host::arguments(collection, &document, field, value) }
    }

    /// Writes down what was promised: it comes after what its tab knew of its scope.
    pub fn accept(&mut self, number: usize, request: &OperationRequest<Value>) {
        let tab = &mut self.tabs[number];
        tab.accepted.insert(request.id);
        // What it only adopted from somebody's journal is promised nothing: both may yet be adopted by others.
        let is_kept = |id: OperationId| tab.engine.is_stored(id) || tab.accepted.contains(&id);
        let waits_for = |other: &&Operation<Value>| {
            other.scope == request.scope
                && other.id != request.id
                && !other.is_finished()
                && is_kept(other.id)
        };
        let known = tab.engine.operations().filter(waits_for).map(|other| other.id);
        let early = tab.early.iter().filter(|other| other.scope == request.scope && other.id != request.id);
        let after = known.chain(early.map(|other| other.id)).collect();
        self.accounts.open(number, request, after);
    }

    /// Mostly about what has stopped, for that is what people are asked about.
    fn wish_something(&mut self, number: usize, wish: Wish) -> Result<bool, Violation> {
        let operations = self.tabs[number].engine.operations();
        let (stopped, others): (Vec<_>, Vec<_>) = operations.partition(|one| one.state.failure().is_some());
        let [stopped, others] =
            [stopped, others].map(|some| some.iter().map(|one| one.id).collect::<Vec<_>>());
        let among = if stopped.is_empty() || self.chance.strikes(300) { others } else { stopped };
        let Some(id) = self.chance.pick(&among) else {
            return Ok(false);
        };
        self.wish(number, id, wish)?;
        Ok(true)
    }

    /// A person decides an edit that is in conflict.
    fn resolve_something(&mut self, number: usize) -> Result<bool, Violation> {
        let in_conflict = |one: &&Operation<Value>| one.state.parked_for() == Some(ParkReason::Conflict);
        let operations = self.tabs[number].engine.operations().filter(in_conflict);
        let among: Vec<_> = operations.map(|operation| operation.id).collect();
        let Some(id) = self.chance.pick(&among) else {
            return Ok(false);
        };
        self.wish(number, id, Wish::Resolve)?;
        Ok(true)
    }

    fn edit_elsewhere(&mut self) {
        let name = ["insert", "patch", "remove", "increment"][self.chance.below(4)];
        let body = self.draw_body(name);
        self.server.apply(name, &body);
        self.send_bases();
    }
}
