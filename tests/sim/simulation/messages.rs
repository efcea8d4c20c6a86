//! How what tabs say reaches the others, or does not.

use std::rc::Rc;

use tabweave::engine::{Envelope, Message, Outcome};

use super::checkers::{Violation, ensure};
use super::faults::Fault;
use super::plan::Trouble;
use super::swarm::Transport;
use super::world::{Arrival, World};
use crate::support::value::Value;

impl World {
    pub fn broadcast(&mut self, from: usize, envelope: Envelope<Value>) -> Result<(), Violation> {
        match &envelope.message {
            Message::Shared { entries } => self.check_shared(from, entries)?,
            Message::Mismatch => self.tabs[from].memory.mismatches += 1,
            _ => {}
        }
        ensure(envelope.from == self.tabs[from].id, "a tab speaks for itself", || format!("tab {from}"))?;
        let envelope = match self.swarm.transport {
            Transport::Silence => return Ok(()),
            Transport::Channel => envelope,
            Transport::Doorbell => shortened(envelope),
        };
        if self.tabs[from].channel.is_none() {
            return Ok(());
        }
        let envelope = Rc::new(envelope);
        let listeners: Vec<_> = self
            .tabs
            .iter()
            .filter(|tab| tab.number != from)
            .filter_map(|tab| Some((tab.number, tab.channel?)))
            .collect();
        for (to, channel) in listeners {
            self.post(from, to, channel, &envelope);
        }
        Ok(())
    }

    fn post(&mut self, from: usize, to: usize, channel: u64, envelope: &Rc<Envelope<Value>>) {
        if self.strikes_tab(Fault::MessageLost, to) {
            self.trace.note(self.now, || format!("        lost on the way to tab {to}"));
            return;
        }
        let copies = 1 + usize::from(self.strikes_tab(Fault::MessageDoubled, to));
        for _ in 0..copies {
            let late = self.strikes_tab(Fault::MessageLate, to);
            let takes_ms = if late { self.chance.up_to(3_000) } else { 1 + self.chance.up_to(2) };
            let after_ms = if self.faults.of(Fault::MessageOvertakes) > 0 {
                if self.channel.overtakes(from, to, self.now + takes_ms) {
                    self.trouble(Trouble::Fault(Fault::MessageOvertakes), to);
                }
                takes_ms
            } else {
                self.channel.in_order(from, to, self.now, takes_ms)
            };
            let envelope = Rc::clone(envelope);
            self.schedule_arrival(after_ms, to, Arrival::Message { channel, envelope });
        }
    }
}

/// What the `storage` event brings across: of news no more than its number, and no values that JSON would spoil.
fn shortened(mut envelope: Envelope<Value>) -> Envelope<Value> {
    match envelope.message {
        Message::Stored { revision, .. } | Message::Published { revision, .. } => {
            envelope.message = Message::Bell { revision };
        }
        Message::AttemptEnded { outcome: Outcome::Accepted { ref mut result, .. }, .. } => {
            *result = Value::Undefined;
        }
        _ => {}
    }
    envelope
}
