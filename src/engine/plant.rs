//! Mistakes that a test can plant into the engine, to see that the proofs find them. Without the feature `planted`
//! nothing of this is left in the code.

use super::Engine;

/// A mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Plant {
    /// A leader's batches do not assert that no later epoch was won.
    FenceUnasserted,
    /// A gap in the news is not closed by reading the store.
    GapIgnored,
    /// Stamps from elsewhere do not move the clock.
    ClockNotObserved,
    /// News that was heard before is taken for new, and old news for the latest.
    DuplicateTaken,
    /// An operation is sent however old the proof of leadership is.
    LeaseUnchecked,
    /// News of another store is taken for news of this one.
    StoreIdentityIgnored,
    /// The others are not told what was stored.
    UnannouncedStore,
    /// An operation is sent while its claim is on its way to the store.
    SentBeforeClaimed,
    /// The journal is told to forget an operation before the store has it.
    EarlyRelease,
    /// A tab that gets no answer from the leader leads without having won an epoch.
    TakeoverWithoutEpoch,
    /// A leader whose write came undone goes on leading.
    UndoneWriteIgnored,
    /// A tab that comes back does not read the store.
    ReturnUnread,
    /// Ephemeral entries of a tab that is gone stay.
    GhostsKept,
    /// An entry that is older than the one shown is told to the app.
    OlderEntryTold,
    /// What became of an attempt is not written down.
    AnswerForgotten,
    /// Journals of tabs that live no more are not taken over.
    OrphansLeft,
    /// A tab of another build is told so with each of its messages.
    StrangerAnsweredAgain,
    /// A clock that cannot be is believed.
    ClockUnbounded,
    /// Operations are sent though the server asked everybody to hold back.
    BreakerIgnored,
    /// Nobody else is told of an end if the tab that was to be told is gone.
    ReportAbandoned,
    /// An operation that takes over what another was to do does only what it was to do itself.
    MergerForgotten,
    /// Records go though a journal may hold their operations.
    RecordsForgotten,
    /// A sensitive operation is run by whoever knows its name.
    SecretsLent,
    /// Operations are taken for stored if the store has one of their batch.
    PartTakenForAll,
}

#[cfg(feature = "planted")]
impl Plant {
    /// Those that every proof finds.
    pub const ALL: [Self; 12] = [
        Self::FenceUnasserted,
        Self::GapIgnored,
        Self::ClockNotObserved,
        Self::DuplicateTaken,
        Self::LeaseUnchecked,
        Self::StoreIdentityIgnored,
        Self::UnannouncedStore,
        Self::SentBeforeClaimed,
        Self::EarlyRelease,
        Self::TakeoverWithoutEpoch,
        Self::UndoneWriteIgnored,
        Self::ReturnUnread,
    ];

    /// Those that show where there are topics, journals, strangers and clocks, as in the simulation.
    pub const OF_LARGE_WORLDS: [Self; 12] = [
        Self::GhostsKept,
        Self::OlderEntryTold,
        Self::AnswerForgotten,
        Self::OrphansLeft,
        Self::StrangerAnsweredAgain,
        Self::ClockUnbounded,
        Self::BreakerIgnored,
        Self::ReportAbandoned,
        Self::MergerForgotten,
        Self::RecordsForgotten,
        Self::SecretsLent,
        Self::PartTakenForAll,
    ];
}

impl<V> Engine<V> {
    /// Whether this mistake was planted.
    #[cfg(feature = "planted")]
    pub(super) fn has_planted(&self, plant: Plant) -> bool {
        self.config.plant == Some(plant)
    }

    /// No mistake is ever planted into what ships.
    #[cfg(not(feature = "planted"))]
    #[expect(clippy::unused_self, reason = "the other build looks into the configuration")]
    pub(super) const fn has_planted(&self, _plant: Plant) -> bool {
        false
    }
}
