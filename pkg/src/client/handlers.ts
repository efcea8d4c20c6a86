import { type Definition, type DefinitionParts, PARTS } from "../definition/parts.js";
import { TabweaveError } from "../errors/error.js";

/** The definitions that this tab knows, by their names and their former names. */
export class Handlers {
  readonly #byName = new Map<string, DefinitionParts>();

  /** Adds definitions. A known name is replaced: that is what hot reload does. */
  add(definitions: readonly Definition[]): void {
    const given = new Map<string, DefinitionParts>();
    for (const definition of definitions) {
      const parts = definition[PARTS];
      for (const name of [parts.name, ...parts.aliases]) {
        const other = given.get(name);
        if (other !== undefined && other !== parts) {
          throw new TabweaveError("duplicate_operation_name", { detail: `“${name}”.` });
        }
        given.set(name, parts);
      }
    }
    for (const [name, parts] of given) this.#byName.set(name, parts);
  }

  find(name: string): DefinitionParts | undefined {
    return this.#byName.get(name);
  }

  /** What is registered under the definition's name: after a hot reload, the newest. */
  current(definition: Definition): DefinitionParts {
    const { name } = definition[PARTS];
    const parts = this.find(name);
    if (parts === undefined) throw new TabweaveError("not_registered", { detail: `“${name}”.` });
    return parts;
  }

  get names(): string[] {
    return [...this.#byName.keys()];
  }
}
