//! Identifiers: one identifier has one spelling, and both are in the same order.

use proptest::prelude::*;
use proptest::sample::Index;
use tabweave::engine::{OperationId, TabId};

use super::scripts;

proptest! {
    #![proptest_config(scripts(256))]

    #[test]
    fn an_id_is_read_as_it_was_written(bytes in any::<[u8; 16]>()) {
        let id = OperationId::from_bytes(bytes);
        prop_assert_eq!(id.to_string().parse(), Ok(id));
        prop_assert_eq!(id.bytes(), &bytes);
    }

    #[test]
    fn ids_are_ordered_like_their_spellings(one in any::<[u8; 16]>(), other in any::<[u8; 16]>()) {
        let (one, other) = (TabId::from_bytes(one), TabId::from_bytes(other));
        prop_assert_eq!(one.cmp(&other), one.to_string().cmp(&other.to_string()));
    }

    #[test]
    fn a_text_that_is_read_is_the_spelling_of_what_was_read(
        bytes in any::<[u8; 16]>(),
        spoiled in any::<Index>(),
        by in any::<char>(),
    ) {
        let mut text: Vec<char> = OperationId::from_bytes(bytes).to_string().chars().collect();
        let at = spoiled.index(text.len());
        text[at] = by;
        let text: String = text.into_iter().collect();
        if let Ok(id) = text.parse::<OperationId>() {
            prop_assert_eq!(id.to_string(), text);
        }
    }
}
