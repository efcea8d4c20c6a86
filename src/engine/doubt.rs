//! A leader that holds the lock and does not answer: asked twice, then taken over from.
//!
//! Nobody sends heartbeats. A tab asks only while it has work that a leader would do, and nothing was heard of the
//! leader for a while; a question that another tab asked counts as its own. Who gets no answer wins the next epoch
//! in the store, from where on the former leader's writes come undone, and takes the lock by force then.

use super::effect::{DiagnosticCode, Effect};
use super::election::Election;
use super::ids::{OperationId, TabId};
use super::operation::{Operation, OperationState, WaitReason};
use super::plant::Plant;
use super::protocol::Message;
use super::storage::{Purpose, Write, WriteBatch};
use super::time::Now;
use super::timers::Timer;
use super::{Engine, Reading};

/// Questions that a leader may leave unanswered.
const PINGS_MAX: u8 = 2;

impl<V: Clone> Engine<V> {
    /// Begins or ends to wait for a sign of the leader, as there is work for it or not.
    pub(super) fn watch_leader(&mut self, now: Now) {
        if !(self.election.relies_on_another() && self.needs_leader(now)) {
            self.trust_leader();
        } else if !self.timers.is_set(Timer::Leader) || self.is_leaderless() {
            self.timers.set(Timer::Leader, now, self.leader_patience_ms());
        }
    }

    /// A sign of the leader, or nothing to do for it.
    pub(super) fn trust_leader(&mut self) {
        self.timers.stop(Timer::Leader);
        if matches!(self.election, Election::Doubting { .. }) {
            self.election = Election::Queuing;
        }
    }

    /// The leader was not heard of for as long as it may be silent.
    pub(super) fn doubt_leader(&mut self, now: Now) {
        if !self.needs_leader(now) {
            return self.trust_leader();
        }
        let pings = match self.election {
            Election::Queuing => 1,
            Election::Doubting { pings } if pings < PINGS_MAX => pings + 1,
            Election::Doubting { .. } => return self.usurp(now),
            _ => return,
        };
        self.election = Election::Doubting { pings };
        self.broadcast(Message::Ping);
        // The leader may be waiting for a tab that can do the work, and have missed that this one can.
        self.greet(false);
        // Or it may not know of the work: the news of it got lost, and it would answer and do nothing.
        self.broadcast(Message::Bell { revision: self.revisions.complete() });
        if pings == PINGS_MAX {
            // Who missed the word of the last epoch would try to win it again.
            self.read_store();
        }
        self.timers.set(Timer::Leader, now, self.leader_answer_ms());
    }

    /// Somebody asks whether there is a leader.
    pub(super) fn hear_ping(&mut self, now: Now) {
        if self.election.epoch().is_some() {
            self.tell_lead();
        } else if self.election == Election::Queuing {
            // The answer is for all.
            self.timers.stop(Timer::Leader);
            self.timers.set(Timer::Leader, now, self.leader_patience_ms() + self.leader_answer_ms());
        }
    }

    /// Wins the next epoch without the lock. Who holds the lock may not even run.
    fn usurp(&mut self, now: Now) {
        if self.store.is_none() || self.reading != Reading::Idle {
            return self.timers.set(Timer::Leader, now, self.leader_answer_ms());
        }
        let epoch = self.last_epoch.next();
        self.election = Election::Usurping(epoch);
        if self.has_planted(Plant::TakeoverWithoutEpoch) {
            return self.epoch_claimed(now, epoch, now, Ok(None));
        }
        let writes = vec![Write::ClaimEpoch(epoch)];
        self.persist(now, Purpose::ClaimEpoch { epoch, issued: now }, WriteBatch { fence: None, writes });
    }

    /// The epoch was won from a leader that did not answer: its lock follows.
    pub(super) fn take_lock(&mut self) {
        if !self.lockless {
            self.diagnose(DiagnosticCode::LeaderSilent);
            self.effects.push_back(Effect::StealLeaderLock);
        }
    }

    /// Another tab won the epoch. It says so, and if it does not it is not to be relied on either.
    pub(super) fn lose_race(&mut self, now: Now) {
        self.election = Election::Doubting { pings: PINGS_MAX };
        self.timers.set(Timer::Leader, now, self.leader_answer_ms());
        self.read_store();
    }

    /// Whether something would go on now if somebody led.
    fn needs_leader(&self, now: Now) -> bool {
        if self.is_leaderless() {
            return true;
        }
        // Of what no leader like this tab can read nobody asks it.
        let is_settled = |id: &OperationId| self.outbox.is_settled(*id);
        if self.wishes.keys().any(is_settled) || self.reports_need_leader() {
            return true;
        }
        // A hidden tab looks after what was done in it, and leaves the rest to those that people look at.
        let concerns = |operation: &&Operation<V>| self.visible || operation.origin == self.tab;
        let is_due = |operation: &Operation<V>| self.is_due_for_leader(operation, now);
        let is_stuck = |operation: &Operation<V>| !self.attempts.under_way.contains_key(&operation.id);
        self.connected
            && (self.attempts.answers.keys().any(is_settled)
                || (self.free_turns(now, &[]).0 > 0 && self.outbox.heads().filter(concerns).any(is_due))
                || self.outbox.claimed().filter(concerns).any(is_stuck))
    }

    fn is_due_for_leader(&self, operation: &Operation<V>, now: Now) -> bool {
        match operation.state {
            OperationState::Queued => true,
            // Of another tab that could do it this one does not know whether it is still there.
            OperationState::Waiting { why: WaitReason::NoHandler, until_ms: None, .. } => {
                self.can_run(operation)
            }
            OperationState::Waiting { until_ms: Some(until), .. } => until <= now.wall_ms,
            _ => false,
        }
    }

    /// Tabs lose patience one after another, so that one question is enough.
    fn leader_patience_ms(&self) -> u64 {
        if self.is_leaderless() {
            return 0;
        }
        let patience_ms = self.config.leader_patience_ms;
        patience_ms + u64::from(first_byte(self.tab)) * patience_ms / 512
    }

    fn leader_answer_ms(&self) -> u64 {
        if self.is_leaderless() { self.config.lockless_answer_ms } else { self.config.leader_answer_ms }
    }

    /// Nobody is known to lead, and no lock will ever tell.
    fn is_leaderless(&self) -> bool {
        self.lockless && self.peers.leader().is_none()
    }
}

const fn first_byte(tab: TabId) -> u8 {
    tab.bytes()[0]
}
