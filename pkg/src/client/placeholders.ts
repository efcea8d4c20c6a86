import type { CreatedId, DefinitionParts } from "../definition/parts.js";
import type { OperationBody } from "../engine/binding.js";

/** What the documents that operations create are called: by their placeholders, and by the ids that they were given. */
export class Placeholders {
  /** Ids, by the placeholders that stood for them. */
  readonly ids = new Map<string, CreatedId>();
  /** Placeholders, by the ids that they stood for. */
  readonly keys = new Map<string, string>();
  /** Definitions of operations that create something, by the operations' ids. */
  readonly creators = new Map<string, DefinitionParts>();
  /** Puts other names in the place of those that a body holds; it comes with the engine. */
  replace: (body: OperationBody, names: ReadonlyMap<string, CreatedId>) => OperationBody = (body) => body;

  /** The name under which a document was known first, whichever of its names this is. */
  readonly keyOf = (id: string): string => this.keys.get(id) ?? id;

  /** Nobody may see what another person created. */
  forget(): void {
    for (const names of [this.ids, this.keys, this.creators]) names.clear();
  }
}
