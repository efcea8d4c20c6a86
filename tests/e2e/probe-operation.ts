// An operation of the test's own, that takes any arguments and says what came out of the store.
import type { Page } from "@playwright/test";
import type { Operation } from "tabweave";
import type {} from "./calls.js";

declare global {
  interface Window {
    probeOperation?: Operation<Record<string, unknown>, number>;
    /** What `run` was given in this page, in words. */
    probeRuns?: Record<string, string>[];
    inWords?: (fields: unknown) => Record<string, string>;
  }
}

/** Makes the operation known in this page. Its values are put in words there: Playwright cannot carry them all. */
export async function registerProbe(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { client, defineOperation } = window.tabweaveDemo!;
    const words = (value: unknown): string => {
      if (value instanceof Date) return `Date ${value.toISOString()}`;
      if (value instanceof ArrayBuffer) return `ArrayBuffer ${new Uint8Array(value).join()}`;
      if (value instanceof Map)
        return `Map ${[...value].map(([key, held]) => `${key}: ${words(held)}`).join(", ")}`;
      return `${typeof value} ${value}`;
    };
    const inWords = (fields: unknown) =>
      Object.fromEntries(Object.entries(fields as object).map(([name, value]) => [name, words(value)]));
    const runs: Record<string, string>[] = [];
    const operation = defineOperation<Record<string, unknown>, number>("probe", {
      run: ({ args }) => runs.push(inWords(args)),
    });
    client.register(operation);
    Object.assign(window, { probeOperation: operation, probeRuns: runs, inWords });
  });
}

/** The arguments of the probes in this tab's list of operations. */
export async function probesListed(page: Page): Promise<Record<string, string>[]> {
  return await page.evaluate(() => {
    const { operations } = window.tabweaveDemo!.client.outbox.getSnapshot();
    return operations.filter(({ name }) => name === "probe").map(({ args }) => window.inWords!(args));
  });
}

export async function probesRun(page: Page): Promise<Record<string, string>[]> {
  return await page.evaluate(() => window.probeRuns!);
}
