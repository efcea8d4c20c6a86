//! A policy as an app writes it.

use tabweave::engine::merge::{Fallback, Policy, PolicyError, Rule};

use super::value::Value;
use super::{Sides, Version};

/// Fields that hold a moment if an app says nothing, as `pkg/src/merge/policy.ts` has them.
const TIMESTAMP_KEYS: [&str; 10] = [
    "updatedAt",
    "updated_at",
    "modifiedAt",
    "modified_at",
    "lastModified",
    "lastUpdate",
    "lastUpdated",
    "lastActivity",
    "lastSeen",
    "timestamp",
];

/// Those that hold a status.
const STATUS_KEYS: [&str; 2] = ["status", "state"];

#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub nodes_max: u64,
    pub depth_max: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { nodes_max: 2_000_000, depth_max: 200 }
    }
}

#[derive(Clone, Debug)]
pub struct Rules {
    pub rules: Vec<(String, RuleSpec)>,
    pub fallback: Fallback,
    pub timestamp_keys: Vec<String>,
    pub status_keys: Vec<String>,
    pub limits: Limits,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            fallback: Fallback::default(),
            timestamp_keys: TIMESTAMP_KEYS.map(str::to_owned).to_vec(),
            status_keys: STATUS_KEYS.map(str::to_owned).to_vec(),
            limits: Limits::default(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleSpec {
    Plain(Rule),
    Keyed(String),
    Function(Function),
}

/// What a function of the app does, in tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Makes a list of what the sides have.
    List,
    /// Removes the part.
    Remove,
    /// Says that somebody has to decide.
    Undecided,
    /// Throws.
    Throw,
}

/// What a function came to.
pub(super) enum Returned {
    Version(Version),
    Undecided,
    Threw,
}

impl Function {
    pub const ALL: [Self; 4] = [Self::List, Self::Remove, Self::Undecided, Self::Throw];

    pub const fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Remove => "remove",
            Self::Undecided => "undecided",
            Self::Throw => "throw",
        }
    }

    pub(super) fn call(self, sides: &Sides) -> Returned {
        match self {
            Self::List => {
                let versions = [&sides.base, &sides.local, &sides.server];
                Returned::Version(Some(Value::list(versions.into_iter().flatten().cloned())))
            }
            Self::Remove => Returned::Version(None),
            Self::Undecided => Returned::Undecided,
            Self::Throw => Returned::Threw,
        }
    }
}

impl Rules {
    /// With one rule, for this pattern.
    pub fn one(pattern: &str, rule: RuleSpec) -> Self {
        Self { rules: vec![(pattern.to_owned(), rule)], ..Self::default() }
    }

    /// The function of this number, as the compiled policy has it.
    pub(super) fn function(&self, number: u32) -> Function {
        match self.rules[number as usize].1 {
            RuleSpec::Function(function) => function,
            _ => panic!("the rule {number} is no function"),
        }
    }

    /// As the engine has it. A function's number is its rule's place.
    pub(super) fn compile(&self) -> Policy {
        self.try_compile().expect("a policy of a test can be")
    }

    pub fn try_compile(&self) -> Result<Policy, PolicyError> {
        let timestamps = self.timestamp_keys.iter().map(String::as_str);
        let statuses = self.status_keys.iter().map(String::as_str);
        let mut policy = Policy::new(self.fallback, timestamps, statuses);
        for (number, (pattern, spec)) in (0..).zip(&self.rules) {
            let rule = match spec {
                RuleSpec::Plain(rule) => *rule,
                RuleSpec::Keyed(by) => Rule::Keyed(policy.name(by)),
                RuleSpec::Function(_) => Rule::Function(number),
            };
            policy.rule(pattern, rule)?;
        }
        Ok(policy)
    }
}
