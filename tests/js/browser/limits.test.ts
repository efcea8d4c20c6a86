import { expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

test("arguments that would take more than they may are refused at the call, and nothing is shown", async () => {
  const context = await site.context();
  const page = await site.page(context);
  const seen = await page.evaluate(async () => {
    const { ready, keep, rename, server, outcome, texts } = window.stage;
    server.answer = () => new Promise(() => {});
    const tabweave = await ready({ limits: { outboxBytesMax: 10_000 } });
    const first = tabweave.mutate(keep, "x".repeat(4_000));
    const second = tabweave.mutate(rename, { id: "1", text: "y".repeat(1_000) });
    const third = tabweave.mutate(rename, { id: "1", text: "small" });
    await first.persisted;
    return {
      ends: [await outcome(second.settled), await outcome(second.persisted)],
      shown: texts(tabweave),
      listed: tabweave.outbox.getSnapshot().operations.map(({ id }) => [first.id, third.id].includes(id)),
      told: tabweave.diagnostics.getSnapshot().map(({ code, operation }) => [code, operation === second.id]),
    };
  });
  expect(seen).toMatchObject({
    ends: [{ code: "outbox_full" }, { code: "outbox_full" }],
    shown: ["small"],
    listed: [true, true],
    told: [["outbox_full", true]],
  });
  const other = await site.page(context);
  const counted = await other.evaluate(async () => {
    const { client, keep, outcome, until, MemorySource } = window.stage;
    const source = new MemorySource();
    const tabweave = client({ source, limits: { outboxBytesMax: 10_000 } });
    await until(() => tabweave.outbox.getSnapshot().operations.length === 2);
    return outcome(tabweave.mutate(keep, "z".repeat(1_000)).settled);
  });
  expect(counted, "all tabs count alike").toMatchObject({ code: "outbox_full" });
});

test("as many operations as the app says are taken, and more when one is through", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ready, keep, server, outcome } = window.stage;
    let done: (value: unknown) => void = () => {};
    server.answer = () => new Promise((resolve) => (done = resolve));
    const tabweave = await ready({ limits: { outboxOperationsMax: 2 } });
    const [first] = [tabweave.mutate(keep, 1), tabweave.mutate(keep, 2)];
    const refused = await outcome(tabweave.mutate(keep, 3).settled);
    await window.stage.until(() => server.calls.length === 1);
    done("first");
    const end = await outcome(first.settled);
    const { persisted } = tabweave.mutate(keep, 4);
    return { refused, end, taken: await outcome(persisted) };
  });
  expect(seen).toMatchObject({ refused: { code: "outbox_full" }, end: { value: "first" }, taken: {} });
  expect(seen.taken).not.toHaveProperty("code");
});

test("limits that cannot be are refused", async () => {
  const page = await site.page();
  const refused = await page.evaluate(() => {
    const { client } = window.stage;
    const limits = [
      null,
      7,
      { outboxBytesMax: 0 },
      { outboxBytesMax: 2 ** 53 },
      { outboxOperationsMax: 1.5 },
      { outboxOperationsMax: 20_001 },
      { outboxOperationsMax: "2" },
    ];
    return limits.map((limit) => {
      try {
        client({ namespace: "odd", limits: limit as never });
        return "taken";
      } catch (error) {
        return (error as Error & { code: string }).code;
      }
    });
  });
  expect(refused).toEqual(Array(7).fill("invalid_option"));
});
