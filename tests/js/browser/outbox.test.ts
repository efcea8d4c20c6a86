import { describe, expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

describe("terms", () => {
  test("an attempt that takes too long is aborted and made again; what it comes to late still counts", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { ready, defineOperation, outcome } = window.stage;
      const reasons: string[] = [];
      const slow = defineOperation<void, string>("slow", {
        idempotent: true,
        timeout: 50,
        retryDelay: 10,
        run: ({ attempt, signal }) => {
          if (attempt > 1) return "second";
          return new Promise((_, reject) => {
            signal.addEventListener("abort", () => {
              reasons.push(signal.reason.name);
              reject(signal.reason);
            });
          });
        },
      });
      const tabweave = await ready({ operations: [slow] });
      return { settled: await outcome(tabweave.mutate(slow).settled), reasons };
    });
    expect(seen).toEqual({ settled: { value: "second" }, reasons: ["TimeoutError"] });
  });

  test("what a call says counts before what its definition says", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { ready, defineOperation, outcome } = window.stage;
      const busy = () => Promise.reject(Object.assign(new Error("busy"), { status: 408 }));
      const attempts: number[] = [];
      const run = ({ attempt }: { attempt: number }) => {
        attempts.push(attempt);
        return busy();
      };
      const stubborn = defineOperation<number>("stubborn", { run, maxRetries: 9, retryDelay: 1 });
      const tabweave = await ready({ operations: [stubborn] });
      const { settled } = tabweave.mutate(stubborn, 1, { maxRetries: 1 });
      return { settled: await outcome(settled), attempts };
    });
    expect(seen).toMatchObject({ settled: { code: "attempts_exhausted" }, attempts: [1, 2] });
  });

  test("a signal withdraws what is not on its way, and terms that cannot be are refused at the call", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { ready, keep, server, outcome, until } = window.stage;
      server.answer = () => new Promise(() => {});
      const tabweave = await ready();
      tabweave.mutate(keep, "under way");
      await until(() => server.calls.length === 1);
      const controller = new AbortController();
      const waiting = tabweave.mutate(keep, "waiting", { signal: controller.signal });
      await waiting.persisted;
      controller.abort();
      const late = tabweave.mutate(keep, "late", { signal: controller.signal });
      const odd = tabweave.mutate(keep, "odd", { timeout: Number.NaN });
      return Promise.all([waiting, late, odd].map(({ settled }) => outcome(settled)));
    });
    expect(seen).toMatchObject([
      { code: "cancelled" },
      { code: "cancelled" },
      { code: "invalid_option", message: expect.stringContaining("`timeout`") },
    ]);
  });

  test("who waits behind another says behind which", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { ready, keep, server, until } = window.stage;
      server.answer = () => Promise.reject(Object.assign(new Error("no"), { status: 409 }));
      const tabweave = await ready();
      const first = tabweave.mutate(keep, "first", { priority: "high" });
      const second = tabweave.mutate(keep, "second");
      const entries = () => tabweave.outbox.getSnapshot().operations;
      await until(() => entries()[0]?.state === "parked");
      return {
        ids: [first.id, second.id],
        listed: entries().map(({ state, why, behind, priority }) => [state, why, behind, priority]),
      };
    });
    expect(seen.listed).toEqual([
      ["parked", "conflict", undefined, "high"],
      ["queued", undefined, seen.ids[0], "medium"],
    ]);
  });

  test("who was signed out goes on when the person has signed in again", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { ready, keep, server, outcome, until } = window.stage;
      server.answer = ({ attempt }) =>
        attempt === 1 ? Promise.reject(Object.assign(new Error("who?"), { status: 401 })) : "you";
      const tabweave = await ready();
      const { settled } = tabweave.mutate(keep, 1);
      await until(() => tabweave.outbox.getSnapshot().operations[0]?.why === "signed_out");
      tabweave.signedIn();
      return outcome(settled);
    });
    expect(seen).toEqual({ value: "you" });
  });
});

test("a page that is loaded tries once what the server did not know who did", async () => {
  const page = await site.page();
  await page.evaluate(async () => {
    const { ready, keep, server, until } = window.stage;
    server.answer = () => Promise.reject(Object.assign(new Error("who?"), { status: 401 }));
    const tabweave = await ready();
    tabweave.mutate(keep, 1);
    await until(() => tabweave.outbox.getSnapshot().operations[0]?.why === "signed_out");
  });
  await page.reload();
  const ended = await page.evaluate(async () => {
    const { ready, until } = window.stage;
    const tabweave = await ready();
    await until(() => tabweave.outbox.getSnapshot().operations[0]?.state === "done");
    return tabweave.outbox.getSnapshot().operations[0]?.attempts;
  });
  expect(ended).toBe(2);
});

