import { expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

test("wrong types are refused with `invalid_option`, wherever they are given", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { client, collection, createTabweave, defineEdit, defineOperation, notes, editNote } = window.stage;
    const tabweave = client();
    // Anything goes: these are calls that no types allow.
    const any = (value: unknown) => value as never;
    const durable = tabweave.topic("d", { durable: true });
    const calls: Record<string, () => unknown> = {
      "options: null": () => createTabweave(any(null)),
      "options: text": () => createTabweave(any("x")),
      namespace: () => client({ namespace: any(7) }),
      "namespace: empty": () => client({ namespace: "" }),
      "namespace: half a pair": () => client({ namespace: "\ud83d" }),
      identity: () => client({ identity: any({}) }),
      "identity: empty": () => client({ identity: "" }),
      version: () => client({ version: any(1) }),
      source: () => client({ source: any({}) }),
      operations: () => client({ operations: any([{}]) }),
      "operations: one": () => client({ operations: any(7) }),
      onDegraded: () => client({ onDegraded: any("log") }),
      setIdentity: () => tabweave.setIdentity(any(7)),
      "setIdentity: empty": () => tabweave.setIdentity(""),
      register: () => tabweave.register(any({ name: "x" })),
      cancel: () => tabweave.cancel(any(undefined)),
      retry: () => tabweave.retry(any(7)),
      view: () => tabweave.view(any({}), any({})),
      subscribe: () => tabweave.subscribe(any(undefined), any({}), () => {}),
      "subscribe: listener": () => tabweave.subscribe(notes, { list: "a" }, any(7)),
      onSettledAnywhere: () => tabweave.onSettledAnywhere(any({})),
      onLeadershipChange: () => tabweave.onLeadershipChange(any(undefined)),
      "outbox.subscribe": () => tabweave.outbox.subscribe(any(7)),
      "connectivity.subscribe": () => tabweave.connectivity.subscribe(any(7)),
      "diagnostics.subscribe": () => tabweave.diagnostics.subscribe(any(7)),
      topic: () => tabweave.topic(any(7), { durable: true }),
      "topic: options": () => tabweave.topic("t", any(undefined)),
      "topic: durable": () => tabweave.topic("t", any({ durable: 1 })),
      "topic: both kinds": () => tabweave.topic("d", { durable: false }),
      "topic.publish: key": () => durable.publish(any(7), 1),
      "topic.remove: key": () => durable.remove(any({})),
      "topic.subscribe: listener": () => durable.subscribe(any(null)),
      "topic.subscribe: key": () => durable.subscribe(() => {}, any(7)),
      collection: () => collection(any(7), { key: any("id") }),
      "collection: options": () => collection("x", any(undefined)),
      defineOperation: () => defineOperation(any(7), { run: () => 1 }),
      "defineOperation: run": () => defineOperation("x", any({})),
      "defineEdit: run": () => defineEdit("x", any({ document: notes })),
      "defineEdit: document": () => defineEdit("x", any({ run: () => 1 })),
    };
    const results: Record<string, unknown> = {};
    for (const [name, call] of Object.entries(calls)) {
      try {
        call();
        results[name] = "nothing was thrown";
      } catch (error) {
        results[name] = (error as { code?: unknown }).code ?? String(error);
      }
    }
    // These never throw: their promises tell.
    const handles = {
      mutate: tabweave.mutate(any(undefined)),
      "mutate: definition": tabweave.mutate(any({ name: "x" })),
      "edit: nothing": tabweave.mutate(editNote, any(undefined)),
      "edit: id": tabweave.mutate(editNote, any({ id: 7, next: {} })),
      "edit: next": tabweave.mutate(editNote, any({ id: "1", next: "x" })),
    };
    for (const [name, { persisted, settled }] of Object.entries(handles)) {
      const codes = [persisted, settled].map((it) => it.catch((error: { code: string }) => error.code));
      results[name] = (await Promise.all(codes))[0];
    }
    return results;
  });
  expect(Object.keys(seen).length).toBeGreaterThan(40);
  expect(Object.fromEntries(Object.entries(seen).filter(([, code]) => code !== "invalid_option"))).toEqual(
    {},
  );
});

test("arguments that are cyclic or too large are refused, and the next call goes through", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ready, keep, outcome } = window.stage;
    const tabweave = await ready();
    const cyclic: Record<string, unknown> = { list: [] };
    cyclic.list = [{ up: cyclic }];
    return {
      cyclic: await outcome(tabweave.mutate(keep, cyclic).settled),
      large: await outcome(tabweave.mutate(keep, { text: "x".repeat(50_000_000) }).settled),
      next: await tabweave.mutate(keep, 1).settled,
      listed: tabweave.outbox.getSnapshot().operations.length,
    };
  });
  expect(seen).toMatchObject({
    cyclic: { code: "args_not_cloneable", message: expect.stringContaining("args.list[0].up holds itself") },
    large: { code: "payload_too_large" },
    next: "done",
    listed: 1,
  });
});

test("a closed client refuses every command with its code, shows what it showed, and closes once", async () => {
  const page = await site.page();
  const seen = await page.evaluate(async () => {
    const { ready, keep, notes, outcome, texts } = window.stage;
    const tabweave = await ready();
    const ephemeral = tabweave.topic("e", { durable: false });
    const durable = tabweave.topic("d", { durable: true });
    const open = tabweave.mutate(keep, 1);
    const publication = durable.publish("a", 1);
    tabweave.close();
    tabweave.close();
    const codes = [
      () => tabweave.register(keep),
      () => tabweave.cancel(open.id),
      () => tabweave.retry(open.id),
      () => tabweave.setIdentity("ann"),
      () => ephemeral.publish("a", 1),
      () => durable.publish("a", 1),
    ].map((call) => {
      try {
        return call();
      } catch (error) {
        return (error as { code?: unknown }).code;
      }
    });
    ephemeral.remove("a");
    tabweave.subscribe(notes, { list: "a" }, () => {})();
    return {
      codes,
      promises: [
        await outcome(open.settled),
        await outcome(tabweave.mutate(keep, 2).settled),
        await outcome(publication.persisted),
        await outcome(durable.remove("a").persisted),
      ],
      texts: texts(tabweave),
    };
  });
  expect(seen).toMatchObject({
    codes: Array(6).fill("client_closed"),
    promises: Array(4).fill({ code: "client_closed" }),
    texts: ["old"],
  });
});
