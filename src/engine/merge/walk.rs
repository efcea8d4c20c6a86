//! From the whole document down to the parts that a rule decides.

use super::documents::{Answer, Documents, Halt, Kind, Measure, Node, Part, Picked, Shape, Side, Unit};
use super::plan::{Ask, Plan, Reason, Step, Verdict};
use super::policy::{Fallback, NameId, Policy, Scope, Times};
use super::rule::Rule;
use crate::engine::audit::Resolution;

/// What becomes of a document that both sides changed. Where nobody has decided it is as the side `undecided` has it.
///
/// # Errors
/// What the documents must not hold. Documents that are too large are no error but one conflict.
pub fn merge<D: Documents>(
    documents: &mut D,
    policy: &Policy,
    times: Times,
    undecided: Side,
) -> Result<Plan, D::Error> {
    let kind = documents.root();
    let mut walk = Walk { documents, policy, times, undecided, plan: Plan::default() };
    match walk.settle(Part { node: Node::ROOT, name: None, kind }, &policy.root()) {
        Ok(()) => Ok(walk.plan),
        Err(Halt::Refused(error)) => Err(error),
        Err(Halt::Budget) => {
            let verdict = Verdict::Conflict(Node::ROOT, Ask::Nothing, Reason::TooLarge);
            Ok(Plan { steps: vec![Step::Take(Node::ROOT, undecided)], verdicts: vec![verdict] })
        }
    }
}

struct Walk<'a, D> {
    documents: &'a mut D,
    policy: &'a Policy,
    times: Times,
    undecided: Side,
    plan: Plan,
}

type Settled<D> = Result<(), Halt<<D as Documents>::Error>>;

