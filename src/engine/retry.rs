//! When to try again: capped exponential back-off with full jitter.
//!
//! Source: Marc Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015), "full jitter".

use super::ids::OperationId;
use super::terms::Retry;

/// The longest that the back-off after this attempt (from 1) may be, in milliseconds.
pub fn delay_bound_ms(retry: &Retry, attempt: u32) -> u64 {
    let mut bound = retry.delay_ms.min(retry.delay_ms_max);
    for _ in 1..attempt {
        let next = bound.saturating_mul(u64::from(retry.multiplier_percent)) / 100;
        let next = next.min(retry.delay_ms_max);
        // It grows no more, or shrinks to nothing: the rest of the way changes nothing either.
        if next == bound {
            break;
        }
        bound = next;
    }
    bound
}

/// The back-off after this attempt in milliseconds.
///
/// The jitter comes from the engine's seed, the operation and the attempt, not from a generator with a state, so
/// that the outbox can be cloned, compared and hashed, and two leaders would wait equally long.
pub fn delay_ms(retry: &Retry, seed: u64, id: OperationId, attempt: u32) -> u64 {
    let folded = id.bytes().iter().fold(seed, |hash, byte| hash.rotate_left(9) ^ u64::from(*byte));
    let mut random = fastrand::Rng::with_seed(folded.wrapping_add(u64::from(attempt)));
    random.u64(0..=delay_bound_ms(retry, attempt))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_doubles_up_to_the_limit() {
        let retry = Retry::default();
        let bounds: Vec<_> = [1, 2, 3, 6, 40].map(|attempt| delay_bound_ms(&retry, attempt)).into();
        assert_eq!(bounds, [1_000, 2_000, 4_000, 30_000, 30_000]);
    }

    #[test]
    fn delays_are_spread_below_the_bound() {
        let retry = Retry::default();
        let delays: Vec<_> =
            (0..200).map(|n| delay_ms(&retry, 7, OperationId::from_bytes([n; 16]), 3)).collect();
        assert!(delays.iter().all(|delay| *delay <= 4_000));
        assert!(delays.iter().any(|delay| *delay < 800) && delays.iter().any(|delay| *delay > 3_200));
    }
}
