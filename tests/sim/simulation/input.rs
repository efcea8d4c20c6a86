//! Everything that can be said to an engine, as one plain value: so that a clone can be told the same, and a trace
//! can tell what was said.

use std::fmt;

use tabweave::engine::{
    BaseUpdate, BatchId, CachedQuery, Engine, Envelope, LockNews, Merger, Now, OperationId, OperationRequest,
    Outcome, PersistFailure, PublishRefusal, QueryToken, Rebased, Refusal, Revision, Set, StoreContents,
    TabId, Wish,
};

use crate::support::host::App;
use crate::support::value::Value;

/// One call of the engine.
#[derive(Clone, Debug)]
pub enum Input {
    Start { visible: bool },
    Register { names: Vec<String> },
    Mutate { request: OperationRequest<Value> },
    Adopt { owner: TabId, requests: Vec<OperationRequest<Value>> },
    Watch { query: QueryToken },
    Unwatch { query: QueryToken },
    Cancel { id: OperationId },
    Retry { id: OperationId },
    Resolve { id: OperationId, resolution: Rebased<Value> },
    SetAside { id: OperationId },
    SignedIn,
    Publish { durable: bool, topic: String, key: String, value: Option<Value> },
    WatchPeers { watching: bool },
    Close,
    StoreRead { contents: Result<StoreContents<Value>, PersistFailure> },
    QueryRead { query: QueryToken, cached: Option<CachedQuery<Value>> },
    Gathered,
    Persisted { batch: BatchId, result: Result<Option<Revision>, PersistFailure> },
    LeaderLock { news: LockNews },
    Message { envelope: Envelope<Value> },
    Answer { id: OperationId, attempt: u32, outcome: Outcome<Value> },
    Reported { id: OperationId, ended_ms: u64 },
    Coalesced { mergers: Vec<Merger<Value>> },
    Base { update: BaseUpdate<Value> },
    Connection { connected: bool },
    Presence { living: Set<TabId>, pages: Set<TabId> },
    ServerTime { server_ms: u64 },
    Visibility { visible: bool },
    Suspend,
    Resume,
    StoreClosed,
    Timeout,
}

/// What the engine returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Taken,
    /// A wish that cannot be asked for now, or a message that was of no use.
    Unheard,
    Refused(Refusal<Value>),
    NotPublished(PublishRefusal),
}

/// Makes the call.
pub fn tell(engine: &mut Engine<Value>, app: &mut App, now: Now, input: Input) -> Verdict {
    let heard = |heard: bool| if heard { Verdict::Taken } else { Verdict::Unheard };
    match input {
        Input::Start { visible } => engine.start(now, visible),
        Input::Register { names } => {
            app.registered.extend(names.iter().cloned());
            engine.register(now, app, names);
        }
        Input::Mutate { request } => {
            if let Err(refusal) = engine.mutate(now, app, request) {
                return Verdict::Refused(refusal);
            }
        }
        Input::Adopt { owner, requests } => engine.adopt(now, app, owner, requests),
        Input::Watch { query } => engine.watch(now, query),
        Input::Unwatch { query } => engine.unwatch(now, app, &query),
        Input::Cancel { id } => return heard(engine.wish(now, id, Wish::Cancel)),
        Input::Retry { id } => return heard(engine.wish(now, id, Wish::Retry)),
        Input::SetAside { id } => return heard(engine.wish(now, id, Wish::SetAside)),
        Input::Resolve { id, resolution } => return heard(engine.resolve(now, id, resolution)),
        Input::SignedIn => engine.handle_signed_in(now),
        Input::Publish { durable, topic, key, value } => {
            if let Err(refusal) = engine.publish(now, durable, topic, key, value) {
                return Verdict::NotPublished(refusal);
            }
        }
        Input::WatchPeers { watching } => engine.watch_peers(now, watching),
        Input::Close => engine.close(now),
        Input::StoreRead { contents } => engine.handle_store_read(now, app, contents),
        Input::QueryRead { query, cached } => engine.handle_query_read(now, app, query, cached),
        Input::Gathered => engine.handle_gathered(now),
        Input::Persisted { batch, result } => engine.handle_persisted(now, app, batch, result),
        Input::LeaderLock { news } => engine.handle_leader_lock(now, news),
        Input::Message { envelope } => return heard(engine.handle_message(now, app, envelope)),
        Input::Answer { id, attempt, outcome } => engine.handle_attempt(now, app, id, attempt, outcome),
        Input::Reported { id, ended_ms } => engine.handle_reported(now, id, ended_ms),
        Input::Coalesced { mergers } => engine.handle_coalesced(now, mergers),
        Input::Base { update } => engine.handle_base(now, app, update),
        Input::Connection { connected } => engine.handle_connection(now, connected),
        Input::Presence { living, pages } => engine.handle_presence(now, &living, &pages),
        Input::ServerTime { server_ms } => engine.handle_server_time(now, server_ms),
        Input::Visibility { visible } => engine.handle_visibility(now, visible),
        Input::Suspend => engine.handle_suspend(now),
        Input::Resume => engine.handle_resume(now),
        Input::StoreClosed => engine.handle_store_closed(now),
        Input::Timeout => engine.handle_timeout(now, app),
    }
    Verdict::Taken
}

