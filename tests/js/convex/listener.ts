import type { Source, SourceBatch, SourceListener } from "tabweave";
import { onTestFinished, vi } from "vitest";

/** Keeps everything that a source tells. */
export class Ear implements SourceListener {
  readonly batches: SourceBatch[] = [];
  readonly connections: boolean[] = [];
  readonly diagnostics: string[] = [];

  /** Listens to the source until the test ends. */
  static on(source: Source): Ear {
    const ear = new Ear();
    ear.stop = source.listen(ear);
    onTestFinished(() => ear.stop());
    return ear;
  }

  /** Listens no more. */
  stop: () => void = () => {};

  connection(connected: boolean): void {
    this.connections.push(connected);
  }

  deliver(batch: SourceBatch): void {
    this.batches.push(batch);
  }

  diagnostic(code: string): void {
    this.diagnostics.push(code);
  }

  get seen(): string[] {
    return this.batches.flatMap(({ seen }) => seen);
  }

  /** The last result of a query. */
  result(token: string): unknown {
    return lastOf(
      this.batches.map(({ queries }) => queries),
      token,
    );
  }

  error(token: string): unknown {
    return lastOf(
      this.batches.map(({ errors }) => errors),
      token,
    );
  }

  async until<T>(read: (ear: Ear) => T): Promise<NonNullable<T>> {
    return (await vi.waitUntil(() => read(this) || undefined, {
      timeout: 15_000,
      interval: 5,
    })) as NonNullable<T>;
  }

  connected(): Promise<unknown> {
    return this.until((ear) => ear.connections.at(-1) === true);
  }

  /** Cuts the connection and waits for the next one. */
  async reconnected(cut: () => Promise<void>): Promise<void> {
    const before = this.connections.length;
    await cut();
    await this.until(({ connections }) => connections.length >= before + 2 && connections.at(-1) === true);
  }
}

function lastOf(told: ReadonlyArray<SourceBatch["queries"]>, token: string): unknown {
  return new Map(told.flat()).get(token);
}
