//! Limits, each with its unit in its name.

use super::audit::AuditValues;

/// The engine's limits. The defaults are for people at browsers; simulations may tighten them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// What the audit trail keeps of the values that it is about. Default: themselves.
    pub audit_values: AuditValues,
    /// The version of the app, which other tabs are told. Default empty.
    pub app: String,
    /// Unfinished operations that the outbox holds before it refuses more. Default 10,000.
    pub outbox_operations_max: usize,
    /// Bytes that the arguments of unfinished operations may take before more are refused. Default 67,108,864: 64 MiB.
    pub outbox_bytes_max: u64,
    /// Scopes that have an attempt under way at the same time. Default 6.
    pub scopes_parallel_max: usize,
    /// How old the proof of leadership may be when an operation is sent. Default 2,500 ms: less than a take-over
    /// takes, so that who was taken over from has no fresh proof left.
    pub lease_duration_ms: u64,
    /// How long a tab with work for the leader waits for a sign of it before it asks. Default 1,000 ms, and up to
    /// half as much again, so that not all tabs ask at once.
    pub leader_patience_ms: u64,
    /// How long a leader may take to answer; after twice as long without an answer it is taken over from. Default
    /// 1,500 ms.
    pub leader_answer_ms: u64,
    /// The same for a tab that has no Web Locks and looks for a leader when it starts. Default 250 ms.
    pub lockless_answer_ms: u64,
    /// The shortest time between two messages about one key of an ephemeral topic. Default 16 ms, a frame.
    pub topic_frame_ms: u64,
    /// The shortest time between two messages of one tab about ephemeral topics: what is written meanwhile goes
    /// together. Default 2 ms.
    pub topic_tick_ms: u64,
    /// Entries that the topics hold before a new key is refused. Default 10,000.
    pub topic_entries_max: usize,
    /// How long the record of a removal from a durable topic is kept at least, by which a write that was made before it
    /// and arrives after it is known to be the older. Default 300,000 ms.
    pub topic_removed_keep_ms: u64,
    /// Records of removals older than that which the store may hold before it is told to forget them. Default 200.
    pub topic_removed_max: usize,
    /// Entries that later ones of their keys have replaced which a tab leaves in the store before it has them dropped,
    /// all at once: that takes less than one each time. Default 32.
    pub topic_replaced_max: usize,
    /// How far a stamp in a message may be ahead of this tab's clock. Default 86,400,000 ms, a day.
    pub clock_skew_ms_max: u64,
    /// How long the record of an accepted or cancelled operation is kept at least. Default 300,000 ms.
    pub finished_keep_ms: u64,
    /// How long the journals of tabs that take no part are not looked through again for operations whose records could go
    /// otherwise. Default 60,000 ms.
    pub journals_check_ms: u64,
    /// How long results of queries are gathered before they are written down. Default 250 ms.
    pub queries_flush_ms: u64,
    /// How long answers to tabs that arrive are gathered after the first, so that many that open together do not answer
    /// each one each. Default 50 ms.
    pub greetings_gather_ms: u64,
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
    /// How often the leader looks whether a tab that makes an attempt for it still lives, and a tab whose person sees
    /// the list of tabs, which of them do. Default 2,000 ms.
    pub presence_check_ms: u64,
    /// A mistake for a test to find. Default none.
    #[cfg(feature = "planted")]
    pub plant: Option<super::plant::Plant>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            audit_values: AuditValues::Keep,
            app: String::new(),
            outbox_operations_max: 10_000,
            outbox_bytes_max: 64 << 20,
            scopes_parallel_max: 6,
            lease_duration_ms: 2_500,
            leader_patience_ms: 1_000,
            leader_answer_ms: 1_500,
            lockless_answer_ms: 250,
            topic_frame_ms: 16,
            topic_tick_ms: 2,
            topic_entries_max: 10_000,
            topic_removed_keep_ms: 300_000,
            topic_removed_max: 200,
            topic_replaced_max: 32,
            clock_skew_ms_max: 86_400_000,
            finished_keep_ms: 300_000,
            journals_check_ms: 60_000,
            queries_flush_ms: 250,
            greetings_gather_ms: 50,
            gap_patience_ms: 50,
            news_patience_ms: 500,
            persist_retry_ms: 1_000,
            persist_timeout_ms: 5_000,
            confirm_wait_ms_max: 2_000,
            presence_check_ms: 2_000,
            #[cfg(feature = "planted")]
            plant: None,
        }
    }
}
