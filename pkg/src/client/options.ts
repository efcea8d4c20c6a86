import { check, checkDefinitions } from "./check.js";
import { Names } from "./names.js";
import type { Identity, TabweaveOptions } from "./types.js";

/** The limits that can be set, and the highest that the engine takes. */
const LIMITS = { outboxOperationsMax: 20_000, outboxBytesMax: 2 ** 52 };

/** Options with their defaults. */
export interface ResolvedOptions extends TabweaveOptions {
  readonly namespace: string;
}

export function resolveOptions(options: TabweaveOptions): ResolvedOptions {
  check(typeof options === "object" && options !== null, "options");
  const { source, namespace = source?.address ?? "default", identity, version = "", onDegraded } = options;
  check(typeof namespace === "string" && namespace !== "", "namespace");
  check(typeof version === "string", "version");
  check(source === undefined || typeof source?.listen === "function", "source");
  checkIdentity(namespace, identity);
  checkLimits(options.limits);
  check([undefined, "keep", "hash"].includes(options.auditValues), "auditValues");
  if (options.operations !== undefined) checkDefinitions(options.operations);
  check(typeof onDegraded === "function" || onDegraded === undefined, "onDegraded");
  return { ...options, namespace };
}

function checkLimits(limits: unknown = {}): void {
  check(typeof limits === "object" && limits !== null, "limits");
  for (const [name, most] of Object.entries(LIMITS)) {
    const value: unknown = (limits as Readonly<Record<string, unknown>>)[name];
    const isRight = Number.isInteger(value) && (value as number) > 0 && (value as number) <= most;
    check(value === undefined || isRight, name);
  }
}

/** Refuses what cannot be an identity in this namespace. */
export function checkIdentity(namespace: string, identity: unknown): asserts identity is Identity {
  const isText = typeof identity === "string" && identity !== "";
  check(isText || identity == null, "identity");
  let isWhole = true;
  try {
    new Names(namespace, identity ?? null);
  } catch {
    isWhole = false;
  }
  check(isWhole, "identity");
}
