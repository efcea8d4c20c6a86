import type { MutationHandle, TabweaveClient } from "../../client/types.js";
import { definitionOf } from "../../definition/definitionOf.js";
import type { CallOptions } from "../../definition/operation.js";
import type { Definition, DefinitionParts } from "../../definition/parts.js";
import { TabweaveError } from "../../errors/error.js";

/** What this module needs of a client beyond what apps are told of. */
export interface RecoveryClient extends TabweaveClient {
  readonly handlers: { find(name: string): DefinitionParts | undefined };
  readonly diagnostics: TabweaveClient["diagnostics"] & { add(error: TabweaveError): void };
  mutateAs(
    id: string,
    definition: Definition,
    argument: unknown,
    options: CallOptions | undefined,
  ): MutationHandle<never>;
}

/** What the client has registered under this name; throws `no_handler`. */
export function registered(client: RecoveryClient, name: string): Definition {
  const parts = client.handlers.find(name);
  if (parts === undefined) throw noHandler(name);
  return definitionOf(parts);
}

/** Nothing that is registered runs operations of this name. */
export function noHandler(name: string): TabweaveError {
  return new TabweaveError("no_handler", { detail: `Nothing is registered under “${name}”.` });
}

/** Makes a call to the client. Throws why it was refused, which the handle would tell only later. */
export function accepted(
  client: RecoveryClient,
  call: () => MutationHandle<unknown>,
): MutationHandle<unknown> {
  const before = client.diagnostics.getSnapshot();
  const handle = call();
  const told = client.diagnostics.getSnapshot().filter((diagnostic) => !before.includes(diagnostic));
  const refusal = told.find(({ operation }) => operation === handle.id);
  if (refusal !== undefined) throw refusal.error;
  return handle;
}
