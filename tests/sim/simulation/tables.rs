//! The transition tables that the engine's documentation draws, as data: an arrow that is not in them breaks a
//! promise, and a large run that has not taken each of them has not seen enough. Beside them the pairs of a trouble
//! and the state an operation is in when it comes.

use super::deed::Deed;
use super::faults::Fault;
use super::plan::Trouble;

/// A state, and those that may follow it in one step.
type Row = (&'static str, &'static [&'static str]);

/// The life of an operation, as the store sees it. Late answers reach an operation wherever it has got to.
pub const OPERATION: [Row; 5] = tabweave::engine::TRANSITIONS;

/// A tab's part in the election: see `src/engine/election.rs`. One call of the engine may take several arrows, of
/// which only the first state and the last are seen.
pub const ELECTION: [Row; 7] = [
    ("resting", &["queuing"]),
    ("queuing", &["doubting", "holding", "claiming", "resting"]),
    ("doubting", &["queuing", "usurping", "holding", "claiming", "resting"]),
    ("usurping", &["leading", "doubting", "claiming", "queuing", "resting"]),
    ("holding", &["claiming", "queuing", "resting"]),
    ("claiming", &["leading", "holding", "queuing", "resting"]),
    ("leading", &["queuing", "holding", "resting"]),
];

pub fn is_arrow(table: &[Row], from: &str, to: &str) -> bool {
    table.iter().any(|(state, next)| *state == from && next.contains(&to))
}

pub fn arrows(table: &'static [Row]) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.iter().flat_map(|(from, next)| next.iter().map(move |to| (*from, *to)))
}

/// What an operation may be up to when trouble comes.
pub const STATES: [&str; 7] = ["queued", "claimed", "waiting", "parked", "done", "dead", "cancelled"];

/// What goes wrong in or for a tab.
pub fn troubles() -> impl Iterator<Item = Trouble> {
    let deeds = [
        Deed::Close,
        Deed::Crash,
        Deed::Suspend,
        Deed::Resume,
        Deed::Freeze,
        Deed::Thaw,
        Deed::Disconnect,
        Deed::Connect,
        Deed::StealLock,
        Deed::WipeStore,
        Deed::FillStore,
        Deed::JumpClock,
        Deed::StopClock,
        Deed::NewerBuild,
    ];
    let faults = [
        Fault::MessageLost,
        Fault::MessageDoubled,
        Fault::MessageLate,
        Fault::MessageOvertakes,
        Fault::WriteFails,
        Fault::ReadFails,
        Fault::StoreSlow,
        Fault::StoreAnswerLate,
        Fault::WriteLostInCrash,
        Fault::CrashInTask,
        Fault::RequestLost,
        Fault::RequestLate,
        Fault::AnswerLost,
        Fault::AnswerLate,
    ];
    deeds.map(Trouble::Deed).into_iter().chain(faults.map(Trouble::Fault))
}
