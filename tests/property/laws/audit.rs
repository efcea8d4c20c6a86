//! The audit trail: a chain as it was written is whole, and whatever is done to it is found.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tabweave::engine::{
    Anchor, AuditEntry, AuditValues, Decided, Digest, Fault, Finding, Kept, Link, OperationId, Resolution,
    Trail, Verdict, verify,
};

use super::scripts;
use super::values::values;
use crate::support::canonical::Canonical;
use crate::support::value::Value;

type Entry = AuditEntry<Value>;

const KINDS: [Resolution; 5] =
    [Resolution::Auto, Resolution::Manual, Resolution::Local, Resolution::Server, Resolution::Merge];

fn text() -> impl Strategy<Value = String> {
    select(vec!["", "a", "b", "ab", "ⱦ"]).prop_map(str::to_owned)
}

fn decided() -> impl Strategy<Value = Decided<Value>> {
    let sides = (option::of(values()), option::of(values()), option::of(values()), option::of(values()));
    let texts = (option::of(text()), text(), text(), text());
    let rest = (0..4_u64, 0..3_u8, values(), select(KINDS.to_vec()));
    (rest, texts, sides).prop_map(|((at_ms, id, path, kind), (who, collection, document, rule), sides)| {
        let operation = OperationId::from_bytes([id; 16]);
        let (base, local, server, result) = sides;
        Decided { at_ms, who, operation, collection, document, path, rule, kind, base, local, server, result }
    })
}

fn keeping() -> impl Strategy<Value = AuditValues> {
    select(vec![AuditValues::Keep, AuditValues::Hash])
}

fn written(decisions: Vec<(Decided<Value>, AuditValues)>) -> Vec<Entry> {
    let mut trail = Trail::new();
    let mut append = |(decided, values)| trail.append(&mut Canonical, decided, values);
    decisions.into_iter().map(&mut append).collect()
}

fn chain(least: usize) -> impl Strategy<Value = Vec<Entry>> {
    vec((decided(), keeping()), least..8).prop_map(written)
}

fn read(anchor: Option<&Anchor>, entries: &[Entry], known: Option<Link>) -> Verdict {
    let entries: Vec<_> = entries.iter().cloned().map(Some).collect();
    verify(&mut Canonical, anchor, &entries, known)
}

/// What is found, as fault, place and numbers.
fn found(entries: &[Entry], known: Option<Link>) -> Vec<(Fault, Option<usize>, u64, u64)> {
    let told = |it: Finding| (it.fault, it.at, it.number, it.through);
    read(None, entries, known).findings.into_iter().map(told).collect()
}

/// What somebody writes in place of one field.
#[derive(Clone, Debug)]
enum Change {
    Number(u64),
    AtMs(u64),
    Who(Option<String>),
    Operation(u8),
    Collection(String),
    Document(String),
    Path(Value),
    Rule(String),
    Kind(Resolution),
    Side(usize, Option<Kept<Value>>),
    Previous([u8; 32]),
    Hash([u8; 32]),
}

fn change() -> impl Strategy<Value = Change> {
    let kept = prop_oneof![
        values().prop_map(Kept::Value),
        any::<[u8; 32]>().prop_map(|hash| Kept::Hash(Digest::from_bytes(hash))),
    ];
    prop_oneof![
        prop_oneof![0..9_u64, any::<u64>()].prop_map(Change::Number),
        any::<u64>().prop_map(Change::AtMs),
        option::of(text()).prop_map(Change::Who),
        any::<u8>().prop_map(Change::Operation),
        text().prop_map(Change::Collection),
        text().prop_map(Change::Document),
        values().prop_map(Change::Path),
        text().prop_map(Change::Rule),
        select(KINDS.to_vec()).prop_map(Change::Kind),
        (0..4_usize, option::of(kept)).prop_map(|(side, kept)| Change::Side(side, kept)),
        any::<[u8; 32]>().prop_map(Change::Previous),
        any::<[u8; 32]>().prop_map(Change::Hash),
    ]
}

fn apply(change: Change, entry: &mut Entry) {
    let decided = &mut entry.decided;
    match change {
        Change::Number(number) => entry.number = number,
        Change::AtMs(at_ms) => decided.at_ms = at_ms,
        Change::Who(who) => decided.who = who,
        Change::Operation(id) => decided.operation = OperationId::from_bytes([id; 16]),
        Change::Collection(collection) => decided.collection = collection,
        Change::Document(document) => decided.document = document,
        Change::Path(path) => decided.path = path,
        Change::Rule(rule) => decided.rule = rule,
        Change::Kind(kind) => decided.kind = kind,
        Change::Side(side, kept) => {
            let sides = [&mut decided.base, &mut decided.local, &mut decided.server, &mut decided.result];
            *sides.into_iter().nth(side).expect("there are four") = kept;
        }
        Change::Previous(bytes) => entry.previous = Digest::from_bytes(bytes),
        Change::Hash(bytes) => entry.hash = Digest::from_bytes(bytes),
    }
}

