import { defineOperation } from "tabweave";
import { Link } from "../link.js";
import type { Row } from "../row.js";
import { openClient } from "../scribble.js";

const COUNT = 20;

/** A call to a server that takes its time to answer. */
async function callServer(number: number): Promise<number> {
  const response = await fetch("/answer", { method: "POST", body: String(number) });
  return Number(await response.text());
}

/** From the return of the connection until the last answer, against the same calls without an outbox. */
function drain(name: string, scopeOf: (number: number) => string): Row {
  return {
    name,
    against: "fetch, one after another",
    goal: { ratio: 1 },
    rounds: 10,
    warmUps: 2,
    async prepare() {
      const link = new Link();
      const call = defineOperation<number, number>("call", {
        run: ({ args }) => callServer(args),
        scope: scopeOf,
      });
      const client = await openClient({ namespace: `benches-${name}`, source: link, operations: [call] });
      return {
        async ours() {
          const handles = Array.from({ length: COUNT }, (_, number) => client.mutate(call, number));
          await Promise.all(handles.map(({ persisted }) => persisted));
          const startedMs = performance.now();
          link.set(true);
          await Promise.all(handles.map(({ settled }) => settled));
          const tookMs = performance.now() - startedMs;
          link.set(false);
          return { tookMs };
        },
        async theirs() {
          const startedMs = performance.now();
          for (let number = 0; number < COUNT; number += 1) await callServer(number);
          return { tookMs: performance.now() - startedMs };
        },
        end: async () => client.close(),
      };
    },
  };
}

export const drainRows: readonly Row[] = [
  drain(`${COUNT} operations of one scope are sent`, () => "default"),
  drain(`${COUNT} operations of as many scopes are sent`, String),
];
