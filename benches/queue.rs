//! What one operation costs the engine beside a long queue: `cargo bench --bench queue`.
//!
//! The store and the server answer at once, so that nothing but the engine's own work is measured. The cost of one
//! operation is meant not to grow with the queue; ratios of two lines of one run tell.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::time::Instant;

use tabweave::engine::{
    Body, Config, Effect, Engine, Epoch, Host, HostRefusal, LockNews, Map, Now, Operation, OperationId,
    OperationRequest, Outcome, QueryToken, Revision, Set, StoreContents, StoreId, TabId, Terms, Touched,
    Trail, Write,
};

/// An app whose operations show nothing.
struct App;

impl Host<u8> for App {
    type Draft = ();

    fn draft(&mut self, _values: &Map<QueryToken, u8>) {}

    fn optimistic(&mut self, _: &Operation<u8>, (): &mut ()) -> Result<Vec<Touched>, HostRefusal<u8>> {
        Ok(Vec::new())
    }

    fn values(&mut self, (): (), _queries: &Set<QueryToken>) -> Vec<(QueryToken, u8)> {
        Vec::new()
    }
}

/// One tab alone, with a store that acknowledges at once.
struct Tab {
    engine: Engine<u8>,
    now: Now,
    revision: u64,
}

impl Tab {
    fn lead() -> Self {
        let config = Config { outbox_operations_max: usize::MAX, ..Config::default() };
        let engine = Engine::new(config, TabId::from_bytes([1; 16]), 7);
        let mut tab = Self { engine, now: Now { wall_ms: 1_700_000_000_000, steady_ms: 0 }, revision: 0 };
        tab.engine.start(tab.now, true);
        tab.engine.register(tab.now, &mut App, ["change".to_owned()]);
        tab.settle();
        tab
    }

    fn mutate(&mut self, number: usize, scopes: usize) {
        self.tick();
        let mut id = [0; 16];
        // Not in the order of acceptance, as random ids are.
        id[..8].copy_from_slice(&(number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        let request = OperationRequest {
            id: OperationId::from_bytes(id),
            name: "change".to_owned(),
            body: Body::Intent { arguments: 1 },
            scope: format!("scope {}", number % scopes),
            repeatable: true,
            confirmed_by_key: true,
            bytes: 1_000,
            terms: Terms::default(),
        };
        self.engine.mutate(self.now, &mut App, request).expect("there is room");
        self.settle();
    }

    /// Connects, and has the server accept everything; how many operations that were.
    fn drain(&mut self) -> usize {
        self.engine.handle_connection(self.now, true);
        let mut calls = self.settle();
        let mut done = 0;
        while let Some((id, attempt)) = calls.pop() {
            self.tick();
            let accepted = Outcome::Accepted { result: 1, seen: true };
            self.engine.handle_attempt(self.now, &mut App, id, attempt, accepted);
            calls.extend(self.settle());
            done += 1;
        }
        done
    }

    fn tick(&mut self) {
        self.now.wall_ms += 1;
        self.now.steady_ms += 1;
    }

    /// Answers what the engine wants of its platform, and returns the calls to the server.
    fn settle(&mut self) -> Vec<(OperationId, u32)> {
        let mut calls = Vec::new();
        while let Some(effect) = self.engine.poll_effect() {
            match effect {
                Effect::ReadStore => self.engine.handle_store_read(self.now, &mut App, Ok(empty_store())),
                Effect::Persist { batch, writes } => {
                    let changes = |write: &Write<u8>| !matches!(write, Write::ClaimEpoch(_));
                    let is_change = writes.writes.iter().any(changes);
                    self.revision += u64::from(is_change);
                    let answer = Ok(is_change.then_some(Revision(self.revision)));
                    self.engine.handle_persisted(self.now, &mut App, batch, answer);
                }
                Effect::Gather => self.engine.handle_gathered(self.now),
                Effect::RequestLeaderLock => self.engine.handle_leader_lock(self.now, LockNews::Granted),
                Effect::Attempt(attempt) => calls.push((attempt.id, attempt.attempt)),
                _ => {}
            }
        }
        while self.engine.poll_event().is_some() {}
        calls
    }
}

fn empty_store() -> StoreContents<u8> {
    StoreContents {
        store: StoreId::from_bytes([9; 16]),
        revision: Revision(0),
        epoch: Epoch(0),
        operations: Vec::new(),
        entries: Vec::new(),
        unreadable: 0,
        unreadable_operations: Vec::new(),
        has_all_entries: true,
        newer: 0,
        trail: Trail::new(),
    }
}

fn main() {
    println!("{:>10} {:>8} {:>14} {:>14}", "operations", "scopes", "accept, µs", "drain, µs");
    for scopes in [1, 10_000] {
        for operations in [100, 1_000, 10_000] {
            let mut tab = Tab::lead();
            let started = Instant::now();
            for number in 0..operations {
                tab.mutate(number, scopes);
            }
            let accepted = started.elapsed();
            let started = Instant::now();
            assert_eq!(tab.drain(), operations, "everything is accepted by the server");
            let [accept, drain] = [accepted, started.elapsed()].map(|took| {
                took.as_secs_f64() * 1e6 / f64::from(u32::try_from(operations).unwrap_or(u32::MAX))
            });
            println!("{operations:>10} {scopes:>8} {accept:>14.1} {drain:>14.1}");
        }
    }
}
