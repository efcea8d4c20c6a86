//! The engine: commands and happenings in; effects, events and a timeout out. It is sans-IO: it reads no clock,
//! no storage and no network, and a seeded simulation drives the same code that ships.
//!
//! Call one method that changes it (a command, or a `handle_*`), then drain: [`Engine::poll_effect`] and
//! [`Engine::poll_event`] until they give nothing, then [`Engine::poll_timeout`]. This is the only file that
//! decides in which order the rooms hear of what happened; the flows it calls are its child modules.

mod acceptance;
mod answers;
mod audit;
mod bereft;
mod claiming;
mod clock;
mod coalescing;
mod config;
mod conflict;
mod deadlines;
mod doubt;
mod effect;
mod election;
mod ephemeral;
mod exports;
mod flat;
mod host;
mod ids;
mod keeping;
mod leadership;
mod life;
pub mod merge;
mod news;
mod operation;
mod outbox;
mod outcome;
mod peers;
mod plant;
mod protocol;
mod publishing;
mod reading;
mod recording;
mod replica;
mod reports;
mod retry;
mod revisions;
mod roster;
mod scopes;
mod sending;
mod sharing;
mod showing;
mod spelling;
mod status;
mod storage;
mod taking;
mod tally;
mod terms;
mod time;
mod timers;
mod topics;
mod wide;
mod wishes;

pub use exports::*;
use std::collections::VecDeque;

use coalescing::Coalescing;
use election::Election;
use life::Life;
use outbox::Outbox;
use peers::Peers;
use publishing::Publishing;
use reading::Reading;
use recording::Recording;
use replica::Replica;
use reports::Reports;
use revisions::Revisions;
use sending::Attempts;
use storage::{Batches, Purpose};
use timers::{Timer, Timers};

/// One tab's engine. `V` is a value of the platform that the engine passes on and never looks into.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Engine<V> {
    config: Config,
    tab: TabId,
    seed: u64,
    life: Life,
    incarnation: Incarnation,
    visible: bool,
    connected: bool,
    reconnected: bool,
    handlers: Set<String>,
    clock: Clock,
    timers: Timers,
    // The store as it was last heard of.
    store: Option<StoreId>,
    last_epoch: Epoch,
    revisions: Revisions,
    reading: Reading,
    batches: Batches<Purpose<V>>,
    strange_stores: Set<StoreId>,
    // What people did, and what they see.
    outbox: Outbox<V>,
    replica: Replica<V>,
    watched: Set<QueryToken>,
    unkept: Set<QueryToken>,
    stirred: Set<OperationId>,
    confirm_by: Map<OperationId, u64>,
    wishes: Map<OperationId, Asked<V>>,
    reauthorized: Set<OperationId>,
    reports: Reports,
    coalescing: Coalescing,
    recording: Recording<V>,
    topics: Publishing<V>,
    // The other tabs, and this one's part among them.
    election: Election,
    lockless: bool,
    peers: Peers,
    attempts: Attempts<V>,
    orphans_found: Map<TabId, Vec<OperationRequest<V>>>,
    orphans: Map<TabId, Set<OperationId>>,
    writing: Set<TabId>,
    // What leaves.
    effects: VecDeque<Effect<V>>,
    events: VecDeque<Event<V>>,
}

impl<V: Clone> Engine<V> {
    // ---- Commands: what the app wants.

    /// Joins the other tabs and reads the store. Call it once, first.
    pub fn start(&mut self, _now: Now, visible: bool) {
        assert!(self.life == Life::New, "an engine is started once");
        self.life = Life::Running;
        self.visible = visible;
        self.join();
    }

    /// Makes operations of these names known as runnable in this tab.
    pub fn register(&mut self, now: Now, host: &mut impl Host<V>, names: impl IntoIterator<Item = String>) {
        self.handlers.extend(names);
        self.greet(false);
        self.refold(host, Set::new());
        self.work(now);
    }

    /// Accepts an operation: shows it at once and has it stored.
    ///
    /// # Errors
    /// Nothing was stored or shown then.
    pub fn mutate(
        &mut self,
        now: Now,
        host: &mut impl Host<V>,
        request: OperationRequest<V>,
    ) -> Result<(), Refusal<V>> {
        self.accept(now, host, request)
    }

