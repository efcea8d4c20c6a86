//! What holds entries together: the hash of each over all that it says, and over the hash of the one before it.
//! ARCHITECTURE.md says which bytes are hashed, so that another program can do the same.

use super::digest::{Digest, Digests, Hasher};
use super::entry::{AuditEntry, AuditValues, Decided, Kept, Weighed};

/// Which entry is meant: there may be others of its number, but none of its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub hash: Digest,
}

/// The digests of what an entry is about.
struct Digested {
    path: Digest,
    /// Base, local, server and result.
    sides: [Option<Digest>; 4],
}

impl<V> AuditEntry<V> {
    /// The entry that follows the one of this link.
    pub(super) fn after(
        before: Option<Link>,
        decided: Decided<V, Kept<V>>,
        digests: &mut impl Digests<V>,
    ) -> Self {
        let mut entry = Self::unhashed(before, decided);
        entry.hash = entry.computed(digests);
        entry
    }

    /// The same of a decision that was told with its digests.
    pub(super) fn after_told(
        before: Option<Link>,
        decided: Decided<Weighed<V>, Weighed<V>>,
        values: AuditValues,
    ) -> Self {
        let digest = |side: &Option<Weighed<V>>| side.as_ref().map(|weighed| weighed.digest);
        let Decided { base, local, server, result, .. } = &decided;
        let sides = [base, local, server, result].map(digest);
        let digested = Digested { path: decided.path.digest, sides };
        let kept = decided.with_sides(|weighed| weighed.kept(values)).with_path(|path| path.value);
        let mut entry = Self::unhashed(before, kept);
        entry.hash = entry.hashed(&digested);
        entry
    }

    const fn unhashed(before: Option<Link>, decided: Decided<V, Kept<V>>) -> Self {
        let (number, previous) = match before {
            Some(before) => (before.number + 1, before.hash),
            None => (0, Digest::NONE),
        };
        Self { number, decided, previous, hash: Digest::NONE }
    }

    /// Which entry it is.
    pub const fn link(&self) -> Link {
        Link { number: self.number, hash: self.hash }
    }

    /// The hash that it has to have.
    pub fn computed(&self, digests: &mut impl Digests<V>) -> Digest {
        let Decided { path, base, local, server, result, .. } = &self.decided;
        let path = digests.digest(path);
        let sides = [base, local, server, result].map(|side| side.as_ref().map(|side| side.digest(digests)));
        self.hashed(&Digested { path, sides })
    }

    fn hashed(&self, digested: &Digested) -> Digest {
        let mut bytes = Spelling(Hasher::new());
        let decided = &self.decided;
        bytes.raw(b"tabweave/audit/1");
        bytes.number(self.number);
        bytes.number(decided.at_ms);
        bytes.maybe(decided.who.as_deref(), Spelling::text);
        bytes.raw(decided.operation.bytes());
        bytes.text(&decided.collection);
        bytes.text(&decided.document);
        bytes.raw(digested.path.bytes());
        bytes.text(&decided.rule);
        bytes.text(decided.kind.name());
        for digest in &digested.sides {
            bytes.maybe(digest.as_ref(), |bytes, digest| bytes.raw(digest.bytes()));
        }
        bytes.raw(self.previous.bytes());
        bytes.0.digest()
    }
}

/// Bytes on their way into a hash.
pub(super) struct Spelling(pub(super) Hasher);

impl Spelling {
    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.0.feed(bytes);
    }

    pub(super) fn number(&mut self, number: u64) {
        self.raw(&number.to_be_bytes());
    }

    fn text(&mut self, text: &str) {
        let length =
            u32::try_from(text.len()).expect("a text of an entry is no longer than one that crosses");
        self.raw(&length.to_be_bytes());
        self.raw(text.as_bytes());
    }

    fn maybe<T>(&mut self, thing: Option<T>, spell: impl FnOnce(&mut Self, T)) {
        self.raw(&[u8::from(thing.is_some())]);
        if let Some(thing) = thing {
            spell(self, thing);
        }
    }
}
