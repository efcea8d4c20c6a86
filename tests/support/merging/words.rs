//! What a text is cut into, as `pkg/src/text/words.ts` says: words, what stands between them, and each character of a
//! script that puts no spaces between words by itself.

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Space,
    Sign,
    Character,
    Word,
}

fn sort_of(c: char) -> Sort {
    match c {
        '\t'..='\r' | ' ' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' => Sort::Space,
        '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}' => Sort::Space,
        '_' => Sort::Word,
        c if c.is_ascii_punctuation() => Sort::Sign,
        '\u{e00}'..='\u{eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' => Sort::Character,
        '\u{4e00}'..='\u{9fff}' => Sort::Character,
        _ => Sort::Word,
    }
}

/// Spaces and words in runs, all else one by one.
pub(super) fn words(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let sort = sort_of(first);
        let end = match sort {
            Sort::Space | Sort::Word => rest.find(|c| sort_of(c) != sort).unwrap_or(rest.len()),
            Sort::Sign | Sort::Character => first.len_utf8(),
        };
        let (word, after) = rest.split_at(end);
        found.push(word);
        rest = after;
    }
    found
}
