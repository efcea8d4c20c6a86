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
    /// The pieces that the merged list consists of. None: both sides changed the same place, and differently.
    pub(super) fn merge(&self) -> Option<Vec<Piece>> {
        let local = Kept::new(&self.base, &self.local, self.numbers);
        let server = Kept::new(&self.base, &self.server, self.numbers);
        let mut pieces = Pieces::default();
        let [mut base_at, mut local_at, mut server_at] = [0; 3];
        for at in 0..self.base.len() {
            let (Some(there), Some(elsewhere)) = (local.at(at), server.at(at)) else { continue };
            let changed = [base_at..at, local_at..there, server_at..elsewhere];
            pieces.push(self.settle(changed)?);
            pieces.push((Side::Server, elsewhere..elsewhere + 1));
            [base_at, local_at, server_at] = [at + 1, there + 1, elsewhere + 1];
        }
        let rest = [base_at..self.base.len(), local_at..self.local.len(), server_at..self.server.len()];
        pieces.push(self.settle(rest)?);
        Some(pieces.0)
    }

    /// Whose version counts of a stretch between two places that all three agree on.
    fn settle(&self, [base, local, server]: [Stretch; 3]) -> Option<(Side, Stretch)> {
        let was = &self.base[base];
        let here = &self.local[local.clone()];
        let there = &self.server[server.clone()];
        if here == was || here == there {
            Some((Side::Server, server))
        } else if there == was {
            Some((Side::Local, local))
        } else {
            None
        }
    }
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
        let run = |side: &str| side.bytes().map(u32::from).collect::<Vec<_>>();
        let runs = Runs { base: run(base), local: run(local), server: run(server), numbers: 256 };
        let joined = runs.merge().map(|pieces| {
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
}
