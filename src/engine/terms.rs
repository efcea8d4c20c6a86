//! On which terms an operation is tried: how urgent it is, how often and how soon it is tried again, how long an
//! attempt may take, and when it is wanted no more.

/// What the app says of an operation besides what it does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Terms {
    /// Which of several scopes that could go on goes first.
    pub priority: Priority,
    /// When it is tried again.
    pub retry: Retry,
    /// After how many milliseconds it is wanted no more and becomes a dead letter. Default none: never.
    pub expire_after_ms: Option<u64>,
    /// The version of the app's definition by which its arguments are to be read. Default 0.
    pub version: u32,
    /// Whether one tab that a person sees is to be told how it ended. Default false.
    pub is_reported: bool,
    /// Whether the app may make one operation of it and its neighbours, as long as none was sent. Default false.
    pub coalesces: bool,
    /// Whether only the page that accepted it knows what is to be done, and nothing of that leaves it. Default no.
    pub sensitive: bool,
}

/// How an operation is tried again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Retry {
    /// Further attempts after the first that the server may answer with a failure before the operation becomes a
    /// dead letter. Attempts that it never answered do not count. Default 3.
    pub retries_max: u32,
    /// The bound of the first back-off. Default 1,000 ms.
    pub delay_ms: u64,
    /// How many per cent of the bound before it the next bound is. Default 200.
    pub multiplier_percent: u32,
    /// The longest back-off. Default 30,000 ms.
    pub delay_ms_max: u64,
    /// How long an attempt may take before nobody waits for its answer any more. Default 10,000 ms.
    pub timeout_ms: u64,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            retries_max: 3,
            delay_ms: 1_000,
            multiplier_percent: 200,
            delay_ms_max: 30_000,
            timeout_ms: 10_000,
        }
    }
}

/// How urgent an operation is. Within a scope the order of acceptance counts alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// When nothing else is to be done.
    Low,
    /// As everything else.
    #[default]
    Medium,
    /// Before everything usual.
    High,
    /// Before everything.
    Critical,
}