test("a page that is loaded hears of its outbox a few times, however much is queued", async () => {
  const COUNT = 40;
  const page = await site.page();
  await page.evaluate(async (count) => {
    const { ready, mark, server } = window.stage;
    server.answer = () => new Promise(() => {});
    const tabweave = await ready();
    const marks = Array.from({ length: count }, (_, number) =>
      tabweave.mutate(mark, { id: `${number}`, extra: 1 }),
    );
    await Promise.all(marks.map(({ persisted }) => persisted));
  }, COUNT);
  await page.reload();
  const told = await page.evaluate(async (count) => {
    const { client, MemorySource, server, until } = window.stage;
    server.answer = () => new Promise(() => {});
    const tabweave = client({ source: new MemorySource() });
    let times = 0;
    tabweave.outbox.subscribe(() => {
      times += 1;
    });
    await until(() => tabweave.outbox.getSnapshot().operations.length === count);
    return times;
  }, COUNT);
  expect(told).toBeGreaterThan(0);
  // Whoever is told looks at all that is queued: told of each of them, a page would stand still for minutes.
  expect(told).toBeLessThan(COUNT / 2);
});

describe("dead letters", () => {
  test("one that nobody listens for is told as a diagnostic, but not if the call is awaited", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { ready, keep, server, until } = window.stage;
      server.answer = () => Promise.reject(Object.assign(new Error("no"), { status: 422 }));
      const tabweave = await ready();
      const codes = () => tabweave.diagnostics.getSnapshot().map(({ code }) => code);
      const { id } = tabweave.mutate(keep, 1);
      await until(() => tabweave.outbox.getSnapshot().dead.length === 1);
      const atFirst = codes();
      // Its promises have settled: from here on nobody is told who does not listen.
      tabweave.retry(id);
      await until(() => codes().length > atFirst.length);
      return { atFirst, later: codes() };
    });
    expect(seen).toEqual({ atFirst: [], later: ["dead_letter_unattended"] });
  });

  test("who listens gets it with what can be done: retry, edit, discard", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { ready, keep, server, until, outcome } = window.stage;
      server.answer = ({ args }) =>
        args === "bad" ? Promise.reject(Object.assign(new Error("no"), { status: 422 })) : args;
      const tabweave = await ready();
      const letters: import("tabweave").DeadLetter[] = [];
      tabweave.onDeadLetter((letter) => letters.push(letter));
      tabweave.mutate(keep, "bad");
      await until(() => letters.length === 1);
      const code = letters[0]?.error?.code;
      letters[0]?.retry();
      await until(() => letters.length === 2);
      const edited = await letters[1]?.edit("good");
      const settled = edited && (await outcome(edited.settled));
      await until(() => tabweave.outbox.getSnapshot().dead.length === 0);
      tabweave.mutate(keep, "bad");
      await until(() => letters.length === 3);
      const discarded = await letters[2]?.discard();
      await until(() => tabweave.outbox.getSnapshot().dead.length === 0);
      return { code, settled, discarded, calls: server.calls.map(({ args }) => args) };
    });
    expect(seen).toEqual({
      code: "rejected",
      settled: { value: "good" },
      discarded: true,
      calls: ["bad", "bad", "good", "bad"],
    });
  });
});

test("dead letters are exported as JSON, with all that was to be done", async () => {
  const page = await site.page();
  const json = await page.evaluate(async () => {
    const { ready, keep, server, until } = window.stage;
    const data = { most: 5n };
    server.answer = () => Promise.reject(Object.assign(new RangeError("too long"), { status: 422, data }));
    const tabweave = await ready();
    tabweave.mutate(keep, { when: new Date(0), who: new Set(["Ada"]), ["__proto__"]: 1 });
    await until(() => tabweave.outbox.getSnapshot().dead.length === 1);
    return tabweave.exportDeadLetters();
  });
  expect(JSON.parse(json)).toEqual({
    format: "tabweave/dead-letters",
    version: 1,
    letters: [
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: "keep",
        scope: "default",
        args: JSON.parse('{"when":{"$":["Date",0]},"who":{"$":["Set",["Ada"]]},"__proto__":1}'),
        attempts: 1,
        acceptedAt: expect.stringMatching(/^20\d\d-/),
        firstAttemptAt: expect.stringMatching(/^20\d\d-/),
        inDoubt: false,
        code: "rejected",
        error: {
          name: "RangeError",
          message: "too long",
          status: 422,
          data: { most: { $: ["BigInt", "5"] } },
        },
      },
    ],
  });
});

