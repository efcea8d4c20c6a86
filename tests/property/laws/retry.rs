//! Back-offs: never longer than their bound, which grows up to the longest.

use proptest::prelude::*;
use tabweave::engine::{Config, OperationId, delay_bound_ms, delay_ms};

use super::scripts;

/// Limits as in an app, and such small ones that every delay up to the bound comes up.
fn config() -> impl Strategy<Value = Config> {
    let limits = prop_oneof![(0..100_000_u64, 0..10_000_000_u64), (0..3_u64, 0..4_u64)];
    limits.prop_map(|(retry_delay_ms, retry_delay_ms_max)| Config {
        retry_delay_ms,
        retry_delay_ms_max,
        ..Config::default()
    })
}

proptest! {
    #![proptest_config(scripts(256))]

    #[test]
    fn a_delay_keeps_to_its_bound(
        (config, seed, bytes, attempt) in (config(), any::<u64>(), any::<[u8; 16]>(), any::<u32>()),
    ) {
        let id = OperationId::from_bytes(bytes);
        let delay = delay_ms(&config, seed, id, attempt);
        prop_assert!(delay <= delay_bound_ms(&config, attempt));
        prop_assert_eq!(delay, delay_ms(&config, seed, id, attempt), "the same question, the same answer");
    }

    #[test]
    fn the_bound_grows_up_to_the_longest_and_stays_there(config in config()) {
        let bounds: Vec<_> = (1..70).map(|attempt| delay_bound_ms(&config, attempt)).collect();
        prop_assert_eq!(bounds[0], config.retry_delay_ms.min(config.retry_delay_ms_max));
        prop_assert!(bounds.is_sorted());
        let longest = if config.retry_delay_ms == 0 { 0 } else { config.retry_delay_ms_max };
        prop_assert_eq!(bounds.last(), Some(&longest));
        prop_assert_eq!(delay_bound_ms(&config, u32::MAX), longest);
    }
}
