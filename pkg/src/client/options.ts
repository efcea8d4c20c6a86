import { check, checkDefinitions } from "./check.js";
import { Names } from "./names.js";
import type { Identity, TabweaveOptions } from "./types.js";

/** Options with their defaults. */
export interface ResolvedOptions extends TabweaveOptions {
  readonly namespace: string;
}

export function resolveOptions(options: TabweaveOptions): ResolvedOptions {
  check(typeof options === "object" && options !== null, "createTabweave() takes an object");
  const { source, namespace = source?.address ?? "default", identity, version = "", onDegraded } = options;
  check(typeof namespace === "string" && namespace !== "", "`namespace` must be a string that is not empty");
  check(typeof version === "string", "`version` must be a string");
  check(source === undefined || typeof source?.listen === "function", "`source` must be a source");
  checkIdentity(namespace, identity);
  if (options.operations !== undefined) checkDefinitions(options.operations);
  check(typeof onDegraded === "function" || onDegraded === undefined, "`onDegraded` must be a function");
  return { ...options, namespace };
}

/** Refuses what cannot be an identity in this namespace. */
export function checkIdentity(namespace: string, identity: unknown): asserts identity is Identity {
  const isText = typeof identity === "string" && identity !== "";
  check(isText || identity == null, "`identity` must be a string that is not empty, null or undefined");
  let isWhole = true;
  try {
    new Names(namespace, identity ?? null);
  } catch {
    isWhole = false;
  }
  check(isWhole, "`namespace` and `identity` must not hold half of a surrogate pair");
}
