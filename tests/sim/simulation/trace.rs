//! What happened, in lines for people and in one number for machines: two runs of a seed must agree in it.

use std::hash::{Hash, Hasher};

/// A small hash that is the same on every machine and in every run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The fingerprint of one thing.
    pub fn of(thing: &impl Hash) -> u64 {
        let mut hasher = Self::default();
        thing.hash(&mut hasher);
        hasher.finish()
    }

    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Fingerprint {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.mix(word);
    }

    fn write_u32(&mut self, word: u32) {
        self.mix(u64::from(word));
    }

    fn write_u8(&mut self, word: u8) {
        self.mix(u64::from(word));
    }

    fn write_usize(&mut self, word: usize) {
        self.mix(word as u64);
    }
}

/// The record of one run.
#[derive(Debug)]
pub struct Trace {
    is_kept: bool,
    lines: Vec<String>,
    fingerprint: Fingerprint,
}

impl Trace {
    /// Lines cost time, so only a run that somebody will read keeps them.
    pub fn new(is_kept: bool) -> Self {
        Self { is_kept, lines: Vec::new(), fingerprint: Fingerprint::default() }
    }

    pub fn note(&mut self, at: u64, line: impl FnOnce() -> String) {
        if self.is_kept {
            self.lines.push(format!("{at:>9} ms  {}", line()));
        }
    }

    /// Takes a part of the world's state into the run's number.
    pub fn mark(&mut self, mark: u64) {
        self.fingerprint.mix(mark);
    }

    pub fn fingerprint(&self) -> u64 {
        self.fingerprint.finish()
    }

    pub fn take_lines(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }
}
