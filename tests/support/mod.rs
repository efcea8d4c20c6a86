//! What the property tests and the simulation share: a value as rich as JavaScript's, and an app over it.

pub mod host;
pub mod value;
