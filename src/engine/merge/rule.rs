//! The rules by which a part that both sides changed gets its value.

use super::policy::NameId;

/// What decides. Where only one side changed something, that is what counts, whatever the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The later one of two moments: dates, numbers, or texts as ISO 8601 writes them.
    Latest,
    /// What is not null; if neither is, what was said later.
    MostRecentNonNull,
    /// What is in both, and what either added: three-way, so what either removed is gone.
    Union,
    /// The same for lists of objects that a field tells apart: each is merged, and where it stands as well.
    Keyed(NameId),
    /// Lists whose items have no key, as diff3 merges lines.
    Sequence,
    /// Texts, by words, as diff3 merges lines.
    Text,
    /// The same, and what both inserted at the same place is both there, the server's first.
    TextBoth,
    /// The base with what both sides added.
    Counter,
    /// The larger one.
    Max,
    /// The smaller one.
    Min,
    /// This person's.
    Local,
    /// The server's.
    Server,
    /// A person decides.
    Manual,
    /// A function of the app; which one.
    Function(u32),
    /// Field by field, by the rules below.
    Recursive,
}

impl Rule {
    /// Those that need nothing else. A platform knows them by their places.
    pub const PLAIN: [Self; 13] = [
        Self::Latest,
        Self::MostRecentNonNull,
        Self::Union,
        Self::Sequence,
        Self::Text,
        Self::Counter,
        Self::Max,
        Self::Min,
        Self::Local,
        Self::Server,
        Self::Manual,
        Self::Recursive,
        Self::TextBoth,
    ];

    /// The spelling in policies and in the audit trail.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Latest => "latest",
            Self::MostRecentNonNull => "mostRecentNonNull",
            Self::Union => "union",
            Self::Keyed(_) => "keyed",
            Self::Sequence => "sequence",
            Self::Text => "text",
            Self::TextBoth => "textBoth",
            Self::Counter => "counter",
            Self::Max => "max",
            Self::Min => "min",
            Self::Local => "local",
            Self::Server => "server",
            Self::Manual => "manual",
            Self::Function(_) => "function",
            Self::Recursive => "recursive",
        }
    }

    /// Reads the spelling of a rule that needs nothing else.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::PLAIN.into_iter().find(|rule| rule.name() == name)
    }
}
