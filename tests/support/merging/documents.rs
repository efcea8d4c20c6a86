//! Documents of native values, laid out as nodes for the engine.

use std::convert::Infallible;
use std::rc::Rc;

use tabweave::engine::merge::{
    Answer, Documents, Halt, Kind, Measure, NameId, Node, Opened, Part, Picked, Runs, Shape, Unit,
};

use super::budget::Budget;
use super::measures::measure;
use super::parts::{Cut, Taken};
use super::rules::{Returned, Rules};
use super::value::Value;
use super::words::words;
use super::{Path, Sides, Version};

/// A part that both sides changed, and differently.
pub(super) struct Spot {
    pub(super) sides: Sides,
    pub(super) path: Path,
    depth: u32,
    /// What it was taken apart into, and what became of each part.
    pub(super) taken: Option<(Taken, Vec<Settled>)>,
    /// The items or words of base, local and server.
    pub(super) cut: Option<[Vec<Value>; 3]>,
    /// What a rule made of it, and in the end what it is.
    pub(super) value: Version,
}

/// What a part is as soon as it is looked at.
pub(super) enum Settled {
    /// A version, for at most one side changed it.
    As(Version),
    /// What becomes of the spot.
    Open(usize),
}

pub(super) struct Layout<'a> {
    pub(super) spots: Vec<Spot>,
    rules: &'a Rules,
    names: &'a [String],
    budget: Budget,
}

type Looked<T> = Result<T, Halt<Infallible>>;

impl<'a> Layout<'a> {
    pub(super) fn new(rules: &'a Rules, names: &'a [String]) -> Self {
        let budget = Budget::new(rules.limits);
        Self { spots: Vec::new(), rules, names, budget }
    }

    pub(super) fn looked_at(&self) -> u64 {
        self.budget.looked_at
    }

    /// Looks at the whole document. None: there is something to decide.
    pub(super) fn begin(&mut self, sides: Sides) -> Looked<Option<Version>> {
        Ok(match self.settle(sides, Path::new(), 0)? {
            Settled::As(version) => Some(version),
            Settled::Open(_) => None,
        })
    }

    fn settle(&mut self, sides: Sides, path: Path, depth: u32) -> Looked<Settled> {
        let Sides { base, local, server } = &sides;
        if self.budget.same(local, server, depth)? {
            return Ok(Settled::As(server.clone()));
        }
        let changed = if self.budget.same(base, local, depth)? {
            Some(server)
        } else if self.budget.same(base, server, depth)? {
            Some(local)
        } else {
            None
        };
        if let Some(changed) = changed {
            // The part is taken as it is: it must not be too deep either.
            changed.iter().try_for_each(|value| self.budget.look_through(value, depth))?;
            return Ok(Settled::As(changed.clone()));
        }
        self.spots.push(Spot { sides, path, depth, taken: None, cut: None, value: None });
        Ok(Settled::Open(self.spots.len() - 1))
    }

    /// Looks at what both sides have of a part that was not taken apart: it is told as it is.
    pub(super) fn look_through(&mut self, node: Node) -> Looked<()> {
        let Spot { sides, depth, taken, .. } = &self.spots[node.0 as usize];
        let told = [&sides.local, &sides.server].into_iter().flatten().filter(|_| taken.is_none());
        for value in told {
            self.budget.look_through(value, *depth)?;
        }
        Ok(())
    }

    fn spot(&mut self, node: Node) -> &mut Spot {
        &mut self.spots[node.0 as usize]
    }

    fn name_id(&self, name: &str) -> Option<NameId> {
        self.names.iter().position(|known| known == name).map(|at| NameId(at as u32))
    }
}