    /// Accepts journalled operations: this tab's own from before the engine was ready, or those of a tab that
    /// lives no more, once the store was read. They were promised to a person, so none is refused; those known already are passed over.
    pub fn adopt(
        &mut self,
        now: Now,
        host: &mut impl Host<V>,
        owner: TabId,
        requests: Vec<OperationRequest<V>>,
    ) {
        self.accept_journal(now, host, owner, requests);
    }

    /// A component looks at this query: its last known result is wanted.
    pub fn watch(&mut self, _now: Now, query: QueryToken) {
        if self.watched.insert(query.clone()) && self.replica.base(&query).is_none() {
            self.effects.push_back(Effect::ReadQuery { query });
        }
    }

    /// No component looks at this query any more.
    pub fn unwatch(&mut self, now: Now, host: &mut impl Host<V>, query: &QueryToken) {
        if !self.watched.remove(query) {
            return;
        }
        self.keep_queries(now);
        self.replica.drop_base(query);
        self.refold(host, Set::new());
    }

    /// A person wants something of an operation, which the leader grants as soon as somebody leads and the store has it.
    /// False if it cannot be asked for: the operation is under way, or has ended otherwise.
    pub fn wish(&mut self, now: Now, id: OperationId, wish: Wish) -> bool {
        self.ask_for(now, id, wish, None, Vec::new())
    }

    /// A person has decided what an edit in conflict is to be: the document as the server holds it, and as it is wanted.
    /// False if the edit is in no conflict (any more).
    pub fn resolve(&mut self, now: Now, id: OperationId, resolution: Rebased<V>) -> bool {
        self.take_resolution(now, id, resolution)
    }

    /// A person has decided that an edit in conflict is given up, and what of it is lost by that. False as for `resolve`.
    pub fn discard(&mut self, now: Now, id: OperationId, decided: Vec<Told<V>>) -> bool {
        self.take_discard(now, id, decided)
    }

    /// Writes an entry of a topic, or removes it (no value): shown at once, told, and stored if the topic is durable.
    ///
    /// # Errors
    /// Nothing was published then.
    pub fn publish(
        &mut self,
        now: Now,
        durable: bool,
        topic: String,
        key: String,
        value: Option<V>,
    ) -> Result<(), PublishRefusal> {
        self.put_entry(now, durable, (topic, key), value)
    }

    /// A person begins or ceases to see the list of tabs, which is kept up to date meanwhile.
    pub fn watch_peers(&mut self, now: Now, watching: bool) {
        self.peers.is_watched = watching;
        self.watch_roster(now);
    }

    /// Gives everything back. Nothing happens any more afterwards.
    pub fn close(&mut self, now: Now) {
        self.end(now);
    }

    // ---- What happened.

    /// The answer to [`Effect::Gather`]: what was accepted meanwhile is stored as one.
    pub fn handle_gathered(&mut self, now: Now) {
        self.gathered(now);
    }

    /// The answer to [`Effect::ReadStore`].
    pub fn handle_store_read(
        &mut self,
        now: Now,
        host: &mut impl Host<V>,
        contents: Result<StoreContents<V>, PersistFailure>,
    ) {
        self.take_in_store(now, host, contents);
    }

    /// The answer to [`Effect::ReadQuery`]: the cached result, if there was one.
    pub fn handle_query_read(
        &mut self,
        _now: Now,
        host: &mut impl Host<V>,
        query: QueryToken,
        cached: Option<CachedQuery<V>>,
    ) {
        self.take_in_cached(host, query, cached);
    }

    /// The answer to [`Effect::Persist`]: the number of the change if the batch wrote operations. One that was answered
    /// before, or belongs to a former life of the store, is passed over.
    pub fn handle_persisted(
        &mut self,
        now: Now,
        host: &mut impl Host<V>,
        batch: BatchId,
        result: Result<Option<Revision>, PersistFailure>,
    ) {
        self.batch_ended(now, host, batch, result);
    }

    /// What became of the leader's lock that this tab asked for, or held.
    pub fn handle_leader_lock(&mut self, now: Now, news: LockNews) {
        self.lock_changed(now, news);
    }

    /// A message from another tab. False if it was of no use: another protocol, another store, a stamp that cannot be.
    pub fn handle_message(&mut self, now: Now, host: &mut impl Host<V>, envelope: Envelope<V>) -> bool {
        self.hear(now, host, envelope)
    }

