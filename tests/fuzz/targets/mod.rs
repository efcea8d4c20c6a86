//! What the fuzzer calls: for each target a script that any bytes spell, and what must hold however it goes.

#[path = "../../world/app.rs"]
#[allow(dead_code, reason = "the small worlds use the rest")]
mod app;
#[path = "../../support/database.rs"]
#[allow(dead_code, reason = "the simulation uses the rest")]
mod database;
mod given;
mod journals;
mod merge;
#[path = "../../support/merging/mod.rs"]
#[allow(dead_code, reason = "the hand-written merges use the rest")]
mod merging;
mod page;
mod spellings;
mod strangers;
#[path = "../../support/value.rs"]
#[allow(dead_code, reason = "the simulation uses the rest")]
mod value;

pub use journals::Script as Journals;
pub use merge::Script as Merge;
pub use spellings::Script as Spellings;
pub use strangers::Script as Strangers;

use arbitrary::{Arbitrary, Result, Unstructured};

/// Longer scripts show nothing that shorter ones do not.
const STEPS_MAX: usize = 300;

/// As many steps as the bytes spell.
fn steps<'a, Step: Arbitrary<'a>>(bytes: &mut Unstructured<'a>) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    while !bytes.is_empty() && steps.len() < STEPS_MAX {
        steps.push(bytes.arbitrary()?);
    }
    Ok(steps)
}
