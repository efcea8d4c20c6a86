//! The exhaustive small world.

mod app;
mod healing;
mod laws;
mod minds;
mod mix;
#[cfg(feature = "planted")]
mod planted;
mod pool;
mod scenes;
mod search;
mod stage;
mod steps;
mod store;
mod story;
mod symmetry;
mod world;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let only = arguments.first().cloned();
    let depth: Option<u32> = arguments.get(1).map(|text| text.parse().expect("a number"));
    let mut failed = 0;
    std::panic::set_hook(Box::new(|_| {}));
    #[cfg(feature = "planted")]
    if let Some(which) = only.as_deref().and_then(|only| only.strip_prefix("plant")) {
        println!("{:?}", planted::find_all(which.strip_prefix(':')));
        return ExitCode::SUCCESS;
    }
    for mut plot in scenes::plots() {
        if only.as_ref().is_some_and(|only| only != plot.name) {
            continue;
        }
        plot.depth = depth.unwrap_or(plot.depth);
        let found = search::explore(&plot);
        println!(
            "{}: {} states, {} transitions, depth {}{}, {} minds, {} heal steps",
            plot.name,
            found.states,
            found.transitions,
            found.depth,
            if found.is_closed { " closed" } else { "" },
            found.minds,
            found.healed.steps,
        );
        if let Some(failure) = found.failure {
            failed += 1;
            for line in failure.story {
                println!("  {line}");
            }
            println!("broke “{}”: {}", failure.violation.law, failure.violation.what);
        }
    }
    ExitCode::from(u8::from(failed > 0))
}
