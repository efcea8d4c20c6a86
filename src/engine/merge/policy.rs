//! Which rule holds where.

use thiserror::Error;

use super::pattern::{PatternStep, parse};
use super::rule::Rule;

/// The number of a field's name that a policy mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u32);

/// What becomes of a part that no rule decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Fallback {
    /// A person decides.
    #[default]
    Manual,
    /// The side that was changed later is taken.
    Latest,
}

/// When the sides were changed, as wall times in milliseconds; none: nobody knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Times {
    /// When this person did what is to be merged.
    pub local_ms: Option<u64>,
    /// When the server took over what it has.
    pub server_ms: Option<u64>,
}

/// Why a policy cannot be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// The text is no pattern of a path.
    #[error("`{0}` is no pattern of a path")]
    Pattern(String),
    /// Two rules are given for one pattern.
    #[error("`{0}` has two rules")]
    Twice(String),
}

/// Rules by patterns of paths, and what holds without any.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    fallback: Fallback,
    names: Vec<String>,
    roles: Vec<Role>,
    steps: Vec<RuleStep>,
}

/// What the name of a field tells of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Role {
    None,
    Timestamp,
    Status,
}

/// A place in the tree of patterns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct RuleStep {
    rule: Option<Rule>,
    fields: Vec<(NameId, usize)>,
    any_field: Option<usize>,
    any_element: Option<usize>,
}

/// The places in the tree of patterns that a path has led to, the more exact ones first.
#[derive(Clone, Debug)]
pub(super) struct Scope(Vec<usize>);

impl Policy {
    /// A policy without rules. Fields of these names hold a moment, or a status.
    pub fn new<'a>(
        fallback: Fallback,
        timestamp_keys: impl IntoIterator<Item = &'a str>,
        status_keys: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut policy =
            Self { fallback, names: Vec::new(), roles: Vec::new(), steps: vec![RuleStep::default()] };
        for (names, role) in [
            (timestamp_keys.into_iter().collect::<Vec<_>>(), Role::Timestamp),
            (status_keys.into_iter().collect(), Role::Status),
        ] {
            for name in names {
                let id = policy.name(name);
                policy.roles[id.0 as usize] = role;
            }
        }
        policy
    }

    /// Sets the rule for the parts that a pattern leads to.
    ///
    /// # Errors
    /// The text is no pattern, or has a rule already.
    pub fn rule(&mut self, pattern: &str, rule: Rule) -> Result<(), PolicyError> {
        let steps = parse(pattern).ok_or_else(|| PolicyError::Pattern(pattern.to_owned()))?;
        let at = steps.into_iter().fold(0, |at, step| self.below(at, step));
        match self.steps[at].rule.replace(rule) {
            None => Ok(()),
            Some(_) => Err(PolicyError::Twice(pattern.to_owned())),
        }
    }

    /// The number of a field's name, which the platform tells with a field of that name.
    pub fn name(&mut self, name: &str) -> NameId {
        let known = self.names.iter().position(|known| known == name);
        let id = known.unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.roles.push(Role::None);
            self.names.len() - 1
        });
        NameId(id as u32)
    }

    /// The names that the policy mentions, by their numbers.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The place that a step leads to, which is made if need be.
    fn below(&mut self, at: usize, step: PatternStep) -> usize {
        let next = self.steps.len();
        let name = if let PatternStep::Field(name) = &step { Some(self.name(name)) } else { None };
        let from = &mut self.steps[at];
        let found = match (name, step) {
            (Some(name), _) => {
                let known = from.fields.iter().find(|(known, _)| *known == name).map(|(_, at)| *at);
                known.unwrap_or_else(|| {
                    from.fields.push((name, next));
                    next
                })
            }
            (None, PatternStep::AnyElement) => *from.any_element.get_or_insert(next),
            (None, _) => *from.any_field.get_or_insert(next),
        };
        if found == next {
            self.steps.push(RuleStep::default());
        }
        found
    }

    pub(super) fn root(&self) -> Scope {
        Scope(vec![0])
    }

    /// Where a field of this name leads to.
    pub(super) fn field(&self, scope: &Scope, name: Option<NameId>) -> Scope {
        let exact = scope.0.iter().filter_map(|at| {
            self.steps[*at].fields.iter().find(|(known, _)| Some(*known) == name).map(|(_, next)| *next)
        });
        let any = scope.0.iter().filter_map(|at| self.steps[*at].any_field);
        Scope(exact.chain(any).collect())
    }

    /// Where an element leads to.
    pub(super) fn element(&self, scope: &Scope) -> Scope {
        Scope(scope.0.iter().filter_map(|at| self.steps[*at].any_element).collect())
    }

    pub(super) fn rule_at(&self, scope: &Scope) -> Option<Rule> {
        scope.0.iter().find_map(|at| self.steps[*at].rule)
    }

    pub(super) fn is_timestamp(&self, name: Option<NameId>) -> bool {
        self.role(name) == Role::Timestamp
    }

    pub(super) fn is_status(&self, name: Option<NameId>) -> bool {
        self.role(name) == Role::Status
    }

    fn role(&self, name: Option<NameId>) -> Role {
        name.map_or(Role::None, |name| self.roles[name.0 as usize])
    }

    pub(super) const fn fallback(&self) -> Fallback {
        self.fallback
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_exact_pattern_counts() {
        let mut policy = Policy::new(Fallback::Manual, [], []);
        policy.rule("meta.*", Rule::Local).expect("a pattern");
        policy.rule("meta.seen", Rule::Max).expect("a pattern");
        let [meta, seen, other] = ["meta", "seen", "other"].map(|name| Some(policy.name(name)));
        let below = policy.field(&policy.root(), meta);
        assert_eq!(policy.rule_at(&policy.field(&below, seen)), Some(Rule::Max));
        assert_eq!(policy.rule_at(&policy.field(&below, other)), Some(Rule::Local));
        assert_eq!(policy.rule_at(&policy.field(&below, None)), Some(Rule::Local));
        assert_eq!(policy.rule_at(&policy.element(&below)), None);
    }

    #[test]
    fn a_pattern_has_one_rule() {
        let mut policy = Policy::new(Fallback::Manual, [], []);
        assert_eq!(policy.rule("a", Rule::Max), Ok(()));
        assert_eq!(policy.rule("[\"a\"]", Rule::Max), Err(PolicyError::Twice("[\"a\"]".to_owned())));
        assert_eq!(policy.rule("a[0]", Rule::Max), Err(PolicyError::Pattern("a[0]".to_owned())));
    }
}
