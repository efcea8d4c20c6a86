//! Whether the exploration finds mistakes: each is planted into the engine, and the explorations are made until one
//! of them breaks a law.

use tabweave::engine::Plant;

use super::scenes::{Plot, plots};
use super::search::explore;

/// Explores with each mistake, a little deeper from time to time; returns how many were found, and how many not.
pub fn find_all(only: Option<&str>) -> (u32, u32) {
    let (mut found, mut missed) = (0, 0);
    for plant in Plant::ALL {
        if only.is_some_and(|only| only != format!("{plant:?}")) {
            continue;
        }
        if find(plant, only.is_some()) {
            found += 1;
        } else {
            missed += 1;
            println!("{plant:?} was not found");
        }
    }
    (found, missed)
}

fn find(plant: Plant, is_told: bool) -> bool {
    for depth in [6, 9, 12] {
        for plot in plots() {
            let depth = if plot.tabs > 2 { depth - 2 } else { depth };
            let found = explore(&Plot { plant: Some(plant), depth, ..plot.clone() });
            let Some(failure) = found.failure else {
                continue;
            };
            let (states, steps) = (found.states, found.depth + 1);
            println!(
                "{plant:?} breaks “{}” in “{}” after {steps} steps, among {states} states",
                failure.violation.law, plot.name
            );
            if is_told {
                failure.story.iter().for_each(|line| println!("  {line}"));
                println!("  {}", failure.violation.what);
            }
            return true;
        }
    }
    false
}
