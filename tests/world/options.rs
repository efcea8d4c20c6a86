//! What a run is asked for.

/// The arguments of the program.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The exploration to make, or the mistake to seek; all if not given.
    pub only: Option<String>,
    /// Steps beyond the depth of every run.
    pub deeper: u32,
}

const USAGE: &str = "usage: --only NAME (of an exploration, or of a planted mistake) --deeper N (steps)";

impl Options {
    /// Reads the arguments of the program.
    ///
    /// # Errors
    /// What is wrong with them, for people.
    pub fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--only" => options.only = arguments.next(),
                "--deeper" => {
                    let number = arguments.next().unwrap_or_default();
                    let why = || format!("--deeper wants a number, not “{number}”\n{USAGE}");
                    options.deeper = number.parse().map_err(|_| why())?;
                }
                // Cargo passes its own to every test target.
                "--quiet" | "-q" | "--nocapture" => {}
                _ => return Err(format!("unknown argument {argument}\n{USAGE}")),
            }
        }
        Ok(options)
    }
}