    /// Another tab changed the store and had no way to say what.
    pub fn handle_doorbell(&mut self, _now: Now) {
        self.hear_doorbell();
    }

    /// What became of an attempt that [`Effect::Attempt`] asked for.
    pub fn handle_attempt(
        &mut self,
        now: Now,
        host: &mut impl Host<V>,
        id: OperationId,
        attempt: u32,
        outcome: Outcome<V>,
    ) {
        self.attempt_ended(now, host, id, attempt, outcome);
    }

    /// The app is through with what [`Event::Report`] told it: the end at this wall time, in milliseconds.
    pub fn handle_reported(&mut self, now: Now, id: OperationId, ended_ms: u64) {
        self.report_made(now, id, ended_ms);
    }

    /// The answer to [`Effect::Coalesce`]: what can be made one; the others stay what they are.
    pub fn handle_coalesced(&mut self, now: Now, mergers: Vec<Merger<V>>) {
        self.merge(now, mergers);
    }

    /// The server's results as of one moment, with the operations that they contain.
    pub fn handle_base(&mut self, now: Now, host: &mut impl Host<V>, update: BaseUpdate<V>) {
        self.rebase(now, host, update);
    }

    /// The connection to the server came or went.
    pub fn handle_connection(&mut self, now: Now, connected: bool) {
        self.reconnected |= connected && !self.connected;
        self.connected = connected;
        self.work(now);
    }

    /// The person has signed in again: operations that stopped because the server did not know them go on.
    pub fn handle_signed_in(&mut self, now: Now) {
        self.signed_in_again(now);
    }

    /// The server's time, as far as the source can tell it.
    pub fn handle_server_time(&mut self, now: Now, server_ms: u64) {
        self.take_server_time(now, server_ms);
    }

    /// The tabs that take part, and those whose page exists, if only asleep.
    pub fn handle_presence(&mut self, now: Now, living: &Set<TabId>, pages: &Set<TabId>) {
        self.take_in_presence(living, pages);
        self.work(now);
    }

    /// The browser could not tell which tabs there are.
    pub fn handle_presence_failed(&mut self, _now: Now) {
        self.look_failed();
    }

    /// The page came into a person's sight, or left it.
    pub fn handle_visibility(&mut self, now: Now, visible: bool) {
        self.come_into_sight(now, visible);
    }

    /// The page is about to be frozen or cached: everything others might wait for is given back.
    pub fn handle_suspend(&mut self, now: Now) {
        self.suspend(now);
    }

    /// The page is back. It is a new incarnation, and believes nothing that it knew about the others.
    pub fn handle_resume(&mut self, now: Now) {
        self.resume(now);
    }

    /// The database was deleted under the open page.
    pub fn handle_store_closed(&mut self, now: Now) {
        self.store_lost(now);
    }

    /// The time of [`poll_timeout`](Self::poll_timeout) has come.
    pub fn handle_timeout(&mut self, now: Now, host: &mut impl Host<V>) {
        while let Some(timer) = self.timers.expire(now) {
            match timer {
                Timer::Retry => self.work(now),
                Timer::KeepQueries => self.keep_queries(now),
                Timer::Gap => self.read_if_gap(),
                Timer::News => self.look_after_writers(now),
                Timer::Rewrite => self.rewrite(now),
                Timer::Stall => self.report_stall(now),
                Timer::Confirm => self.give_up_waiting_for_base(now, host),
                Timer::Presence => self.look_after_runners(now),
                Timer::Leader => self.doubt_leader(now),
                Timer::Frame => self.share(now),
                Timer::Greetings => self.answer_greetings(now),
                Timer::Answers => self.take_in_answers(now),
                Timer::Roster => self.look_around(now),
            }
        }
    }

    // ---- Drains.

    /// Something for the platform to do.
    pub fn poll_effect(&mut self) -> Option<Effect<V>> {
        self.effects.pop_front()
    }

    /// Something for the app to know.
    pub fn poll_event(&mut self) -> Option<Event<V>> {
        self.events.pop_front()
    }

    /// When [`handle_timeout`](Self::handle_timeout) is due, in steady milliseconds.
    pub fn poll_timeout(&self) -> Option<u64> {
        self.timers.next()
    }
}