/// An entry whose values count by their hashes: what it says to the chain.
fn said(entry: &Entry) -> Entry {
    let decided = entry.decided.clone().with_sides(|side| Kept::Hash(side.digest(&mut Canonical)));
    AuditEntry { decided, ..entry.clone() }
}

proptest! {
    #![proptest_config(scripts(256))]

    #[test]
    fn a_chain_as_it_was_written_is_whole(entries in chain(0)) {
        let known = entries.last().map(AuditEntry::link);
        prop_assert_eq!(read(None, &entries, known), Verdict { findings: Vec::new(), head: known });
    }

    #[test]
    fn any_change_of_one_field_is_found_where_it_is(
        mut entries in chain(1), at in any::<Index>(), change in change(),
    ) {
        let at = at.index(entries.len());
        let before = said(&entries[at]);
        apply(change, &mut entries[at]);
        prop_assume!(said(&entries[at]) != before);
        let number = at as u64;
        prop_assert_eq!(found(&entries, None), [(Fault::Changed, Some(at), number, number)]);
    }

    #[test]
    fn what_is_missing_is_told_by_its_numbers(mut entries in chain(1), from in any::<Index>(), to in any::<Index>()) {
        let [from, to] = [from, to].map(|index| index.index(entries.len()));
        let (from, to) = (from.min(to), from.max(to));
        let (known, is_end) = (entries[entries.len() - 1].link(), to + 1 == entries.len());
        entries.drain(from..=to);
        let expected = [(Fault::Missing, None, from as u64, to as u64)];
        prop_assert_eq!(found(&entries, Some(known)), expected);
        prop_assert_eq!(found(&entries, None), &expected[usize::from(is_end)..]);
    }

    #[test]
    fn in_another_order_those_are_told_that_stand_behind_later_ones(
        (entries, mixed) in chain(2).prop_flat_map(|entries| (Just(entries.clone()), Just(entries).prop_shuffle())),
    ) {
        let is_behind = |(at, entry): &(usize, &Entry)| mixed[..*at].iter().any(|it| it.number > entry.number);
        let behind: Vec<_> = mixed.iter().enumerate().filter(is_behind).collect();
        let expected: Vec<_> =
            behind.iter().map(|(at, it)| (Fault::Misplaced, Some(*at), it.number, it.number)).collect();
        prop_assert_eq!(expected.is_empty(), mixed == entries);
        prop_assert_eq!(found(&mixed, None), expected);
    }

    #[test]
    fn what_stands_there_twice_is_told(mut entries in chain(1), one in any::<Index>(), place in any::<Index>()) {
        let one = one.index(entries.len());
        let place = one + 1 + place.index(entries.len() - one);
        entries.insert(place, entries[one].clone());
        prop_assert_eq!(found(&entries, None), [(Fault::Doubled, Some(place), one as u64, one as u64)]);
    }

    #[test]
    fn who_makes_the_chain_anew_from_an_entry_on_is_found_by_a_link_that_was_noted(
        entries in chain(1), others in vec((decided(), keeping()), 1..8), noted in any::<Index>(),
    ) {
        let known = entries[noted.index(entries.len())].link();
        let anew = written(others);
        let is_same = anew.iter().any(|entry| entry.link() == known);
        prop_assert_eq!(found(&anew, Some(known)).is_empty(), is_same);
        prop_assert_eq!(found(&anew, None), []);
    }

    #[test]
    fn whatever_it_is_it_is_read(
        entries in chain(0),
        changes in vec((any::<Index>(), change(), any::<bool>(), any::<Index>(), any::<bool>()), 0..6),
        (numbers, hash) in (any::<[u64; 4]>(), any::<[u8; 32]>()),
        has_anchor in any::<bool>(),
    ) {
        let [number, at_ms, going, unexported] = numbers;
        let link = Link { number: [number, 0, 2, u64::MAX][number as usize % 4], hash: Digest::from_bytes(hash) };
        let anchor = Anchor::at(link, at_ms, going, unexported);
        let mut entries: Vec<_> = entries.into_iter().map(Some).collect();
        for (at, change, is_hashed, to, is_lost) in changes {
            if entries.is_empty() {
                break;
            }
            let (at, to) = (at.index(entries.len()), to.index(entries.len()));
            if let Some(entry) = &mut entries[at] {
                apply(change, entry);
                if is_hashed {
                    entry.hash = entry.computed(&mut Canonical);
                }
            }
            entries.swap(at, to);
            if is_lost {
                entries[to] = None;
            }
        }
        let verdict = verify(&mut Canonical, has_anchor.then_some(&anchor), &entries, Some(link));
        for finding in verdict.findings {
            prop_assert!(finding.at.is_none_or(|at| at < entries.len()) && finding.number <= finding.through);
        }
    }
}

