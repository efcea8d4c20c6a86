import { check } from "../client/check.js";
import type { OperationBody } from "../engine/binding.js";
import type { DefinitionParts, OperationEnding } from "./parts.js";

/** Told how an operation ended; `args` (of an edit, the edited document): what it was called with. */
export type OnSettled<Args, Result> = (
  ending: OperationEnding<Result> & { readonly args: Args },
) => void | Promise<void>;

/** The function of the app as the client calls it. */
export function toldOf<Args, Result>(
  onSettled: OnSettled<Args, Result> | undefined,
  argsOf: (body: OperationBody) => Args,
): DefinitionParts["onSettled"] {
  if (onSettled === undefined) return undefined;
  check(typeof onSettled === "function", "onSettled");
  return (body, ending) => onSettled({ ...(ending as OperationEnding<Result>), args: argsOf(body) });
}
