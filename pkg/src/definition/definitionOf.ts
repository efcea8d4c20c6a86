import { type Definition, type DefinitionParts, PARTS } from "./parts.js";

/** The definition that these parts are of. */
export function definitionOf(parts: DefinitionParts): Definition {
  return { kind: parts.collection === undefined ? "operation" : "edit", name: parts.name, [PARTS]: parts };
}
