//! The clock: whatever the devices' clocks show, an effect is later than its causes.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use tabweave::engine::{Clock, Now, Stamp, TabId};

use super::scripts;

const TABS: usize = 3;

/// What happens in one of the tabs.
#[derive(Clone, Debug)]
enum Step {
    Act { tab: usize, wall_ms: u64 },
    Hear { tab: usize, from: usize },
    HearStranger { tab: usize, wall_ms: u64, counter: u32 },
}

/// Readings that stand still, repeat, jump and are absurd.
fn reading() -> impl Strategy<Value = u64> {
    prop_oneof![0..4_u64, 1_700_000_000_000..1_700_000_000_004_u64, 0..1_u64 << 53]
}

fn step() -> impl Strategy<Value = Step> {
    let counter = prop_oneof![0..3_u32, u32::MAX - 2..=u32::MAX];
    prop_oneof![
        4 => (0..TABS, reading()).prop_map(|(tab, wall_ms)| Step::Act { tab, wall_ms }),
        2 => (0..TABS, 0..TABS).prop_map(|(tab, from)| Step::Hear { tab, from }),
        1 => (0..TABS, reading(), counter)
            .prop_map(|(tab, wall_ms, counter)| Step::HearStranger { tab, wall_ms, counter }),
    ]
}

fn tab_id(number: usize) -> TabId {
    TabId::from_bytes([number as u8; 16])
}

proptest! {
    #![proptest_config(scripts(256))]

    #[test]
    fn what_had_seen_another_stamp_is_later(steps in vec(step(), 0..80)) {
        let mut clocks: Vec<_> = (0..TABS).map(|number| Clock::new(tab_id(number))).collect();
        let mut causes: Vec<BTreeSet<Stamp>> = vec![BTreeSet::new(); TABS];
        let mut given = BTreeSet::new();
        for step in steps {
            match step {
                Step::Act { tab, wall_ms } => {
                    let stamp = clocks[tab].tick(Now { wall_ms, steady_ms: 0 });
                    for cause in &causes[tab] {
                        prop_assert!(stamp > *cause, "{stamp:?} follows from {cause:?}");
                    }
                    prop_assert_eq!(stamp.tab, tab_id(tab));
                    prop_assert!(given.insert(stamp), "{stamp:?} was given before");
                    causes[tab].insert(stamp);
                }
                Step::Hear { tab, from } => {
                    let said = clocks[from].last();
                    clocks[tab].observe(said);
                    let seen = causes[from].clone();
                    causes[tab].extend(seen);
                }
                Step::HearStranger { tab, wall_ms, counter } => {
                    let stamp = Stamp { wall_ms, counter, tab: tab_id(TABS) };
                    clocks[tab].observe(stamp);
                    causes[tab].insert(stamp);
                }
            }
        }
    }

    #[test]
    fn a_tab_s_own_stamps_only_grow_whatever_its_clock_shows(readings in vec(reading(), 2..60)) {
        let mut clock = Clock::new(tab_id(0));
        let stamps: Vec<_> =
            readings.into_iter().map(|wall_ms| clock.tick(Now { wall_ms, steady_ms: 0 })).collect();
        prop_assert!(stamps.is_sorted_by(|earlier, later| earlier < later), "{stamps:?}");
    }

    #[test]
    fn the_longer_answer_of_the_two_clocks_counts(
        (wall_ms, steady_ms, later_wall_ms, later_steady_ms) in (reading(), reading(), reading(), reading()),
    ) {
        let earlier = Now { wall_ms, steady_ms };
        let passed = Now { wall_ms: later_wall_ms, steady_ms: later_steady_ms }.since_ms(earlier);
        prop_assert!(passed as i128 >= i128::from(later_wall_ms) - i128::from(wall_ms));
        prop_assert!(passed as i128 >= i128::from(later_steady_ms) - i128::from(steady_ms));
    }
}
