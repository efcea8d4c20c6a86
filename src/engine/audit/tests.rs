//! One behaviour each; what holds whatever happens is in `tests/property/laws/audit.rs`.

use super::*;
use crate::engine::ids::OperationId;

struct Bytes;

impl Digests<String> for Bytes {
    fn digest(&mut self, value: &String) -> Digest {
        Digest::of(value.as_bytes())
    }
}

fn decided(number: u64) -> Decided<String> {
    Decided {
        at_ms: 1_700_000_000_000 + number,
        who: Some("ann".to_owned()),
        operation: OperationId::from_bytes([7; 16]),
        collection: "notes".to_owned(),
        document: "n1".to_owned(),
        path: "title".to_owned(),
        rule: "latest".to_owned(),
        kind: Resolution::Auto,
        base: None,
        local: Some(format!("ours {number}")),
        server: Some("theirs".to_owned()),
        result: Some(format!("ours {number}")),
    }
}

/// A trail with so many entries, and the entries.
fn written(count: u64) -> (Trail, Vec<AuditEntry<String>>) {
    let mut trail = Trail::new();
    let entries =
        (0..count).map(|number| trail.append(&mut Bytes, decided(number), AuditValues::Keep)).collect();
    (trail, entries)
}

/// What is found in a chain: fault, place, and numbers.
fn found(
    anchor: Option<&Anchor>,
    entries: &[AuditEntry<String>],
    known: Option<Link>,
) -> Vec<(Fault, Option<usize>, u64, u64)> {
    let entries: Vec<_> = entries.iter().cloned().map(Some).collect();
    let verdict = verify(&mut Bytes, anchor, &entries, known);
    verdict.findings.iter().map(|it| (it.fault, it.at, it.number, it.through)).collect()
}

#[test]
fn the_hash_is_sha_256() {
    let cases = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ];
    for (text, digest) in cases {
        assert_eq!(Digest::of(text.as_bytes()).to_string(), digest);
    }
    let mut hasher = Hasher::new();
    hasher.feed(b"a");
    hasher.feed(b"bc");
    assert_eq!(hasher.digest(), Digest::of(b"abc"));
}

#[test]
fn a_digest_has_one_spelling() {
    let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(text.parse::<Digest>(), Ok(Digest::of(b"abc")));
    for other in ["", &text[1..], &text.to_uppercase(), &text.replace('f', "g"), &"é".repeat(32)] {
        assert_eq!(other.parse::<Digest>(), Err(InvalidDigest), "{other}");
    }
}

/// The bytes of the table in ARCHITECTURE.md, written by hand.
#[test]
fn an_entry_is_hashed_as_the_table_says() {
    let (_, entries) = written(2);
    let mut bytes = b"tabweave/audit/1\0\0\0\0\0\0\0\x01".to_vec();
    bytes.extend(1_700_000_000_001_u64.to_be_bytes());
    bytes.extend(b"\x01\0\0\0\x03ann");
    bytes.extend([7; 16]);
    bytes.extend(b"\0\0\0\x05notes\0\0\0\x02n1");
    bytes.extend(Digest::of(b"title").bytes());
    bytes.extend(b"\0\0\0\x06latest\0\0\0\x04auto\0\x01");
    bytes.extend(Digest::of(b"ours 1").bytes());
    bytes.push(1);
    bytes.extend(Digest::of(b"theirs").bytes());
    bytes.push(1);
    bytes.extend(Digest::of(b"ours 1").bytes());
    bytes.extend(entries[0].hash.bytes());
    assert_eq!(entries[1].hash, Digest::of(&bytes));
    assert_eq!(entries[0].previous, Digest::NONE);
}

#[test]
fn entries_without_values_make_the_same_chain() {
    let (_, entries) = written(3);
    let mut trail = Trail::new();
    for entry in entries {
        let hashed = trail.append(&mut Bytes, decided(entry.number), AuditValues::Hash);
        assert_eq!(hashed.link(), entry.link());
        assert_eq!(
            hashed.decided.local,
            Some(Kept::Hash(Digest::of(format!("ours {}", entry.number).as_bytes())))
        );
    }
}

#[test]
fn a_chain_as_it_was_written_is_whole() {
    let (trail, entries) = written(4);
    assert_eq!(found(None, &entries, None), []);
    assert_eq!(found(None, &entries, trail.head()), []);
    assert_eq!(found(None, &[], None), []);
}

#[test]
fn each_fault_is_told_by_what_it_is() {
    let (_, whole) = written(5);
    let check = |change: fn(&mut Vec<AuditEntry<String>>), expected: &[(Fault, Option<usize>, u64, u64)]| {
        let mut entries = whole.clone();
        change(&mut entries);
        assert_eq!(found(None, &entries, None), expected);
    };
    check(|it| it[2].decided.who = None, &[(Fault::Changed, Some(2), 2, 2)]);
    check(|it| it[2].hash = Digest::NONE, &[(Fault::Changed, Some(2), 2, 2)]);
    check(|it| it[2].previous = Digest::NONE, &[(Fault::Changed, Some(2), 2, 2)]);
    check(|it| it[2].number = 9, &[(Fault::Changed, Some(2), 2, 2)]);
    check(|it| drop(it.remove(2)), &[(Fault::Missing, None, 2, 2)]);
    check(|it| drop(it.drain(..2)), &[(Fault::Missing, None, 0, 1)]);
    check(|it| it.swap(1, 2), &[(Fault::Misplaced, Some(2), 1, 1)]);
    check(|it| it.insert(4, it[1].clone()), &[(Fault::Doubled, Some(4), 1, 1)]);
    check(
        |it| {
            it.swap(1, 3);
            it.remove(2);
        },
        &[(Fault::Missing, None, 2, 2), (Fault::Misplaced, Some(2), 1, 1)],
    );
    check(
        |it| {
            it[3].decided.who = None;
            it.remove(2);
        },
        &[(Fault::Missing, None, 2, 2), (Fault::Changed, Some(2), 3, 3)],
    );
}

