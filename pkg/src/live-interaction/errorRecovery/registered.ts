import { definitionOf } from "../../definition/definitionOf.js";
import type { Definition } from "../../definition/parts.js";
import { TabweaveError } from "../../errors/error.js";
import type { PageClient } from "../pageClient.js";

/** What the client has registered under this name; throws `no_handler`. */
export function registered(client: PageClient, name: string): Definition {
  const parts = client.handlers.find(name);
  if (parts === undefined) throw noHandler(name);
  return definitionOf(parts);
}

/** Nothing that is registered runs operations of this name. */
export function noHandler(name: string): TabweaveError {
  return new TabweaveError("no_handler", { detail: `Nothing is registered under “${name}”.` });
}