/// What happens to a trail.
#[derive(Clone, Debug)]
enum Step {
    Append(Box<(Decided<Value>, AuditValues)>),
    Export(Index),
    TrimExported,
    MakeRoom,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (decided(), keeping()).prop_map(|decision| Step::Append(Box::new(decision))),
        1 => any::<Index>().prop_map(Step::Export),
        1 => Just(Step::TrimExported),
        2 => Just(Step::MakeRoom),
    ]
}

/// A trail with the store that it writes into.
#[derive(Default)]
struct Kit {
    trail: Trail,
    stored: Vec<Entry>,
    anchor: Option<Anchor>,
    exported: Option<Link>,
    /// How many entries went that no export held.
    lost: u64,
}

impl Kit {
    fn append(&mut self, (decided, values): (Decided<Value>, AuditValues)) {
        self.stored.push(self.trail.append(&mut Canonical, decided, values));
    }

    fn export(&mut self, through: Index) {
        if !self.stored.is_empty() {
            let last = self.stored[through.index(self.stored.len())].link();
            if self.trail.note_export(last) {
                self.exported = Some(last);
            }
        }
    }

    /// Removes the entries up to this number, and tells how many of them no export held.
    fn trim(&mut self, number: u64) -> u64 {
        let at = self.stored.iter().position(|entry| entry.number == number).expect("it is stored");
        let gone: Vec<_> = self.stored.drain(..=at).collect();
        let is_exported =
            |entry: &&Entry| self.exported.is_some_and(|exported| entry.number <= exported.number);
        let lost = gone.iter().filter(|entry| !is_exported(entry)).count() as u64;
        let trimmed = self.trail.trim(7, gone[at].link()).expect("it is there");
        self.lost += lost;
        assert_eq!(trimmed.lost, lost);
        let anchor = Anchor::at(gone[at].link(), 7, gone.len() as u64, self.lost);
        assert_eq!(trimmed.anchor, anchor);
        self.anchor = Some(anchor);
        lost
    }
}

proptest! {
    #![proptest_config(scripts(256))]

    #[test]
    fn what_is_left_of_a_trimmed_chain_is_whole_and_nothing_goes_unsaid(
        steps in vec(step(), 0..60), entries_max in 1..20_u64,
    ) {
        let mut kit = Kit::default();
        for step in steps {
            match step {
                Step::Append(decision) => kit.append(*decision),
                Step::Export(through) => kit.export(through),
                Step::TrimExported => {
                    if let Some(last) = kit.trail.exported_part() {
                        prop_assert_eq!(kit.trim(last.number), 0, "only what was exported goes for the asking");
                    }
                }
                Step::MakeRoom => {
                    let before = kit.stored.len() as u64;
                    let overflow = kit.trail.overflow(entries_max);
                    prop_assert_eq!(overflow.is_some(), before > entries_max);
                    if let Some(last) = overflow {
                        let exported = kit.stored.iter().filter(|it| Some(it.link()) <= kit.exported).count() as u64;
                        let lost = kit.trim(last);
                        prop_assert!(kit.stored.len() as u64 <= entries_max);
                        prop_assert!(lost == 0 || before - exported > entries_max, "what was exported was not enough");
                    }
                }
            }
            let head = kit.trail.head();
            let whole = Verdict { findings: Vec::new(), head };
            prop_assert_eq!(read(kit.anchor.as_ref(), &kit.stored, head), whole);
            prop_assert_eq!(kit.trail.entries(), kit.stored.len() as u64);
            let last = kit.stored.last().map(AuditEntry::link);
            let restored = Trail::restored(kit.anchor.as_ref(), last, kit.trail.exported_part());
            prop_assert_eq!(restored.exported_part(), kit.trail.exported_part());
            prop_assert_eq!((restored.head(), restored.entries()), (head, kit.trail.entries()));
        }
    }
}
