//! What the platforms, the simulation and the tests use of the engine.

pub use super::acceptance::{OperationRequest, Refusal};
pub use super::audit::{
    Anchor, AuditEntry, AuditValues, Decided, Digest, Digests, Fault, Finding, Hasher, InvalidDigest, Kept,
    Link, Resolution, Told, Trail, Trimmed, Verdict, Weighed, verify,
};
pub use super::clock::{Clock, Stamp};
pub use super::coalescing::Merger;
pub use super::config::Config;
pub use super::effect::{Attempt, Diagnostic, DiagnosticCode, Effect, Event, Settlement};
pub use super::election::LockNews;
pub use super::flat::{Map, Set};
pub use super::host::{Host, HostRefusal, Touched};
pub use super::ids::{BatchId, Epoch, Incarnation, InvalidId, OperationId, Revision, StoreId, TabId};
pub use super::operation::{Body, Operation, OperationState, ParkReason, Report, TRANSITIONS, WaitReason};
pub use super::outcome::{Current, FailedKind, Failure, FailureCode, Hindrance, Outcome, Rebased};
pub use super::peers::Peer;
#[cfg(feature = "planted")]
pub use super::plant::Plant;
pub use super::protocol::{Envelope, Message, PROTOCOL_VERSION, Wish};
pub use super::publishing::PublishRefusal;
pub use super::replica::{Origin, QueryToken, View};
pub use super::retry::{delay_bound_ms, delay_ms};
pub use super::showing::BaseUpdate;
pub use super::status::Status;
pub use super::storage::{CachedQuery, PersistFailure, StoreContents, Write, WriteBatch};
pub use super::terms::{Priority, Retry, Terms};
pub use super::time::Now;
pub use super::topics::TopicEntry;
pub use super::wishes::Asked;
