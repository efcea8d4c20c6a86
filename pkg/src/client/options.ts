import { TabweaveError } from "../errors/error.js";
import type { TabweaveOptions } from "./types.js";

/** Options with their defaults. */
export interface ResolvedOptions extends TabweaveOptions {
  readonly namespace: string;
  readonly identity: string;
}

export function resolveOptions(options: TabweaveOptions): ResolvedOptions {
  const { source, namespace = source?.address ?? "default", identity = "anonymous" } = options;
  for (const [name, value] of Object.entries({ namespace, identity })) {
    if (typeof value === "string" && value !== "") continue;
    throw new TabweaveError("invalid_option", { detail: `\`${name}\` must be a string that is not empty.` });
  }
  return { ...options, namespace, identity };
}