impl<D: Documents> Walk<'_, D> {
    fn settle(&mut self, part: Part, scope: &Scope) -> Settled<D> {
        let Part { node, name, kind } = part;
        let Some(rule) = self.policy.rule_at(scope).or_else(|| self.usual(kind, name)) else {
            self.fall_back(
                node,
                Ask::Nothing,
                if kind == Kind::Removed { Reason::Removed } else { Reason::BothChanged },
            );
            return Ok(());
        };
        match rule {
            Rule::Local => self.take(node, rule, Side::Local, Resolution::Local),
            Rule::Server => self.take(node, rule, Side::Server, Resolution::Server),
            Rule::Manual => self.leave(node, Ask::Rule(rule), Reason::Manual),
            Rule::Function(function) => return self.ask(node, rule, function),
            _ if kind == Kind::Removed => self.leave(node, Ask::Rule(rule), Reason::Removed),
            Rule::Latest => self.measure(node, rule, Measure::Latest),
            Rule::Max => self.measure(node, rule, Measure::Max),
            Rule::Min => self.measure(node, rule, Measure::Min),
            Rule::Counter => self.measure(node, rule, Measure::Sum),
            Rule::MostRecentNonNull => self.measure(node, rule, Measure::NotNull),
            Rule::Sequence => return self.join(node, rule, Unit::Items),
            Rule::Text | Rule::TextBoth => return self.join(node, rule, Unit::Words),
            Rule::Union => return self.open(node, rule, Shape::Elements, scope),
            Rule::Keyed(by) => return self.open(node, rule, Shape::Keyed(by), scope),
            Rule::Recursive => {
                let shape = match kind {
                    Kind::Map => Shape::Entries,
                    Kind::List => Shape::Usual,
                    _ => Shape::Fields,
                };
                return self.open(node, rule, shape, scope);
            }
        }
        Ok(())
    }

    /// What holds where the policy says nothing.
    fn usual(&self, kind: Kind, name: Option<NameId>) -> Option<Rule> {
        match kind {
            Kind::Record | Kind::Map | Kind::List => Some(Rule::Recursive),
            Kind::Set => Some(Rule::Union),
            Kind::Date => Some(Rule::Latest),
            Kind::Removed => None,
            _ if self.policy.is_timestamp(name) => Some(Rule::Latest),
            _ if self.policy.is_status(name) => Some(Rule::MostRecentNonNull),
            _ => None,
        }
    }

    /// Looks into the parts, and puts together what they come to.
    fn open(&mut self, node: Node, rule: Rule, shape: Shape, scope: &Scope) -> Settled<D> {
        let Some(opened) = self.documents.open(node, shape)? else {
            // Without a rule for it, a list whose elements nothing tells apart is what any other value is.
            let (ask, reason) = if shape == Shape::Usual {
                (Ask::Nothing, Reason::BothChanged)
            } else {
                (Ask::Rule(rule), Reason::Unfit)
            };
            self.fall_back(node, ask, reason);
            return Ok(());
        };
        let arranged = opened.orders.as_ref().map(|orders| orders.arrange());
        let rule = match (shape, opened.are_scalars) {
            (Shape::Usual, true) => Rule::Union,
            // Which field it is the platform knows; the name is all that is told.
            (Shape::Usual, false) => Rule::Keyed(NameId(0)),
            _ => rule,
        };
        if shape == Shape::Usual && opened.are_scalars && arranged.as_ref().is_some_and(|it| it.is_contested)
        {
            self.fall_back(node, Ask::Rule(rule), Reason::Reordered);
            return Ok(());
        }
        // What stands twice in a list of scalars stands in it once afterwards, which changes a side at least.
        if opened.are_scalars || arranged.as_ref().is_some_and(|it| it.is_shared) {
            self.decide(node, Ask::Rule(rule), Resolution::Auto);
        }
        for part in opened.parts {
            let below = match shape {
                Shape::Fields => self.policy.field(scope, part.name),
                _ => self.policy.element(scope),
            };
            self.settle(part, &below)?;
        }
        self.plan.steps.push(match arranged {
            Some(arranged) => Step::Arrange(node, arranged.order),
            None => Step::Assemble(node),
        });
        Ok(())
    }

    fn join(&mut self, node: Node, rule: Rule, unit: Unit) -> Settled<D> {
        match self.documents.runs(node, unit)?.map(|runs| runs.merge(rule == Rule::TextBoth)) {
            Some(Some(pieces)) => {
                self.decide(node, Ask::Rule(rule), Resolution::Auto);
                self.plan.steps.push(Step::Join(node, pieces));
            }
            Some(None) => self.fall_back(node, Ask::Rule(rule), Reason::Overlap),
            None => self.fall_back(node, Ask::Rule(rule), Reason::Unfit),
        }
        Ok(())
    }

    fn measure(&mut self, node: Node, rule: Rule, measure: Measure) {
        let step = match self.documents.measure(node, measure) {
            Picked::Side(side) => Step::Take(node, side),
            Picked::Made => Step::Made(node),
            Picked::Even if measure == Measure::NotNull => match self.later() {
                Some(side) => Step::Take(node, side),
                None => return self.leave(node, Ask::Rule(rule), Reason::NoTimes),
            },
            // Written otherwise, but the same: others see the server's.
            Picked::Even => Step::Take(node, Side::Server),
            Picked::Unfit => return self.fall_back(node, Ask::Rule(rule), Reason::Unfit),
        };
        self.decide(node, Ask::Rule(rule), Resolution::Auto);
        self.plan.steps.push(step);
    }

    fn ask(&mut self, node: Node, rule: Rule, function: u32) -> Settled<D> {
        match self.documents.ask(node, function)? {
            Answer::Made => {
                self.decide(node, Ask::Rule(rule), Resolution::Auto);
                self.plan.steps.push(Step::Made(node));
            }
            Answer::Conflict => self.leave(node, Ask::Rule(rule), Reason::Manual),
            Answer::Threw => self.leave(node, Ask::Rule(rule), Reason::Threw),
        }
        Ok(())
    }

    fn take(&mut self, node: Node, rule: Rule, side: Side, resolution: Resolution) {
        self.decide(node, Ask::Rule(rule), resolution);
        self.plan.steps.push(Step::Take(node, side));
    }

    /// The side that was changed later. Of two at the same moment it is the server's, which others see.
    fn later(&self) -> Option<Side> {
        let Times { local_ms, server_ms } = self.times;
        Some(if local_ms? > server_ms? { Side::Local } else { Side::Server })
    }

    /// Does what the policy has for what no rule decides. What was removed is never taken for decided.
    fn fall_back(&mut self, node: Node, ask: Ask, reason: Reason) {
        if self.policy.fallback() == Fallback::Manual || reason == Reason::Removed {
            return self.leave(node, ask, reason);
        }
        match self.later() {
            Some(side) => {
                self.decide(node, Ask::Fallback, Resolution::Auto);
                self.plan.steps.push(Step::Take(node, side));
            }
            None => self.leave(node, Ask::Fallback, Reason::NoTimes),
        }
    }

    fn decide(&mut self, node: Node, ask: Ask, resolution: Resolution) {
        self.plan.verdicts.push(Verdict::Decided(node, ask, resolution));
    }

    /// Leaves it to a person.
    fn leave(&mut self, node: Node, ask: Ask, reason: Reason) {
        self.plan.verdicts.push(Verdict::Conflict(node, ask, reason));
        self.plan.steps.push(Step::Take(node, self.undecided));
    }
}
