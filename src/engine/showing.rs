//! Bases and what is shown over them.

use super::flat::Set;

use super::Engine;
use super::effect::{DiagnosticCode, Event};
use super::host::Host;
use super::ids::OperationId;
use super::operation::{Operation, OperationState};
use super::replica::{Base, Origin, QueryToken};
use super::storage::{CachedQuery, PersistFailure, Purpose, Write, WriteBatch};
use super::time::Now;
use super::timers::Timer;

/// The server's results as of one moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BaseUpdate<V> {
    /// Results that are new or have changed.
    pub queries: Vec<(QueryToken, V)>,
    /// Operations that all results contain, known by their keys.
    pub seen: Vec<OperationId>,
}

impl<V: Clone> Engine<V> {
    pub(super) fn rebase(&mut self, now: Now, host: &mut impl Host<V>, update: BaseUpdate<V>) {
        let mut stirred = Set::new();
        for (query, value) in update.queries {
            self.replica.set_base(
                query.clone(),
                Base { value, origin: Origin::Server, at_ms: now.wall_ms, contains: Set::new() },
            );
            stirred.insert(query);
        }
        if !stirred.is_empty() {
            self.unkept.extend(stirred.iter().cloned());
            self.timers.set(Timer::KeepQueries, now, self.config.queries_flush_ms);
        }
        let mut seen = update.seen;
        seen.extend(self.stir(&stirred));
        self.settle(seen);
        self.refold(host, stirred);
    }

    /// The server's results contain these operations.
    fn settle(&mut self, ids: Vec<OperationId>) {
        let gone: Vec<_> = ids.iter().copied().filter(|id| !self.outbox.contains(*id)).collect();
        if self.replica.settle(ids) {
            self.pending_changed();
        }
        for id in gone {
            self.replica.forget(id);
        }
    }

    pub(super) fn take_in_cached(
        &mut self,
        host: &mut impl Host<V>,
        query: QueryToken,
        cached: Option<CachedQuery<V>>,
    ) {
        let Some(CachedQuery { value, at_ms, contains }) = cached else {
            return;
        };
        if !self.watched.contains(&query) || self.replica.base(&query).is_some() {
            return;
        }
        self.replica.set_base(
            query.clone(),
            Base { value, origin: Origin::Cache, at_ms, contains: contains.into_iter().collect() },
        );
        self.refold(host, [query].into_iter().collect());
    }

    pub(super) fn refold(&mut self, host: &mut impl Host<V>, stirred: Set<QueryToken>) {
        let folded = self.replica.fold(host, stirred);
        self.changed(folded.changed);
        for (id, error) in folded.threw {
            self.diagnose_operation(DiagnosticCode::OptimisticFailed, Some(id), Some(error));
        }
    }

    pub(super) fn changed(&mut self, queries: Set<QueryToken>) {
        if !queries.is_empty() {
            self.events.push_back(Event::ViewChanged { queries: queries.into_iter().collect() });
        }
    }

    pub(super) fn pending_changed(&mut self) {
        if !self.events.iter().any(|event| matches!(event, Event::PendingChanged)) {
            self.events.push_back(Event::PendingChanged);
        }
    }

    /// Results were to be written down. What was not is written with the next.
    pub(super) fn queries_kept<T>(
        &mut self,
        now: Now,
        queries: Set<QueryToken>,
        result: &Result<T, PersistFailure>,
    ) {
        if result.is_err() {
            self.unkept.extend(queries);
            self.storage_failed(now, result);
        }
    }

    /// Writes down the results that came since the last time.
    pub(super) fn keep_queries(&mut self, now: Now) {
        let queries = core::mem::take(&mut self.unkept);
        self.timers.stop(Timer::KeepQueries);
        let contains: Vec<_> = self.replica.contained();
        let mut writes = Vec::new();
        for query in queries.iter() {
            // Only what the server told in this page: a cached result is in the store already.
            if let Some(base) = self.replica.base(query).filter(|base| base.origin == Origin::Server) {
                let cached =
                    CachedQuery { value: base.value.clone(), at_ms: base.at_ms, contains: contains.clone() };
                writes.push(Write::PutQuery { query: query.clone(), cached });
            }
        }
        // Whoever is outdated leaves the results to the newer version: it would replace records that it cannot read.
        if !writes.is_empty() && !self.peers.is_outdated {
            self.persist(now, Purpose::KeepQueries { queries }, WriteBatch { fence: None, writes });
        }
    }

    // ---- Operations without a key: whether a base contains them can only be guessed, from a change of what they
    // touched after they were sent.

    /// Bases of these queries changed: the accepted operations among those that touched them are taken as
    /// contained, the ones under way are remembered.
    fn stir(&mut self, queries: &Set<QueryToken>) -> Vec<OperationId> {
        let touches = |id| self.replica.touched(id).is_some_and(|touched| !touched.is_disjoint(queries));
        let sent = |operation: &&Operation<V>| {
            !operation.confirmed_by_key && operation.attempts > 0 && touches(operation.id)
        };
        let (accepted, under_way): (Vec<_>, Vec<_>) = self
            .replica
            .pending()
            .filter(sent)
            .partition(|operation| matches!(operation.state, OperationState::Done { .. }));
        let stirred: Vec<_> = under_way.iter().map(|operation| operation.id).collect();
        let accepted = accepted.iter().map(|operation| operation.id).collect();
        self.stirred.extend(stirred);
        accepted
    }

    pub(super) fn confirm_without_key(&mut self, now: Now, operation: &Operation<V>) {
        let done = matches!(operation.state, OperationState::Done { .. });
        if operation.confirmed_by_key || !done {
            return;
        }
        let id = operation.id;
        let invisible = self.replica.touched(id).is_none_or(Set::is_empty);
        if invisible || self.stirred.remove(&id) {
            self.replica.settle([id]);
        } else {
            self.show_a_while_longer(now, id);
        }
    }

    /// No base will tell of the operation by its key.
    pub(super) fn show_a_while_longer(&mut self, now: Now, id: OperationId) {
        let wait = self.config.confirm_wait_ms_max;
        self.confirm_by.insert(id, now.steady_ms.saturating_add(wait));
        self.timers.set(Timer::Confirm, now, wait);
    }

    pub(super) fn give_up_waiting_for_base(&mut self, now: Now, host: &mut impl Host<V>) {
        let is_known = |id| self.outbox.contains(id);
        let done = |operation: &Operation<V>| matches!(operation.state, OperationState::Done { .. });
        let waits = |operation: &&Operation<V>| {
            !is_known(operation.id) || !operation.confirmed_by_key && done(operation)
        };
        let waiting: Set<_> = self.replica.pending().filter(waits).map(|operation| operation.id).collect();
        self.confirm_by.retain(|id, _| waiting.contains(id));
        let due: Vec<_> =
            self.confirm_by.iter().filter(|(_, due)| **due <= now.steady_ms).map(|(id, _)| *id).collect();
        self.confirm_by.retain(|_, due| *due > now.steady_ms);
        if let Some(next) = self.confirm_by.values().min() {
            self.timers.set(Timer::Confirm, now, next - now.steady_ms);
        }
        self.settle(due);
        self.refold(host, Set::new());
    }
}
