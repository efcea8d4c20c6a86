//! Whether the exploration finds mistakes: each is planted into the engine, and the explorations are made, a little
//! deeper from time to time, until one of them breaks a law.

use tabweave::engine::Plant;

use super::options::Options;
use super::report::Report;
use super::scenes::{Plot, plots};
use super::search::{Failure, explore};

/// The mistakes that it has to find.
const SOUGHT: [Plant; 12] = [
    Plant::FenceUnasserted,
    Plant::GapIgnored,
    Plant::ClockNotObserved,
    Plant::DuplicateTaken,
    Plant::LeaseUnchecked,
    Plant::StoreIdentityIgnored,
    Plant::UnannouncedStore,
    Plant::SentBeforeClaimed,
    Plant::EarlyRelease,
    Plant::TakeoverWithoutEpoch,
    Plant::UndoneWriteIgnored,
    Plant::ReturnUnread,
];

/// Depths to which the explorations of two tabs are made in turn; those of three tabs go less far.
const DEPTHS: [u32; 3] = [6, 8, 10];
const DEPTH_LESS_OF_THREE: u32 = 3;

/// Seeks each mistake, or the one of this name, whose story is told.
pub fn seek(report: &Report, options: &Options) {
    let only = options.only.as_deref();
    for plant in SOUGHT {
        let name = format!("{plant:?}");
        if only.is_some_and(|only| only != name) {
            continue;
        }
        match find(plant) {
            Some((line, failure)) => {
                report.pass(&format!("{name} {line}"));
                if only.is_some() {
                    report.tell(&failure);
                }
            }
            None => report.fail(&format!("{name} was not found")),
        }
    }
}

fn find(plant: Plant) -> Option<(String, Failure)> {
    for depth in DEPTHS {
        for plot in plots() {
            let depth = if plot.tabs > 2 { depth - DEPTH_LESS_OF_THREE } else { depth };
            let found = explore(&Plot { plant: Some(plant), depth, ..plot.clone() });
            if let Some(failure) = found.failure {
                let (law, steps, states) = (failure.violation.law, found.depth + 1, found.states);
                let line = format!("breaks “{law}” after {steps} steps of “{}”, {states} states", plot.name);
                return Some((line, failure));
            }
        }
    }
    None
}
