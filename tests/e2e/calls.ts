/// <reference types="vite/client" />
// Calls of the client from within a page, as the app's own code makes them.

import type { Page } from "@playwright/test";
import type { Operation, SettledOperation } from "tabweave";
import type { operations } from "../../www/src/rooms/client.js";
import type { Probe } from "../../www/src/rooms/probe.js";

declare global {
  interface Window {
    tabweaveDemo?: Probe;
    settledOperations?: SettledOperation[];
  }
}

type Intents = Omit<typeof operations, "editNote">;
export type IntentName = keyof Intents;

/** What the caller of an operation learns when it is refused. */
export type Refusal = { isTabweaveError: boolean; code: string; cause: { message: string; data: unknown } };

/** Listens before anything can settle, also what settles while a page loads. To be called before the page is opened. */
export async function keepSettledOperations(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const settled: SettledOperation[] = [];
    window.settledOperations = settled;
    let probe: Probe | undefined;
    Object.defineProperty(window, "tabweaveDemo", {
      get: () => probe,
      set(offered: Probe) {
        probe = offered;
        offered.client.onSettledAnywhere((operation) => settled.push(operation));
      },
    });
  });
}

/** Calls an operation and returns its id as soon as it will outlive the page. */
export async function call(page: Page, name: IntentName, args: Record<string, unknown>): Promise<string> {
  return await page.evaluate(
    async ({ name, args }) => {
      const { client, operations } = window.tabweaveDemo!;
      const handle = client.mutate(operations[name] as Operation<never, unknown>, args as never);
      await handle.persisted;
      return handle.id;
    },
    { name, args },
  );
}

/** Calls an operation that will be refused; resolves once it was. */
export async function callAndBeRefused(
  page: Page,
  name: IntentName,
  args: Record<string, unknown>,
): Promise<Refusal> {
  return await page.evaluate(
    async ({ name, args }) => {
      const { client, operations, isTabweaveError } = window.tabweaveDemo!;
      const outcome = await client
        .mutate(operations[name] as Operation<never, unknown>, args as never)
        .settled.then(
          (result) => new Error(`accepted with ${JSON.stringify(result)}`),
          (error: unknown) => error as Error & { code: string; cause: { message: string; data: unknown } },
        );
      if (!isTabweaveError(outcome)) throw outcome;
      const cause = outcome.cause as Refusal["cause"];
      return {
        isTabweaveError: true,
        code: outcome.code,
        cause: { message: cause.message, data: cause.data },
      };
    },
    { name, args },
  );
}

/** How operations came to their end since this page was loaded, as it was told. */
export async function settledOperations(
  page: Page,
): Promise<Pick<SettledOperation, "id" | "state" | "result">[]> {
  return await page.evaluate(() =>
    window.settledOperations!.map(({ id, state, result }) => ({ id, state, result })),
  );
}
