// What a page tells the driver, while it can.

import type { Durability } from "tabweave";

/** How a page ends in the task of a click: it waits for an answer that never comes, or computes for ever. */
export type Death = "waiting" | "busy";

export type Word =
  /** `mutate` returned; `death`: the task in which it did will not end. */
  | {
      readonly what: "accepted";
      readonly number: number;
      readonly scope: string;
      readonly durability: Durability;
      readonly death?: Death;
    }
  /** Its promise `persisted` was kept. */
  | { readonly what: "acknowledged"; readonly number: number }
  /** Its promise `persisted` was broken. */
  | { readonly what: "refused"; readonly number: number; readonly why: string }
  /** It came to another end than done. */
  | { readonly what: "failed"; readonly number: number; readonly why: string }
  /** The outbox holds so much that the page adds nothing by itself. */
  | { readonly what: "full" }
  | { readonly what: "place"; readonly role: string; readonly waiting: number }
  | { readonly what: "diagnostic"; readonly why: string };
