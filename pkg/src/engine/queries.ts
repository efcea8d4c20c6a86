import type { Core } from "../client/core.js";
import type { Queries } from "../client/queries.js";

/** Tells a new engine, or its stand-in, what is watched and what the server said. */
export function restoreQueries({ loaded }: Queries, core: Pick<Core, "watch" | "handleBase">): void {
  const updates: Array<[query: string, value: unknown]> = [];
  for (const { token, base } of loaded) {
    core.watch(token);
    if (base !== undefined) updates.push([token, base.value]);
  }
  if (updates.length > 0) core.handleBase(updates, []);
}
