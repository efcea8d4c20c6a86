/** An outbox without a connection, whoever made it. */
export interface Queue {
  /** Calls so many operations in one task. Resolves when the last of them is stored. */
  enqueue(round: number, count: number): Promise<unknown>;
  /** Connects for as long as it takes to be empty again. */
  drain(): Promise<unknown>;
  close(): Promise<unknown>;
}

/** So many things, one after another in one task. */
export function times<Thing>(count: number, make: () => Thing): Thing[] {
  return Array.from({ length: count }, make);
}
