//! What people do, drawn by the weights of `people.txt`.

use super::scene::Deed;

/// Choices, each with its weight.
#[derive(Debug)]
pub struct Weighted<T>(Vec<(T, u32)>);

/// How many people do how much of what.
#[derive(Debug)]
pub struct Distribution {
    pub people: Weighted<usize>,
    pub changes: Weighted<usize>,
    pub deeds: Weighted<Deed>,
}

impl<T: Copy> Weighted<T> {
    pub fn draw(&self, chance: &mut fastrand::Rng) -> T {
        let all: u32 = self.0.iter().map(|(_, weight)| weight).sum();
        let mut left = chance.u32(..all);
        for (choice, weight) in &self.0 {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return *choice,
            }
        }
        unreachable!("what was drawn is below the sum of the weights")
    }
}

impl Distribution {
    /// The committed one.
    pub fn committed() -> Self {
        let lines =
            include_str!("people.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let words: Vec<Vec<&str>> = lines.map(|line| line.split(' ').collect()).collect();
        let of = |kind: &'static str| words.iter().filter(move |words| words[0] == kind);
        let weight = |words: &[&str]| words[2].parse::<u32>().expect("a weight is a number");
        let counts = |kind| {
            let count = |words: &Vec<&str>| (words[1].parse().expect("a count is a number"), weight(words));
            Weighted(of(kind).map(count).collect())
        };
        let deed =
            |words: &Vec<&str>| (Deed::from_name(words[1]).expect("a deed that is known"), weight(words));
        Self {
            people: counts("people"),
            changes: counts("changes"),
            deeds: Weighted(of("deed").map(deed).collect()),
        }
    }
}
