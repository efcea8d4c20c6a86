//! Whether a chain is whole, and if not, where.

use super::anchor::Anchor;
use super::chain::Link;
use super::digest::{Digest, Digests};
use super::entry::AuditEntry;
use crate::engine::flat::Set;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The anchor does not say what it said when it was made.
    AnchorChanged,
    /// An entry does not say what it said when it was made.
    Changed,
    /// An entry cannot be read.
    Unreadable,
    /// Entries are not there.
    Missing,
    /// An entry stands behind later ones.
    Misplaced,
    /// An entry of this number stands before it.
    Doubled,
    /// An entry is whole but was not made after the one before it: that one was made anew, or it was itself.
    Detached,
    /// An entry is older than the anchor, which says that it was removed.
    Removed,
    /// An entry is whole and not the one that is known to have its number: the chain was made anew.
    Replaced,
}

/// Something that is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finding {
    /// What is wrong.
    pub fault: Fault,
    /// Which entry, by its place in what was read, from 0. None: it is the anchor, or not there.
    pub at: Option<usize>,
    /// Its number: the one it has to have where that is known, the one it says otherwise.
    pub number: u64,
    /// The last number, where several are missing; the same number otherwise.
    pub through: u64,
}

/// What came of reading a chain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Verdict {
    /// What is wrong, as it was met. Empty: the chain is whole.
    pub findings: Vec<Finding>,
    /// Where the chain ends.
    pub head: Option<Link>,
}

/// Reads a chain: the anchor it begins at, and all its entries, oldest first; none for one that cannot be read.
///
/// `known` is a link that somebody noted elsewhere: its entry has to be there. Without one it is not found that the last
/// entries are missing, nor that the chain was made anew.
pub fn verify<V>(
    digests: &mut impl Digests<V>,
    anchor: Option<&Anchor>,
    entries: &[Option<AuditEntry<V>>],
    known: Option<Link>,
) -> Verdict {
    let computed: Vec<_> =
        entries.iter().map(|entry| entry.as_ref().map(|entry| (entry, entry.computed(digests)))).collect();
    let is_whole = |&(entry, computed): &(&AuditEntry<V>, Digest)| entry.hash == computed;
    let present: Set<u64> =
        computed.iter().flatten().filter(|pair| is_whole(pair)).map(|(entry, _)| entry.number).collect();

    let mut walk = Walk::from(anchor, known, &present);
    for (at, pair) in computed.iter().enumerate() {
        match pair {
            None => walk.meet_unreadable(at),
            Some(pair) if is_whole(pair) => walk.meet(at, pair.0.link(), pair.0.previous),
            Some((entry, computed)) => {
                walk.meet_changed(at, entry.link(), entry.previous, *computed, entries.len());
            }
        }
    }
    walk.end()
}

/// What the next entry may name as the one before it.
#[derive(Clone, Copy)]
enum Before {
    One(Digest),
    /// Of an entry that was changed either its hash was, or something else.
    Either(Digest, Digest),
    Unknown,
}

impl Before {
    fn admits(self, previous: Digest) -> bool {
        match self {
            Self::One(hash) => previous == hash,
            Self::Either(hash, computed) => previous == hash || previous == computed,
            Self::Unknown => true,
        }
    }
}

struct Walk<'a> {
    first: u64,
    known: Option<Link>,
    /// Numbers of whole entries, wherever they stand, from the next one on.
    present: &'a Set<u64>,
    met: Set<u64>,
    next: u64,
    before: Before,
    head: Option<Link>,
    findings: Vec<Finding>,
}

impl<'a> Walk<'a> {
    fn from(anchor: Option<&Anchor>, known: Option<Link>, present: &'a Set<u64>) -> Self {
        let head = anchor.map(Anchor::link);
        let first = head.map_or(0, |head| head.number.saturating_add(1));
        let before = Before::One(head.map_or(Digest::NONE, |head| head.hash));
        let (met, findings) = (Set::new(), Vec::new());
        let mut walk = Self { first, known, present, met, next: first, before, head, findings };
        if let Some(anchor) = anchor {
            if anchor.checksum != anchor.computed() {
                walk.find(Fault::AnchorChanged, None, anchor.number);
            }
            walk.compare(None, anchor.link());
        }
        walk
    }

    fn find(&mut self, fault: Fault, at: Option<usize>, number: u64) {
        self.findings.push(Finding { fault, at, number, through: number });
    }

    fn compare(&mut self, at: Option<usize>, link: Link) {
        if self.known.is_some_and(|known| known.number == link.number && known.hash != link.hash) {
            self.find(Fault::Replaced, at, link.number);
        }
    }

    fn meet(&mut self, at: usize, link: Link, previous: Digest) {
        let number = link.number;
        if number < self.first {
            return self.find(Fault::Removed, Some(at), number);
        }
        if !self.met.insert(number) {
            return self.find(Fault::Doubled, Some(at), number);
        }
        self.compare(Some(at), link);
        if number < self.next {
            return self.find(Fault::Misplaced, Some(at), number);
        }
        if number > self.next {
            self.skip_to(number);
        } else if !self.before.admits(previous) {
            self.find(Fault::Detached, Some(at), number);
        }
        self.go_on(number, Before::One(link.hash), Some(link));
    }

    fn meet_unreadable(&mut self, at: usize) {
        self.find(Fault::Unreadable, Some(at), self.next);
        self.go_on(self.next, Before::Unknown, None);
    }

    /// Its number may be what was changed, so it takes the place where it stands; only if it does not follow there, and
    /// there is room for entries that are missing, the place of its number.
    fn meet_changed(&mut self, at: usize, link: Link, previous: Digest, computed: Digest, entries: usize) {
        let ahead = link.number.saturating_sub(self.next);
        let is_elsewhere = ahead > 0 && ahead <= entries as u64 && !self.present.contains(&link.number);
        if is_elsewhere && !self.before.admits(previous) {
            self.skip_to(link.number);
        }
        self.find(Fault::Changed, Some(at), self.next);
        let changed = Link { number: self.next, hash: link.hash };
        self.go_on(self.next, Before::Either(link.hash, computed), Some(changed));
    }

    /// Of the numbers up to this one those are missing that are nowhere else either.
    fn skip_to(&mut self, number: u64) {
        let elsewhere: Vec<u64> =
            self.present.iter().copied().filter(|other| (self.next..number).contains(other)).collect();
        for end in elsewhere.into_iter().chain([number]) {
            if end > self.next {
                let (fault, at) = (Fault::Missing, None);
                self.findings.push(Finding { fault, at, number: self.next, through: end - 1 });
            }
            self.next = end.saturating_add(1);
        }
        self.next = number;
    }

    fn go_on(&mut self, number: u64, before: Before, head: Option<Link>) {
        self.next = number.saturating_add(1);
        self.before = before;
        self.head = head.or(self.head);
    }

    fn end(mut self) -> Verdict {
        if let Some(end) = self.known.and_then(|known| known.number.checked_add(1))
            && end > self.next
        {
            self.skip_to(end);
        }
        Verdict { findings: self.findings, head: self.head }
    }
}
