//! The leader's Web Lock with its queue, and the life locks.

use std::collections::{BTreeMap, VecDeque};

/// A request for the leader's lock: the tab, and the number of its request.
pub type LockRequest = (usize, u64);

/// All locks of one namespace.
#[derive(Clone, Debug, Default)]
pub struct Locks {
    holder: Option<LockRequest>,
    queue: VecDeque<LockRequest>,
    requests: u64,
    /// Tabs that hold a life lock, with the incarnation in its name.
    pub living: BTreeMap<usize, u32>,
}

impl Locks {
    /// Queues for the leader's lock.
    pub fn request(&mut self, tab: usize) -> u64 {
        self.requests += 1;
        self.queue.push_back((tab, self.requests));
        self.requests
    }

    /// A request where there is no lock to be had.
    pub fn request_in_vain(&mut self) -> u64 {
        self.requests += 1;
        self.requests
    }

    /// Who holds the lock, and by which request.
    #[allow(dead_code, reason = "stories ask for it")]
    pub const fn holder(&self) -> Option<LockRequest> {
        self.holder
    }

    /// Gives the lock back, or stops waiting for it.
    pub fn release(&mut self, request: u64) {
        self.queue.retain(|(_, queued)| *queued != request);
        if self.holder.is_some_and(|(_, held)| held == request) {
            self.holder = None;
        }
    }

    /// The next holder, if the lock is free.
    pub fn grant(&mut self) -> Option<LockRequest> {
        if self.holder.is_none() {
            self.holder = self.queue.pop_front();
            return self.holder;
        }
        None
    }

    /// Gives the lock to this tab, past the queue; its request, and the former holder.
    pub fn take(&mut self, tab: usize) -> (u64, Option<LockRequest>) {
        self.requests += 1;
        (self.requests, self.holder.replace((tab, self.requests)))
    }

    /// Takes the lock from its holder and gives it to whoever stands next; the former holder.
    pub fn steal(&mut self) -> Option<LockRequest> {
        if self.queue.is_empty() { None } else { self.holder.take() }
    }
}