impl Documents for Layout<'_> {
    type Error = Infallible;

    fn root(&mut self) -> Kind {
        kind_of(&self.spots[0].sides)
    }

    fn open(&mut self, node: Node, shape: Shape) -> Looked<Option<Opened>> {
        let Spot { sides, path, depth, .. } = self.spot(node);
        let (sides, path, depth) = (sides.clone(), path.clone(), *depth);
        let names = self.names;
        let by = || match shape {
            Shape::Keyed(id) => Rc::from(names[id.0 as usize].as_str()),
            _ => unreachable!("only a key has a name"),
        };
        let cut = Cut::of(shape, &sides, by);
        let Some(taken) = cut.and_then(|cut| cut.take(&sides)) else { return Ok(None) };
        let mut settled = Vec::new();
        let mut parts = Vec::new();
        for (at, version) in taken.versions.iter().enumerate() {
            let part = self.settle(version.clone(), taken.path(&path, at), depth + 1)?;
            if let Settled::Open(number) = part {
                let name = taken.keys[at].as_text().filter(|_| taken.cut == Cut::Fields);
                parts.push(Part {
                    node: Node(number as u32),
                    name: name.and_then(|name| self.name_id(name)),
                    kind: kind_of(version),
                });
            }
            settled.push(part);
        }
        let orders = taken.orders(|part| !matches!(settled[part], Settled::As(None)));
        let are_scalars = taken.cut == Cut::Scalars;
        self.spot(node).taken = Some((taken, settled));
        Ok(Some(Opened { parts, orders, are_scalars }))
    }

    fn runs(&mut self, node: Node, unit: Unit) -> Looked<Option<Runs>> {
        let Sides { base, local, server } = &self.spot(node).sides;
        let cut = |version: &Version| version.as_ref().and_then(|value| pieces(value, unit));
        let (Some(local), Some(server)) = (cut(local), cut(server)) else { return Ok(None) };
        let sides = [cut(base).unwrap_or_default(), local, server];
        let mut known: Vec<Value> = Vec::new();
        let mut runs: [Vec<u32>; 3] = Default::default();
        for (items, run) in sides.iter().zip(&mut runs) {
            for item in items {
                let mut number = known.len();
                for (at, other) in known.iter().enumerate() {
                    if self.budget.same_value(item, other, 0)? {
                        number = at;
                        break;
                    }
                }
                if number == known.len() {
                    known.push(item.clone());
                }
                run.push(number as u32);
            }
        }
        self.spot(node).cut = Some(sides);
        let [base, local, server] = runs;
        Ok(Some(Runs { base, local, server, numbers: known.len() as u32 }))
    }

    fn measure(&mut self, node: Node, by: Measure) -> Picked {
        let spot = self.spot(node);
        let (picked, made) = measure(&spot.sides, by);
        spot.value = made;
        picked
    }

    fn ask(&mut self, node: Node, function: u32) -> Looked<Answer> {
        let spot = &self.spots[node.0 as usize];
        let depth = spot.depth;
        let version = match self.rules.function(function).call(&spot.sides) {
            Returned::Version(version) => version,
            Returned::Undecided => return Ok(Answer::Conflict),
            Returned::Threw => return Ok(Answer::Threw),
        };
        version.iter().try_for_each(|value| self.budget.look_through(value, depth))?;
        self.spot(node).value = version;
        Ok(Answer::Made)
    }
}

/// The items of a list, the words of a text.
fn pieces(value: &Value, unit: Unit) -> Option<Vec<Value>> {
    match (unit, value) {
        (Unit::Items, Value::List(items)) => Some(items.as_ref().clone()),
        (Unit::Words, Value::Text(text)) => Some(words(text).into_iter().map(Value::text).collect()),
        _ => None,
    }
}

/// What the two changed values are.
fn kind_of(Sides { local, server, .. }: &Sides) -> Kind {
    match (local, server) {
        (None, _) | (_, None) => Kind::Removed,
        (Some(Value::Text(_)), Some(Value::Text(_))) => Kind::Text,
        (Some(Value::Number(_)), Some(Value::Number(_))) => Kind::Number,
        (Some(Value::BigInt(_)), Some(Value::BigInt(_))) => Kind::Number,
        (Some(Value::Date(_)), Some(Value::Date(_))) => Kind::Date,
        (Some(Value::List(_)), Some(Value::List(_))) => Kind::List,
        (Some(Value::Map(_)), Some(Value::Map(_))) => Kind::Map,
        (Some(Value::Set(_)), Some(Value::Set(_))) => Kind::Set,
        (Some(Value::Object(_)), Some(Value::Object(_))) => Kind::Record,
        _ => Kind::Other,
    }
}
