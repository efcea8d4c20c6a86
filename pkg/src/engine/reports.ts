import type { Session } from "../client/session.js";
import type { DefinitionParts, OperationEnding } from "../definition/parts.js";
import { TabweaveError } from "../errors/error.js";
import type { Attempts } from "./attempts.js";
import type { OperationBody, OperationRecord } from "./binding.js";

/** Tells the app's `onSettled` how an operation ended, and the engine when the app is through. */
export async function tellEnd(session: Session, attempts: Attempts, record: OperationRecord): Promise<void> {
  const { id, name, atMs = 0 } = record;
  const parts = session.rooms.handlers.find(name);
  try {
    await parts?.onSettled?.(bodyOf(parts, record), endingOf(attempts, record));
  } catch (error) {
    // It was told. What the app's function throws is the page's to report, like what any listener throws.
    queueMicrotask(() => {
      throw error;
    });
  }
  session.use((core) => core.handleReported?.(id, atMs));
}

function endingOf(attempts: Attempts, { id, state, result, failure }: OperationRecord): OperationEnding {
  if (state === "done") return { id, state, result, error: undefined };
  if (state === "dead" && failure !== undefined) {
    return { id, state, result: undefined, error: attempts.failure(id, failure) };
  }
  return { id, state: "cancelled", result: undefined, error: new TabweaveError("cancelled") };
}

/** What the person did, as this version of the app takes it; as it was stored, if this version cannot. */
function bodyOf(parts: DefinitionParts, { body, terms }: OperationRecord): OperationBody {
  try {
    return parts.migrated(body, terms?.version ?? 0);
  } catch {
    return body;
  }
}
