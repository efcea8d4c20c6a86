//! The one seam through which the engine reaches the app's own functions and the documents they change.

use super::flat::{Map, Set};

use super::operation::Operation;
use super::replica::QueryToken;

/// The app's functions, over values that the engine never looks into.
///
/// Everything here is synchronous and pure: it is called again on every rebase, in every tab and after every
/// reload. The platform guards against a call back into the engine from within (`reentrant_call`).
pub trait Host<V> {
    /// Values of queries while operations are folded over them.
    type Draft;

    /// A draft that starts from these values.
    fn draft(&mut self, values: &Map<QueryToken, V>) -> Self::Draft;

    /// Runs the operation's optimistic function over the draft and tells which documents it touched.
    ///
    /// # Errors
    /// The draft is then as it was before the call.
    fn optimistic(
        &mut self,
        operation: &Operation<V>,
        draft: &mut Self::Draft,
    ) -> Result<Vec<Touched>, HostRefusal<V>>;

    /// What the draft holds for these queries.
    fn values(&mut self, draft: Self::Draft, queries: &Set<QueryToken>) -> Vec<(QueryToken, V)>;
}

/// Why an operation has no optimistic effect.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HostRefusal<V> {
    /// No operation of this name is registered in this tab.
    Unregistered,
    /// The function threw this.
    Threw(V),
}

/// A document that an optimistic function changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Touched {
    /// The query that shows it.
    pub query: QueryToken,
    /// The document's key.
    pub document: String,
}
