/** A new random identifier, written as a lower-case UUID. */
export function newId(): string {
  // Not randomUUID(): it is missing on pages that are not served from a secure origin.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
