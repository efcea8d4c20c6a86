//! All chance in a world comes from its seed. Each kind of fault and each deed has dice of its own, so that one of
//! them can be left out and the others still fall as they did.

use fastrand::Rng;

use super::faults::Fault;

/// The dice of one world.
#[derive(Debug)]
pub struct Chance {
    seed: u64,
    rng: Rng,
    faults: Vec<Rng>,
}

/// The first of the dice that are taken up before there are any deeds. No world sees so many deeds.
const APART: u64 = 1 << 40;

/// Dice for one purpose among many.
fn dice(seed: u64, purpose: u64) -> Rng {
    let mut rng = Rng::with_seed(seed ^ purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    Rng::with_seed(rng.u64(..))
}

impl Chance {
    pub fn new(seed: u64) -> Self {
        let faults = (0..Fault::ALL.len() as u64).map(|fault| dice(seed, 1 + fault)).collect();
        Self { seed, rng: dice(seed, 0), faults }
    }

    /// Takes up the dice of one deed; those that lay on the table are to be put back after it.
    pub fn take_up(&mut self, deed: u64) -> Rng {
        std::mem::replace(&mut self.rng, dice(self.seed, 1_000 + deed))
    }

    /// Draws something with dice of its own: what was not drawn in earlier days leaves the rest as it was.
    pub fn apart<T>(&mut self, purpose: u64, draw: impl FnOnce(&mut Self) -> T) -> T {
        let former = self.take_up(APART + purpose);
        let drawn = draw(self);
        self.put_back(former);
        drawn
    }

    /// Puts back the dice from before a deed.
    pub fn put_back(&mut self, former: Rng) {
        self.rng = former;
    }

    /// Whether a fault strikes that does so in this many of a thousand cases.
    pub fn fault_strikes(&mut self, fault: Fault, per_mille: u32) -> bool {
        per_mille > 0 && self.faults[fault as usize].u32(0..1_000) < per_mille
    }

    /// A delay up to this long.
    pub fn fault_delays(&mut self, fault: Fault, ms_max: u32) -> u64 {
        self.faults[fault as usize].u64(0..=u64::from(ms_max))
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
    pub fn weighed(&mut self, weights: &[u32]) -> Option<usize> {
        let sum: u32 = weights.iter().sum();
        if sum == 0 {
            return None;
        }
        let mut left = self.rng.u32(0..sum);
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
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
