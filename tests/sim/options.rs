//! What the command line asks for.

/// `--seeds N --seed S --steps M --tabs T`
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many worlds to run.
    pub seeds: u64,
    /// One world only, with its whole trace.
    pub seed: Option<u64>,
    /// Steps of the safety phase of each world.
    pub steps: u64,
    /// Tabs at the same time; drawn if not given.
    pub tabs: Option<usize>,
}

const USAGE: &str = "usage: --seeds N (worlds to run) --seed S (one world, with its trace) \
--steps M (of the safety phase) --tabs T (at the same time)";

impl Options {
    /// Reads the arguments of the program.
    ///
    /// # Errors
    /// What is wrong with them, for people.
    pub fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self { seeds: 300, seed: None, steps: 400, tabs: None };
        while let Some(argument) = arguments.next() {
            let mut number = || -> Result<u64, String> {
                let text = arguments.next().unwrap_or_default();
                text.parse().map_err(|_| format!("{argument} wants a number, not “{text}”\n{USAGE}"))
            };
            match argument.as_str() {
                "--seeds" => options.seeds = number()?,
                "--seed" => options.seed = Some(number()?),
                "--steps" => options.steps = number()?,
                "--tabs" => options.tabs = Some(number()?.clamp(1, 16) as usize),
                // Cargo passes its own to every test target.
                "--quiet" | "-q" | "--nocapture" => {}
                _ => return Err(format!("unknown argument {argument}\n{USAGE}")),
            }
        }
        Ok(options)
    }
}
