import { exportAudit } from "../audit/exporting.js";
import { type AuditFilter, filterAudit } from "../audit/filter.js";
import type { AuditEntry, AuditLink, AuditVerdict } from "../audit/types.js";
import { verifyAudit } from "../audit/verify.js";
import { loadedCheck } from "../engine/load.js";
import { TabweaveError } from "../errors/error.js";
import type { Rooms } from "./rooms.js";

// Loaded when somebody looks at the trail.

/** The entries that are wanted, the oldest first; see `client.getAuditLog()`. */
export async function auditLog(rooms: Rooms, filter: AuditFilter): Promise<readonly AuditEntry[]> {
  return filterAudit(await entriesOf(rooms), filter);
}

/** The whole trail as JSON; see `client.exportAudit()`. */
export async function exportedTrail(rooms: Rooms): Promise<string> {
  return exportAudit({ entries: await entriesOf(rooms) });
}

/** Whether the trail is whole; see `client.verifyAudit()`. */
export async function verdictOf(rooms: Rooms, known: AuditLink | undefined): Promise<AuditVerdict> {
  const entries = await entriesOf(rooms);
  const check = loadedCheck();
  if (check === undefined) throw new TabweaveError("engine_not_loaded");
  return verifyAudit(check, { entries }, known);
}

async function entriesOf(rooms: Rooms): Promise<readonly AuditEntry[]> {
  const entries = await rooms.use((core) => core.readAudit?.());
  if (entries === undefined) throw new TabweaveError("engine_not_loaded");
  return entries;
}
