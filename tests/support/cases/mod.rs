//! Merges as JSON has them: the hand-written ones of `tests/merge-cases.json`, and those that the package's walk has to
//! agree with. `tests/merge-cases.md` says how they are written.

mod policy;
mod tagged;

use serde_json::{Map, Value as Json, json};
use tabweave::engine::merge::Times;

use crate::merging::places::{at, base_at};
use crate::merging::{Merged, Path, Rules, Segment, Sides, Version, merge};
use tagged::{decoded, encoded};

/// A merge, and what is to come of it.
pub struct Case {
    pub name: String,
    pub sides: Sides,
    pub rules: Rules,
    pub times: Times,
    expected: Json,
}

impl Case {
    /// Reads a case.
    pub fn read(case: &Json) -> Self {
        let version = |side: &str| case.get(side).map(decoded);
        let time = |name: &str| case.get("times").and_then(|times| times.get(name)).and_then(Json::as_u64);
        Self {
            name: case["name"].as_str().expect("a case has a name").to_owned(),
            sides: Sides { base: version("base"), local: version("local"), server: version("server") },
            rules: case.get("policy").map(policy::read).unwrap_or_default(),
            times: Times { local_ms: time("localMs"), server_ms: time("serverMs") },
            expected: normal(&case["expected"]),
        }
    }

    /// What came out other than was expected; none: nothing.
    pub fn failure(&self) -> Option<String> {
        let merged = merge(&self.sides, &self.rules, self.times);
        let (mut told, expected) = (outcome(&merged), &self.expected);
        sort(&mut told);
        let decisions = merged.decisions.iter().map(|decision| (&decision.path, &decision.sides));
        let conflicts = merged.conflicts.iter().map(|conflict| (&conflict.path, &conflict.sides));
        let is_there = |(path, sides): (&Path, &Sides)| self.versions(path) == *sides;
        if !decisions.chain(conflicts).all(is_there) {
            return Some(format!("{}: a side is not what its document has there: {merged:?}", self.name));
        }
        (told != *expected).then(|| {
            let [told, expected] =
                [&told, expected].map(|json| serde_json::to_string_pretty(json).expect("it is JSON"));
            format!("{}\ncame out: {told}\nexpected: {expected}", self.name)
        })
    }

    fn versions(&self, path: &Path) -> Sides {
        let Sides { base, local, server } = &self.sides;
        Sides { base: base_at(base, local, path), local: at(local, path), server: at(server, path) }
    }
}

/// A merge with what came out, as a case.
pub fn written(name: &str, sides: &Sides, rules: &Rules, times: Times, merged: &Merged) -> Json {
    let mut case = Map::new();
    case.insert("name".to_owned(), json!(name));
    let versions = [("base", &sides.base), ("local", &sides.local), ("server", &sides.server)];
    for (side, version) in versions {
        put(&mut case, side, version);
    }
    case.insert("policy".to_owned(), policy::written(rules));
    let times = [("localMs", times.local_ms), ("serverMs", times.server_ms)];
    let known = times.into_iter().filter_map(|(name, ms)| Some((name.to_owned(), json!(ms?))));
    case.insert("times".to_owned(), Json::Object(known.collect()));
    case.insert("expected".to_owned(), outcome(merged));
    Json::Object(case)
}

fn put(object: &mut Map<String, Json>, name: &str, version: &Version) {
    if let Some(value) = version {
        object.insert(name.to_owned(), encoded(value));
    }
}

fn outcome(merged: &Merged) -> Json {
    let decisions = merged.decisions.iter().map(|decision| {
        let mut told = Map::new();
        told.insert("path".to_owned(), path(&decision.path));
        told.insert("rule".to_owned(), json!(decision.rule));
        told.insert("kind".to_owned(), json!(decision.kind.name()));
        put(&mut told, "result", &decision.result);
        Json::Object(told)
    });
    let conflicts = merged.conflicts.iter().map(
        |conflict| json!({ "path": path(&conflict.path), "why": conflict.why.name(), "rule": conflict.rule }),
    );
    let mut told = Map::new();
    put(&mut told, "value", &merged.value);
    told.insert("decisions".to_owned(), decisions.collect());
    told.insert("conflicts".to_owned(), conflicts.collect());
    Json::Object(told)
}

fn path(path: &Path) -> Json {
    let segment = |segment: &Segment| match segment {
        Segment::Field(name) => json!(&**name),
        Segment::Keyed { by, key } => json!({ "by": &**by, "key": encoded(key) }),
        Segment::Entry(key) => json!({ "key": encoded(key) }),
    };
    path.iter().map(segment).collect()
}

/// What is expected, written as `outcome` writes it, whatever the spelling.
fn normal(expected: &Json) -> Json {
    let respelled = |json: &Json| encoded(&decoded(json));
    let verdict = |verdict: &Json| {
        let mut verdict = verdict.as_object().expect("a verdict is an object").clone();
        verdict.get_mut("result").into_iter().for_each(|result| *result = respelled(result));
        Json::Object(verdict)
    };
    let mut told = Map::new();
    told.extend(expected.get("value").map(|value| ("value".to_owned(), respelled(value))));
    for list in ["decisions", "conflicts"] {
        let verdicts = expected[list].as_array().expect("decisions and conflicts are lists");
        told.insert(list.to_owned(), verdicts.iter().map(verdict).collect());
    }
    let mut told = Json::Object(told);
    sort(&mut told);
    told
}

/// Fields have no order here, so their verdicts have none either.
fn sort(told: &mut Json) {
    for list in ["decisions", "conflicts"] {
        let verdicts = told[list].as_array_mut().expect("a list");
        verdicts.sort_by_cached_key(|verdict| verdict["path"].to_string());
    }
}
