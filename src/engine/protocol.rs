//! What tabs tell each other. Messages are news about the store, which is the truth: a lost message costs
//! time, never a change.

use super::clock::Stamp;
use super::ids::{Epoch, Incarnation, OperationId, Revision, StoreId, TabId};
use super::operation::Operation;
use super::outcome::Outcome;
use super::topics::TopicEntry;
use super::wishes::Asked;

/// The version of the messages this build speaks. A tab takes no more from a message of another version than its head,
/// and tells the sender once.
pub const PROTOCOL_VERSION: u32 = 1;

/// A message with what is needed to judge it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Envelope<V> {
    /// The [`PROTOCOL_VERSION`] of the sender.
    pub protocol: u32,
    /// The store that the news is about.
    pub store: StoreId,
    /// The sender.
    pub from: TabId,
    /// The sender's incarnation.
    pub incarnation: Incarnation,
    /// The sender's clock.
    pub stamp: Stamp,
    /// What it says.
    pub message: Message<V>,
}

/// What a tab has to say.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message<V> {
    /// "I am here." A tab that arrives asks the others to answer.
    Hello {
        /// Names of the operations that the sender can run, in order.
        handlers: Vec<String>,
        /// Whether a person can see the sender's page.
        visible: bool,
        /// Whether the sender wants to hear who else is there.
        asks: bool,
        /// The version of the sender's app.
        app: String,
    },
    /// "I am leaving."
    Goodbye {
        /// Whether it may come back: it is going to be frozen, or kept in the back/forward cache.
        asleep: bool,
    },
    /// "I have work for the leader: is there one?" The leader answers with [`Leading`](Self::Leading).
    Ping,
    /// "I speak another version of the protocol than you." Said once to each tab that turns out to.
    Mismatch,
    /// "I lead under this epoch."
    Leading {
        /// The epoch that was won.
        epoch: Epoch,
        /// The last change of the store that the sender knows of.
        revision: Revision,
    },
    /// "I am about to write to the store." If nothing is heard of it, the writer died on the way, and the leader
    /// looks.
    Writing,
    /// "The store has changed."
    Stored {
        /// The number of the change.
        revision: Revision,
        /// Operations as they are stored now.
        operations: Vec<Operation<V>>,
        /// Operations that are stored no more.
        removed: Vec<OperationId>,
    },
    /// "The store has changed": entries of durable topics as they are stored now.
    Published {
        /// The number of the change.
        revision: Revision,
        /// The entries.
        entries: Vec<TopicEntry<V>>,
    },
    /// "This is what I last wrote into ephemeral topics."
    Shared {
        /// The entries; the sender wrote all of them.
        entries: Vec<TopicEntry<V>>,
    },
    /// "The store is at this change." Said by the leader when it finds there what nobody announced, and by a tab whose
    /// work the leader does not get on with: it may not know of it.
    Bell {
        /// The number of the change.
        revision: Revision,
    },
    /// "You know this operation's handler: make the attempt." Said after the claim was committed.
    Delegate {
        /// The tab that is asked.
        to: TabId,
        /// The epoch of the claim.
        epoch: Epoch,
        /// The operation.
        id: OperationId,
        /// Its number of attempt, from 1.
        attempt: u32,
    },
    /// "This is what became of the attempt." For the leader, whoever that is by now.
    AttemptEnded {
        /// The operation.
        id: OperationId,
        /// Its number of attempt, from 1.
        attempt: u32,
        /// What became of it.
        outcome: Outcome<V>,
    },
    /// "A person wants this of an operation." For the leader, who alone changes operations.
    Ask {
        /// The operation.
        id: OperationId,
        /// What is wanted.
        asked: Asked<V>,
    },
    /// "My app was told how the operation ended." For the leader, who has it written down.
    Reported {
        /// The operation.
        id: OperationId,
        /// Wall time in milliseconds of the end that it was told of.
        ended_ms: u64,
    },
}

/// What a person wants of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wish {
    /// That it is not done.
    Cancel,
    /// That it is tried again.
    Retry,
    /// That it is not tried any more for now, and kept as a dead letter.
    SetAside,
    /// That it goes on if it stopped for want of something that is there now: the person has signed in, or what it names
    /// was created.
    Resume,
    /// That an edit in conflict becomes what the person has decided.
    Resolve,
}

impl<V> Message<V> {
    /// The message's name in its envelope.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Hello { .. } => "hello",
            Self::Goodbye { .. } => "goodbye",
            Self::Ping => "ping",
            Self::Mismatch => "mismatch",
            Self::Leading { .. } => "leading",
            Self::Writing => "writing",
            Self::Stored { .. } => "stored",
            Self::Published { .. } => "published",
            Self::Bell { .. } => "bell",
            Self::Shared { .. } => "shared",
            Self::Delegate { .. } => "delegate",
            Self::AttemptEnded { .. } => "attempt_ended",
            Self::Ask { .. } => "ask",
            Self::Reported { .. } => "reported",
        }
    }
}
