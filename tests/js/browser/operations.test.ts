import { describe, expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

test("an operation shows in the task of its call, is sent, and settles with the answer", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ready, notes, rename, server, outcome, texts } = window.stage;
    const tabweave = await ready();
    const handle = tabweave.mutate(rename, { id: "1", text: "new" });
    const atOnce = texts(tabweave);
    const pending = [...tabweave.view(notes, { list: "a" }).pending.entries()];
    await handle.persisted;
    return { id: handle.id, atOnce, pending, settled: await outcome(handle.settled), calls: server.calls };
  });
  expect(seen).toMatchObject({
    atOnce: ["new"],
    pending: [["1", [seen.id]]],
    settled: { value: "done" },
    calls: [{ name: "rename", key: seen.id, args: { id: "1", text: "new" }, attempt: 1 }],
  });
});

test("what the server refuses is rolled back, what was done later stays, and the error has its cause", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ready, rename, add, server, outcome, texts, until } = window.stage;
    let refuse = () => {};
    server.answer = ({ name }) =>
      name === "rename"
        ? new Promise((_, reject) => {
            refuse = () =>
              reject(Object.assign(new RangeError("too long"), { status: 422, data: { max: 5n } }));
          })
        : new Promise(() => {});
    const tabweave = await ready();
    const first = tabweave.mutate(rename, { id: "1", text: "first" });
    tabweave.mutate(add, { id: "2", list: "a", text: "second" });
    const before = texts(tabweave);
    await until(() => server.calls.length === 1);
    refuse();
    const error = await first.settled.catch((it: unknown) => it);
    const { cause } = error as { cause: unknown };
    const dead = tabweave.outbox.getSnapshot().dead.map(({ name, error: why }) => [name, why?.code]);
    return {
      before,
      outcome: await outcome(first.settled),
      isOriginal: cause instanceof RangeError && (cause as { data?: { max: unknown } }).data?.max === 5n,
      after: texts(tabweave),
      dead,
    };
  });
  expect(seen).toEqual({
    before: ["first", "second"],
    outcome: {
      code: "rejected",
      message: expect.stringContaining("too long"),
      cause: "RangeError: too long",
    },
    isOriginal: true,
    after: ["old", "second"],
    dead: [["rename", "rejected"]],
  });
});

describe("a call that is refused stores nothing", () => {
  test("because its optimistic function threw", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { ready, explode, outcome } = window.stage;
      const tabweave = await ready();
      const { persisted, settled } = tabweave.mutate(explode, { why: "no such scene" });
      return {
        persisted: await outcome(persisted),
        settled: await outcome(settled),
        operations: tabweave.outbox.getSnapshot().operations.length,
        diagnostics: tabweave.diagnostics.getSnapshot().map(({ code }) => code),
      };
    });
    const refused = { code: "optimistic_threw", cause: "no such scene" };
    expect(seen).toMatchObject({
      persisted: refused,
      settled: refused,
      operations: 0,
      diagnostics: ["optimistic_threw"],
    });
  });

  test("because its optimistic function is asynchronous", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { ready, defineOperation, outcome } = window.stage;
      const late = defineOperation("late", { run: () => 1, optimistic: async () => {} });
      const tabweave = await ready({ operations: [late] });
      return outcome(tabweave.mutate(late).settled);
    });
    expect(seen).toMatchObject({ code: "optimistic_threw", cause: expect.stringContaining("asynchronous") });
  });

  test("because its optimistic function called the client", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { ready, defineOperation, keep, notes, outcome } = window.stage;
      const causes: unknown[] = [];
      const calls = [
        () => tabweave.mutate(keep, 1),
        () => tabweave.view(notes, { list: "a" }),
        () => tabweave.cancel("x"),
        () => tabweave.register(keep),
        () => tabweave.close(),
      ];
      const operations = calls.map((call, index) =>
        defineOperation(`call${index}`, { run: () => 1, optimistic: () => void call() }),
      );
      const tabweave = await ready({ operations: [...operations, keep] });
      for (const operation of operations) {
        const error = await tabweave.mutate(operation).settled.catch((it: unknown) => it);
        causes.push((error as { cause: { code: string } }).cause.code);
      }
      return { causes, still: await outcome(tabweave.mutate(keep, 1).settled) };
    });
    expect(seen).toEqual({ causes: Array(5).fill("reentrant_call"), still: { value: "done" } });
  });

  test("because its arguments cannot be cloned, and the path says which", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { ready, keep, outcome } = window.stage;
      const tabweave = await ready();
      return outcome(tabweave.mutate(keep, { list: [1, { onClick: () => {} }] }).settled);
    });
    expect(seen).toMatchObject({
      code: "args_not_cloneable",
      message: expect.stringContaining("args.list[1].onClick"),
    });
  });

  test("because it is not registered, or the client is closed", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { ready, defineOperation, keep, outcome } = window.stage;
      const stranger = defineOperation("stranger", { run: () => 1 });
      const tabweave = await ready();
      const unregistered = await outcome(tabweave.mutate(stranger).settled);
      const open = tabweave.mutate(keep, 1);
      tabweave.close();
      tabweave.close();
      return [unregistered, await outcome(tabweave.mutate(keep, 2).settled), await outcome(open.settled)];
    });
    expect(seen).toMatchObject([
      { code: "not_registered" },
      { code: "client_closed" },
      { code: "client_closed" },
    ]);
  });
});

