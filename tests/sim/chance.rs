//! All chance in a world comes from its seed.

use fastrand::Rng;

/// The dice of one world.
#[derive(Debug)]
pub struct Chance {
    rng: Rng,
}

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self { rng: Rng::with_seed(seed) }
    }

    /// True in this many of a thousand cases.
    pub fn strikes(&mut self, per_mille: u32) -> bool {
        per_mille > 0 && self.rng.u32(0..1_000) < per_mille
    }

    /// A number from 0 to this one.
    pub fn up_to(&mut self, max: u64) -> u64 {
        self.rng.u64(0..=max)
    }

    pub fn below(&mut self, count: usize) -> usize {
        self.rng.usize(0..count)
    }

    /// One of these; none if there is none.
    pub fn pick<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        if of.is_empty() { None } else { Some(of[self.below(of.len())].clone()) }
    }

    /// The index of one of these weights, as often as it weighs.
    pub fn weighed(&mut self, weights: impl Iterator<Item = u32> + Clone) -> Option<usize> {
        let sum: u32 = weights.clone().sum();
        if sum == 0 {
            return None;
        }
        let mut left = self.rng.u32(0..sum);
        for (index, weight) in weights.enumerate() {
            if left < weight {
                return Some(index);
            }
            left -= weight;
        }
        None
    }

    pub fn bytes(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.rng.fill(&mut bytes);
        bytes
    }

    pub fn seed(&mut self) -> u64 {
        self.rng.u64(..)
    }
}
