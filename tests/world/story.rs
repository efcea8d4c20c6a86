//! Words for what happens, so that a way to a broken law can be read.

use tabweave::engine::{Message, Operation, Write};

use super::app::{self, Marks};
use super::minds::Output;
use super::stage::Stage;
use super::steps::Step;
use super::symmetry::place_of;
use super::world::Reply;

impl Stage {
    /// Writes down what a tab wants done, if anybody reads the story.
    pub fn narrate(&mut self, output: &Output) {
        if self.story.is_none() {
            return;
        }
        let line = match output {
            Output::Send { envelope } => {
                format!("says {}", message(&self.minds.envelopes.get(*envelope).message))
            }
            Output::Persist { writes, .. } => {
                let batch = self.minds.batches.get(*writes);
                let fence = batch.fence.map_or(String::new(), |epoch| format!(" under epoch {epoch}"));
                let writes: Vec<_> = batch.writes.iter().map(write).collect();
                format!("writes{fence}: {}", writes.join(", "))
            }
            other => format!("{other:?}"),
        };
        self.note(|| format!("        → {line}"));
    }
}

/// What happens, in words.
pub fn sentence(step: Step) -> String {
    match step {
        Step::Open { tab } => format!("tab {tab} is opened"),
        Step::Mutate { tab } => format!("a person does something in tab {tab}"),
        Step::Publish { tab } => format!("tab {tab} publishes an entry"),
        Step::Commit => "the store carries out its oldest transaction".to_owned(),
        Step::Reply { tab } => format!("tab {tab} hears from the store"),
        Step::HearLock { tab } => format!("tab {tab} hears of the lock"),
        Step::Deliver { from, to } => format!("tab {to} hears what tab {from} said"),
        Step::Serve { .. } => "the server carries out a call".to_owned(),
        Step::Refresh { tab } => format!("the server tells tab {tab} what it holds"),
        Step::Timer { tab } => format!("a timer fires in tab {tab}"),
        Step::EarlyTimer { tab } => {
            format!("FAULT: what is on its way is late, a timer fires in tab {tab} before")
        }
        Step::Thaw { tab } => format!("FAULT: tab {tab} runs again"),
        Step::Wake { tab } => format!("FAULT: tab {tab} comes back from its sleep"),
        Step::Crash { tab, loses: false } => format!("FAULT: tab {tab} crashes"),
        Step::Crash { tab, loses: true } => {
            format!("FAULT: tab {tab} crashes, and its transactions are lost")
        }
        Step::Freeze { tab } => format!("FAULT: tab {tab} stops without a word"),
        Step::Sleep { tab } => format!("FAULT: tab {tab} is told to sleep, and sleeps"),
        Step::Double { from, to } => {
            format!("FAULT: tab {to} hears what tab {from} said, and will hear it again")
        }
        Step::Lose { from, to } => format!("FAULT: what tab {from} said does not reach tab {to}"),
        Step::StealLock => {
            "FAULT: the lock goes to the next in the queue, the holder has not heard of it".to_owned()
        }
        Step::FailWrite => "FAULT: the store's oldest transaction fails".to_owned(),
        Step::Wipe => "FAULT: the site's data are cleared".to_owned(),
    }
}

/// What the store has for a tab, in words.
pub fn answer(reply: &Reply) -> String {
    match reply {
        Reply::Read { store: None } => "the database is closed".to_owned(),
        Reply::Read { store: Some(_) } => "what the store holds".to_owned(),
        Reply::Closed { .. } => "its connection was closed".to_owned(),
        Reply::Persisted { result: Ok(Some(revision)), .. } => format!("committed as change {revision}"),
        Reply::Persisted { result: Ok(None), .. } => "committed".to_owned(),
        Reply::Persisted { result: Err(failure), .. } => format!("undone: {failure:?}"),
    }
}

fn operation(operation: &Operation<Marks>) -> String {
    format!(
        "operation {} ({}, {} attempts)",
        app::number_of(operation.id),
        operation.state.name(),
        operation.attempts
    )
}

fn write(write: &Write<Marks>) -> String {
    match write {
        Write::ClaimEpoch(epoch) => format!("epoch {epoch}"),
        Write::AddOperation(one) => format!("new {}", operation(one)),
        Write::PutOperation(one) => operation(one),
        Write::RemoveOperation(id) => format!("operation {} no more", app::number_of(*id)),
        Write::PutQuery { .. } => "a result".to_owned(),
        Write::AppendAudit(entry) => format!("audit entry {}", entry.number),
        Write::DropEntry { stamp, .. } => format!("no more of tab {}", place_of(stamp.tab)),
        Write::ForgetEntry { stamp, .. } => format!("no more up to tab {}", place_of(stamp.tab)),
        Write::PutEntry(entry) => format!("entry {:?} of tab {}", entry.value, place_of(entry.stamp.tab)),
    }
}

fn message(message: &Message<Marks>) -> String {
    match message {
        Message::Stored { revision, operations, .. } => {
            let operations: Vec<_> = operations.iter().map(operation).collect();
            format!("stored {revision}: {}", operations.join(", "))
        }
        Message::Published { revision, entries } => {
            let values: Vec<_> = entries.iter().map(|entry| entry.value).collect();
            format!("published {revision}: {values:?}")
        }
        Message::Hello { asks, .. } => if *asks { "hello, who is there?" } else { "hello" }.to_owned(),
        other => format!("{other:?}"),
    }
}
