//! Tabs are alike: a world in which two of them have changed places is the same world. Its fingerprint is the
//! smallest of those that it has under every renaming of its tabs.
//!
//! The rooms of an engine offer no renaming of the ids within them, but all of them can be printed. The printed text
//! is cut at the ids and at the maps, whose entries are sorted anew once their ids have other names: the order of a
//! map's entries tells nothing that its keys do not. The engine compares the ids of tabs only to tell stamps of the
//! same moment apart and to choose among several runners; in these worlds no two stamps are of the same moment and
//! every tab runs its own operations, so a renamed world goes on as the renaming of how the world goes on. A test
//! counts the worlds without the reduction and compares.

use tabweave::engine::TabId;

use super::mix::{Mix, Print};

/// Tabs of one world, and one more that healing may open.
pub const TABS_MAX: usize = 4;

const FIRST_BYTE: u8 = 0xa0;

/// The id of a tab by its place.
pub fn tab_id(place: u8) -> TabId {
    TabId::from_bytes([FIRST_BYTE + place; 16])
}

/// The place of a tab by its id.
pub fn place_of(tab: TabId) -> u8 {
    tab.bytes()[0] - FIRST_BYTE
}

/// Where each tab goes.
pub type Renaming = [u8; TABS_MAX];

/// All renamings of that many tabs; the first changes nothing.
pub fn renamings(tabs: usize) -> Vec<Renaming> {
    let mut found = vec![[0, 1, 2, 3]];
    for at in (1..tabs).rev() {
        let swapped: Vec<_> = found
            .iter()
            .flat_map(|known| {
                (0..at).map(|with| {
                    let mut next = *known;
                    next.swap(at, with);
                    next
                })
            })
            .collect();
        found.extend(swapped);
    }
    found
}

/// A printed thing, cut where renaming changes it.
#[derive(Debug)]
enum Piece<'a> {
    Text(&'a str),
    Tab(u8),
    Map(Vec<Vec<Piece<'a>>>),
}

const MAP: &str = "LiteMap { values: [";
const ID_LENGTH: usize = 36;

/// The fingerprints of a printed thing under each renaming.
pub fn prints(text: &str, renamings: &[Renaming]) -> Vec<Print> {
    let (pieces, rest) = cut(text, false);
    assert!(rest.is_empty(), "the brackets of a printed thing close");
    renamings.iter().map(|renaming| print(&pieces, renaming)).collect()
}

fn print(pieces: &[Piece<'_>], renaming: &Renaming) -> Print {
    let mut mix = Mix::default();
    for piece in pieces {
        match piece {
            Piece::Text(text) => std::hash::Hasher::write(&mut mix, text.as_bytes()),
            Piece::Tab(place) => mix.word(0x7ab0 + u64::from(renaming[usize::from(*place)])),
            Piece::Map(entries) => {
                let mut prints: Vec<_> = entries.iter().map(|entry| print(entry, renaming)).collect();
                prints.sort_unstable();
                mix.word(prints.len() as u64);
                prints.into_iter().for_each(|entry| mix.part(entry));
            }
        }
    }
    mix.print()
}

/// Cuts a text; within a map, up to the end of the entry. Returns what is left.
fn cut(text: &str, is_entry: bool) -> (Vec<Piece<'_>>, &str) {
    let bytes = text.as_bytes();
    let (mut pieces, mut from, mut at, mut depth) = (Vec::new(), 0, 0, 0_u32);
    while at < bytes.len() {
        match bytes[at] {
            b'L' if text[at..].starts_with(MAP) => {
                pieces.push(Piece::Text(&text[from..at]));
                let (entries, rest) = cut_map(&text[at + MAP.len()..]);
                pieces.push(Piece::Map(entries));
                // Its brace is closed after the bracket.
                depth += 1;
                (from, at) = (text.len() - rest.len(), text.len() - rest.len());
                continue;
            }
            b'(' | b'[' | b'{' => depth += 1,
            b']' | b',' if is_entry && depth == 0 => break,
            b')' | b']' | b'}' => depth -= 1,
            b'a' => {
                if let Some(place) = id_at(&bytes[at..]) {
                    pieces.push(Piece::Text(&text[from..at]));
                    pieces.push(Piece::Tab(place));
                    at += ID_LENGTH;
                    from = at;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    pieces.push(Piece::Text(&text[from..at]));
    (pieces, &text[at..])
}

fn cut_map(text: &str) -> (Vec<Vec<Piece<'_>>>, &str) {
    let (mut entries, mut rest) = (Vec::new(), text);
    loop {
        if let Some(after) = rest.strip_prefix(']') {
            return (entries, after);
        }
        let (entry, after) = cut(rest, true);
        entries.push(entry);
        rest = after.strip_prefix(", ").unwrap_or(after);
    }
}

/// The tab whose id is written here: `aNaNaNaN-aNaN-…`.
fn id_at(bytes: &[u8]) -> Option<u8> {
    let digit = *bytes.get(1)?;
    let place = digit.checked_sub(b'0').filter(|place| usize::from(*place) < TABS_MAX)?;
    let is_id = bytes.len() >= ID_LENGTH
        && bytes[..8].chunks(2).all(|pair| pair == [b'a', digit])
        && bytes[8] == b'-'
        && bytes[ID_LENGTH - 2..ID_LENGTH] == [b'a', digit];
    is_id.then_some(place)
}
