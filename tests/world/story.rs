//! Words for what happens, so that a way to a broken law can be read.

use tabweave::engine::{Message, Operation, Write};

use super::app::{self, Marks};
use super::minds::Output;
use super::stage::Stage;
use super::symmetry::place_of;

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
        self.note(|| format!("    → {line}"));
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
