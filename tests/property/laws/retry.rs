//! Back-offs: never longer than their bound, which grows up to the longest.

use proptest::prelude::*;
use tabweave::engine::{OperationId, Retry, delay_bound_ms, delay_ms};

use super::scripts;

/// Limits as in an app, and such small ones that every delay up to the bound comes up.
fn retry() -> impl Strategy<Value = Retry> {
    let limits = prop_oneof![(0..100_000_u64, 0..10_000_000_u64), (0..3_u64, 0..4_u64)];
    (limits, 100..1_000_u32).prop_map(|((delay_ms, delay_ms_max), multiplier_percent)| Retry {
        delay_ms,
        delay_ms_max,
        multiplier_percent,
        ..Retry::default()
    })
}

proptest! {
    #![proptest_config(scripts(256))]

    #[test]
    fn a_delay_keeps_to_its_bound(
        (retry, seed, bytes, attempt) in (retry(), any::<u64>(), any::<[u8; 16]>(), any::<u32>()),
    ) {
        let id = OperationId::from_bytes(bytes);
        let delay = delay_ms(&retry, seed, id, attempt);
        prop_assert!(delay <= delay_bound_ms(&retry, attempt));
        prop_assert_eq!(delay, delay_ms(&retry, seed, id, attempt), "the same question, the same answer");
    }

    #[test]
    fn the_bound_grows_and_stays_below_the_longest(retry in retry()) {
        let bounds: Vec<_> = (1..70).map(|attempt| delay_bound_ms(&retry, attempt)).collect();
        prop_assert_eq!(bounds[0], retry.delay_ms.min(retry.delay_ms_max));
        prop_assert!(bounds.is_sorted());
        prop_assert!(bounds.iter().all(|bound| *bound <= retry.delay_ms_max));
        for two in bounds.windows(2) {
            let next = two[0] * u64::from(retry.multiplier_percent) / 100;
            prop_assert_eq!(two[1], next.min(retry.delay_ms_max));
        }
        prop_assert!(delay_bound_ms(&retry, u32::MAX) >= bounds[68]);
    }
}