/// The first digits of an id are enough to follow it through a trace.
pub fn short(id: impl fmt::Display) -> String {
    id.to_string().chars().take(6).collect()
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mutate { request } => {
                let OperationRequest { id, name, scope, repeatable, .. } = request;
                write!(f, "mutate {} {name} in {scope}{}", short(id), if *repeatable { "" } else { ", once" })
            }
            Self::Adopt { owner, requests } => {
                let ids: Vec<_> = requests.iter().map(|request| short(request.id)).collect();
                write!(f, "adopt {} of {}", ids.join(" "), short(owner))
            }
            Self::Cancel { id } => write!(f, "cancel {}", short(id)),
            Self::Retry { id } => write!(f, "retry {}", short(id)),
            Self::Resolve { id, .. } => write!(f, "resolve {}", short(id)),
            Self::SetAside { id } => write!(f, "set aside {}", short(id)),
            Self::StoreRead { contents: Ok(contents) } => {
                let StoreContents { revision, epoch, operations, .. } = contents;
                write!(f, "store read at revision {revision}, epoch {epoch}, {} operations", operations.len())
            }
            Self::QueryRead { query, cached } => {
                write!(
                    f,
                    "query {} read: {}",
                    query.as_str(),
                    if cached.is_some() { "cached" } else { "nothing" }
                )
            }
            Self::Persisted { batch, result } => write!(f, "batch {batch} persisted: {result:?}"),
            Self::Message { envelope } => {
                write!(f, "message of {}: {}", short(envelope.from), message(&envelope.message))
            }
            Self::Answer { id, attempt, outcome } => {
                write!(f, "answer for {} attempt {attempt}: {}", short(id), outcome_name(outcome))
            }
            Self::Reported { id, .. } => write!(f, "the app is through with the end of {}", short(id)),
            Self::Base { update } => {
                let queries: Vec<_> = update.queries.iter().map(|(query, _)| query.as_str()).collect();
                let seen: Vec<_> = update.seen.iter().map(short).collect();
                write!(f, "base of {}, seen {}", queries.join(" "), seen.join(" "))
            }
            Self::Presence { living, .. } => {
                write!(f, "living: {}", living.iter().map(short).collect::<Vec<_>>().join(" "))
            }
            other => write!(f, "{other:?}"),
        }
    }
}

fn outcome_name(outcome: &Outcome<Value>) -> &'static str {
    match outcome {
        Outcome::Accepted { seen: true, .. } => "accepted and seen",
        Outcome::Accepted { .. } => "accepted",
        Outcome::Failed { kind, .. } => kind.name(),
    }
}

/// A message in a trace.
pub fn message(message: &tabweave::engine::Message<Value>) -> String {
    use tabweave::engine::Message;
    match message {
        Message::Stored { revision, operations, removed } => {
            let states: Vec<_> =
                operations.iter().map(|one| format!("{} {}", short(one.id), one.state.name())).collect();
            let removed: Vec<_> = removed.iter().map(short).collect();
            format!("stored {revision}: {} removed {}", states.join(", "), removed.join(" "))
        }
        Message::Delegate { to, epoch, id, attempt } => {
            format!("delegate {} attempt {attempt} to {} under {epoch}", short(id), short(to))
        }
        Message::AttemptEnded { id, attempt, outcome } => {
            format!("attempt {attempt} of {} ended: {}", short(id), outcome_name(outcome))
        }
        other => format!("{other:?}"),
    }
}
