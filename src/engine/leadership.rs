//! Winning and losing the lead, of which there is one over all tabs.

use super::effect::{DiagnosticCode, Effect, Event};
use super::election::{Election, Leadership, LockNews};
use super::ids::{Epoch, Revision};
use super::plant::Plant;
use super::protocol::Message;
use super::storage::{PersistFailure, Purpose, Write, WriteBatch};
use super::time::Now;
use super::timers::Timer;
use super::{Engine, Reading};

impl<V: Clone> Engine<V> {
    pub(super) fn lock_changed(&mut self, now: Now, news: LockNews) {
        self.lockless = news == LockNews::Missing;
        match (news, self.election) {
            (LockNews::Granted, Election::Queuing | Election::Doubting { .. }) => {
                self.timers.stop(Timer::Leader);
                self.election = Election::Holding;
                self.claim_if_holding(now);
            }
            // The epoch is being won already.
            (LockNews::Granted, Election::Usurping(epoch)) => self.election = Election::Claiming(epoch),
            (LockNews::Lost, Election::Holding | Election::Claiming(_) | Election::Leading(_)) => {
                self.step_down(now);
            }
            (LockNews::Missing, _) => self.watch_leader(now),
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
        let has_lock = self.election == Election::Claiming(epoch);
        if !has_lock && self.election != Election::Usurping(epoch) {
            return;
        }
        match result {
            Ok(_) => {
                if !has_lock {
                    self.take_lock();
                }
                self.election = Election::Leading(Leadership { epoch, proof: issued, informed: false });
                self.peers.follow(epoch, self.tab);
                self.peers.look_anew();
                self.events.push_back(Event::LeadershipChanged { epoch: Some(epoch) });
                self.tell_lead();
                self.read_store();
                self.find_orphans(now);
            }
            Err(PersistFailure::Conflict) if has_lock => {
                self.election = Election::Holding;
                self.read_store();
            }
            Err(PersistFailure::Conflict) => self.lose_race(now),
            Err(_) => {
                self.election = if has_lock { Election::Holding } else { Election::Queuing };
                self.storage_failed(now, &result);
            }
        }
    }

    /// Says that this tab leads, if it does, and how far it knows the store: who knows less has missed news.
    pub(super) fn tell_lead(&mut self) {
        if let Some(epoch) = self.election.epoch() {
            self.broadcast(Message::Leading { epoch, revision: self.revisions.complete() });
        }
    }

    /// Another tab leads, or may: queue again, behind it.
    fn step_down(&mut self, now: Now) {
        self.rest();
        self.peers.unfollow(self.tab);
        self.election = Election::Queuing;
        self.effects.push_back(Effect::RequestLeaderLock);
        // What this tab would have written down is for the next leader now.
        self.tell_answers();
        self.tell_reports();
        self.watch_leader(now);
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
        self.coalescing.stop_looking();
    }

    /// The store is another one, so the epoch means nothing; the lock is still held.
    pub(super) fn hold_again(&mut self) {
        if self.election.epoch().is_some() {
            self.events.push_back(Event::LeadershipChanged { epoch: None });
        }
        self.coalescing.stop_looking();
        self.election = match self.election {
            Election::Claiming(_) | Election::Leading(_) => Election::Holding,
            Election::Usurping(_) => Election::Queuing,
            other => other,
        };
    }

    /// A write of this epoch came undone: another tab has won a later one.
    pub(super) fn fenced_off(&mut self, now: Now, epoch: Epoch) {
        self.last_epoch = self.last_epoch.max(epoch.next());
        if self.election.epoch() == Some(epoch) && !self.has_planted(Plant::UndoneWriteIgnored) {
            self.diagnose(DiagnosticCode::FenceLost);
            self.step_down(now);
            self.read_store();
        }
    }
}
