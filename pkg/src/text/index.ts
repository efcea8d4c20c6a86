import type { TextRule } from "../merge/rules.js";
import { words } from "./words.js";

export type { TextRule } from "../merge/rules.js";
export { words } from "./words.js";

/**
 * The rule that merges texts by words: changes of different places are both made, and where both sides changed the same
 * words there is a conflict. Changes right next to each other count as one place, as they do for lines in diff3.
 */
export const text: TextRule = { rule: "text", words };

/**
 * The same, and where both sides inserted something at the same place, as two people who add to the end of a note, both is
 * there: the server's first.
 */
export const textBoth: TextRule = { rule: "textBoth", words };
