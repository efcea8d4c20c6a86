import { check, checkDefinitions } from "./check.js";
import { Names } from "./names.js";
import type { Identity, TabweaveOptions } from "./types.js";

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
  if (options.operations !== undefined) checkDefinitions(options.operations);
  check(typeof onDegraded === "function" || onDegraded === undefined, "onDegraded");
  return { ...options, namespace };
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
