//! The audit trail: what was decided where two people had changed the same, with what each had and what came of it.
//!
//! Entries are a chain. Each has a number, the hash of the one before it, and a hash of its own over everything it says
//! ([`chain`]), in which a value counts by its [`Digest`] only: so a trail that keeps values and one that keeps nothing but
//! their hashes are verified alike, and no value is ever serialised into the engine ([`Digests`] is the seam).
//!
//! [`Trail`] makes entries and knows which may go; it holds the chain's last link and some counts, never an entry.
//! [`verify()`] reads a chain and tells what is wrong with it. It finds what happens by accident and what somebody changes
//! here and there. It cannot find that somebody has computed the whole chain anew, or from some entry to its end, nor
//! that the newest entries were cut off: nothing in a browser is secret from its user. Against both it is enough to note a
//! [`Link`] elsewhere now and then, say on a server, and to hand it to [`verify()`] as what is known.

mod anchor;
mod chain;
mod digest;
mod entry;
#[cfg(test)]
mod tests;
mod trail;
mod verify;

pub use anchor::Anchor;
pub use chain::Link;
pub use digest::{Digest, Digests, Hasher, InvalidDigest};
pub use entry::{AuditEntry, AuditValues, Decided, Kept, Resolution, Told, Weighed};
pub use trail::{Trail, Trimmed};
pub use verify::{Fault, Finding, Verdict, verify};
