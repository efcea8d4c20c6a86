//! The fuzzer's targets without the fuzzer: each is given bytes made by chance, always the same, and the bytes that it
//! once failed with. `npm run fuzz` looks for more of those.
#![cfg(not(target_arch = "wasm32"))]

mod targets;

use std::fmt::Debug;
use std::fmt::Write as _;

use arbitrary::{Arbitrary, Unstructured};

/// Bytes of one script at most.
const LENGTH_MAX: usize = 2_048;
const SEED: u64 = 7;

/// Tells what a target failed with, and how it is kept.
struct Telling<'a> {
    target: &'a str,
    bytes: &'a [u8],
    script: String,
}

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self { target, bytes, script } = self;
            println!(
                "{script}\nkeep it: a line “{target} {} why it failed” in tests/fuzz/found.txt",
                hex(bytes)
            );
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a text takes all");
        text
    })
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("two hexadecimal digits");
    (0..hex.len()).step_by(2).map(digits).collect()
}

/// What this target once failed with, in the order in which it was found.
fn found(target: &str) -> Vec<Vec<u8>> {
    let lines = include_str!("found.txt").lines().filter(|line| !line.starts_with('#'));
    let words = lines.map(|line| line.split(' ').collect::<Vec<_>>());
    words.filter(|words| words[0] == target).map(|words| bytes_of(words[1])).collect()
}

fn run<Script: for<'a> Arbitrary<'a> + Debug>(target: &str, times: usize, run: fn(Script)) {
    let mut chance = fastrand::Rng::with_seed(SEED);
    let drawn = (0..times).map(|_| {
        let length = chance.usize(..LENGTH_MAX);
        (0..length).map(|_| chance.u8(..)).collect::<Vec<_>>()
    });
    for bytes in found(target).into_iter().chain(drawn) {
        let Ok(script) = Script::arbitrary_take_rest(Unstructured::new(&bytes)) else { continue };
        let _telling = Telling { target, bytes: &bytes, script: format!("{script:?}") };
        run(script);
    }
}

#[test]
fn journals_are_absorbed_whatever_happens() {
    run("journals", 600, targets::Journals::run);
}

#[test]
fn merges_end_and_keep_their_laws() {
    run("merge", 3_000, targets::Merge::run);
}

#[test]
fn what_strangers_store_and_say_harms_nobody() {
    run("strangers", 1_500, targets::Strangers::run);
}

#[test]
fn what_is_read_is_spelled_as_it_was() {
    run("spellings", 5_000, targets::Spellings::run);
}
