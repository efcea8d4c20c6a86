//! Which of the store's numbered changes this tab has heard of. News from several tabs may overtake each other,
//! so a gap is first waited for, then closed by reading the store.

use super::flat::Set;

use super::ids::Revision;

/// The changes heard of: all up to one, and some beyond it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Revisions {
    complete: Revision,
    ahead: Set<Revision>,
    /// A change that the store was said to have had, without a word on what it was.
    expected: Revision,
}

impl Revisions {
    /// Takes note of one change. False if it was known before.
    pub(super) fn note(&mut self, revision: Revision) -> bool {
        if revision <= self.complete || !self.ahead.insert(revision) {
            return false;
        }
        self.close_up();
        true
    }

    /// The store was read as it was at this change.
    pub(super) fn read_at(&mut self, revision: Revision) {
        self.complete = self.complete.max(revision);
        let complete = self.complete;
        self.ahead.retain(|revision| *revision > complete);
        self.close_up();
    }

    /// The store was said to have had this change.
    pub(super) fn expect(&mut self, revision: Revision) {
        self.expected = self.expected.max(revision);
    }

    /// Whether a change is known of only by its number.
    pub(super) fn has_gap(&self) -> bool {
        !self.ahead.is_empty() || self.complete < self.expected
    }

    /// The last change up to which all are known.
    pub(super) fn complete(&self) -> Revision {
        self.complete
    }

    /// Whether this change and all before it are known.
    pub(super) fn is_known(&self, revision: Revision) -> bool {
        revision <= self.complete
    }

    fn close_up(&mut self) {
        while self.ahead.remove(&self.complete.next()) {
            self.complete = self.complete.next();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_closes_when_the_late_one_comes() {
        let mut revisions = Revisions::default();
        assert!(revisions.note(Revision(2)));
        assert!(revisions.has_gap());
        assert!(revisions.note(Revision(1)));
        assert!(!revisions.has_gap());
    }

    #[test]
    fn a_change_that_is_only_heard_of_is_a_gap_until_it_is_known() {
        let mut revisions = Revisions::default();
        revisions.expect(Revision(2));
        assert!(revisions.has_gap());
        revisions.read_at(Revision(2));
        assert!(!revisions.has_gap() && revisions.is_known(Revision(2)));
    }

    #[test]
    fn news_from_before_a_read_is_old() {
        let mut revisions = Revisions::default();
        revisions.note(Revision(7));
        revisions.read_at(Revision(6));
        assert!(!revisions.has_gap());
        assert!(!revisions.note(Revision(5)));
        assert!(!revisions.note(Revision(7)));
        assert!(revisions.note(Revision(8)));
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod laws {
    use proptest::prelude::*;

    use super::*;

    /// The changes 1 to `count` in any order, some of them several times.
    fn news(count: u64) -> impl Strategy<Value = Vec<u64>> {
        let doubled = prop::collection::vec(1..=count, 0..6);
        doubled.prop_flat_map(move |doubled| {
            let all: Vec<u64> = (1..=count).chain(doubled).collect();
            Just(all).prop_shuffle()
        })
    }

    proptest! {
        #[test]
        fn news_is_complete_when_and_only_when_all_before_it_was_heard(news in news(9)) {
            let mut revisions = Revisions::default();
            let mut heard = std::collections::BTreeSet::new();
            for revision in news {
                prop_assert_eq!(revisions.note(Revision(revision)), heard.insert(revision));
                let last = heard.last().copied().unwrap_or(0);
                prop_assert_eq!(revisions.has_gap(), (1..=last).any(|before| !heard.contains(&before)));
            }
            prop_assert!(!revisions.has_gap());
        }

        #[test]
        fn a_reading_stands_for_all_news_up_to_it(news in news(9), read_at in 0..9_u64, after in 0..15_usize) {
            let mut revisions = Revisions::default();
            let mut heard = std::collections::BTreeSet::new();
            for (count, revision) in news.into_iter().enumerate() {
                if count == after {
                    revisions.read_at(Revision(read_at));
                    heard.extend(1..=read_at);
                }
                prop_assert_eq!(revisions.note(Revision(revision)), heard.insert(revision));
            }
            prop_assert!(!revisions.has_gap());
        }
    }
}
