//! Things that many worlds have in common, each kept once and known by its number. Two of them are the same if they
//! are equal, not if their fingerprints are: only whole worlds are told apart by fingerprints.

use std::fmt::Debug;
use std::hash::Hash;
use std::rc::Rc;

use super::mix::{Lookup, Print};
use super::symmetry::{Renaming, prints};

/// The number of something in its pool.
pub type Number = u32;

/// All things of one kind.
#[derive(Debug)]
pub struct Pool<T> {
    things: Vec<Rc<T>>,
    numbers: Lookup<Rc<T>, Number>,
    /// The fingerprints of each under each renaming.
    prints: Vec<Print>,
    renamings: Vec<Renaming>,
}

impl<T: Debug + Eq + Hash> Pool<T> {
    pub fn new(renamings: &[Renaming]) -> Self {
        Self {
            things: Vec::new(),
            numbers: Lookup::default(),
            prints: Vec::new(),
            renamings: renamings.to_vec(),
        }
    }

    /// The number of a thing, which is kept from now on.
    pub fn number(&mut self, thing: T) -> Number {
        if let Some(known) = self.numbers.get(&thing) {
            return *known;
        }
        let number =
            Number::try_from(self.things.len()).expect("a pool holds less than four thousand million");
        self.prints.extend(prints(&format!("{thing:?}"), &self.renamings));
        let thing = Rc::new(thing);
        self.things.push(Rc::clone(&thing));
        self.numbers.insert(thing, number);
        number
    }

    pub fn get(&self, number: Number) -> &T {
        &self.things[number as usize]
    }

    pub fn len(&self) -> usize {
        self.things.len()
    }

    /// The fingerprint of a thing under the renaming of this number.
    pub fn print(&self, number: Number, renaming: usize) -> Print {
        self.prints[number as usize * self.renamings.len() + renaming]
    }
}
