//! What goes wrong in a world, and how often. Each seed has its own swarm of faults: most of them off, some on,
//! for a world in which everything fails at once never gets far enough to fail in an interesting way.

use tabweave::engine::Config;

use super::chance::Chance;

/// Rates out of a thousand, and longest delays in milliseconds.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    pub message_lost: u32,
    pub message_doubled: u32,
    pub message_late: u32,
    pub messages_overtake: bool,
    pub write_fails: u32,
    pub read_fails: u32,
    pub store_slow: u32,
    pub answer_of_store_late: u32,
    pub write_lost_in_crash: u32,
    pub crash_in_task: u32,
    pub request_lost: u32,
    pub request_late: u32,
    pub answer_lost: u32,
    pub answer_late: u32,
    pub refused: u32,
    pub not_now: u32,
    pub base_late_ms_max: u64,
    pub lock_late_ms_max: u64,
    pub timer_late_ms_max: u64,
    pub presence_late_ms_max: u64,
}

/// Something that a person or the environment does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deed {
    Mutate,
    Cancel,
    Retry,
    Watch,
    Unwatch,
    Register,
    Look,
    Open,
    Close,
    Crash,
    Suspend,
    Resume,
    Freeze,
    Thaw,
    Disconnect,
    Connect,
    StealLock,
    WipeStore,
    FillStore,
    EmptyStore,
    JumpClock,
    StopClock,
    StartClock,
    EditElsewhere,
}

impl Deed {
    pub const ALL: [Self; 24] = [
        Self::Mutate,
        Self::Cancel,
        Self::Retry,
        Self::Watch,
        Self::Unwatch,
        Self::Register,
        Self::Look,
        Self::Open,
        Self::Close,
        Self::Crash,
        Self::Suspend,
        Self::Resume,
        Self::Freeze,
        Self::Thaw,
        Self::Disconnect,
        Self::Connect,
        Self::StealLock,
        Self::WipeStore,
        Self::FillStore,
        Self::EmptyStore,
        Self::JumpClock,
        Self::StopClock,
        Self::StartClock,
        Self::EditElsewhere,
    ];

    /// Deeds that belong to one fault: both on, or both off.
    const fn fault(self) -> Option<usize> {
        match self {
            Self::Close => Some(0),
            Self::Crash => Some(1),
            Self::Suspend | Self::Resume => Some(2),
            Self::Freeze | Self::Thaw => Some(3),
            Self::Disconnect | Self::Connect => Some(4),
            Self::StealLock => Some(5),
            Self::WipeStore => Some(6),
            Self::FillStore | Self::EmptyStore => Some(7),
            Self::JumpClock => Some(8),
            Self::StopClock | Self::StartClock => Some(9),
            _ => None,
        }
    }

    const fn weight(self) -> u32 {
        match self {
            Self::Mutate => 60,
            Self::WipeStore | Self::JumpClock | Self::FillStore => 2,
            Self::EmptyStore | Self::StartClock | Self::Resume | Self::Thaw | Self::Connect => 14,
            Self::Cancel | Self::Retry | Self::EditElsewhere => 8,
            _ => 6,
        }
    }
}

const FAULTS_OF_DEEDS: usize = 10;

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
    pub config: Config,
}

impl Swarm {
    /// Draws a make-up.
    pub fn draw(chance: &mut Chance, steps: u64, tabs: Option<usize>) -> Self {
        let tabs = tabs.unwrap_or_else(|| 2 + chance.below(5));
        let mut is_on = [false; FAULTS_OF_DEEDS];
        for on in &mut is_on {
            *on = chance.strikes(400);
        }
        // Site data is seldom cleared under open pages, and a cleared store hides what else goes wrong.
        is_on[6] = chance.strikes(120);
        let weights = Deed::ALL
            .iter()
            .map(|deed| if deed.fault().is_none_or(|fault| is_on[fault]) { deed.weight() } else { 0 })
            .collect();
        let faults = Faults::draw(chance);
        let all_registered = chance.strikes(500);
        let not_repeatable = if chance.strikes(500) { 250 } else { 0 };
        Self {
            tabs,
            pages_max: 16 * (steps / 400).max(1) as usize,
            faults,
            weights,
            pause_ms_max: [20, 200, 1_500, 10_000][chance.below(4)],
            operations_max: (8 + chance.below(40)) * (steps / 400).max(1) as usize,
            scopes: 1 + chance.below(4),
            not_repeatable,
            all_registered,
            skew_ms_max: [0, 0, 500, 3_600_000][chance.below(4)],
            config: config(chance),
        }
    }

    /// Whether this is among what happens in the world.
    pub fn has(&self, deed: Deed) -> bool {
        let weights = Deed::ALL.iter().zip(&self.weights);
        weights.into_iter().any(|(other, weight)| *other == deed && *weight > 0)
    }
}

/// Limits of the engine, now wide and now tight.
fn config(chance: &mut Chance) -> Config {
    Config {
        outbox_operations_max: [10_000, 12][chance.below(2)],
        operation_attempts_max: [4, 2][chance.below(2)],
        scopes_parallel_max: [6, 1, 2][chance.below(3)],
        lease_duration_ms: [10_000, 400][chance.below(2)],
        finished_keep_ms: [300_000, 300_000, 20_000][chance.below(3)],
        ..Config::default()
    }
}

impl Faults {
    fn draw(chance: &mut Chance) -> Self {
        let mut rate = |max: u64| {
            if chance.strikes(400) { 1 + chance.up_to(max - 1) as u32 } else { 0 }
        };
        let mut faults = Self {
            message_lost: rate(200),
            message_doubled: rate(200),
            message_late: rate(300),
            write_fails: rate(150),
            read_fails: rate(200),
            store_slow: rate(100),
            answer_of_store_late: rate(200),
            write_lost_in_crash: rate(1_000),
            crash_in_task: rate(1_000),
            request_lost: rate(250),
            request_late: rate(300),
            answer_lost: rate(250),
            answer_late: rate(300),
            refused: rate(300),
            not_now: rate(400),
            ..Self::default()
        };
        faults.messages_overtake = chance.strikes(300);
        faults.base_late_ms_max = [20, 20, 3_000][chance.below(3)];
        faults.lock_late_ms_max = [5, 5, 2_000][chance.below(3)];
        faults.timer_late_ms_max = [5, 5, 1_000][chance.below(3)];
        faults.presence_late_ms_max = [5, 5, 800][chance.below(3)];
        faults
    }

    /// The make-up of the healing phase: everything works, at an ordinary speed.
    pub fn none() -> Self {
        Self {
            base_late_ms_max: 20,
            lock_late_ms_max: 5,
            timer_late_ms_max: 5,
            presence_late_ms_max: 5,
            ..Self::default()
        }
    }
}
