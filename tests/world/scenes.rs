//! Where explorations begin, and what may happen in them.

use tabweave::engine::Config;

use super::healing::Healed;
use super::laws::Violation;
use super::stage::{Stage, limits};
use super::steps::Step;
use super::symmetry::TABS_MAX;
use super::world::World;

/// What has happened before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Nothing: no page is open.
    Cold,
    /// All pages are open and have come to rest; the first leads.
    Settled,
    /// Then the leader froze, and each of the others has accepted an operation that waits for it.
    Hung,
}

/// One exploration.
#[derive(Clone, Debug)]
pub struct Plot {
    pub name: &'static str,
    pub tabs: u8,
    pub depth: u32,
    pub opening: Opening,
    pub operations_max: u8,
    pub entries_max: u8,
    pub faults_max: u8,
    pub is_repeatable: bool,
    pub replies_come_late: bool,
    /// Whether the browser has Web Locks.
    pub has_locks: bool,
    pub skews: [u16; TABS_MAX],
    #[cfg(feature = "planted")]
    pub plant: Option<tabweave::engine::Plant>,
}

const QUIET: Plot = Plot {
    name: "",
    tabs: 2,
    depth: 14,
    opening: Opening::Settled,
    operations_max: 0,
    entries_max: 0,
    faults_max: 2,
    is_repeatable: true,
    replies_come_late: false,
    has_locks: true,
    skews: [0; TABS_MAX],
    #[cfg(feature = "planted")]
    plant: None,
};

/// The explorations of every run.
pub fn plots() -> Vec<Plot> {
    vec![
        Plot { name: "start", opening: Opening::Cold, ..QUIET },
        Plot { name: "operation", operations_max: 1, ..QUIET },
        // The freeze in their opening is not counted. All that can happen happens within some thirty steps.
        Plot { name: "hung", opening: Opening::Hung, depth: 40, operations_max: 1, ..QUIET },
        Plot {
            name: "hung once",
            opening: Opening::Hung,
            depth: 40,
            operations_max: 1,
            is_repeatable: false,
            ..QUIET
        },
        Plot { name: "once", operations_max: 1, is_repeatable: false, ..QUIET },
        Plot { name: "late replies", operations_max: 1, replies_come_late: true, depth: 12, ..QUIET },
        Plot {
            name: "no locks",
            opening: Opening::Cold,
            operations_max: 1,
            has_locks: false,
            depth: 11,
            ..QUIET
        },
        Plot { name: "topic", entries_max: 2, skews: [9, 0, 0, 0], ..QUIET },
        Plot { name: "start of three", tabs: 3, depth: 10, opening: Opening::Cold, ..QUIET },
        Plot { name: "operation among three", tabs: 3, depth: 10, operations_max: 1, ..QUIET },
        Plot {
            name: "hung among three",
            tabs: 3,
            depth: 14,
            opening: Opening::Hung,
            operations_max: 2,
            ..QUIET
        },
    ]
}

impl Plot {
    /// The engine's limits.
    #[cfg(not(feature = "planted"))]
    pub fn limits(&self) -> Config {
        limits()
    }

    #[cfg(feature = "planted")]
    pub fn limits(&self) -> Config {
        Config { plant: self.plant, ..limits() }
    }

    pub fn stage(&self) -> Stage {
        Stage::new(self)
    }

    /// The world in which it begins.
    pub fn open(&self, stage: &mut Stage) -> Result<World, Violation> {
        let mut world = stage.empty_world(self.tabs, self.faults_max, self.skews);
        if self.opening == Opening::Cold {
            return Ok(world);
        }
        for tab in 0..self.tabs {
            stage.take(&mut world, Step::Open { tab })?;
            stage.rest(&mut world, &mut Vec::new(), &mut Healed::default())?;
        }
        if self.opening == Opening::Hung {
            stage.take(&mut world, Step::Freeze { tab: 0 })?;
            for tab in 1..self.tabs {
                stage.take(&mut world, Step::Mutate { tab })?;
            }
            let is_timer = |step: &Step| matches!(step, Step::Timer { .. });
            while let Some(step) = stage.deliveries(&world).first().filter(|step| !is_timer(step)) {
                let step = *step;
                stage.take(&mut world, step)?;
            }
        }
        Ok(world)
    }
}
