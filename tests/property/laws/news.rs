//! News of the store's numbered changes: late, doubled, overtaking each other or lost, they end in what the store
//! holds, and the store is read only by a tab that missed some.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use tabweave::engine::{
    Body, Clock, Config, Effect, Engine, Envelope, Epoch, Incarnation, Message, Now, Operation, OperationId,
    OperationState, PROTOCOL_VERSION, Revision, StoreContents, StoreId, TabId, Terms, Trail,
};

use super::scripts;
use crate::support::host::{App, NAMES, arguments};
use crate::support::value::Value;

const LEADER: TabId = TabId::from_bytes([9; 16]);
const STORE: StoreId = StoreId::from_bytes([1; 16]);

#[derive(Clone, Debug)]
enum Step {
    /// The leader commits a change and announces it.
    Change {
        which: Index,
    },
    /// One piece of news arrives: any, also a second time.
    Hear {
        which: Index,
    },
    /// The store carries out a reading that the tab asked for.
    Read,
    /// The answer to that reading reaches the tab.
    HearRead,
    Pass {
        ms: u64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<Index>().prop_map(|which| Step::Change { which }),
        5 => any::<Index>().prop_map(|which| Step::Hear { which }),
        1 => Just(Step::Read),
        1 => Just(Step::HearRead),
        2 => (0..80_u64).prop_map(|ms| Step::Pass { ms }),
    ]
}

/// A tab that follows, the store that it reads, and all news there ever was.
struct Follower {
    engine: Engine<Value>,
    app: App,
    now: Now,
    clock: Clock,
    operations: BTreeMap<OperationId, Operation<Value>>,
    ids: u8,
    news: Vec<Message<Value>>,
    wanted: u32,
    answer: Option<StoreContents<Value>>,
    reads: u32,
}

impl Follower {
    fn new() -> Self {
        let tab = TabId::from_bytes([2; 16]);
        let mut follower = Self {
            engine: Engine::new(Config::default(), tab, 7),
            app: App::with(NAMES),
            now: Now { wall_ms: 1_700_000_000_000, steady_ms: 0 },
            clock: Clock::new(LEADER),
            operations: BTreeMap::new(),
            ids: 0,
            news: Vec::new(),
            wanted: 0,
            answer: None,
            reads: 0,
        };
        follower.engine.start(follower.now, true);
        follower.drain();
        follower.read();
        follower.hear_read();
        follower.reads = 0;
        follower
    }

