//! When to try again: capped exponential back-off with full jitter.
//!
//! Source: Marc Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015), "full jitter".

use super::config::Config;
use super::ids::OperationId;

/// The longest that the back-off after this attempt (from 1) may be, in milliseconds.
pub fn delay_bound_ms(config: &Config, attempt: u32) -> u64 {
    let doublings = attempt.saturating_sub(1).min(32);
    config.retry_delay_ms.saturating_mul(1 << doublings).min(config.retry_delay_ms_max)
}

/// The back-off after this attempt in milliseconds.
///
/// The jitter comes from the engine's seed, the operation and the attempt, not from a generator with a state, so
/// that the outbox can be cloned, compared and hashed, and two leaders would wait equally long.
pub fn delay_ms(config: &Config, seed: u64, id: OperationId, attempt: u32) -> u64 {
    let folded = id.bytes().iter().fold(seed, |hash, byte| hash.rotate_left(9) ^ u64::from(*byte));
    let mut random = fastrand::Rng::with_seed(folded.wrapping_add(u64::from(attempt)));
    random.u64(0..=delay_bound_ms(config, attempt))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_doubles_up_to_the_limit() {
        let config = Config::default();
        let bounds: Vec<_> = [1, 2, 3, 6, 40].map(|attempt| delay_bound_ms(&config, attempt)).into();
        assert_eq!(bounds, [1_000, 2_000, 4_000, 30_000, 30_000]);
    }

    #[test]
    fn delays_are_spread_below_the_bound() {
        let config = Config::default();
        let delays: Vec<_> =
            (0..200).map(|n| delay_ms(&config, 7, OperationId::from_bytes([n; 16]), 3)).collect();
        assert!(delays.iter().all(|delay| *delay <= 4_000));
        assert!(delays.iter().any(|delay| *delay < 800) && delays.iter().any(|delay| *delay > 3_200));
    }
}
