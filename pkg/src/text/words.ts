/**
 * Words, what stands between them, and each character of a script that puts no spaces between words by itself. Fixed
 * ranges and no `Intl.Segmenter`, whose words depend on the browser's version: all tabs have to merge alike.
 */
const PIECE =
  /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+|[!-/:-@[-^`{-~]|[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff!-/:-@[-^`{-~\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+/g;

/** Cuts a text into words and what stands between them. */
export function words(text: string): readonly string[] {
  return text.match(PIECE) ?? [];
}
