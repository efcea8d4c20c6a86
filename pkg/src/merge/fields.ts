import type { PlainRecord } from "./kind.js";
import { isRecord } from "./kind.js";
import { fieldOf, MISSING, setField } from "./missing.js";
import { type Draft, type Node, settledPart } from "./node.js";
import type { Settling } from "./settling.js";

/** The fields of an object: in the server's order, then those that only this person has. */
export class Fields implements Draft {
  readonly values: unknown[] = [];
  readonly #names: string[] = [];

  private constructor(
    private readonly local: PlainRecord,
    private readonly server: PlainRecord,
  ) {}

  /** None: the values are no objects. */
  static of({ base, local, server, depth }: Node, settling: Settling): Fields | undefined {
    if (!isRecord(local) || !isRecord(server)) return undefined;
    const fields = new Fields(local, server);
    const former = isRecord(base) ? base : {};
    for (const name of Object.keys(server)) {
      fields.#add(
        name,
        settling.settle(fieldOf(former, name), fieldOf(local, name), server[name], depth, name),
      );
    }
    for (const name of Object.keys(local)) {
      if (Object.hasOwn(server, name)) continue;
      fields.#add(name, settling.settle(fieldOf(former, name), local[name], MISSING, depth, name));
    }
    return fields;
  }

  #add(name: string, value: unknown): void {
    this.#names.push(name);
    this.values.push(value);
  }

  assemble(): unknown {
    const made: Record<string, unknown> = {};
    let count = 0;
    for (const [at, name] of this.#names.entries()) {
      const value = settledPart(this.values[at]);
      if (value === MISSING) continue;
      setField(made, name, value);
      count += 1;
    }
    // What came out as a side has it is that side's own object: whoever compares by identity sees no change.
    for (const side of [this.server, this.local]) {
      const names = Object.keys(side);
      if (
        names.length === count &&
        names.every((name) => Object.hasOwn(made, name) && Object.is(made[name], side[name]))
      ) {
        return side;
      }
    }
    return made;
  }
}
