//! Limits, each with its unit in its name.

/// The engine's limits. The defaults are for people at browsers; simulations may tighten them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// Unfinished operations that the outbox holds before it refuses more. Default 10,000.
    pub outbox_operations_max: usize,
    /// Attempts that the server answered with "not now" before an operation becomes a dead letter. Default 4.
    pub operation_attempts_max: u32,
    /// The first back-off. Default 1,000 ms.
    pub retry_delay_ms: u64,
    /// The longest back-off. Default 30,000 ms.
    pub retry_delay_ms_max: u64,
    /// Scopes that have an attempt under way at the same time. Default 6.
    pub scopes_parallel_max: usize,
    /// How old the proof of leadership may be when an operation is sent. Default 10,000 ms.
    pub lease_duration_ms: u64,
    /// How long the record of an accepted or cancelled operation is kept. Default 300,000 ms.
    pub finished_keep_ms: u64,
    /// How long results of queries are gathered before they are written down. Default 250 ms.
    pub queries_flush_ms: u64,
    /// How long missing news may be late before the store is read. Default 50 ms.
    pub gap_patience_ms: u64,
    /// How long a tab that said it was writing may take before its leader reads the store. Default 500 ms.
    pub news_patience_ms: u64,
    /// How long until a failed write is tried again. Default 1,000 ms.
    pub persist_retry_ms: u64,
    /// How long a batch may take before `storage_stalled` is reported. Default 5,000 ms.
    pub persist_timeout_ms: u64,
    /// How long an accepted operation without a key is shown when no base tells of it. Default 2,000 ms.
    pub confirm_wait_ms_max: u64,
    /// How often the leader looks whether a tab that makes an attempt for it still lives. Default 2,000 ms.
    pub presence_check_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            outbox_operations_max: 10_000,
            operation_attempts_max: 4,
            retry_delay_ms: 1_000,
            retry_delay_ms_max: 30_000,
            scopes_parallel_max: 6,
            lease_duration_ms: 10_000,
            finished_keep_ms: 300_000,
            queries_flush_ms: 250,
            gap_patience_ms: 50,
            news_patience_ms: 500,
            persist_retry_ms: 1_000,
            persist_timeout_ms: 5_000,
            confirm_wait_ms_max: 2_000,
            presence_check_ms: 2_000,
        }
    }
}
