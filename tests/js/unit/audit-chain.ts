import { createHash } from "node:crypto";
import { canonical } from "../../../pkg/src/audit/canonical.js";
import type { AuditAnchor, AuditEntry, AuditLink, AuditValue } from "../../../pkg/src/audit/types.js";

// The chain as another program would make it: by the tables, with another SHA-256.

const sha256 = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest("hex");

const ascii = (text: string) => Buffer.from(text, "latin1");
const bytesOf = (hex: string) => Buffer.from(hex.replaceAll("-", ""), "hex");

function whole(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** By what a value counts. */
export function digestOf(value: unknown): string {
  try {
    return sha256(canonical(value));
  } catch {
    return sha256(Uint8Array.of(0));
  }
}

function maybe(bytes: Buffer | undefined): Buffer {
  return bytes === undefined ? Buffer.of(0) : Buffer.concat([Buffer.of(1), bytes]);
}

const side = (kept: AuditValue | undefined) =>
  maybe(kept && bytesOf("hash" in kept ? kept.hash : digestOf(kept.value)));

/** What is decided, without its place in the chain. */
export type Decided = Omit<AuditEntry, "number" | "previous" | "hash">;

/** The entry that follows another one. */
function entryAfter(before: AuditLink | undefined, decided: Decided): AuditEntry {
  const number = before === undefined ? 0 : before.number + 1;
  const previous = before?.hash ?? "0".repeat(64);
  const hash = sha256(
    ascii("tabweave/audit/1"),
    whole(number),
    whole(decided.atMs),
    maybe(decided.who === undefined ? undefined : text(decided.who)),
    bytesOf(decided.operation),
    text(decided.collection),
    text(decided.document),
    bytesOf(digestOf(decided.path)),
    text(decided.rule),
    text(decided.kind),
    ...[decided.base, decided.local, decided.server, decided.result].map(side),
    bytesOf(previous),
  );
  return { number, ...decided, previous, hash };
}

/** A chain of these decisions. */
export function chainOf(decisions: readonly Decided[]): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const decided of decisions) entries.push(entryAfter(entries.at(-1), decided));
  return entries;
}

/** What is left of entries up to this one. */
export function anchorAt({ number, hash }: AuditLink): AuditAnchor {
  const [atMs, entries, unexported] = [1_700_000_000_009, number + 1, 0];
  const numbers = [atMs, entries, unexported].map(whole);
  const checksum = sha256(ascii("tabweave/anchor/1"), whole(number), bytesOf(hash), ...numbers);
  return { number, hash, atMs, entries, unexported, checksum };
}

/** A decision about a title. */
export function decision(given: Partial<Decided> = {}): Decided {
  return {
    atMs: 1_700_000_000_000,
    operation: "0b9cd6a2-5d4c-4b7e-9f51-0d6f2a7c1e88",
    collection: "notes",
    document: "n1",
    path: ["title"],
    rule: "latest",
    kind: "auto",
    ...given,
  };
}
