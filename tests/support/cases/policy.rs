//! Policies as JSON has them.

use serde_json::{Map, Value as Json, json};
use tabweave::engine::merge::{Fallback, Rule};

use crate::merging::rules::{Function, RuleSpec, Rules};

pub(super) fn read(policy: &Json) -> Rules {
    let mut rules = Rules::default();
    for (name, part) in policy.as_object().expect("a policy is an object") {
        let names = || -> Vec<String> {
            let names = part.as_array().expect("names are a list").iter();
            names.map(|name| name.as_str().expect("a name is a text").to_owned()).collect()
        };
        let limit = || part.as_u64().expect("a limit is a number");
        match name.as_str() {
            "rules" => {
                let parts = part.as_object().expect("rules are an object").iter();
                rules.rules = parts.map(|(pattern, spec)| (pattern.clone(), read_rule(spec))).collect();
            }
            "fallback" if part == "latest" => rules.fallback = Fallback::Latest,
            "fallback" if part == "manual" => rules.fallback = Fallback::Manual,
            "timestampKeys" => rules.timestamp_keys = names(),
            "statusKeys" => rules.status_keys = names(),
            "mergeNodesMax" => rules.limits.nodes_max = limit(),
            "mergeDepthMax" => rules.limits.depth_max = limit().try_into().expect("no document is so deep"),
            _ => panic!("a policy has no such part: {name}: {part}"),
        }
    }
    rules
}

fn read_rule(spec: &Json) -> RuleSpec {
    let name = spec.as_str().or_else(|| spec["rule"].as_str()).expect("a rule has a name");
    let text = |field: &str| spec[field].as_str().expect("the rule says more").to_owned();
    match name {
        "keyed" => RuleSpec::Keyed(text("by")),
        "function" => {
            let does = text("does");
            let known = Function::ALL.into_iter().find(|function| function.name() == does);
            RuleSpec::Function(known.expect("a function that the tests know"))
        }
        _ => RuleSpec::Plain(Rule::from_name(name).expect("a rule that there is")),
    }
}

pub(super) fn written(rules: &Rules) -> Json {
    let spec = |spec: &RuleSpec| match spec {
        RuleSpec::Plain(rule) => json!(rule.name()),
        RuleSpec::Keyed(by) => json!({ "rule": "keyed", "by": by }),
        RuleSpec::Function(function) => json!({ "rule": "function", "does": function.name() }),
    };
    let named: Map<String, Json> =
        rules.rules.iter().map(|(pattern, rule)| (pattern.clone(), spec(rule))).collect();
    json!({
        "rules": named,
        "fallback": if rules.fallback == Fallback::Latest { "latest" } else { "manual" },
        "timestampKeys": rules.timestamp_keys,
        "statusKeys": rules.status_keys,
    })
}
