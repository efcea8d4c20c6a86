//! What is left of entries that were removed.

use super::chain::{Link, Spelling};
use super::digest::{Digest, Hasher};

/// What is left of the oldest entries once they are gone: the chain goes on from here.
///
/// It has a hash of its own, the checksum, over everything else that it says; ARCHITECTURE.md has the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Anchor {
    /// The number of the last entry that was removed.
    pub number: u64,
    /// Its hash.
    pub hash: Digest,
    /// When, in milliseconds since 1970 by the device's clock.
    pub at_ms: u64,
    /// How many entries went then.
    pub entries: u64,
    /// How many of all that ever went had not been exported: what they said is nowhere any more.
    pub unexported: u64,
    /// The hash of all that.
    pub checksum: Digest,
}

impl Anchor {
    /// An anchor in place of the entries up to this one.
    pub fn at(last: Link, at_ms: u64, entries: u64, unexported: u64) -> Self {
        let Link { number, hash } = last;
        let mut anchor = Self { number, hash, at_ms, entries, unexported, checksum: Digest::NONE };
        anchor.checksum = anchor.computed();
        anchor
    }

    /// Which entry was the last that was removed.
    pub const fn link(&self) -> Link {
        Link { number: self.number, hash: self.hash }
    }

    /// The checksum that it has to have.
    pub fn computed(&self) -> Digest {
        let mut bytes = Spelling(Hasher::new());
        bytes.raw(b"tabweave/anchor/1");
        bytes.number(self.number);
        bytes.raw(self.hash.bytes());
        bytes.number(self.at_ms);
        bytes.number(self.entries);
        bytes.number(self.unexported);
        bytes.0.digest()
    }
}
