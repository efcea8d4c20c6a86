import type { Rooms } from "../client/rooms.js";
import { TabweaveError } from "../errors/error.js";
import { MISSING } from "../merge/missing.js";
import { asProperty } from "../merge/node.js";
import type { ParkedConflict, ResolvedConflict } from "../merge/parked.js";
import type { Decision, Path } from "../merge/types.js";
import { sameValue } from "../token.js";
import type { DecidedPart, OperationRecord, RebasedEdit } from "./binding.js";
import { confirmedDocument } from "./confirmed.js";
import { mergedIfPossible } from "./load.js";

/** Whatever the server holds was told after the edit had been made. */
const LATER_MS = Number.MAX_SAFE_INTEGER;

/** Edits that wait for a person, each as the same object until something about it changed. */
export class ParkedConflicts {
  readonly #known = new WeakMap<OperationRecord, ParkedConflict | null>();

  constructor(private readonly rooms: Rooms) {}

  /** Those among these records. Of what the server did not say, and no query shows, nobody could decide anything. */
  read(records: readonly OperationRecord[]): ParkedConflict[] {
    const conflicts = records.map((record) => {
      const known = this.#known.get(record);
      if (known !== undefined) return known;
      const conflict = this.#conflictOf(record) ?? null;
      // What no query shows now one may show later.
      if (conflict !== null || !isConflict(record)) this.#known.set(record, conflict);
      return conflict;
    });
    return conflicts.filter((conflict) => conflict !== null);
  }

  #conflictOf(record: OperationRecord): ParkedConflict | undefined {
    const { id, name, body, stamp } = record;
    const server = isConflict(record) ? this.#held(record) : undefined;
    if (server === undefined || body.kind !== "edit") return undefined;
    const { base, next: local } = body;
    const sides = { base, local, ...asProperty("server", server) };
    const policy = this.rooms.handlers.find(name)?.policy;
    const times = { localMs: stamp.wallMs, serverMs: LATER_MS };
    const merged = mergedIfPossible(sides, policy, times);
    if (merged === undefined) return undefined;
    const { collection, document } = body;
    return { id, name, collection, document, atMs: stamp.wallMs, ...sides, merged };
  }

  /** What the server holds; MISSING: nothing; undefined: nobody knows. */
  #held({ id, name, body, current }: OperationRecord): unknown {
    if (current !== undefined) return "document" in current ? current.document : MISSING;
    const collection = this.rooms.handlers.find(name)?.collection;
    if (collection === undefined || body.kind !== "edit") return undefined;
    return confirmedDocument(this.rooms, collection, body.document, id)?.document;
  }
}

function isConflict({ state, why, body, terms }: OperationRecord): boolean {
  return state === "parked" && why === "conflict" && body.kind === "edit" && !terms?.sensitive;
}

/** What the engine is told that a person has decided, `who`. */
export function rebasedBy(
  { server, merged }: ParkedConflict,
  { value, choices }: ResolvedConflict,
  who: string | null,
): RebasedEdit {
  if (typeof server !== "object" || server === null || typeof value !== "object" || value === null) {
    const detail =
      "An edit can neither remove its document nor bring it back: discard it, and do that instead.";
    throw new TabweaveError("not_changeable", { detail });
  }
  const sameAs = (path: Path) => (one: { readonly path: Path }) => sameValue(one.path, path);
  const chosen = choices.map(({ path, kind, ...result }): Decision => {
    const part = [...merged.conflicts, ...merged.decisions].find(sameAs(path));
    const { base, local, server: held } = { base: MISSING, local: MISSING, server: MISSING, ...part };
    const sides = {
      ...asProperty("base", base),
      ...asProperty("local", local),
      ...asProperty("server", held),
    };
    return { path, rule: part?.rule ?? "none", kind, ...sides, ...result };
  });
  const left = merged.decisions.filter(({ path }) => !choices.some(sameAs(path)));
  const decided = [...left, ...chosen].map((one) => ({ ...one, ...(who !== null && { who }) }));
  return { base: server, next: value, decided };
}

/** What of an edit is lost if a person gives it up: the server's is taken wherever nobody had decided. */
export function givenUp({ merged, base, local, server }: ParkedConflict, who: string | null): DecidedPart[] {
  // It is left to a person also where all could be merged, but may have taken effect already.
  const whole = { path: [], rule: "none", base, local, server };
  const lost = merged.conflicts.length > 0 ? merged.conflicts : [whole];
  return lost.map(({ path, rule, base = MISSING, local = MISSING, server = MISSING }) => ({
    path,
    rule,
    kind: "server",
    ...asProperty("base", base),
    ...asProperty("local", local),
    ...asProperty("server", server),
    ...asProperty("result", server),
    ...(who !== null && { who }),
  }));
}
