import type { Rooms } from "../client/rooms.js";
import type { CollectionParts } from "../definition/parts.js";

/** A document as the server told it. */
export interface ConfirmedDocument {
  readonly document: unknown;
  /** When it came, in milliseconds since 1970. */
  readonly atMs: number;
}

/**
 * The document of this key as the server last told it. Undefined if no query shows it, or if operations but this one are
 * still to come out in it.
 */
export function confirmedDocument(
  rooms: Rooms,
  collection: CollectionParts,
  key: string,
  but: string,
): ConfirmedDocument | undefined {
  const { keyOf } = rooms.placeholders;
  for (const { token, collection: name, base } of rooms.queries.loaded) {
    if (name !== collection.name || base === undefined || !Array.isArray(base.value)) continue;
    const document: unknown = base.value.find((one) => keyOf(collection.keyOf(one)) === keyOf(key));
    if (document === undefined) continue;
    const pending = rooms.use((core) => core.view(token))?.pending ?? [];
    const isTouched = pending.some(
      ([touched, ids]) => keyOf(touched) === keyOf(key) && ids.some((id) => id !== but),
    );
    return isTouched ? undefined : { document, atMs: base.atMs };
  }
  return undefined;
}
