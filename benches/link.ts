import type { Source, SourceListener } from "tabweave";

/** A connection to no server in particular, which is there or not. */
export class Link implements Source {
  readonly knowsKeys = false;
  #listener: SourceListener | undefined;

  listen(listener: SourceListener): () => void {
    this.#listener = listener;
    this.set(false);
    return () => {
      this.#listener = undefined;
    };
  }

  set(isConnected: boolean): void {
    this.#listener?.connection(isConnected);
  }

  watch(): () => void {
    return () => {};
  }

  watchKeys(): void {}
}
