// Actions, which the client gives up when its connection is cut.
import type { Operation } from "tabweave";
import { convexAction, convexSource } from "tabweave/convex";
import { expect, test } from "vitest";
import { type Definition, PARTS } from "../../../pkg/src/definition/parts.js";
import { newId } from "../../../pkg/src/id.js";
import { api, callOf, reactClient, startBackend, texts } from "./app.js";
import { Ear } from "./listener.js";

const run = convexAction(api.errands.run);
const runWithoutKey = convexAction(api.errands.run, { keyed: false, name: "errands:runWithoutKey" });

/** What the client uses of a definition. */
function partsOf(operation: object) {
  return (operation as Definition)[PARTS];
}

async function app() {
  const backend = await startBackend();
  const client = reactClient(backend);
  const source = convexSource(client, { outcomes: api.tabweave.outcomes });
  const ear = Ear.on(source);
  for (const list of ["begun", "done"])
    source.watch({ token: list, reference: api.notes.list, args: { list } });
  await ear.connected();
  const perform = (operation: Operation<{ text: string }, number>, key = newId()) =>
    partsOf(operation).perform({
      ...callOf({ reference: undefined, args: undefined, key }),
      body: { kind: "intent", arguments: { text: "one" } },
      attempt: 1,
      timeoutMs: 10_000,
      source,
      outcomeOf: () => Promise.reject(new Error("run by the source")),
    });
  const fail = (data: unknown) =>
    source.call?.(callOf({ reference: api.errands.fail, kind: "action", args: { data }, key: newId() }));
  const other = reactClient(backend);
  const hold = () => other.mutation(api.notes.add, { list: "held", text: "wait" });
  const release = () => other.mutation(api.notes.remove, { list: "held" });
  return { backend, ear, perform, fail, hold, release };
}

test("an answer is passed on, though the results may not have the effect yet", async () => {
  const { ear, perform } = await app();
  expect(await perform(run)).toEqual({ kind: "accepted", result: 3, seen: false });
  await ear.until(() => texts(ear.result("done"))?.includes("one"));
});

test.each([[{ code: "refused" }], [null]])("what the action throws (%o) is rejected", async (data) => {
  const { fail } = await app();
  expect(await fail(data)).toMatchObject({ kind: "rejected", ...(data === null ? {} : { error: { data } }) });
});

test("one that takes a key is repeatable, and has its effect once when it is sent again", async () => {
  const { backend, ear, perform, hold, release } = await app();
  await hold();
  const key = newId();
  const first = perform(run, key);
  await ear.until(() => texts(ear.result("begun"))?.length === 1);
  await backend.command({ disconnect: true });
  expect(await first).toMatchObject({ kind: "unknown", hindrance: "connection" });
  await ear.connected();
  await release();
  await ear.until(() => texts(ear.result("done"))?.length === 1);
  expect(partsOf(run).repeatable).toBe(true);
  expect(await perform(run, key)).toMatchObject({ kind: "accepted", result: 3 });
  await ear.until(() => texts(ear.result("begun"))?.length === 2);
  expect(texts(ear.result("done"))).toEqual(["one"]);
});

test("one that takes no key is cut too, and is not repeatable", async () => {
  const { backend, ear, perform, hold, release } = await app();
  await hold();
  const cut = perform(runWithoutKey);
  await ear.until(() => texts(ear.result("begun"))?.length === 1);
  await backend.command({ disconnect: true });
  expect(await cut).toMatchObject({ kind: "unknown", hindrance: "connection" });
  await release();
  expect(partsOf(runWithoutKey).repeatable).toBe(false);
});

test("a failure after an earlier cut is the action's own", async () => {
  const { backend, ear, fail } = await app();
  await ear.reconnected(() => backend.command({ disconnect: true }));
  expect(await fail(null)).toMatchObject({ kind: "rejected" });
});
