import type { Source, SourceListener, SourceQuery } from "tabweave";

/** A server in the page: tests say what it answers and when. */
export class MemorySource implements Source {
  readonly address: string;
  readonly knowsKeys: boolean;
  /** Queries that are watched now, by their tokens. */
  readonly watched = new Map<string, SourceQuery>();
  /** Every list of keys that was asked for. */
  readonly keyLists: string[][] = [];
  #listener: SourceListener | undefined;
  #connected: boolean;
  /** What each query answers, by the name of its reference. */
  #answers = new Map<string, (args: unknown) => unknown>();
  listens = 0;

  constructor({ address = "memory", knowsKeys = false, connected = true } = {}) {
    this.address = address;
    this.knowsKeys = knowsKeys;
    this.#connected = connected;
  }

  listen(listener: SourceListener): () => void {
    this.listens += 1;
    this.#listener = listener;
    listener.connection(this.#connected);
    return () => {
      this.#listener = undefined;
    };
  }

  watch(query: SourceQuery): () => void {
    this.watched.set(query.token, query);
    queueMicrotask(() => this.#answer([query], []));
    return () => this.watched.delete(query.token);
  }

  watchKeys(keys: readonly string[]): void {
    this.keyLists.push([...keys]);
  }

  /** The server tells its time. */
  tellTime(ms: number): void {
    this.#listener?.serverTime?.(ms);
  }

  /** Sets what the queries of one reference answer from now on, and tells them. */
  answer(reference: string, answer: (args: unknown) => unknown, seen: string[] = []): void {
    this.#answers.set(reference, answer);
    this.#answer([...this.watched.values()], seen);
  }

  /** The server refuses the queries of one reference. */
  refuse(reference: string, error: unknown): void {
    this.#answers.delete(reference);
    const errors = [...this.watched.values()]
      .filter((query) => query.reference === reference)
      .map(({ token }) => [token, error] as const);
    this.#listener?.deliver({ queries: [], errors, seen: [] });
  }

  setConnected(connected: boolean): void {
    this.#connected = connected;
    this.#listener?.connection(connected);
    if (connected) this.#answer([...this.watched.values()], []);
  }

  #answer(asked: readonly SourceQuery[], seen: string[]): void {
    if (!this.#connected) return;
    const queries = asked.flatMap(({ token, reference, args }) => {
      const answer = this.#answers.get(String(reference));
      return answer === undefined ? [] : [[token, answer(args)] as const];
    });
    if (queries.length + seen.length > 0) this.#listener?.deliver({ queries, errors: [], seen });
  }
}
