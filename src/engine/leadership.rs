//! Winning and losing the lead, of which there is one over all tabs.

use super::effect::{DiagnosticCode, Effect, Event};
use super::election::{Election, Leadership};
use super::ids::{Epoch, Revision};
use super::protocol::Message;
use super::storage::{PersistFailure, Purpose, Write, WriteBatch};
use super::time::Now;
use super::{Engine, Reading};

impl<V: Clone> Engine<V> {
    pub(super) fn lock_changed(&mut self, now: Now, held: bool) {
        match (held, self.election) {
            (true, Election::Queuing) => {
                self.election = Election::Holding;
                self.claim_if_holding(now);
            }
            (false, Election::Holding | Election::Claiming(_) | Election::Leading(_)) => self.step_down(),
            // A lock granted to a tab that went to sleep meanwhile is given back by the platform with the
            // release that was asked for then.
            _ => {}
        }
    }

    /// Tries to win the next epoch, once the lock is held and the last epoch is known.
    pub(super) fn claim_if_holding(&mut self, now: Now) {
        if self.election != Election::Holding || self.store.is_none() || self.reading != Reading::Idle {
            return;
        }
        let epoch = self.last_epoch.next();
        self.election = Election::Claiming(epoch);
        let writes = vec![Write::ClaimEpoch(epoch)];
        self.persist(now, Purpose::ClaimEpoch { epoch, issued: now }, WriteBatch { fence: None, writes });
    }

    pub(super) fn epoch_claimed(
        &mut self,
        now: Now,
        epoch: Epoch,
        issued: Now,
        result: Result<Option<Revision>, PersistFailure>,
    ) {
        if result.is_ok() {
            self.last_epoch = self.last_epoch.max(epoch);
        }
        if self.election != Election::Claiming(epoch) {
            return;
        }
        match result {
            Ok(_) => {
                self.election = Election::Leading(Leadership { epoch, proof: issued, informed: false });
                self.peers.follow(epoch, self.tab);
                self.events.push_back(Event::LeadershipChanged { epoch: Some(epoch) });
                self.broadcast(Message::Leading { epoch });
                self.read_store();
                self.effects.push_back(Effect::FindOrphans);
            }
            Err(PersistFailure::Conflict) => {
                self.election = Election::Holding;
                self.read_store();
            }
            Err(_) => {
                self.election = Election::Holding;
                self.storage_failed(now, &result);
            }
        }
    }

    /// Another tab leads, or may: queue again, behind it.
    fn step_down(&mut self) {
        self.rest();
        self.election = Election::Queuing;
        self.effects.push_back(Effect::RequestLeaderLock);
        // What this tab would have written down is for the next leader now.
        self.tell_answers();
    }

    /// Gives up the lock, or the wait for it.
    pub(super) fn rest(&mut self) {
        if self.election.takes_part() {
            self.effects.push_back(Effect::ReleaseLeaderLock);
        }
        if self.election.epoch().is_some() {
            self.events.push_back(Event::LeadershipChanged { epoch: None });
        }
        self.election = Election::Resting;
    }

    /// The store is another one, so the epoch means nothing; the lock is still held.
    pub(super) fn hold_again(&mut self) {
        if self.election.epoch().is_some() {
            self.events.push_back(Event::LeadershipChanged { epoch: None });
        }
        if matches!(self.election, Election::Claiming(_) | Election::Leading(_)) {
            self.election = Election::Holding;
        }
    }

    /// A write of this epoch came undone: another tab has won a later one.
    pub(super) fn fenced_off(&mut self, epoch: Epoch) {
        self.last_epoch = self.last_epoch.max(epoch.next());
        if self.election.epoch() == Some(epoch) {
            self.diagnose(DiagnosticCode::FenceLost);
            self.step_down();
            self.read_store();
        }
    }
}
