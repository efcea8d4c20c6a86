import type { Identity } from "./types.js";

// Texts in localStorage: the identity that a namespace was last used with, "" for nobody.
const nameOf = (namespace: string) => `tabweave-identity/${encodeURIComponent(namespace)}`;

/** The identity that this namespace was last used with; undefined if that is not known. */
export function lastIdentity(namespace: string): Identity {
  try {
    const text = localStorage.getItem(nameOf(namespace));
    return text === null ? undefined : text === "" ? null : text;
  } catch {
    // There is no localStorage, so nothing is remembered.
    return undefined;
  }
}

/** Remembers an identity for the next visit; undefined: forgets it. */
export function rememberIdentity(namespace: string, identity: Identity): void {
  try {
    if (identity === undefined) localStorage.removeItem(nameOf(namespace));
    else localStorage.setItem(nameOf(namespace), identity ?? "");
  } catch {
    // As above.
  }
}
