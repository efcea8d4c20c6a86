import { canonicalChunks } from "./canonical.js";
import type { AuditAnchor, AuditLink, AuditTrail, AuditVerdict } from "./types.js";

/** The engine's part: it makes the hashes and compares them. It needs no store and no running engine. */
export type AuditCheck = (
  anchor: AuditAnchor | undefined,
  entries: readonly unknown[],
  known: AuditLink | undefined,
  spell: (value: unknown) => Uint8Array[],
) => AuditVerdict;

/**
 * Finds out whether a chain is whole: the trail of a store, or of an export. It finds what was changed, lost or moved by
 * accident or here and there. Who computes the chain anew up to its end, or cuts off its end, is found by `known` only: a
 * link that was noted elsewhere, whose entry has to be there.
 */
export function verifyAudit(
  check: AuditCheck,
  { anchor, entries }: AuditTrail,
  known?: AuditLink,
): AuditVerdict {
  return check(anchor, entries, known, canonicalChunks);
}