test("promises that nobody awaits raise no unhandled rejection", async () => {
  const page = await site.page();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.evaluate(async () => {
    const { ready, explode, keep, server, until } = window.stage;
    server.answer = () => Promise.reject(Object.assign(new Error("no"), { status: 422 }));
    const tabweave = await ready();
    tabweave.mutate(explode, { why: 1 });
    tabweave.mutate(keep, () => {});
    tabweave.mutate(keep, 1);
    await until(() => tabweave.outbox.getSnapshot().dead.length === 1);
  });
  // A task later the browser would have said so.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  expect(errors).toEqual([]);
});

test("operations of one scope run in order, those of different scopes side by side", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ready, defineOperation, until } = window.stage;
    const begun: string[] = [];
    const ends = new Map<string, () => void>();
    const step = defineOperation<string, void>("step", {
      scope: (args) => args.slice(0, 1),
      run: ({ args }) => {
        begun.push(args);
        return new Promise((resolve) => ends.set(args, resolve));
      },
    });
    const tabweave = await ready({ operations: [step] });
    for (const name of ["a1", "a2", "b1", "b2"]) tabweave.mutate(step, name);
    await until(() => begun.length === 2);
    const first = [...begun].sort();
    ends.get("b1")?.();
    await until(() => begun.length === 3);
    const second = begun[2];
    ends.get("a1")?.();
    await until(() => begun.length === 4);
    return [...first, second, begun[3]];
  });
  expect(seen).toEqual(["a1", "b1", "b2", "a2"]);
});

test("a failure that may pass is tried again under the same key", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ready, keep, server, outcome } = window.stage;
    server.answer = ({ attempt }) =>
      attempt === 1 ? Promise.reject(Object.assign(new Error("busy"), { status: 503 })) : "at last";
    const tabweave = await ready();
    const { settled } = tabweave.mutate(keep, 1);
    return { settled: await outcome(settled), keys: server.calls.map(({ key }) => key) };
  });
  expect(seen.settled).toEqual({ value: "at last" });
  expect(seen.keys).toHaveLength(2);
  expect(seen.keys[0]).toBe(seen.keys[1]);
});

test("an unknown outcome parks what must not be repeated; a person may retry or cancel it", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ready, keep, server, outcome, until } = window.stage;
    server.answer = ({ key }) => {
      const isFirst = server.calls.filter((call) => call.key === key).length === 1;
      return isFirst ? Promise.reject(new TypeError("Failed to fetch")) : "second time";
    };
    const tabweave = await ready();
    const retried = tabweave.mutate(keep, "retry me");
    const parked = () => tabweave.outbox.getSnapshot().dead.filter(({ state }) => state === "parked");
    await until(() => parked().length === 1);
    const [entry] = parked();
    tabweave.retry(retried.id);
    const first = await outcome(retried.settled);
    const cancelled = tabweave.mutate(keep, "cancel me");
    await until(() => parked().length === 1);
    const done = tabweave.cancel(cancelled.id);
    return {
      why: entry?.why,
      code: entry?.error?.code,
      first,
      done,
      second: await outcome(cancelled.settled),
    };
  });
  expect(seen).toMatchObject({
    why: "outcome_unknown",
    code: "outcome_unknown",
    first: { value: "second time" },
    done: true,
    second: { code: "cancelled" },
  });
});

test("an idempotent operation of unknown outcome is sent again", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ready, defineOperation, outcome } = window.stage;
    const safe = defineOperation("safe", {
      idempotent: true,
      run: ({ attempt }) => {
        if (attempt === 1) throw new TypeError("Failed to fetch");
        return attempt;
      },
    });
    const tabweave = await ready({ operations: [safe] });
    return outcome(tabweave.mutate(safe).settled);
  });
  expect(seen).toEqual({ value: 2 });
});

test("listeners hear how every operation ended", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ready, keep, server, until } = window.stage;
    const heard: unknown[] = [];
    server.answer = ({ args }) =>
      args === "bad" ? Promise.reject(Object.assign(new Error("no"), { status: 422 })) : args;
    const tabweave = await ready();
    tabweave.onSettledAnywhere(({ name, state, result, error }) =>
      heard.push([name, state, result, error?.code]),
    );
    tabweave.mutate(keep, "good");
    tabweave.mutate(keep, "bad");
    await until(() => heard.length === 2);
    return heard;
  });
  expect(seen).toEqual([
    ["keep", "done", "good", undefined],
    ["keep", "dead", undefined, "rejected"],
  ]);
});
