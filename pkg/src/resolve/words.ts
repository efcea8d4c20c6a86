/** Scripts in which words have no space between them. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]{4,}/u;

const WORD = /\s+|[\p{L}\p{M}\p{N}_]+(?:['’][\p{L}\p{M}]+)*|[^\s\p{L}\p{M}\p{N}_]/gu;

/** Longer texts are not looked through for words of such scripts: that takes seconds. */
const SEGMENTED_MAX = 10_000;

/** A text as words, spaces and signs, which together are the text. */
export function wordsOf(text: string, locale?: string): readonly string[] {
  // The segmenter is slow, and missing from Firefox before 125.
  if (UNSPACED.test(text) && text.length <= SEGMENTED_MAX && "Segmenter" in Intl) {
    const segmenter = new Intl.Segmenter(locale, { granularity: "word" });
    return Array.from(segmenter.segment(text), (word) => word.segment);
  }
  return text.match(WORD) ?? [];
}

/** Whether a text is one of several words, and not a name or a code that has to stay whole. */
export function isProse(text: string): boolean {
  return /\S\s+\S/.test(text) || UNSPACED.test(text);
}
