//! Where the elements of a list stand that two sides have put in order.
//!
//! The server's order is the frame, for that is what others see. Into it goes what this person did: elements that only
//! this person moved, and those that only this person added, each behind the element that it follows here. What the
//! server added at the same place comes first. An element counts as moved if it is not on the longest increasing
//! subsequence of the base's places (Fredman 1975, by patience), so the fewest possible do. Everything takes O(n log n).

/// Elements of a list on each side, as numbers from 0: the same element has the same number on every side, and none
/// stands twice in one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Orders {
    /// Of each element, whether it is in what comes out.
    pub stays: Vec<bool>,
    /// The base.
    pub base: Vec<u32>,
    /// As this person wants it.
    pub local: Vec<u32>,
    /// As the server has it.
    pub server: Vec<u32>,
}

/// The elements in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arrangement {
    pub(super) order: Vec<u32>,
    /// Whether both sides moved elements that all three know, and not to the same places.
    pub(super) is_contested: bool,
    /// Whether both sides changed which elements there are, or their order.
    pub(super) is_shared: bool,
}

/// An element that no list leads to any more.
const END: u32 = u32::MAX;

impl Orders {
    pub(super) fn arrange(&self) -> Arrangement {
        let [in_base, in_local, in_server] =
            [&self.base, &self.local, &self.server].map(|side| places(side, self.stays.len()));
        let moved_by_local = self.moved(&self.local, &in_base);
        let moved_by_server = self.moved(&self.server, &in_base);
        let is_known =
            |id: &u32| [&in_base, &in_local, &in_server].iter().all(|places| places[*id as usize] != END);
        let known = |side: &[u32]| side.iter().filter(|id| is_known(id)).copied().collect::<Vec<_>>();
        let [base, local, server] = [known(&self.base), known(&self.local), known(&self.server)];

        let mut chain = Chain::new(self.stays.len());
        let is_placed_here = |id: u32| {
            in_server[id as usize] == END || (moved_by_local[id as usize] && !moved_by_server[id as usize])
        };
        for id in self.staying(&self.server).filter(|id| !is_placed_here(*id)) {
            chain.push(id);
        }
        let is_new = |id: u32| in_base[id as usize] == END && in_local[id as usize] == END;
        let mut before = END;
        for id in self.staying(&self.local) {
            if is_placed_here(id) {
                chain.insert(id, before, is_new);
            }
            before = id;
        }
        Arrangement {
            order: chain.order(),
            is_contested: local != base && server != base && local != server,
            is_shared: self.local != self.base && self.server != self.base,
        }
    }

    fn staying<'a>(&'a self, side: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
        side.iter().copied().filter(|id| self.stays[*id as usize])
    }

    /// The elements that stand elsewhere among their neighbours than in the base.
    fn moved(&self, side: &[u32], in_base: &[u32]) -> Vec<bool> {
        let known: Vec<u32> = side.iter().copied().filter(|id| in_base[*id as usize] != END).collect();
        let mut moved = vec![false; self.stays.len()];
        known.iter().for_each(|id| moved[*id as usize] = true);
        let places: Vec<u32> = known.iter().map(|id| in_base[*id as usize]).collect();
        longest_increasing(&places).into_iter().for_each(|at| moved[known[at] as usize] = false);
        moved
    }
}

/// Where each element stands; [`END`]: nowhere.
fn places(side: &[u32], elements: usize) -> Vec<u32> {
    let mut places = vec![END; elements];
    for (place, id) in (0..).zip(side) {
        places[*id as usize] = place;
    }
    places
}

/// The places of a longest increasing subsequence of numbers that are all different.
fn longest_increasing(numbers: &[u32]) -> Vec<usize> {
    // Of each length so far, where the sequence ends whose last number is the smallest.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(numbers.len());
    for (at, number) in numbers.iter().enumerate() {
        let length = match ends.last() {
            Some(last) if numbers[*last] < *number => ends.len(),
            _ => ends.partition_point(|end| numbers[*end] < *number),
        };
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut found: Vec<usize> = core::iter::successors(ends.last().copied(), |at| before[*at]).collect();
    found.reverse();
    found
}

/// Elements, each of which knows the next.
struct Chain {
    first: u32,
    last: u32,
    next: Vec<u32>,
}

impl Chain {
    fn new(elements: usize) -> Self {
        Self { first: END, last: END, next: vec![END; elements] }
    }

    fn push(&mut self, id: u32) {
        self.link(self.last, id);
        self.last = id;
    }

    /// Puts an element behind another one (none: first), and behind those right after it that are passed over.
    fn insert(&mut self, id: u32, before: u32, is_passed: impl Fn(u32) -> bool) {
        let mut before = before;
        let mut next = self.after(before);
        while next != END && is_passed(next) {
            before = next;
            next = self.after(before);
        }
        self.next[id as usize] = next;
        self.link(before, id);
        if next == END {
            self.last = id;
        }
    }

    fn after(&self, id: u32) -> u32 {
        if id == END { self.first } else { self.next[id as usize] }
    }

    fn link(&mut self, before: u32, id: u32) {
        if before == END {
            self.first = id;
        } else {
            self.next[before as usize] = id;
        }
    }

    fn order(&self) -> Vec<u32> {
        let next = |id: &u32| Some(self.next[*id as usize]).filter(|next| *next != END);
        core::iter::successors(Some(self.first).filter(|id| *id != END), next).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters stand for elements; those of `gone` are not in what comes out.
    fn check(base: &str, local: &str, server: &str, gone: &str, expected: &str) -> Arrangement {
        let letters: Vec<char> = ('a'..='z').collect();
        let ids = |side: &str| side.chars().map(|c| c as u32 - 'a' as u32).collect::<Vec<_>>();
        let orders = Orders {
            stays: letters.iter().map(|c| !gone.contains(*c)).collect(),
            base: ids(base),
            local: ids(local),
            server: ids(server),
        };
        let arrangement = orders.arrange();
        let order: String = arrangement.order.iter().map(|id| letters[*id as usize]).collect();
        assert_eq!(order, expected, "{base} by {local} and {server}");
        arrangement
    }

    #[test]
    fn additions_of_both_stand_where_each_put_them() {
        check("abc", "axbc", "abyc", "", "axbyc");
    }

    #[test]
    fn at_the_same_place_the_servers_come_first() {
        check("ab", "axzb", "ayb", "", "ayxzb");
        check("", "xy", "pq", "", "pqxy");
    }

    #[test]
    fn a_move_holds_beside_an_addition_and_a_removal() {
        check("abcd", "bcda", "abxcd", "", "bxcda");
        check("abcd", "bcda", "acd", "b", "cda");
    }

    #[test]
    fn moves_of_different_elements_are_both_made() {
        let arrangement = check("abcdef", "bacdef", "abcdfe", "", "bacdfe");
        assert!(arrangement.is_contested && arrangement.is_shared);
    }

    #[test]
    fn of_two_moves_of_one_element_the_servers_counts() {
        assert!(check("abcd", "bcda", "bcad", "", "bcad").is_contested);
    }

    #[test]
    fn the_same_move_on_both_sides_is_no_matter_of_dispute() {
        assert!(!check("abc", "cab", "cabx", "", "cabx").is_contested);
    }

    #[test]
    fn what_one_removed_and_the_other_keeps_finds_its_place() {
        check("abc", "abc", "ac", "", "abc");
    }

    #[test]
    fn what_is_pushed_last_is_where_the_next_goes() {
        check("ab", "abxyz", "abpq", "", "abpqxyz");
    }
}
