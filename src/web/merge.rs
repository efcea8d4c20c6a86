//! Merges of documents that lie in the JavaScript heap: the package lays them out, the engine decides.
//!
//! What crosses is numbers only. The package's half is `MergeWalk` in `pkg/src/merge/walk.ts`, which says how they are
//! put in a row.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::engine::Resolution;
use crate::engine::merge::{
    Answer, Ask, Documents, Fallback, Halt, Kind, Measure, NameId, Node, Opened, Orders, Part, Picked, Plan,
    Policy, Rule, Runs, Shape, Side, Step, Times, Unit, Verdict, merge,
};

#[wasm_bindgen]
extern "C" {
    /// Three versions of a document.
    #[wasm_bindgen(typescript_type = "MergeWalk")]
    pub type MergeWalk;

    #[wasm_bindgen(method, js_name = root)]
    fn call_root(this: &MergeWalk) -> u32;

    #[wasm_bindgen(method, catch, js_name = open)]
    fn call_open(this: &MergeWalk, node: u32, shape: u32, key: u32) -> Result<Vec<u32>, JsValue>;

    #[wasm_bindgen(method, catch, js_name = runs)]
    fn call_runs(this: &MergeWalk, node: u32, unit: u32) -> Result<Vec<u32>, JsValue>;

    #[wasm_bindgen(method, js_name = measure)]
    fn call_measure(this: &MergeWalk, node: u32, measure: u32) -> u32;

    #[wasm_bindgen(method, catch, js_name = ask)]
    fn call_ask(this: &MergeWalk, node: u32, function: u32) -> Result<u32, JsValue>;

    #[wasm_bindgen(method, catch, js_name = finish)]
    fn call_finish(this: &MergeWalk, steps: &[u32], verdicts: &[u32]) -> Result<(), JsValue>;
}

/// How documents are merged. It holds nothing of the browser.
#[wasm_bindgen]
pub struct CompiledPolicy {
    policy: Policy,
}

#[wasm_bindgen]
impl CompiledPolicy {
    /// A policy with these rules, one for each pattern: its number and what it needs, which is the place of a field in
    /// `keys` for `keyed`, and the number of the function for one.
    ///
    /// # Errors
    /// The pattern that is none, has two rules, or whose rule is not known.
    #[wasm_bindgen(constructor)]
    pub fn new(
        latest: bool,
        timestamp_keys: Vec<String>,
        status_keys: Vec<String>,
        patterns: Vec<String>,
        rules: &[u32],
        keys: Vec<String>,
    ) -> Result<Self, JsValue> {
        let fallback = if latest { Fallback::Latest } else { Fallback::Manual };
        let timestamp_keys = timestamp_keys.iter().map(String::as_str);
        let mut policy = Policy::new(fallback, timestamp_keys, status_keys.iter().map(String::as_str));
        for (pattern, told) in patterns.iter().zip(rules.chunks_exact(2)) {
            let rule = rule_of(&mut policy, told, &keys).ok_or_else(|| JsValue::from(pattern))?;
            policy.rule(pattern, rule).map_err(|_| JsValue::from(pattern))?;
        }
        Ok(Self { policy })
    }

    /// The names of fields that the policy mentions, by their numbers.
    pub fn names(&self) -> Vec<String> {
        self.policy.names().to_vec()
    }

    /// Merges. The walk's `finish` is told what it came to. A time that is no number: nobody knows. Where nobody has decided
    /// it is as this person has it if `shows_local`, else as the server has it.
    ///
    /// # Errors
    /// What the walk threw.
    pub fn merge(
        &self,
        walk: &MergeWalk,
        local_ms: f64,
        server_ms: f64,
        shows_local: bool,
    ) -> Result<(), JsValue> {
        let known = |ms: f64| (ms >= 0.0).then_some(ms as u64);
        let times = Times { local_ms: known(local_ms), server_ms: known(server_ms) };
        let undecided = if shows_local { Side::Local } else { Side::Server };
        let plan = merge(&mut &*walk, &self.policy, times, undecided)?;
        walk.call_finish(&steps_of(&plan), &verdicts_of(&plan))
    }
}

fn rule_of(policy: &mut Policy, told: &[u32], keys: &[String]) -> Option<Rule> {
    let [number, argument] = *told else { return None };
    Some(match number {
        KEYED => Rule::Keyed(policy.name(keys.get(argument as usize)?)),
        FUNCTION => Rule::Function(argument),
        _ => *Rule::PLAIN.get(number as usize)?,
    })
}

impl Documents for &MergeWalk {
    type Error = JsValue;

    fn root(&mut self) -> Kind {
        Kind::from_number(self.call_root()).expect("the walk knows the kinds")
    }

