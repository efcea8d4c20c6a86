import type { Core } from "../client/core.js";
import type { Queries } from "../client/queries.js";
import type { MutationHandle, TabweaveClient } from "../client/types.js";
import type { CallOptions } from "../definition/operation.js";
import type { Definition, DefinitionParts } from "../definition/parts.js";
import type { TabweaveError } from "../errors/error.js";

/** What these modules need of a client beyond what apps are told of. */
export interface PageClient extends TabweaveClient {
  readonly handlers: { find(name: string): DefinitionParts | undefined };
  readonly diagnostics: TabweaveClient["diagnostics"] & {
    add(error: TabweaveError): void;
    addOnce(error: TabweaveError): void;
  };
  readonly queries: Pick<Queries, "find">;
  use<T>(call: (core: Core) => T): T | undefined;
  mutateAs(
    id: string,
    definition: Definition,
    argument: unknown,
    options: CallOptions | undefined,
  ): MutationHandle<never>;
}

/** Makes a call to the client. Throws why it was refused, which the handle would tell only later. */
export function accepted(client: PageClient, call: () => MutationHandle<unknown>): MutationHandle<unknown> {
  const before = client.diagnostics.getSnapshot();
  const handle = call();
  const told = client.diagnostics.getSnapshot().filter((diagnostic) => !before.includes(diagnostic));
  const refusal = told.find(({ operation }) => operation === handle.id);
  if (refusal !== undefined) throw refusal.error;
  return handle;
}
