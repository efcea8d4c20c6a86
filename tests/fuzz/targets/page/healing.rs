//! All trouble ends: what is under way arrives, and everything that is left to do is done.

use tabweave::engine::{LockNews, Outcome};

use super::{Lock, Look, Page};

/// Things that may happen before the page comes to rest.
const HAPPENINGS_MAX: usize = 5_000;
/// No page waits longer for something to do.
const PATIENCE_MS: u64 = 120_000;

impl Page {
    /// In the end all that was accepted is or was stored, journals are empty, and somebody leads.
    pub fn heal(mut self) {
        self.resume();
        self.tell(|engine, now| engine.watch_peers(now, false));
        self.tell(|engine, now| engine.handle_connection(now, true));
        self.news.clear();
        for _ in 0..HAPPENINGS_MAX {
            if !self.go_on() {
                return self.check_healed();
            }
            self.check();
        }
        panic!("the page does not come to rest");
    }

    /// False if nothing is left to happen.
    fn go_on(&mut self) -> bool {
        if self.lock == Lock::Wanted {
            self.tell_lock(LockNews::Granted);
        } else if !self.answers.is_empty() {
            self.answer(0);
        } else if !self.jobs.is_empty() {
            self.run_job(None);
        } else if self.look != Look::None {
            self.look_around(false);
        } else if !self.calls.is_empty() {
            self.called(0, Outcome::Accepted { result: 0, seen: false });
        } else if let Some(due) =
            self.engine.poll_timeout().filter(|due| *due <= self.now.steady_ms + PATIENCE_MS)
        {
            self.pass(due.saturating_sub(self.now.steady_ms));
        } else {
            return false;
        }
        true
    }

    fn check_healed(&self) {
        for id in &self.accepted {
            let is_stored = self.stored.contains(id) || self.formerly_stored.contains(id);
            assert!(is_stored, "{id} was accepted, and is not stored in the end");
        }
        assert!(self.journal.is_empty(), "the journal is not emptied: {:?}", self.journal);
        if self.engine.status().leading.is_none() {
            // Without locks a page relies on a leader that it heard of, as long as there is nothing for it to do.
            assert!(!self.has_locks, "nobody leads in the end");
            return;
        }
        let left: Vec<_> = self.orphaned.iter().filter(|(_, journal)| !journal.is_empty()).collect();
        assert!(left.is_empty(), "journals are left: {left:?}");
    }
}
