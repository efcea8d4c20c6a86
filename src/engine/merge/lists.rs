//! Three-way merge of lists whose items have no key, and of texts by words: diff3 (Khanna, Kunal and Pierce, “A Formal
//! Investigation of Diff3”, 2007), over two two-way differences by Myers' algorithm.

use imara_diff::{Algorithm, Diff, Token};

use super::documents::{Runs, Side};
use super::plan::Piece;

/// The places of the base that one side kept, each with where it stands there.
struct Kept(Vec<Option<u32>>);

impl Kept {
    fn new(base: &[u32], side: &[u32], numbers: u32) -> Self {
        let tokens = |run: &[u32]| run.iter().copied().map(Token).collect::<Vec<_>>();
        let mut difference = Diff::default();
        difference.compute_with(Algorithm::Myers, &tokens(base), &tokens(side), numbers);
        // What neither lost nor won stands in the same order on both sides.
        let mut there = (0..side.len()).filter(|at| !difference.is_added(*at as u32));
        let kept = (0..base.len()).map(|at| {
            if difference.is_removed(at as u32) { None } else { there.next().map(|there| there as u32) }
        });
        Self(kept.collect())
    }

    fn at(&self, base: usize) -> Option<usize> {
        self.0[base].map(|there| there as usize)
    }
}

impl Runs {
    /// The pieces that the merged list consists of. None: both sides changed the same place, and differently; `keeps_both`:
    /// what both did is kept where neither took anything away.
    pub(super) fn merge(&self, keeps_both: bool) -> Option<Vec<Piece>> {
        let local = Kept::new(&self.base, &self.local, self.numbers);
        let server = Kept::new(&self.base, &self.server, self.numbers);
        let mut pieces = Pieces::default();
        let [mut base_at, mut local_at, mut server_at] = [0; 3];
        for at in 0..self.base.len() {
            let (Some(there), Some(elsewhere)) = (local.at(at), server.at(at)) else { continue };
            let changed = [base_at..at, local_at..there, server_at..elsewhere];
            self.settle(changed, keeps_both, &mut pieces)?;
            pieces.push((Side::Server, elsewhere..elsewhere + 1));
            [base_at, local_at, server_at] = [at + 1, there + 1, elsewhere + 1];
        }
        let rest = [base_at..self.base.len(), local_at..self.local.len(), server_at..self.server.len()];
        self.settle(rest, keeps_both, &mut pieces)?;
        Some(pieces.0)
    }

    /// What becomes of a stretch between two places that all three agree on.
    fn settle(
        &self,
        [base, local, server]: [Stretch; 3],
        keeps_both: bool,
        pieces: &mut Pieces,
    ) -> Option<()> {
        let was = &self.base[base];
        let here = &self.local[local.clone()];
        let there = &self.server[server.clone()];
        if here == was || here == there {
            pieces.push((Side::Server, server));
        } else if there == was {
            pieces.push((Side::Local, local));
        } else if keeps_both {
            return settle_beside(
                was,
                (Side::Server, there, server.clone()),
                (Side::Local, here, local.clone()),
                pieces,
            )
            .or_else(|| {
                settle_beside(was, (Side::Local, here, local), (Side::Server, there, server), pieces)
            });
        } else {
            return None;
        }
        Some(())
    }
}

/// One side has only put something before or after what was there: whatever the other made of that, both can be.
fn settle_beside(
    was: &[u32],
    (one, added, at): (Side, &[u32], Stretch),
    (other, _, whole): (Side, &[u32], Stretch),
    pieces: &mut Pieces,
) -> Option<()> {
    let extra = added.len().checked_sub(was.len())?;
    if added.ends_with(was) {
        pieces.push((one, at.start..at.start + extra));
        pieces.push((other, whole));
    } else if added.starts_with(was) {
        pieces.push((other, whole));
        pieces.push((one, at.end - extra..at.end));
    } else {
        return None;
    }
    Some(())
}

type Stretch = core::ops::Range<usize>;

#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn push(&mut self, (side, Stretch { start, end }): (Side, Stretch)) {
        if start == end {
            return;
        }
        let [start, end] = [start as u32, end as u32];
        match self.0.last_mut() {
            Some(last) if last.side == side && last.end == start => last.end = end,
            _ => self.0.push(Piece { side, start, end }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each letter is an item; none expected: a conflict.
    fn check(base: &str, local: &str, server: &str, expected: Option<&str>) {
        check_keeping(false, base, local, server, expected);
    }

    fn check_keeping(keeps_both: bool, base: &str, local: &str, server: &str, expected: Option<&str>) {
        let run = |side: &str| side.bytes().map(u32::from).collect::<Vec<_>>();
        let runs = Runs { base: run(base), local: run(local), server: run(server), numbers: 256 };
        let joined = runs.merge(keeps_both).map(|pieces| {
            let cut = |Piece { side, start, end }: Piece| {
                let whole = if side == Side::Local { local } else { server };
                whole[start as usize..end as usize].to_owned()
            };
            pieces.into_iter().map(cut).collect::<String>()
        });
        assert_eq!(joined.as_deref(), expected, "{base} by {local} and {server}");
    }

    #[test]
    fn changes_of_different_places_are_both_made() {
        check("abcdef", "aXbcdef", "abcdeYf", Some("aXbcdeYf"));
        check("abcdef", "bcdef", "abcdeX", Some("bcdeX"));
    }

    #[test]
    fn a_place_that_both_changed_is_a_conflict() {
        check("abc", "aXc", "aYc", None);
        check("abc", "ac", "aYc", None);
        check("", "X", "Y", None);
    }

    #[test]
    fn the_same_change_on_both_sides_is_made_once() {
        check("abc", "aXc", "aXcd", Some("aXcd"));
    }

    #[test]
    fn changes_right_next_to_each_other_are_one_place() {
        check("ab", "Xb", "aY", None);
    }

    #[test]
    fn what_both_inserted_is_kept_if_that_is_wanted_and_nothing_was_taken_away() {
        check_keeping(true, "ab", "aXb", "aYb", Some("aYXb"));
        check_keeping(true, "", "X", "Y", Some("YX"));
        check_keeping(true, "ab", "aX", "aY", None);
        check_keeping(true, "abc", "aXbc", "aYc", Some("aXYc"));
        check_keeping(true, "abc", "abXc", "aYc", Some("aYXc"));
        check_keeping(true, "abc", "aXbc", "aXbc", Some("aXbc"));
    }
}
