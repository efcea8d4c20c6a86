//! What native merges come to, for the package's walk to be compared with: `cargo test --test differential -- --write
//! FILE` writes merges that the seed gives, with what came out, as `tests/merge-cases.md` says.

#[path = "../support/cases/mod.rs"]
#[allow(dead_code, reason = "the hand-written cases use the rest")]
mod cases;
#[path = "../support/merging/mod.rs"]
#[allow(dead_code, reason = "the laws use the rest")]
mod merging;
#[path = "../support/value.rs"]
#[allow(dead_code, reason = "the simulation uses the rest")]
mod value;

use std::fs::File;
use std::io::{BufWriter, Write as _};

use merging::given::Given;
use merging::merge;

/// Bytes that spell one merge at most.
const LENGTH_MAX: usize = 700;

struct Options {
    seed: u64,
    cases: usize,
    file: Option<String>,
}

fn options() -> Options {
    let mut options = Options { seed: 7, cases: 4_000, file: None };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut next = || words.next().unwrap_or_else(|| panic!("{word} wants something"));
        match word.as_str() {
            "--seed" => options.seed = next().parse().expect("a seed is a number"),
            "--cases" => options.cases = next().parse().expect("a count of cases"),
            "--write" => options.file = Some(next()),
            _ => panic!("there is --seed N, --cases N and --write FILE, not {word}"),
        }
    }
    options
}

fn main() {
    let Options { seed, cases, file } = options();
    let mut chance = fastrand::Rng::with_seed(seed);
    let mut written = Vec::new();
    let mut disputed = 0;
    while written.len() < cases {
        let number = written.len();
        let length = chance.usize(..LENGTH_MAX);
        let bytes: Vec<u8> = (0..length).map(|_| chance.u8(..)).collect();
        let Given { sides, mut rules, times } = Given::spelled(&bytes);
        // How much a platform has to look at is its own affair.
        rules.limits = Default::default();
        let merged = merge(&sides, &rules, times);
        disputed += usize::from(!merged.decisions.is_empty() || !merged.conflicts.is_empty());
        let name = format!("seed {seed}, merge {number}");
        written.push(cases::written(&name, &sides, &rules, times, &merged).to_string());
    }
    println!("{cases} merges of seed {seed}, {disputed} of them with something to decide");
    assert!(disputed * 2 > cases, "too few of them are disputed to show much");
    if let Some(file) = file {
        let mut file = BufWriter::new(File::create(&file).expect("the file can be written"));
        file.write_all(format!("[\n{}\n]\n", written.join(",\n")).as_bytes()).expect("the file takes it");
    }
}
