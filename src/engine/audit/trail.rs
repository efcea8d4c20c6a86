//! The chain as its writer knows it: where it ends, how much of it is kept, and what of it may go.

use super::anchor::Anchor;
use super::chain::Link;
use super::digest::Digests;
use super::entry::{AuditEntry, AuditValues, Decided, Kept, Weighed};

/// Of a trail that is full so much goes, one part of so many, that it is not full again at once.
const PARTS: u64 = 8;

/// The trail of a store, in the hands of its leader. No entry is in it: those are in the store.
///
/// What it makes counts once the store has it: change a clone, and put it in its place when the batch is committed.
///
/// **What goes, and when.** Nothing goes as long as there is room. What an export held may go at any time: when the app
/// asks for it ([`exported_part`](Self::exported_part)). When there are more entries than `audit_entries_max`
/// ([`overflow`](Self::overflow)) the oldest go: only those that were exported if that is enough, else the oldest eighth,
/// because a trail that stops when it is full would leave the latest decisions without a record, and a merge that waits
/// for an export would stop the app. What goes without having been exported is counted in the anchor for good.
///
/// The engine only appends as yet: nothing trims.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Trail {
    head: Option<Link>,
    entries: u64,
    exported: Option<Link>,
    unexported: u64,
}

/// What trimming comes to, to be written in the batch that deletes the entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Trimmed {
    /// What takes the place of the former anchor.
    pub anchor: Anchor,
    /// How many entries went that had not been exported: the app is told, unless there are none.
    pub lost: u64,
}

impl Trail {
    /// A trail without entries.
    pub const fn new() -> Self {
        Self { head: None, entries: 0, exported: None, unexported: 0 }
    }

    /// The trail of a store that holds this anchor, this entry as the last one, and this mark of an export.
    pub fn restored(anchor: Option<&Anchor>, last: Option<Link>, exported: Option<Link>) -> Self {
        let removed = anchor.map(Anchor::link);
        let head = last.into_iter().chain(removed).max_by_key(|link| link.number);
        let ended = |link: Option<Link>| link.map_or(0, |link| link.number.saturating_add(1));
        let mut trail = Self {
            head,
            entries: ended(head) - ended(removed),
            exported: None,
            unexported: anchor.map_or(0, |anchor| anchor.unexported),
        };
        if let Some(exported) = exported {
            trail.note_export(exported);
        }
        trail
    }

    /// The last entry; of a trail whose entries are all gone the last of them.
    pub const fn head(&self) -> Option<Link> {
        self.head
    }

    /// How many entries there are.
    pub const fn entries(&self) -> u64 {
        self.entries
    }

    /// Makes an entry of a decision, the last of the chain from now on.
    pub fn append<V>(
        &mut self,
        digests: &mut impl Digests<V>,
        decided: Decided<V>,
        values: AuditValues,
    ) -> AuditEntry<V> {
        let decided = decided.with_sides(|value| Kept::of(value, values, digests));
        let entry = AuditEntry::after(self.head, decided, digests);
        self.head = Some(entry.link());
        self.entries += 1;
        entry
    }

    /// The same of a decision that was told with the digests of what it is about.
    pub(in crate::engine) fn append_told<V>(
        &mut self,
        decided: Decided<Weighed<V>, Weighed<V>>,
        values: AuditValues,
    ) -> AuditEntry<V> {
        let entry = AuditEntry::after_told(self.head, decided, values);
        self.head = Some(entry.link());
        self.entries += 1;
        entry
    }

    /// An export with every entry up to this one, from the oldest on, was handed to the app. False if that cannot be, or is
    /// known: the chain is another one, or the entry is gone.
    pub fn note_export(&mut self, last: Link) -> bool {
        let is_kept = self.place_of(last).is_some();
        let is_later = self.exported.is_none_or(|exported| exported.number < last.number);
        if is_kept && is_later {
            self.exported = Some(last);
        }
        is_kept && is_later
    }

    /// The last of the entries that were exported, if there are any.
    pub fn exported_part(&self) -> Option<Link> {
        self.exported.filter(|exported| self.place_of(*exported).is_some())
    }

    /// The number of the last entry that has to go because there are more than that. Its hash is in the store.
    pub fn overflow(&self, entries_max: u64) -> Option<u64> {
        let entries_max = entries_max.max(1);
        let too_many = self.entries.checked_sub(entries_max).filter(|too_many| *too_many > 0)?;
        let going = too_many + entries_max / PARTS;
        let exported = self.exported_part().and_then(|exported| self.place_of(exported));
        let going =
            exported.filter(|exported| *exported >= too_many).map_or(going, |exported| exported.min(going));
        Some(self.oldest()? + going - 1)
    }

    /// Removes the entries up to this one, which is given as the store has it. None if it is not among those that are
    /// there; then nothing has changed.
    pub fn trim(&mut self, at_ms: u64, last: Link) -> Option<Trimmed> {
        let going = self.place_of(last)?;
        let exported = self.exported_part().and_then(|exported| self.place_of(exported)).unwrap_or(0);
        let lost = going.saturating_sub(exported);
        self.entries -= going;
        self.unexported += lost;
        Some(Trimmed { anchor: Anchor::at(last, at_ms, going, self.unexported), lost })
    }

    fn oldest(&self) -> Option<u64> {
        self.head.map(|head| head.number + 1 - self.entries)
    }

    /// Counted from the oldest that is there, which is 1. None if it is none of them.
    fn place_of(&self, link: Link) -> Option<u64> {
        let head = self.head?;
        let place = link.number.checked_add(1)?.checked_sub(self.oldest()?).filter(|place| *place > 0)?;
        let is_head_or_before = link.number < head.number || link == head;
        is_head_or_before.then_some(place)
    }
}
