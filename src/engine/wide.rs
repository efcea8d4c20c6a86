//! An ordered map of thousands of entries that are put in and taken out anywhere.
//!
//! A flat map moves half of what it holds for each of them, so that to read a long queue would take the square of its
//! length. Here that is half of a chunk. What one chunk is made of is a flat map, so this is little code.

use core::hash::{Hash, Hasher};
use core::mem;

use super::flat::Map;

/// Entries of a full chunk, which is halved.
const CHUNK_LENGTH_MAX: usize = 128;

/// Chunks in order, none of them empty.
#[derive(Clone, Debug)]
pub(super) struct Wide<K, V>(Vec<Map<K, V>>);

impl<K, V> Wide<K, V> {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// All entries, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().flat_map(Map::iter)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.0.iter_mut().flat_map(Map::iter_mut)
    }
}

impl<K: Ord, V> Wide<K, V> {
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.0.get(self.place(key))?.get(key)
    }

    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let place = self.place(key);
        self.0.get_mut(place)?.get_mut(key)
    }

    pub(super) fn contains_key(&self, key: &K) -> bool {
        self.get(key).is_some()
    }

    pub(super) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let place = self.place(&key);
        let Some(chunk) = self.0.get_mut(place) else {
            let mut chunk = Map::new();
            chunk.insert(key, value);
            self.0.push(chunk);
            return None;
        };
        let former = chunk.insert(key, value);
        if chunk.len() == CHUNK_LENGTH_MAX {
            let mut lower = mem::take(chunk).into_tuple_vec();
            let upper = lower.split_off(CHUNK_LENGTH_MAX / 2);
            *chunk = Map::from_sorted_store_unchecked(lower);
            self.0.insert(place + 1, Map::from_sorted_store_unchecked(upper));
        }
        former
    }

    pub(super) fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.place(key);
        let chunk = self.0.get_mut(place)?;
        let removed = chunk.remove(key);
        if chunk.is_empty() {
            self.0.remove(place);
        }
        removed
    }

    /// The chunk that holds the key, or would hold it: the last that does not begin behind it.
    fn place(&self, key: &K) -> usize {
        let begins_behind = |chunk: &Map<K, V>| chunk.first().is_some_and(|(first, _)| first > key);
        self.0.partition_point(|chunk| !begins_behind(chunk)).saturating_sub(1)
    }
}

// Two that hold the same are the same, however they came to be cut.

impl<K: PartialEq, V: PartialEq> PartialEq for Wide<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for Wide<K, V> {}

impl<K: Hash, V: Hash> Hash for Wide<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for entry in self.iter() {
            entry.hash(state);
        }
        state.write_usize(self.iter().count());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers below the length in an order of their own; the step has no factor in common with it.
    fn shuffled(length: u32) -> impl Iterator<Item = u32> {
        (0..length).map(move |number| number * 617 % length)
    }

    #[test]
    fn it_holds_what_a_flat_map_holds() {
        let (mut wide, mut flat): (_, Map<u32, u32>) = (Wide::new(), Map::new());
        for number in shuffled(1_000) {
            assert_eq!(wide.insert(number / 2, number), flat.insert(number / 2, number));
        }
        assert!(wide.0.len() > 1, "it was cut");
        assert!(wide.iter().eq(flat.iter()));
        for key in 0..=500 {
            assert_eq!(wide.get(&key), flat.get(&key));
            assert_eq!(wide.contains_key(&key), flat.contains_key(&key));
        }
        for (key, value) in wide.iter_mut() {
            *value = *key;
        }
        assert_eq!(wide.get_mut(&499), Some(&mut 499));
        for key in shuffled(1_000) {
            assert_eq!(wide.remove(&key).is_some(), flat.remove(&key).is_some());
        }
        assert!(wide.0.is_empty(), "no chunk is left");
    }

    #[test]
    fn how_it_was_cut_is_not_compared() {
        let mut ascending = Wide::new();
        let mut descending = Wide::new();
        for number in 0..1_000 {
            ascending.insert(number, ());
            descending.insert(999 - number, ());
        }
        assert_eq!(ascending, descending);
        descending.remove(&0);
        assert_ne!(ascending, descending);
    }
}
