//! A scene of the demo, and what people do to it.

use crate::value::Value;

/// What one person does to a scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    NoteSentence,
    NoteWord,
    NoteRewrite,
    AddParticipant,
    RemoveParticipant,
    RenameParticipant,
    MoveParticipant,
    HitPoints,
    Tag,
    Untag,
    Status,
    Rename,
}

const NAMES: [(Deed, &str); 12] = [
    (Deed::NoteSentence, "note-sentence"),
    (Deed::NoteWord, "note-word"),
    (Deed::NoteRewrite, "note-rewrite"),
    (Deed::AddParticipant, "add-participant"),
    (Deed::RemoveParticipant, "remove-participant"),
    (Deed::RenameParticipant, "rename-participant"),
    (Deed::MoveParticipant, "move-participant"),
    (Deed::HitPoints, "hit-points"),
    (Deed::Tag, "tag"),
    (Deed::Untag, "untag"),
    (Deed::Status, "status"),
    (Deed::Rename, "rename"),
];

const WORDS: [&str; 24] = [
    "the", "door", "opens", "a", "goblin", "waits", "behind", "old", "barrels", "and", "listens", "to",
    "torches", "burn", "low", "Brenna", "draws", "her", "sword", "nobody", "speaks", "of", "silver", "bells",
];
const TAGS: [&str; 8] = ["night", "forest", "ambush", "boss", "social", "puzzle", "chase", "rest"];
const STATUSES: [&str; 4] = ["planned", "live", "paused", "completed"];

impl Deed {
    pub fn from_name(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(deed, _)| *deed)
    }

    /// The scene after it.
    pub fn of(self, scene: &Value, chance: &mut fastrand::Rng) -> Value {
        match self {
            Self::NoteSentence => with_sentences(scene, |sentences| {
                let at = chance.usize(..=sentences.len());
                sentences.insert(at, sentence(chance));
            }),
            Self::NoteWord => with_sentences(scene, |sentences| {
                let at = chance.usize(..sentences.len().max(1));
                if let Some(one) = sentences.get_mut(at) {
                    let mut words: Vec<_> = one.split(' ').map(str::to_owned).collect();
                    let place = chance.usize(..words.len());
                    words[place] = format!("{}{}", word(chance), chance.u8(..));
                    *one = words.join(" ");
                }
            }),
            Self::NoteRewrite => with_sentences(scene, |sentences| {
                *sentences = (0..3).map(|_| sentence(chance)).collect();
            }),
            Self::AddParticipant => with_participants(scene, |list| {
                let at = chance.usize(..=list.len());
                list.insert(at, participant(&format!("p{}", chance.u32(1_000..)), word(chance)));
            }),
            Self::RemoveParticipant => with_participants(scene, |list| {
                if list.len() > 1 {
                    list.remove(chance.usize(..list.len()));
                }
            }),
            Self::RenameParticipant => with_participant(scene, chance, |one, chance| {
                one.with_field("name", Value::text(format!("{} {}", word(chance), chance.u8(..))))
            }),
            Self::MoveParticipant => with_participants(scene, |list| {
                let one = list.remove(chance.usize(..list.len()));
                list.insert(chance.usize(..=list.len()), one);
            }),
            Self::HitPoints => with_participant(scene, chance, |one, chance| {
                let before = one.field("hp").and_then(Value::as_number).unwrap_or(0.0);
                one.with_field("hp", Value::number(before - f64::from(chance.u8(1..9))))
            }),
            Self::Tag => with_tags(scene, |tags| tags.push(Value::text(TAGS[chance.usize(..TAGS.len())]))),
            Self::Untag => with_tags(scene, |tags| {
                tags.pop();
            }),
            Self::Status => scene.with_field("status", Value::text(STATUSES[chance.usize(..STATUSES.len())])),
            Self::Rename => {
                scene.with_field("name", Value::text(format!("{} {}", word(chance), word(chance))))
            }
        }
    }
}

/// A scene as it was when nobody had begun.
pub fn scene(chance: &mut fastrand::Rng) -> Value {
    let participants = (0..chance.usize(3..8)).map(|number| participant(&format!("p{number}"), word(chance)));
    let participants = Value::list(participants.collect::<Vec<_>>());
    let note: Vec<_> = (0..chance.usize(3..9)).map(|_| sentence(chance)).collect();
    Value::object([
        ("name", Value::text("The old mill")),
        ("status", Value::text(STATUSES[0])),
        ("participants", participants),
        ("note", Value::text(note.join(" "))),
        ("tags", Value::list([Value::text(TAGS[0]), Value::text(TAGS[1])])),
    ])
}

fn participant(id: &str, name: &str) -> Value {
    Value::object([("id", Value::text(id)), ("name", Value::text(name)), ("hp", Value::number(20.0))])
}

fn word(chance: &mut fastrand::Rng) -> &'static str {
    WORDS[chance.usize(..WORDS.len())]
}

fn sentence(chance: &mut fastrand::Rng) -> String {
    let words: Vec<_> = (0..chance.usize(4..12)).map(|_| word(chance)).collect();
    format!("{}.", words.join(" "))
}

fn with_sentences(scene: &Value, change: impl FnOnce(&mut Vec<String>)) -> Value {
    let note = scene.field("note").and_then(Value::as_text).unwrap_or("");
    let mut sentences: Vec<_> =
        note.split_inclusive('.').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect();
    change(&mut sentences);
    scene.with_field("note", Value::text(sentences.join(" ")))
}

fn with_list(scene: &Value, name: &str, change: impl FnOnce(&mut Vec<Value>)) -> Value {
    let mut list = scene.field(name).and_then(Value::items).unwrap_or(&[]).to_vec();
    change(&mut list);
    scene.with_field(name, Value::list(list))
}

fn with_participants(scene: &Value, change: impl FnOnce(&mut Vec<Value>)) -> Value {
    with_list(scene, "participants", change)
}

fn with_participant(
    scene: &Value,
    chance: &mut fastrand::Rng,
    change: impl FnOnce(&Value, &mut fastrand::Rng) -> Value,
) -> Value {
    with_participants(scene, |list| {
        let at = chance.usize(..list.len());
        list[at] = change(&list[at], chance);
    })
}

fn with_tags(scene: &Value, change: impl FnOnce(&mut Vec<Value>)) -> Value {
    with_list(scene, "tags", |tags| {
        change(tags);
        let mut seen = Vec::new();
        tags.retain(|tag| {
            !seen.contains(tag) && {
                seen.push(tag.clone());
                true
            }
        });
    })
}
