//! What the command line asks for.

use std::collections::BTreeSet;

use super::simulation::plan::{Plan, Trouble, numbers};

/// What the command line asks for.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many worlds to run.
    pub seeds: u64,
    /// The first of them.
    pub first: u64,
    /// Steps of the safety phase of each world.
    pub steps: u64,
    /// Tabs at the same time; drawn if not given.
    pub tabs: Option<usize>,
    /// Threads to run them in.
    pub threads: usize,
    /// Scenes that people change at once, for the share of conflicts that a rule decides.
    pub scenes: u64,
    /// Steps that all of them together have to make.
    pub steps_min: u64,
    /// One world only, with its whole trace.
    pub replay: Option<Plan>,
}

const USAGE: &str = "usage: --seeds N (worlds to run) --first S (the first of them) --steps M (of the safety phase) \
--tabs T (at the same time) --threads T --at-least N (steps in all, or the run fails) \
--scenes N (that people change at once)
       --seed S (one world, with its trace) --stop M (end its safety phase early) --without Crash,MessageLost \
--skip 3,5-9 (leave out deeds by number)";

impl Options {
    /// Reads the arguments of the program.
    ///
    /// # Errors
    /// What is wrong with them, for people.
    pub fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            seeds: 300,
            first: 1,
            steps: 400,
            tabs: None,
            threads: 2,
            scenes: 5_000,
            steps_min: 0,
            replay: None,
        };
        let (mut seed, mut stop) = (None, None);
        let (mut without, mut skip) = (BTreeSet::new(), BTreeSet::new());
        while let Some(argument) = arguments.next() {
            // Cargo passes its own to every test target.
            if matches!(argument.as_str(), "--quiet" | "-q" | "--nocapture") {
                continue;
            }
            let text = arguments.next().unwrap_or_default();
            let wrong = || format!("{argument} does not take “{text}”\n{USAGE}");
            let number = || text.parse::<u64>().map_err(|_| wrong());
            match argument.as_str() {
                "--seeds" => options.seeds = number()?,
                "--first" => options.first = number()?,
                "--steps" => options.steps = number()?,
                "--scenes" => options.scenes = number()?,
                "--at-least" => options.steps_min = number()?,
                "--tabs" => options.tabs = Some(number()?.clamp(1, 16) as usize),
                "--threads" => options.threads = number()?.clamp(1, 64) as usize,
                "--seed" => seed = Some(number()?),
                "--stop" => stop = Some(number()?),
                "--without" => {
                    let names = text.split(',').map(Trouble::from_name);
                    without = names.collect::<Option<_>>().ok_or_else(wrong)?;
                }
                "--skip" => skip = numbers(&text).ok_or_else(wrong)?,
                _ => return Err(format!("unknown argument {argument}\n{USAGE}")),
            }
        }
        options.replay =
            seed.map(|seed| Plan { stop, without, skip, ..Plan::whole(seed, options.steps, options.tabs) });
        Ok(options)
    }
}