#[test]
fn an_entry_that_was_changed_and_hashed_anew_does_not_fit_the_next() {
    let (_, mut entries) = written(4);
    entries[1].decided.who = Some("bob".to_owned());
    entries[1].hash = entries[1].computed(&mut Bytes);
    assert_eq!(found(None, &entries, None), [(Fault::Detached, Some(2), 2, 2)]);
}

#[test]
fn an_entry_that_cannot_be_read_is_told_and_the_rest_is_read() {
    let (_, entries) = written(4);
    let mut entries: Vec<_> = entries.into_iter().map(Some).collect();
    entries[1] = None;
    let findings = verify(&mut Bytes, None, &entries, None).findings;
    assert_eq!(findings, [Finding { fault: Fault::Unreadable, at: Some(1), number: 1, through: 1 }]);
}

#[test]
fn only_who_knows_the_end_finds_that_it_was_cut_off_or_that_all_was_made_anew() {
    let (trail, mut entries) = written(4);
    entries.pop();
    assert_eq!(found(None, &entries, None), []);
    assert_eq!(found(None, &entries, trail.head()), [(Fault::Missing, None, 3, 3)]);

    let mut other = Trail::new();
    let anew: Vec<_> =
        (0..4).map(|number| other.append(&mut Bytes, decided(number + 10), AuditValues::Keep)).collect();
    assert_eq!(found(None, &anew, None), []);
    assert_eq!(found(None, &anew, trail.head()), [(Fault::Replaced, Some(3), 3, 3)]);
}

#[test]
fn the_chain_goes_on_from_its_anchor() {
    let (mut trail, mut entries) = written(6);
    assert!(trail.note_export(entries[2].link()));
    let trimmed = trail.trim(99, entries[1].link()).expect("it is there");
    assert_eq!(trimmed.anchor, Anchor::at(entries[1].link(), 99, 2, 0));
    assert_eq!(trimmed.lost, 0);
    entries.push(trail.append(&mut Bytes, decided(6), AuditValues::Hash));
    let left = &entries[2..];
    assert_eq!(found(Some(&trimmed.anchor), left, trail.head()), []);
    assert_eq!(trail.entries(), left.len() as u64);
    assert_eq!(found(None, left, None), [(Fault::Missing, None, 0, 1)]);
    assert_eq!(found(Some(&trimmed.anchor), &entries[1..], None), [(Fault::Removed, Some(0), 1, 1)]);
    let restored = Trail::restored(Some(&trimmed.anchor), trail.head(), Some(entries[2].link()));
    assert_eq!(restored, trail);
}

#[test]
fn a_changed_anchor_is_found() {
    let (mut trail, entries) = written(3);
    let Trimmed { anchor, lost } = trail.trim(99, entries[0].link()).expect("it is there");
    assert_eq!((anchor.unexported, lost), (1, 1));
    let hidden = Anchor { unexported: 0, ..anchor };
    assert_eq!(found(Some(&hidden), &entries[1..], None), [(Fault::AnchorChanged, None, 0, 0)]);
}

#[test]
fn nothing_has_to_go_while_there_is_room() {
    let (trail, _) = written(8);
    assert_eq!(trail.overflow(8), None);
    assert_eq!(Trail::new().overflow(0), None);
}

#[test]
fn of_a_full_trail_the_oldest_eighth_goes_and_what_was_not_exported_is_counted() {
    let (mut trail, entries) = written(17);
    assert_eq!(trail.overflow(16), Some(2));
    assert!(trail.note_export(entries[0].link()));
    assert_eq!(trail.overflow(16), Some(0), "what was exported is enough");
    let (mut trail, entries) = written(18);
    assert!(trail.note_export(entries[0].link()));
    assert_eq!(trail.overflow(16), Some(3), "what was exported is not enough");
    let trimmed = trail.trim(99, entries[3].link()).expect("it is there");
    assert_eq!((trimmed.anchor.entries, trimmed.anchor.unexported, trimmed.lost), (4, 3, 3));
    assert_eq!(trail.exported_part(), None);
}

#[test]
fn what_is_no_entry_of_the_trail_is_neither_trimmed_nor_noted() {
    let (mut trail, entries) = written(3);
    let before = trail.clone();
    let stranger = Link { number: 2, hash: Digest::of(b"another chain") };
    let later = Link { number: 3, hash: Digest::NONE };
    for link in [stranger, later, Link { number: u64::MAX, hash: Digest::NONE }] {
        assert_eq!(trail.trim(99, link), None);
        assert!(!trail.note_export(link));
    }
    assert_eq!(trail, before);
    assert!(trail.note_export(entries[1].link()));
    assert!(!trail.note_export(entries[0].link()), "more was exported before");
    assert_eq!(trail.exported_part(), Some(entries[1].link()));
}
