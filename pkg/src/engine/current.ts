import type { CurrentDocument } from "../definition/conflict.js";
import type { CollectionParts } from "../definition/parts.js";
import { read } from "../recovery/read.js";
import type { OperationBody } from "./binding.js";
import { storable } from "./storable.js";

/**
 * What the server was said to hold, as the engine can be told; undefined: nothing that is good for anything. It comes from
 * the app's server: it may be of another shape, or another document than the one that is edited.
 */
export function toldCurrent(
  current: unknown,
  body: OperationBody,
  collection: CollectionParts | undefined,
): CurrentDocument | undefined {
  if (read(current, "removed") === true) return { removed: true };
  const document = storable(read(current, "document"));
  if (typeof document !== "object" || document === null) return undefined;
  if (body.kind === "edit" && keyOf(document, collection) !== body.document) return undefined;
  return { document };
}

function keyOf(document: object, collection: CollectionParts | undefined): string | undefined {
  try {
    return collection?.keyOf(document);
  } catch {
    // The app's function knows only documents that the collection shows.
    return undefined;
  }
}
