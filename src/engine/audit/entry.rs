//! What is written down of a decision.

use super::digest::{Digest, Digests};
use crate::engine::ids::OperationId;

/// Who decided what a part of a document is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resolution {
    /// A rule.
    Auto,
    /// A person, who wrote something else than either side has.
    Manual,
    /// This person's side was taken as it is.
    Local,
    /// The server's side was taken as it is.
    Server,
    /// A person, who took what both did.
    Merge,
}

/// What a trail keeps of the values that entries are about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AuditValues {
    /// The values themselves.
    #[default]
    Keep,
    /// Their hashes. Whoever has a value can show that it is the one; nobody can read it, unless it can be guessed.
    Hash,
}

/// What a trail has of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kept<V> {
    /// The value.
    Value(V),
    /// The digest of its canonical encoding.
    Hash(Digest),
}

impl<V> Kept<V> {
    /// The value as it is to be kept.
    pub fn of(value: V, values: AuditValues, digests: &mut impl Digests<V>) -> Self {
        match values {
            AuditValues::Keep => Self::Value(value),
            AuditValues::Hash => Self::Hash(digests.digest(&value)),
        }
    }

    /// By what it counts in the chain.
    pub fn digest(&self, digests: &mut impl Digests<V>) -> Digest {
        match self {
            Self::Value(value) => digests.digest(value),
            Self::Hash(hash) => *hash,
        }
    }
}

/// A value with its digest, which whoever tells of it has made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Weighed<V> {
    /// The value.
    pub value: V,
    /// The SHA-256 of its canonical encoding.
    pub digest: Digest,
}

impl<V> Weighed<V> {
    pub(super) fn kept(self, values: AuditValues) -> Kept<V> {
        match values {
            AuditValues::Keep => Kept::Value(self.value),
            AuditValues::Hash => Kept::Hash(self.digest),
        }
    }
}

/// What was decided about a part of a document, by a rule or a person, as whoever merged it tells.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Told<V> {
    /// The person who was signed in, as the app names them.
    pub who: Option<String>,
    /// The way from the document to the part, as the platform has it.
    pub path: Weighed<V>,
    /// The name of the rule that decided, or could not.
    pub rule: String,
    /// Who decided.
    pub kind: Resolution,
    /// The part before anybody changed it; none: there was none. The same goes for the others.
    pub base: Option<Weighed<V>>,
    /// As this person wanted it.
    pub local: Option<Weighed<V>>,
    /// As the server had it.
    pub server: Option<Weighed<V>>,
    /// As it is now.
    pub result: Option<Weighed<V>>,
}

/// A part of a document that both sides had changed, and what became of it. `S` is what is known of each side's value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decided<V, S = V> {
    /// When, in milliseconds since 1970 by the device's clock.
    pub at_ms: u64,
    /// The person who was signed in, as the app names them.
    pub who: Option<String>,
    /// The operation that was merged.
    pub operation: OperationId,
    /// The collection of the document.
    pub collection: String,
    /// The document's key in it.
    pub document: String,
    /// The way from the document to the part, as the platform has it. It is kept whatever becomes of the values.
    pub path: V,
    /// The name of the rule that decided, or could not.
    pub rule: String,
    /// Who decided.
    pub kind: Resolution,
    /// The part before anybody changed it; none: there was none. The same goes for the others.
    pub base: Option<S>,
    /// As this person wanted it.
    pub local: Option<S>,
    /// As the server had it.
    pub server: Option<S>,
    /// As it is now.
    pub result: Option<S>,
}

impl<V, S> Decided<V, S> {
    /// The same with something else of the path.
    pub fn with_path<T>(self, path: impl FnOnce(V) -> T) -> Decided<T, S> {
        Decided {
            path: path(self.path),
            at_ms: self.at_ms,
            who: self.who,
            operation: self.operation,
            collection: self.collection,
            document: self.document,
            rule: self.rule,
            kind: self.kind,
            base: self.base,
            local: self.local,
            server: self.server,
            result: self.result,
        }
    }

    /// The same with something else of each side.
    pub fn with_sides<T>(self, mut side: impl FnMut(S) -> T) -> Decided<V, T> {
        Decided {
            at_ms: self.at_ms,
            who: self.who,
            operation: self.operation,
            collection: self.collection,
            document: self.document,
            path: self.path,
            rule: self.rule,
            kind: self.kind,
            base: self.base.map(&mut side),
            local: self.local.map(&mut side),
            server: self.server.map(&mut side),
            result: self.result.map(&mut side),
        }
    }
}

/// An entry of the trail: what was decided, and its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AuditEntry<V> {
    /// Its number: the first has 0, and none is left out.
    pub number: u64,
    /// What was decided.
    pub decided: Decided<V, Kept<V>>,
    /// The hash of the entry before it; [`Digest::NONE`] if it is the first.
    pub previous: Digest,
    /// The hash of all that.
    pub hash: Digest,
}