    fn drain(&mut self) {
        while let Some(effect) = self.engine.poll_effect() {
            self.wanted += u32::from(matches!(effect, Effect::ReadStore));
        }
        while self.engine.poll_event().is_some() {}
        assert!(self.wanted <= 1, "one reading at a time");
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Change { which } => self.change(which),
            Step::Hear { which } if !self.news.is_empty() => self.hear(which.index(self.news.len())),
            Step::Hear { .. } => {}
            Step::Read => self.read(),
            Step::HearRead => self.hear_read(),
            Step::Pass { ms } => self.pass(ms),
        }
    }

    /// An operation is added, goes on, or is removed after its end.
    fn change(&mut self, which: Index) {
        let at = which.index(self.operations.len() + 1);
        let revision = Revision(self.news.len() as u64 + 1);
        let mut removed = Vec::new();
        let mut operations = Vec::new();
        match self.operations.values().nth(at).cloned() {
            None => operations.push(self.added()),
            Some(Operation { id, state: OperationState::Done { .. }, .. }) => removed.push(id),
            Some(operation) => operations.push(gone_on(operation)),
        }
        self.operations.extend(operations.iter().map(|operation| (operation.id, operation.clone())));
        self.operations.retain(|id, _| !removed.contains(id));
        self.news.push(Message::Stored { revision, operations, removed });
    }

    fn added(&mut self) -> Operation<Value> {
        self.ids += 1;
        Operation {
            id: OperationId::from_bytes([self.ids.reverse_bits(); 16]),
            name: "patch".to_owned(),
            body: Body::Intent { arguments: arguments("cards", "c1", "name", Value::Null) },
            scope: "cards".to_owned(),
            stamp: self.clock.tick(self.now),
            origin: LEADER,
            repeatable: true,
            confirmed_by_key: true,
            bytes: 1_000,
            terms: Terms::default(),
            merges: 0,
            rebases: 0,
            attempts: 0,
            answered: 0,
            first_attempt_ms: None,
            is_in_doubt: false,
            report: None,
            state: OperationState::Queued,
        }
    }

    fn hear(&mut self, which: usize) {
        let envelope = Envelope {
            protocol: PROTOCOL_VERSION,
            store: STORE,
            from: LEADER,
            incarnation: Incarnation(0),
            stamp: self.clock.last(),
            message: self.news[which].clone(),
        };
        self.engine.handle_message(self.now, &mut self.app, envelope);
        self.drain();
    }

    fn read(&mut self) {
        if self.wanted > 0 && self.answer.is_none() {
            self.reads += 1;
            self.answer = Some(StoreContents {
                store: STORE,
                revision: Revision(self.news.len() as u64),
                epoch: Epoch(1),
                operations: self.operations.values().cloned().collect(),
                entries: Vec::new(),
                unreadable: 0,
                unreadable_operations: Vec::new(),
                has_all_entries: true,
                newer: 0,
                trail: Trail::new(),
            });
        }
    }

    fn hear_read(&mut self) {
        if let Some(contents) = self.answer.take() {
            self.wanted -= 1;
            self.engine.handle_store_read(self.now, &mut self.app, Ok(contents));
            self.drain();
        }
    }

    fn pass(&mut self, ms: u64) {
        self.now.wall_ms += ms;
        self.now.steady_ms += ms;
        self.engine.handle_timeout(self.now, &mut self.app);
        self.drain();
    }

    /// The last news arrive in any case, for a loss shows in what comes after it; then all readings are answered.
    fn finish(&mut self) {
        if let Some(last) = self.news.len().checked_sub(1) {
            self.hear(last);
        }
        self.pass(Config::default().gap_patience_ms);
        while self.wanted > 0 {
            self.read();
            self.hear_read();
        }
    }

    fn known(&self) -> Vec<Operation<Value>> {
        self.engine.operations().cloned().collect()
    }

    fn stored(&self) -> Vec<Operation<Value>> {
        let mut stored: Vec<_> = self.operations.values().cloned().collect();
        stored.sort_by_key(|operation| operation.stamp);
        stored
    }
}

/// Queued, claimed, done.
fn gone_on(mut operation: Operation<Value>) -> Operation<Value> {
    operation.state = match operation.state {
        OperationState::Queued => {
            operation.attempts += 1;
            OperationState::Claimed { epoch: Epoch(1), runner: LEADER, probes: false }
        }
        _ => OperationState::Done { result: Value::Null, at_ms: 0 },
    };
    operation
}

proptest! {
    #![proptest_config(scripts(256))]

    #[test]
    fn a_tab_ends_with_what_the_store_holds(steps in vec(step(), 0..80)) {
        let mut tab = Follower::new();
        for step in steps {
            tab.take(step);
        }
        tab.finish();
        prop_assert_eq!(tab.known(), tab.stored());
    }

    #[test]
    fn a_tab_that_heard_everything_in_time_reads_nothing(
        changes in vec(any::<Index>(), 0..20),
        order in vec(any::<Index>(), 0..20),
    ) {
        let mut tab = Follower::new();
        for which in changes {
            tab.change(which);
        }
        let mut left: Vec<_> = (0..tab.news.len()).collect();
        for which in order {
            if !left.is_empty() {
                tab.hear(left.remove(which.index(left.len())));
            }
        }
        for which in left {
            tab.hear(which);
        }
        tab.pass(10_000);
        prop_assert_eq!((tab.wanted, tab.reads), (0, 0));
        prop_assert_eq!(tab.known(), tab.stored());
    }

    #[test]
    fn news_that_a_tab_heard_while_the_store_was_read_joins_on_to_what_was_read(
        missed in vec(any::<Index>(), 1..10),
        heard in vec(any::<Index>(), 1..10),
    ) {
        let mut tab = Follower::new();
        for which in missed {
            tab.change(which);
        }
        for which in heard {
            tab.change(which);
            tab.hear(tab.news.len() - 1);
            if tab.wanted == 0 {
                tab.pass(Config::default().gap_patience_ms);
                tab.read();
            }
        }
        tab.hear_read();
        tab.pass(10_000);
        prop_assert_eq!((tab.wanted, tab.reads), (0, 1), "the gap is closed");
        prop_assert_eq!(tab.known(), tab.stored());
    }
}