describe("a change of mind", () => {
  test("what waits is done with other arguments, once, under a key of its own", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { ready, keep, server, outcome, until } = window.stage;
      let answer = (_: string) => {};
      server.answer = ({ args }) => (args === "first" ? new Promise((resolve) => (answer = resolve)) : args);
      const tabweave = await ready();
      tabweave.mutate(keep, "first");
      const queued = tabweave.mutate(keep, "wrong");
      await until(() => server.calls.length === 1);
      const edited = await tabweave.edit(queued.id, "right");
      answer("done");
      return {
        isOther: edited.id !== queued.id,
        wrong: await outcome(queued.settled),
        right: await outcome(edited.settled),
        calls: server.calls.map(({ args }) => args),
      };
    });
    expect(seen).toMatchObject({
      isOther: true,
      wrong: { code: "set_aside", message: expect.stringContaining("was set aside, and is not sent") },
      right: { value: "right" },
      calls: ["first", "right"],
    });
  });

  test("what is on its way, done or unknown cannot be changed", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { ready, keep, server, outcome, until } = window.stage;
      let answer = (_: unknown) => {};
      server.answer = () => new Promise((resolve) => (answer = resolve));
      const tabweave = await ready();
      const { id, settled } = tabweave.mutate(keep, 1);
      await until(() => server.calls.length === 1);
      const running = await outcome(tabweave.edit(id, 2));
      answer("done");
      await settled;
      const done = await outcome(tabweave.withdraw(id));
      return [running, done, await outcome(tabweave.edit("nothing", 2))];
    });
    expect(seen).toMatchObject(Array(3).fill({ code: "not_changeable" }));
  });

  test("what may have taken effect is settled with the server before it is given up", async () => {
    const page = await site.page();
    const seen = await page.evaluate(async () => {
      const { ready, defineOperation, MemorySource, outcome, until } = window.stage;
      const source = new MemorySource();
      source.answer("notes", () => []);
      const fails = () => Promise.reject(Object.assign(new Error("broken"), { status: 500 }));
      const safe = defineOperation<string>("safe", {
        run: fails,
        scope: (args) => args,
        maxRetries: 0,
        idempotent: true,
      });
      const tabweave = await ready({ operations: [safe], source });
      const calls = ["applied", "not applied"].map((args) => tabweave.mutate(safe, args));
      await until(() => tabweave.outbox.getSnapshot().dead.length === 2);
      const without = await outcome(tabweave.withdraw(calls[0]?.id ?? ""));
      const asked: string[] = [];
      Object.assign(source, {
        close: async ({ key }: { key: string }) => {
          asked.push(key);
          return key === calls[0]?.id ? { kind: "done", result: "long ago" } : { kind: "closed" };
        },
      });
      const withdrawn = [];
      for (const { id } of calls) withdrawn.push(await tabweave.withdraw(id));
      const ends = () => tabweave.outbox.getSnapshot().operations.map(({ state, result }) => [state, result]);
      await until(() => ends().every(([state]) => state !== "dead"));
      return { without, asked: asked.length, withdrawn, ends: ends() };
    });
    expect(seen).toMatchObject({
      without: { code: "outcome_unknown" },
      asked: 2,
      withdrawn: [false, true],
      ends: [
        ["done", "long ago"],
        ["cancelled", undefined],
      ],
    });
  });
});

describe("formats live", () => {
  test("what an earlier version of the app stored is read by its newer one, and what a newer stored waits", async () => {
    const page = await site.page();
    await page.evaluate(async () => {
      const { client, defineOperation, MemorySource } = window.stage;
      const source = new MemorySource({ connected: false });
      const old = defineOperation<{ name: string }>("rename it", { run: () => {} });
      const ahead = defineOperation<string>("ahead", {
        run: () => {},
        version: 2,
        migrate: () => "",
        scope: "b",
      });
      const broken = defineOperation<string>("broken", { run: () => {}, scope: "c" });
      const tabweave = client({ source, operations: [old, ahead, broken] });
      await tabweave.mutate(old, { name: "Ada" }).persisted;
      await tabweave.mutate(ahead, "new").persisted;
      await tabweave.mutate(broken, "odd").persisted;
    });
    await page.reload();
    const seen = await page.evaluate(async () => {
      const { ready, defineOperation, until } = window.stage;
      const ran: unknown[] = [];
      const run = ({ args }: { args: unknown }) => void ran.push(args);
      const migrate = (version: number, stored: unknown) => ({
        title: (stored as { name: string }).name,
        version,
      });
      const now = defineOperation("rename it", { run, version: 1, migrate });
      const behind = defineOperation("ahead", { run, version: 1, migrate: () => "", scope: "b" });
      const fails = () => {
        throw new RangeError("what is this?");
      };
      const broken = defineOperation("broken", { run, version: 1, migrate: fails, scope: "c" });
      const tabweave = await ready({ operations: [now, behind, broken] });
      const listed = () =>
        tabweave.outbox.getSnapshot().operations.map(({ name, state, why }) => [name, state, why]);
      await until(() => listed()[0]?.[1] === "done" && listed()[2]?.[1] === "dead");
      await until(() => listed()[1]?.[1] === "waiting");
      const [dead] = tabweave.outbox.getSnapshot().dead;
      return {
        ran,
        listed: listed(),
        args: dead?.args,
        error: (dead?.error?.cause as Error | undefined)?.name,
      };
    });
    expect(seen).toEqual({
      ran: [{ title: "Ada", version: 0 }],
      listed: [
        ["rename it", "done", undefined],
        ["ahead", "waiting", "no_handler"],
        ["broken", "dead", undefined],
      ],
      args: "odd",
      error: "RangeError",
    });
  });
});