    fn open(&mut self, node: Node, shape: Shape) -> Result<Option<Opened>, Halt<JsValue>> {
        let (shape, key) = match shape {
            Shape::Fields => (0, 0),
            Shape::Entries => (1, 0),
            Shape::Elements => (2, 0),
            Shape::Usual => (3, 0),
            Shape::Keyed(NameId(key)) => (4, key),
        };
        let answer = self.call_open(node.0, shape, key).map_err(halt)?;
        Ok((!answer.is_empty()).then(|| opened(Row(answer.into_iter()))))
    }

    fn runs(&mut self, node: Node, unit: Unit) -> Result<Option<Runs>, Halt<JsValue>> {
        let unit = match unit {
            Unit::Items => 0,
            Unit::Words => 1,
        };
        let answer = self.call_runs(node.0, unit).map_err(halt)?;
        let mut row = Row(answer.into_iter());
        Ok(row.0.next().map(|numbers| Runs {
            numbers,
            base: row.list(),
            local: row.list(),
            server: row.list(),
        }))
    }

    fn measure(&mut self, node: Node, measure: Measure) -> Picked {
        let measure = match measure {
            Measure::Sum => 0,
            Measure::Max => 1,
            Measure::Min => 2,
            Measure::Latest => 3,
            Measure::NotNull => 4,
        };
        match self.call_measure(node.0, measure) {
            0 => Picked::Side(Side::Local),
            1 => Picked::Side(Side::Server),
            2 => Picked::Made,
            3 => Picked::Even,
            _ => Picked::Unfit,
        }
    }

    fn ask(&mut self, node: Node, function: u32) -> Result<Answer, Halt<JsValue>> {
        Ok(match self.call_ask(node.0, function).map_err(halt)? {
            0 => Answer::Made,
            1 => Answer::Conflict,
            _ => Answer::Threw,
        })
    }
}

/// What the walk threw: a symbol if there is too much to look at.
fn halt(thrown: JsValue) -> Halt<JsValue> {
    if thrown.is_symbol() { Halt::Budget } else { Halt::Refused(thrown) }
}

/// Numbers that are read one after the other.
struct Row(std::vec::IntoIter<u32>);

impl Row {
    fn next(&mut self) -> u32 {
        self.0.next().expect("the walk puts all numbers in the row")
    }

    fn list(&mut self) -> Vec<u32> {
        let length = self.next() as usize;
        self.0.by_ref().take(length).collect()
    }
}

fn opened(mut row: Row) -> Opened {
    let (first, count) = (row.next(), row.next());
    let parts = (first..first + count).map(|node| Part {
        node: Node(node),
        name: row.next().checked_sub(1).map(NameId),
        kind: Kind::from_number(row.next()).expect("the walk knows the kinds"),
    });
    let parts = parts.collect();
    let are_scalars = row.next() == 1;
    let has_order = !row.0.as_slice().is_empty();
    let orders = has_order.then(|| Orders {
        stays: row.list().into_iter().map(|stays| stays == 1).collect(),
        base: row.list(),
        local: row.list(),
        server: row.list(),
    });
    Opened { parts, orders, are_scalars }
}

fn steps_of(plan: &Plan) -> Vec<u32> {
    let mut row = Vec::new();
    for step in &plan.steps {
        match step {
            Step::Take(node, side) => row.extend([0, node.0, side_number(*side)]),
            Step::Made(node) => row.extend([1, node.0]),
            Step::Assemble(node) => row.extend([2, node.0]),
            Step::Arrange(node, order) => {
                row.extend([3, node.0, order.len() as u32]);
                row.extend(order);
            }
            Step::Join(node, pieces) => {
                row.extend([4, node.0, 3 * pieces.len() as u32]);
                row.extend(pieces.iter().flat_map(|piece| [side_number(piece.side), piece.start, piece.end]));
            }
        }
    }
    row
}

/// The numbers of the rules that need something else, after those that do not.
const KEYED: u32 = Rule::PLAIN.len() as u32;
const FUNCTION: u32 = KEYED + 1;

/// The place among the names that the package has for rules.
fn ask_number(ask: Ask) -> u32 {
    match ask {
        Ask::Rule(Rule::Keyed(_)) => KEYED,
        Ask::Rule(Rule::Function(_)) => FUNCTION,
        Ask::Rule(rule) => Rule::PLAIN.iter().position(|plain| *plain == rule).map_or(0, |at| at as u32),
        Ask::Nothing => FUNCTION + 1,
        Ask::Fallback => FUNCTION + 2,
    }
}

/// Kinds, and after them the reasons.
const REASONS_FROM: u32 = Resolution::Merge as u32 + 1;

fn verdicts_of(plan: &Plan) -> Vec<u32> {
    let row = plan.verdicts.iter().flat_map(|verdict| match *verdict {
        Verdict::Decided(node, ask, resolution) => [node.0, ask_number(ask), resolution as u32],
        Verdict::Conflict(node, ask, reason) => [node.0, ask_number(ask), REASONS_FROM + reason as u32],
    });
    row.collect()
}

fn side_number(side: Side) -> u32 {
    match side {
        Side::Base => 0,
        Side::Local => 1,
        Side::Server => 2,
    }
}
