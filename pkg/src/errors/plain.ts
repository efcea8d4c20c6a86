import { isConvexConflict } from "../definition/conflict.js";
import { read } from "../recovery/read.js";

/** An error as the store and other tabs keep it. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  /** An HTTP status, if it carries one: by that its class is known after a reload, too. */
  readonly status?: number;
  readonly code?: string;
  readonly data?: unknown;
}

/** What can be stored of something that was thrown. */
export function plainError(thrown: unknown): PlainError {
  if (typeof thrown !== "object" || thrown === null) return { name: "Error", message: String(thrown) };
  const status = read(thrown, "status") ?? read(read(thrown, "response"), "status");
  const code = read(thrown, "code");
  return {
    name: text(read(thrown, "name"), "Error"),
    message: text(read(thrown, "message"), ""),
    ...(typeof status === "number" ? { status } : {}),
    ...(typeof code === "string" ? { code } : {}),
    ...cloned(withoutCurrent(read(thrown, "data"))),
  };
}

/** The error that was stored, as one that can be thrown again. */
export function revivedError(stored: unknown): Error {
  const { message, ...rest } = plainError(stored);
  return Object.assign(new Error(message), rest);
}

/** What the server holds is told beside the error of a conflict, and is stored once. */
function withoutCurrent(data: unknown): unknown {
  if (!isConvexConflict(data)) return data;
  const { current: _, ...rest } = data as { readonly current?: unknown };
  return rest;
}

function cloned(data: unknown): Pick<PlainError, "data"> {
  if (data === undefined) return {};
  try {
    return { data: structuredClone(data) };
  } catch {
    return {};
  }
}

function text(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
