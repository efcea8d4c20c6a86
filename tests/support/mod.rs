//! What the tests of the engine share: a value as rich as JavaScript's, an app over it, and the store's tables.

pub mod canonical;
pub mod database;
pub mod host;
#[cfg(not(target_arch = "wasm32"))]
pub mod notation;
pub mod value;
