//! Patterns of paths, as policies have them: `items[*].qty`, `meta.*`, `["a field.with signs"].done`.

/// A step of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PatternStep {
    /// This field.
    Field(String),
    /// `*`: any field.
    AnyField,
    /// `[*]`: any element of a list, or entry of a map.
    AnyElement,
}

/// The steps of a pattern; none if it is not written as one. The empty text is the whole document.
///
/// Read byte by byte: all signs of patterns are ASCII, and slices of texts would bring all that it takes to tell where
/// one was cut amiss, which is larger than the rest of this.
pub(super) fn parse(pattern: &str) -> Option<Vec<PatternStep>> {
    let mut steps = Vec::new();
    let mut rest = pattern.as_bytes();
    while !rest.is_empty() {
        let (step, after) = next(rest, steps.is_empty())?;
        steps.push(step);
        rest = after;
    }
    Some(steps)
}

fn next(rest: &[u8], is_first: bool) -> Option<(PatternStep, &[u8])> {
    if let Some(after) = rest.strip_prefix(b"[*]") {
        return Some((PatternStep::AnyElement, after));
    }
    if let Some(quoted) = rest.strip_prefix(b"[\"") {
        let (name, after) = quoted.split_at(quoted.iter().position(|byte| *byte == b'"')?);
        return Some((field(name)?, after.strip_prefix(b"\"]")?));
    }
    // A dot stands between two steps, not before the first.
    let rest = if is_first { rest } else { rest.strip_prefix(b".")? };
    let end = rest.iter().position(|byte| b".[".contains(byte)).unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    match name {
        b"" => None,
        b"*" => Some((PatternStep::AnyField, after)),
        _ if name.iter().any(|byte| b"*]\"".contains(byte)) => None,
        _ => Some((field(name)?, after)),
    }
}

fn field(name: &[u8]) -> Option<PatternStep> {
    String::from_utf8(name.to_vec()).ok().map(PatternStep::Field)
}

#[cfg(test)]
mod tests {
    use super::PatternStep::{AnyElement, AnyField, Field};
    use super::*;

    fn field(name: &str) -> PatternStep {
        Field(name.to_owned())
    }

    #[test]
    fn steps_are_read_in_order() {
        assert_eq!(parse(""), Some(Vec::new()));
        assert_eq!(parse("items[*].qty"), Some(vec![field("items"), AnyElement, field("qty")]));
        assert_eq!(parse("meta.*.at"), Some(vec![field("meta"), AnyField, field("at")]));
        assert_eq!(parse("[\"a.b\"].c"), Some(vec![field("a.b"), field("c")]));
        assert_eq!(parse("[*][*]"), Some(vec![AnyElement, AnyElement]));
        assert_eq!(parse("__proto__"), Some(vec![field("__proto__")]));
    }

    #[test]
    fn what_is_no_pattern_is_none() {
        for pattern in [".a", "a.", "a..b", "a[0]", "a[", "a]b", "[*]b", "a*", "[\"a", "a\"b"] {
            assert_eq!(parse(pattern), None, "{pattern}");
        }
    }
}
