//! What world to run, and which parts of it to leave out: enough to run it again.

use std::collections::BTreeSet;
use std::fmt;

use super::deed::Deed;
use super::faults::Fault;

/// Something that can be left out of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trouble {
    Deed(Deed),
    Fault(Fault),
}

impl Trouble {
    pub fn all() -> impl Iterator<Item = Self> {
        Fault::ALL.into_iter().map(Self::Fault).chain(Deed::ALL.into_iter().map(Self::Deed))
    }

    /// Reads what [`Display`](fmt::Display) wrote.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|trouble| trouble.to_string() == name)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deed(deed) => write!(f, "{deed:?}"),
            Self::Fault(fault) => write!(f, "{fault:?}"),
        }
    }
}

/// One world, whole or cut down to what makes it fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub seed: u64,
    /// Steps of the safety phase. They decide how many pages and operations there are, too.
    pub steps: u64,
    /// Steps after which the safety phase ends all the same.
    pub stop: Option<u64>,
    /// Tabs at the same time; drawn if not given.
    pub tabs: Option<usize>,
    pub without: BTreeSet<Trouble>,
    /// Deeds that are left out, by their numbers.
    pub skip: BTreeSet<u64>,
    /// A mistake that is planted into every tab's engine.
    #[cfg(feature = "planted")]
    pub plant: Option<tabweave::engine::Plant>,
}

impl Plan {
    /// The whole world of a seed.
    pub const fn whole(seed: u64, steps: u64, tabs: Option<usize>) -> Self {
        Self {
            seed,
            steps,
            stop: None,
            tabs,
            without: BTreeSet::new(),
            skip: BTreeSet::new(),
            #[cfg(feature = "planted")]
            plant: None,
        }
    }

    /// Steps of the safety phase.
    pub fn length(&self) -> u64 {
        self.stop.map_or(self.steps, |stop| stop.min(self.steps))
    }
}

/// The command that runs it again.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "npm run sim -- --seed {} --steps {}", self.seed, self.steps)?;
        if let Some(stop) = self.stop {
            write!(f, " --stop {stop}")?;
        }
        if let Some(tabs) = self.tabs {
            write!(f, " --tabs {tabs}")?;
        }
        if !self.without.is_empty() {
            let names: Vec<_> = self.without.iter().map(Trouble::to_string).collect();
            write!(f, " --without {}", names.join(","))?;
        }
        if !self.skip.is_empty() {
            write!(f, " --skip {}", ranges(&self.skip))?;
        }
        Ok(())
    }
}

/// Numbers as people write them: 1-4,7
fn ranges(numbers: &BTreeSet<u64>) -> String {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let text = |(first, last): &(u64, u64)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    };
    ranges.iter().map(text).collect::<Vec<_>>().join(",")
}

/// Reads numbers as people write them.
pub fn numbers(text: &str) -> Option<BTreeSet<u64>> {
    let mut numbers = BTreeSet::new();
    for range in text.split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        numbers.extend(first.parse::<u64>().ok()?..=last.parse::<u64>().ok()?);
    }
    Some(numbers)
}
