//! The make-up of one world. Each seed has its own.

use tabweave::engine::Config;

use super::chance::Chance;
use super::deed::{Deed, GROUPS, NEWER, OUTBOX, TOPICS, WIPING};
use super::faults::{Fault, Faults};
use super::plan::{Plan, Trouble};

/// How messages travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Channel,
    /// The `storage` event, which brings no values across that JSON would spoil.
    Doorbell,
    /// There is no way: tabs have the store and the locks in common, and never hear of each other.
    Silence,
}

/// The make-up of one world.
#[derive(Clone, Debug)]
pub struct Swarm {
    /// Tabs at the same time.
    pub tabs: usize,
    /// Pages that ever open.
    pub pages_max: usize,
    pub faults: Faults,
    pub weights: Vec<u32>,
    /// The longest time between two deeds in milliseconds.
    pub pause_ms_max: u64,
    /// Operations that people ask for in all.
    pub operations_max: usize,
    pub scopes: usize,
    /// Out of a thousand operations, those that the server applies as often as they are sent.
    pub not_repeatable: u32,
    /// Whether every tab knows every operation from its start.
    pub all_registered: bool,
    /// How far a tab's wall clock may differ from the others'.
    pub skew_ms_max: u64,
    pub transport: Transport,
    /// Whether there are Web Locks.
    pub has_locks: bool,
    /// Records in the store that no build of this world can read, and how many of them are of a newer one: first an
    /// operation, then an entry.
    pub unreadable: (u32, u32),
    /// How often an operation may be tried again.
    pub retries_max: u32,
    /// After how many milliseconds some operations are wanted no more; none: all are wanted for ever.
    pub expire_after_ms: Option<u64>,
    /// Whether some operations are sensitive.
    pub has_secrets: bool,
    pub config: Config,
}

impl Swarm {
    /// Draws a make-up. What the plan leaves out is drawn all the same, so that the rest stays as it was.
    pub fn draw(chance: &mut Chance, plan: &Plan) -> Self {
        let tabs = 2 + chance.below(5);
        let tabs = plan.tabs.unwrap_or(tabs);
        let mut is_on = [false; GROUPS];
        for on in &mut is_on[..NEWER] {
            *on = chance.strikes(400);
        }
        // Site data is seldom cleared under open pages, and a cleared store hides what else goes wrong.
        is_on[WIPING] = chance.strikes(120);
        is_on[TOPICS] = chance.strikes(700);
        is_on[NEWER] = chance.apart(2, |chance| chance.strikes(120));
        is_on[OUTBOX] = chance.apart(5, |chance| chance.strikes(400));
        let weights = Deed::ALL
            .iter()
            .map(|deed| if deed.group().is_none_or(|group| is_on[group]) { deed.weight() } else { 0 })
            .collect();
        let faults = Self::draw_faults(chance, plan);
        let has_locks = !chance.strikes(150);
        // Without either, tabs would win epochs from each other all the time: each is the only one that it knows of.
        let is_silent = has_locks && chance.apart(4, |chance| chance.strikes(50));
        // In silence nobody can be asked for an attempt: what only one page can run waits until that reads the store.
        let all_registered = chance.strikes(500) || is_silent;
        let not_repeatable = if chance.strikes(500) { 250 } else { 0 };
        let unreadable = [(0, 0), (1, 0), (2, 1)][if chance.strikes(100) { 1 + chance.below(2) } else { 0 }];
        let outbox_operations_max = [10_000, 12][chance.below(2)];
        let retries_max = [3, 1][chance.below(2)];
        let expires = chance.apart(6, |chance| chance.strikes(250));
        let has_secrets = chance.apart(7, |chance| chance.strikes(300)) && !is_silent;
        let config = Config {
            #[cfg(feature = "planted")]
            plant: plan.plant,
            ..config(chance, outbox_operations_max)
        };
        let length = (plan.steps / 400).max(1) as usize;
        Self {
            tabs,
            pages_max: 16 * length,
            faults,
            weights,
            pause_ms_max: [20, 200, 1_500, 10_000][chance.below(4)],
            operations_max: (8 + chance.below(40)) * length,
            scopes: 1 + chance.below(4),
            not_repeatable,
            all_registered,
            skew_ms_max: [0, 0, 500, 3_600_000][chance.below(4)],
            transport: match chance.strikes(120) {
                _ if is_silent => Transport::Silence,
                true => Transport::Doorbell,
                false => Transport::Channel,
            },
            has_locks,
            unreadable,
            retries_max,
            expire_after_ms: expires.then_some(4_000),
            has_secrets,
            config,
        }
    }

    fn draw_faults(chance: &mut Chance, plan: &Plan) -> Faults {
        let mut faults = Faults::draw(chance);
        if chance.strikes(40) {
            // Nothing is heard of anybody: only reading the store helps.
            faults.set(Fault::MessageLost, 1_000);
        }
        for fault in Fault::ALL {
            if plan.without.contains(&Trouble::Fault(fault)) {
                faults.end(fault);
            }
        }
        faults
    }

    /// Whether this is among what happens in the world.
    pub fn has(&self, deed: Deed) -> bool {
        let weights = Deed::ALL.iter().zip(&self.weights);
        weights.into_iter().any(|(other, weight)| *other == deed && *weight > 0)
    }
}

/// Limits of the engine, now wide and now tight.
fn config(chance: &mut Chance, outbox_operations_max: usize) -> Config {
    Config {
        outbox_operations_max,
        scopes_parallel_max: [6, 1, 2][chance.below(3)],
        lease_duration_ms: [2_500, 400][chance.below(2)],
        topic_entries_max: [10_000, 10_000, 10_000, 10_000, 4][chance.below(5)],
        topic_removed_keep_ms: [300_000, 3_000][chance.below(2)],
        topic_replaced_max: [32, 1][chance.below(2)],
        topic_removed_max: [200, 200, 0][chance.below(3)],
        finished_keep_ms: [300_000, 300_000, 20_000][chance.below(3)],
        ..Config::default()
    }
}
