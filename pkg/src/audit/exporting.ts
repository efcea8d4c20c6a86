import { TabweaveError } from "../errors/error.js";
import { decode, encode } from "../local/tagged.js";
import type { Path, PathSegment, ResolutionKind } from "../merge/types.js";
import { canonicalChunks } from "./canonical.js";
import type { AuditAnchor, AuditEntry, AuditTrail, AuditValue } from "./types.js";

const FORMAT = "tabweave/audit";
const VERSION = 1;

/** By what a value counts that has no canonical encoding: the SHA-256 of one zero byte. */
const UNFIT_HASH = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
/** Stands for a key that has none: it has none either, so the path counts as before. */
const LEFT_OUT = Symbol("left out");

const SIDES = ["base", "local", "server", "result"] as const;
const KINDS: readonly string[] = [
  "auto",
  "manual",
  "local",
  "server",
  "merge",
] satisfies readonly ResolutionKind[];

/**
 * A trail as JSON: `{ format: "tabweave/audit", version: 1, anchor, entries }`, with the fields of `AuditEntry`; paths and
 * values are plain JSON in which what JSON lacks is tagged, such as `{"$":["BigInt","7"]}`. Of a value that
 * has no canonical encoding there is the hash by which it counts.
 */
export function exportAudit({ anchor, entries }: AuditTrail): string {
  const exported = { format: FORMAT, version: VERSION, anchor, entries: entries.map(exportedEntry) };
  return JSON.stringify(exported, undefined, 2);
}

function exportedEntry(entry: AuditEntry): object {
  const sides = SIDES.map((side) => [side, entry[side] && exportedValue(entry[side])]);
  const { previous, hash, ...rest } = entry;
  return { ...rest, path: asJson(entry.path) ?? null, ...Object.fromEntries(sides), previous, hash };
}

function exportedValue(kept: AuditValue): object {
  if ("hash" in kept) return kept;
  const value = asJson(kept.value);
  return value === undefined ? { hash: UNFIT_HASH } : { value };
}

/** Undefined: it has no encoding, and can be no text either. */
function asJson(value: unknown): unknown {
  try {
    canonicalChunks(value);
    return JSON.parse(encode(value));
  } catch {
    return undefined;
  }
}

/**
 * The trail of an export, which may be anybody's: whether the chain is whole is for `verifyAudit` to say.
 *
 * @throws TabweaveError `audit_export_invalid`
 */
export function readAuditExport(text: string): AuditTrail {
  let exported: unknown;
  try {
    exported = JSON.parse(text);
  } catch (cause) {
    throw new TabweaveError("audit_export_invalid", { detail: "It is no JSON.", cause });
  }
  const { format, version, anchor, entries } = fieldsOf(exported, "It");
  check(format === FORMAT, "It is no export of an audit trail.");
  check(version === VERSION, `It is of version ${String(version)}, and this one reads ${VERSION}.`);
  check(Array.isArray(entries), "It has no list of entries.");
  const read = entries.map((entry, at) => entryOf(entry, `entries[${at}]`));
  return anchor === undefined ? { entries: read } : { anchor: anchorOf(anchor), entries: read };
}

function anchorOf(value: unknown): AuditAnchor {
  const { number, hash, atMs, entries, unexported, checksum } = fieldsOf(value, "anchor");
  return {
    number: whole(number, "anchor.number"),
    hash: digest(hash, "anchor.hash"),
    atMs: whole(atMs, "anchor.atMs"),
    entries: whole(entries, "anchor.entries"),
    unexported: whole(unexported, "anchor.unexported"),
    checksum: digest(checksum, "anchor.checksum"),
  };
}

function entryOf(value: unknown, where: string): AuditEntry {
  const fields = fieldsOf(value, where);
  const sides = SIDES.filter((side) => fields[side] !== undefined);
  const { who, kind } = fields;
  check(KINDS.includes(kind as string), `${where}.kind is none.`);
  return {
    number: whole(fields.number, `${where}.number`),
    atMs: whole(fields.atMs, `${where}.atMs`),
    ...(who !== undefined && { who: wellFormed(who, `${where}.who`) }),
    operation: wellFormed(fields.operation, `${where}.operation`),
    collection: wellFormed(fields.collection, `${where}.collection`),
    document: wellFormed(fields.document, `${where}.document`),
    path: pathOf(fields.path, `${where}.path`),
    rule: wellFormed(fields.rule, `${where}.rule`),
    kind: kind as ResolutionKind,
    ...Object.fromEntries(sides.map((side) => [side, keptOf(fields[side], `${where}.${side}`)])),
    previous: digest(fields.previous, `${where}.previous`),
    hash: digest(fields.hash, `${where}.hash`),
  };
}

function keptOf(kept: unknown, where: string): AuditValue {
  const fields = fieldsOf(kept, where);
  const hasValue = Object.hasOwn(fields, "value");
  // With both, the value could be another one than the hash says.
  check(hasValue !== Object.hasOwn(fields, "hash"), `${where} is neither a value nor a hash.`);
  return hasValue
    ? { value: fromJson(fields.value, `${where}.value`) }
    : { hash: digest(fields.hash, `${where}.hash`) };
}

function pathOf(json: unknown, where: string): Path {
  if (json === null) return [{ key: LEFT_OUT }];
  const path = fromJson(json, where);
  check(Array.isArray(path) && path.every(isSegment), `${where} is no path.`);
  return path;
}

function isSegment(segment: unknown): segment is PathSegment {
  if (typeof segment === "string" || typeof segment === "number") return true;
  if (typeof segment !== "object" || segment === null || !Object.hasOwn(segment, "key")) return false;
  return !("by" in segment) || typeof segment.by === "string";
}

function fromJson(json: unknown, where: string): unknown {
  try {
    const decoded = decode(JSON.stringify(json));
    if (decoded !== undefined) return decoded.value;
  } catch {
    // It is nested too deep.
  }
  throw new TabweaveError("audit_export_invalid", { detail: `${where} is no value.` });
}

function fieldsOf(value: unknown, where: string): Record<string, unknown> {
  check(typeof value === "object" && value !== null && !Array.isArray(value), `${where} is no object.`);
  return value as Record<string, unknown>;
}

function whole(value: unknown, where: string): number {
  check(Number.isSafeInteger(value) && (value as number) >= 0, `${where} is no whole number.`);
  return value as number;
}

function digest(value: unknown, where: string): string {
  check(typeof value === "string" && /^[0-9a-f]{64}$/.test(value), `${where} is no SHA-256.`);
  return value;
}

/** The engine would take a half of a pair of surrogates for another character, and not see that it was changed. */
function wellFormed(value: unknown, where: string): string {
  check(typeof value === "string" && !/\p{Surrogate}/u.test(value), `${where} is no text.`);
  return value;
}

function check(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new TabweaveError("audit_export_invalid", { detail: otherwise });
}
