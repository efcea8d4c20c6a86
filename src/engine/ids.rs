//! Identifiers. Each one is 16 random bytes from `crypto.getRandomValues` (or from a seed in tests), written
//! as a lower-case UUID; counters that order things are newtypes, so that one is never taken for another.

use core::fmt;
use core::str::FromStr;

/// A text that is not an identifier: it must be a UUID of 36 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: expected a UUID such as 0b9cd6a2-5d4c-4b7e-9f51-0d6f2a7c1e88")]
pub struct InvalidId;

const HYPHENS: [usize; 4] = [8, 13, 18, 23];

fn write_uuid(bytes: &[u8; 16], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    // At once: there may be thousands to be written.
    let mut text = [b'-'; 36];
    let mut places = (0..text.len()).filter(|at| !HYPHENS.contains(at));
    for (digit, at) in bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]).zip(&mut places) {
        text[at] = b"0123456789abcdef"[usize::from(digit)];
    }
    f.write_str(core::str::from_utf8(&text).expect("digits are ASCII"))
}

fn parse_uuid(text: &str) -> Result<[u8; 16], InvalidId> {
    let text = text.as_bytes();
    if text.len() != 36 || HYPHENS.iter().any(|&at| text[at] != b'-') {
        return Err(InvalidId);
    }
    let mut digits = text.iter().enumerate().filter(|(at, _)| !HYPHENS.contains(at)).map(|(_, &c)| nibble(c));
    let mut bytes = [0; 16];
    for byte in &mut bytes {
        let high = digits.next().ok_or(InvalidId)??;
        let low = digits.next().ok_or(InvalidId)??;
        *byte = high << 4 | low;
    }
    Ok(bytes)
}

fn nibble(character: u8) -> Result<u8, InvalidId> {
    match character {
        b'0'..=b'9' => Ok(character - b'0'),
        b'a'..=b'f' => Ok(character - b'a' + 10),
        // Upper case is refused: one identifier has one spelling, for it is a key in the store.
        _ => Err(InvalidId),
    }
}

macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Makes the identifier of these 16 random bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The 16 bytes.
            pub const fn bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_uuid(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_uuid(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse_uuid(text).map(Self)
            }
        }
    };
}

random_id! {
    /// One operation, and at the same time its idempotency key on the server.
    OperationId
}
random_id! {
    /// One page that runs Tabweave, from its load to its end.
    TabId
}
random_id! {
    /// One life of the database: a wiped and re-made store has another.
    StoreId
}

macro_rules! counter {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl $name {
            /// The one that follows.
            #[must_use]
            pub const fn next(self) -> Self {
                Self(self.0 + 1)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

counter! {
    /// The fencing token of a leadership. Epoch 0 was led by nobody; every take-over wins the next one.
    Epoch(u64)
}
counter! {
    /// The number of the store's last announced change, given by the store itself.
    Revision(u64)
}
counter! {
    /// How often a tab came back from a freeze or from the back/forward cache.
    Incarnation(u32)
}
counter! {
    /// The engine's own number of a write batch.
    BatchId(u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_as_it_is_read() {
        let text = "0b9cd6a2-5d4c-4b7e-9f51-0d6f2a7c1e88";
        assert_eq!(text.parse::<OperationId>().map(|id| id.to_string()), Ok(text.to_owned()));
    }

    #[test]
    fn what_is_no_uuid_is_refused() {
        for text in [
            "",
            "0b9cd6a2",
            "0b9cd6a2-5d4c-4b7e-9f51-0d6f2a7c1e8g",
            "0B9CD6A2-5D4C-4B7E-9F51-0D6F2A7C1E88",
            "0b9cd6a25d4c-4b7e-9f51-0d6f2a7c1e88--",
            "ééééééééé-ééé",
        ] {
            assert_eq!(text.parse::<TabId>(), Err(InvalidId), "{text}");
        }
    }
}
