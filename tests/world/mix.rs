//! Fingerprints of 128 bits, the same on every machine and in every run.

use std::hash::{BuildHasherDefault, Hash, Hasher};

/// What stands for a whole world in the set of those seen.
pub type Print = u128;

/// A map by something whose order nobody looks at.
#[expect(clippy::disallowed_types, reason = "looked up in only; millions of keys")]
pub type Lookup<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Mix>>;

/// Two lanes that take in the same words differently.
#[derive(Clone, Copy, Debug)]
pub struct Mix(u64, u64);

impl Default for Mix {
    fn default() -> Self {
        Self(0x9e37_79b9_7f4a_7c15, 0xc2b2_ae3d_27d4_eb4f)
    }
}

impl Mix {
    /// The fingerprint of one thing.
    pub fn of(thing: &impl Hash) -> Print {
        let mut mix = Self::default();
        thing.hash(&mut mix);
        mix.print()
    }

    pub fn word(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(0xff51_afd7_ed55_8ccd);
        self.0 ^= self.0 >> 32;
        self.1 = (self.1.rotate_left(27) ^ word).wrapping_mul(0x9fb2_1c65_1e98_df25);
        self.1 ^= self.1 >> 29;
    }

    pub fn part(&mut self, part: Print) {
        self.word(part as u64);
        self.word((part >> 64) as u64);
    }

    pub fn print(self) -> Print {
        let mut last = self;
        last.word(0x2545_f491_4f6c_dd1d);
        u128::from(last.0) << 64 | u128::from(last.1)
    }
}

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0 ^ self.1
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word) ^ (chunk.len() as u64) << 61);
        }
    }

    fn write_u8(&mut self, word: u8) {
        self.word(u64::from(word));
    }

    fn write_u16(&mut self, word: u16) {
        self.word(u64::from(word));
    }

    fn write_u32(&mut self, word: u32) {
        self.word(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.word(word);
    }

    fn write_usize(&mut self, word: usize) {
        self.word(word as u64);
    }
}
