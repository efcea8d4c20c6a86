//! Laws of the outbox: what is accepted is sent, once, in order.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tabweave::engine::OperationId;

use crate::stage::Stage;

/// What happens next in one of two tabs.
#[derive(Clone, Copy, Debug)]
enum Step {
    Change {
        tab: usize,
        scope: usize,
    },
    /// The server answers the first call that waits.
    Answer,
    Suspend {
        tab: usize,
    },
    Resume {
        tab: usize,
    },
    Wait,
}

fn step() -> impl Strategy<Value = Step> {
    let tab = 0..2_usize;
    prop_oneof![
        4 => (tab.clone(), 0..2_usize).prop_map(|(tab, scope)| Step::Change { tab, scope }),
        4 => Just(Step::Answer),
        1 => tab.clone().prop_map(|tab| Step::Suspend { tab }),
        2 => tab.prop_map(|tab| Step::Resume { tab }),
        1 => Just(Step::Wait),
    ]
}

/// A stage of two tabs with the changes per scope in the order in which they were made.
#[derive(Debug)]
struct Play {
    stage: Stage,
    is_asleep: [bool; 2],
    asked: BTreeMap<usize, Vec<OperationId>>,
    answered: Vec<OperationId>,
}

impl Play {
    fn new() -> Self {
        let mut stage = Stage::new();
        stage.open();
        stage.open();
        Self { stage, is_asleep: [false; 2], asked: BTreeMap::new(), answered: Vec::new() }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Change { tab, scope } if !self.is_asleep[tab] => {
                let id = self.stage.mutate(tab, "insert", ["a", "b"][scope], 1.0);
                self.asked.entry(scope).or_default().push(id);
            }
            Step::Answer => self.answer_one(),
            Step::Suspend { tab } if !self.is_asleep[tab] => {
                self.is_asleep[tab] = true;
                self.stage.suspend(tab);
            }
            Step::Resume { tab } if self.is_asleep[tab] => {
                self.is_asleep[tab] = false;
                self.stage.resume(tab);
            }
            Step::Wait => self.stage.wait(1_000),
            _ => {}
        }
    }

    fn answer_one(&mut self) {
        let caller = (0..2).find(|tab| !self.stage.calls(*tab).is_empty());
        let Some(tab) = caller else { return };
        let id = self.stage.calls(tab)[0];
        // The server keeps a record of every key: what it did once it only answers again.
        if !self.answered.contains(&id) {
            self.answered.push(id);
        }
        self.stage.accept(tab);
    }

    fn finish(&mut self) {
        for tab in 0..2 {
            self.take(Step::Resume { tab });
        }
        for _ in 0..200 {
            self.answer_one();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_scope_is_sent_whole_and_in_order(steps in prop::collection::vec(step(), 1..60)) {
        let mut play = Play::new();
        for step in steps {
            play.take(step);
        }
        play.finish();
        for asked in play.asked.values() {
            let answered: Vec<_> = play.answered.iter().filter(|id| asked.contains(id)).copied().collect();
            prop_assert_eq!(&answered, asked);
            for id in asked {
                prop_assert_eq!(play.stage.stored_state(*id), "done");
            }
        }
    }
}
