import type { Operation } from "../../definition/operation.js";
import { type Definition, PARTS } from "../../definition/parts.js";
import { loadedMerging } from "../../engine/load.js";
import { TabweaveError } from "../../errors/error.js";
import { accepted, type PageClient } from "../pageClient.js";
import type { Conflict } from "./conflict.js";
import type { ConflictType } from "./conflictType.js";
import type { ConflictState } from "./register.js";
import { isSame } from "./told.js";

/** Makes of the state that counts what an operation or an edit is called with. */
export type ArgumentOf<Argument> = (state: ConflictState, conflict: Conflict) => Argument;

/** An operation by which what was resolved takes effect. */
interface Connected {
  readonly definition: Definition;
  /** Without it the state is the whole document of an edit, and the interaction its key. */
  readonly argumentOf: ArgumentOf<unknown> | undefined;
}

/** The call by which a resolution takes effect. */
export interface Effect {
  /** The id of the operation. */
  readonly operation: string;
  /** As the promise of that name of `client.mutate()`. */
  readonly settled: Promise<unknown>;
}

/** The operations of an app by which what it resolves takes effect, by what they are for. */
export class ConnectedOperations {
  readonly #connected = new Map<ConflictType, Connected>();

  /** One operation for each type: the last one counts, until the returned function is called. */
  add(type: ConflictType, definition: Definition, argumentOf: ArgumentOf<unknown> | undefined): () => void {
    const connected = { definition, argumentOf };
    this.#connected.set(type, connected);
    return () => {
      if (this.#connected.get(type) === connected) this.#connected.delete(type);
    };
  }

  /** Undefined: nothing is connected. Throws why the call was refused, or what `argumentOf` threw. */
  call(client: PageClient | undefined, conflict: Conflict, state: unknown): Effect | undefined {
    const connected = this.#connected.get(conflict.type);
    if (connected === undefined) return undefined;
    if (client === undefined) throw new TabweaveError("client_missing");
    const argument = argumentFor(client, connected, conflict, state);
    // Which of its two forms it is only the definition knows.
    const definition = connected.definition as Operation<unknown, unknown>;
    const { id, settled } = accepted(client, () => client.mutate(definition, argument));
    return { operation: id, settled };
  }
}

function argumentFor(
  client: PageClient,
  { definition, argumentOf }: Connected,
  conflict: Conflict,
  state: unknown,
): unknown {
  if (argumentOf !== undefined) return argumentOf(state, conflict);
  const id: string = conflict.interactionId;
  return { id, next: overWhatIsShown(client, definition, conflict, state) };
}

/**
 * The document as it was resolved, with what came to be shown since the states were told: an edit is made on what is
 * shown, and would take that back.
 */
function overWhatIsShown(
  client: PageClient,
  definition: Definition,
  { interactionId, serverState }: Conflict,
  state: unknown,
): unknown {
  const { collection, policy } = definition[PARTS];
  const shown = collection && client.queries.find(collection, interactionId, undefined);
  if (shown === undefined || isSame(shown, serverState)) return state;
  const merging = loadedMerging();
  if (merging === undefined) throw new TabweaveError("engine_not_loaded");
  const { value, conflicts } = merging.merge({ base: serverState, local: state, server: shown }, policy);
  if (conflicts.length > 0) {
    const detail = "The document has changed since the conflict was detected.";
    throw new TabweaveError("conflict", { detail });
  }
  return value;
}
