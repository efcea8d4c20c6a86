//! The kinds of deeds in a world.

/// Something that a person or the environment does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deed {
    Mutate,
    Cancel,
    Retry,
    /// A person decides an edit that is in conflict.
    Resolve,
    Watch,
    Unwatch,
    Register,
    Look,
    Open,
    Close,
    Crash,
    Suspend,
    Resume,
    Freeze,
    Thaw,
    Disconnect,
    Connect,
    StealLock,
    WipeStore,
    FillStore,
    EmptyStore,
    JumpClock,
    StopClock,
    StartClock,
    EditElsewhere,
    Publish,
    Unpublish,
    WatchPeers,
    ServerTime,
    /// A tab of another build or store speaks, or one with an impossible clock.
    Stranger,
    /// A tab of a newer build leads for a moment, and leaves records that this one cannot read.
    NewerBuild,
    /// A person gives an operation up for now.
    SetAside,
    /// A person signs in again.
    SignIn,
}

/// How many groups of deeds are on or off together.
pub const GROUPS: usize = 15;
/// The group of clearing the site's data.
pub const WIPING: usize = 6;
/// The group of topics.
pub const TOPICS: usize = 10;
/// The group of newer builds.
pub const NEWER: usize = 13;
/// The group of what else people do to operations.
pub const OUTBOX: usize = 14;

impl Deed {
    pub const ALL: [Self; 33] = [
        Self::Mutate,
        Self::Cancel,
        Self::Retry,
        Self::Resolve,
        Self::Watch,
        Self::Unwatch,
        Self::Register,
        Self::Look,
        Self::Open,
        Self::Close,
        Self::Crash,
        Self::Suspend,
        Self::Resume,
        Self::Freeze,
        Self::Thaw,
        Self::Disconnect,
        Self::Connect,
        Self::StealLock,
        Self::WipeStore,
        Self::FillStore,
        Self::EmptyStore,
        Self::JumpClock,
        Self::StopClock,
        Self::StartClock,
        Self::EditElsewhere,
        Self::Publish,
        Self::Unpublish,
        Self::WatchPeers,
        Self::ServerTime,
        Self::Stranger,
        Self::NewerBuild,
        Self::SetAside,
        Self::SignIn,
    ];

    /// Deeds that belong to one fault: both on, or both off.
    pub const fn group(self) -> Option<usize> {
        match self {
            Self::Close => Some(0),
            Self::Crash => Some(1),
            Self::Suspend | Self::Resume => Some(2),
            Self::Freeze | Self::Thaw => Some(3),
            Self::Disconnect | Self::Connect => Some(4),
            Self::StealLock => Some(5),
            Self::WipeStore => Some(WIPING),
            Self::FillStore | Self::EmptyStore => Some(7),
            Self::JumpClock => Some(8),
            Self::StopClock | Self::StartClock => Some(9),
            Self::Publish | Self::Unpublish | Self::WatchPeers => Some(TOPICS),
            Self::ServerTime => Some(11),
            Self::Stranger => Some(12),
            Self::NewerBuild => Some(NEWER),
            Self::SetAside | Self::SignIn => Some(OUTBOX),
            _ => None,
        }
    }

    pub const fn weight(self) -> u32 {
        match self {
            Self::Mutate => 60,
            Self::WipeStore | Self::JumpClock | Self::FillStore => 2,
            Self::EmptyStore | Self::StartClock | Self::Resume | Self::Thaw | Self::Connect => 14,
            Self::Publish => 30,
            Self::ServerTime | Self::Stranger | Self::NewerBuild => 4,
            Self::Cancel | Self::Retry | Self::EditElsewhere => 8,
            _ => 6,
        }
    }
}
