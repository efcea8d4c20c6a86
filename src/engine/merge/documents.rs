//! Three versions of a document as the platform lays them out for a merge.

use super::arrange::Orders;
use super::policy::NameId;

/// A part of a document that both sides changed, and differently. Numbered as they are found; 0 is the whole document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(pub u32);

impl Node {
    /// The whole document.
    pub const ROOT: Self = Self(0);
}

/// One of the three versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// As it was before anybody changed it.
    Base,
    /// As this person wants it.
    Local,
    /// As the server has it.
    Server,
}

/// What the two changed values of a node are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One side removed what the other changed.
    Removed,
    /// Values of two kinds, or of one that has no parts and no measure.
    Other,
    /// Both are texts.
    Text,
    /// Both are numbers, or both are big ones.
    Number,
    /// Both are dates.
    Date,
    /// Both are lists.
    List,
    /// Both are maps.
    Map,
    /// Both are sets.
    Set,
    /// Both are objects.
    Record,
}

impl Kind {
    const ALL: [Self; 9] = [
        Self::Removed,
        Self::Other,
        Self::Text,
        Self::Number,
        Self::Date,
        Self::List,
        Self::Map,
        Self::Set,
        Self::Record,
    ];

    /// The kind of this number, as a platform writes it: the place in the order above.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }
}

/// What the parts of a node are taken to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// The fields of an object.
    Fields,
    /// The entries of a map.
    Entries,
    /// The elements of a set, or the scalars of a list without doublets.
    Elements,
    /// The objects of a list, told apart by this field.
    Keyed(NameId),
    /// The elements of a list of scalars, or of objects that a usual field (`_id`, `id`, `key`) tells apart.
    Usual,
}

/// What a list is cut into to be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// The items of a list.
    Items,
    /// The words of a text, and what stands between them.
    Words,
}

/// What a node's values are measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// The base with what both sides added to it.
    Sum,
    /// The larger one.
    Max,
    /// The smaller one.
    Min,
    /// The later one of two moments.
    Latest,
    /// The one that is not null.
    NotNull,
}

/// What a measure came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Picked {
    /// This side's value.
    Side(Side),
    /// A new value, which the platform keeps with the node.
    Made,
    /// Both sides are as good.
    Even,
    /// These values cannot be measured so.
    Unfit,
}

/// What a function of the policy answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// A value, which the platform keeps with the node.
    Made,
    /// That somebody has to decide.
    Conflict,
    /// It threw. The platform keeps what.
    Threw,
}

/// A part of a node that is a node itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// The part.
    pub node: Node,
    /// The field's name, if the policy knows it.
    pub name: Option<NameId>,
    /// What its values are.
    pub kind: Kind,
}

/// A node whose parts were looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Opened {
    /// The parts that both sides changed, and differently.
    pub parts: Vec<Part>,
    /// Of what has an order: the orders.
    pub orders: Option<Orders>,
    /// Whether the parts are scalars of a list.
    pub are_scalars: bool,
}

/// A node's values, each as the numbers of what it consists of: equal things have equal numbers, from 0 on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Runs {
    /// The base.
    pub base: Vec<u32>,
    /// As this person wants it.
    pub local: Vec<u32>,
    /// As the server has it.
    pub server: Vec<u32>,
    /// How many numbers there are.
    pub numbers: u32,
}

/// Why a merge stopped.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Halt<E> {
    /// The documents are larger or deeper than was allowed.
    Budget,
    /// The documents hold what cannot be merged at all, such as a function.
    Refused(E),
}

/// The three versions of a document, and what was computed of them so far.
pub trait Documents {
    /// What a document must not hold.
    type Error;

    /// What the two changed values of the whole document are.
    fn root(&mut self) -> Kind;

    /// Settles in the node's parts what only one side changed, and makes nodes of those that both did. None: the values
    /// have no such parts.
    ///
    /// # Errors
    /// The merge stops.
    fn open(&mut self, node: Node, shape: Shape) -> Result<Option<Opened>, Halt<Self::Error>>;

    /// Cuts the node's values. None: they cannot be cut so.
    ///
    /// # Errors
    /// The merge stops.
    fn runs(&mut self, node: Node, unit: Unit) -> Result<Option<Runs>, Halt<Self::Error>>;

    /// Measures the node's values.
    fn measure(&mut self, node: Node, measure: Measure) -> Picked;

    /// Asks a function of the policy for the node's value.
    ///
    /// # Errors
    /// The merge stops.
    fn ask(&mut self, node: Node, function: u32) -> Result<Answer, Halt<Self::Error>>;
}
