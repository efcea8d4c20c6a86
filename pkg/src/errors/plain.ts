/** An error as the store and other tabs keep it. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly data?: unknown;
}

/** What can be stored of something that was thrown. */
export function plainError(thrown: unknown): PlainError {
  if (typeof thrown !== "object" || thrown === null) return { name: "Error", message: String(thrown) };
  const { name, message, data } = thrown as { name?: unknown; message?: unknown; data?: unknown };
  const plain = { name: text(name, "Error"), message: text(message, "") };
  if (data === undefined) return plain;
  try {
    return { ...plain, data: structuredClone(data) };
  } catch {
    return plain;
  }
}

/** The error that was stored, as one that can be thrown again. */
export function revivedError(stored: unknown): Error {
  const { name, message, data } = plainError(stored);
  return Object.assign(new Error(message), data === undefined ? { name } : { name, data });
}

function text(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
