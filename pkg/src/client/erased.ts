import type { Names } from "./names.js";

// What pages of one origin tell each other when an identity is erased: an item of localStorage that comes and
// goes, so that pages without a channel, or of another version, hear it as well.

const signalOf = ({ shared }: Names) => `tabweave-erased/${shared}`;

/** Tells the other pages that everything of this identity is being erased. */
export function tellErased(names: Names): void {
  try {
    localStorage.setItem(signalOf(names), "");
    localStorage.removeItem(signalOf(names));
  } catch {
    // Without localStorage their stores are closed under them all the same.
  }
}

/** Calls `erased` when another page erases this identity, until the returned function is called. */
export function onErased(names: Names, erased: () => void): () => void {
  const hear = ({ key, newValue }: StorageEvent) => {
    if (key === signalOf(names) && newValue !== null) erased();
  };
  addEventListener("storage", hear);
  return () => removeEventListener("storage", hear);
}
