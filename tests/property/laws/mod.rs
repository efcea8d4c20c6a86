//! What holds whatever happens.

mod audit;
mod canonical;
mod clock;
mod ids;
mod lone_tab;
mod merge;
mod news;
mod rebase;
mod retry;
mod values;

use proptest::test_runner::{Config, FileFailurePersistence};

/// So many scripts a law, after those of the seeds that once failed. `PROPTEST_CASES=20000` looks harder.
fn scripts(cases: u32) -> Config {
    let asked = Config::default();
    let is_asked = std::env::var_os("PROPTEST_CASES").is_some();
    Config {
        cases: if is_asked { asked.cases } else { cases },
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/property/seeds.txt"))),
        ..asked
    }
}
