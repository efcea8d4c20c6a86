// What a tab tells of an edit that the server holds something else than it was made on.
import type { TabweaveClient } from "tabweave";
import { expect, test } from "vitest";
import { Site } from "./site.js";

const site = Site.forThisFile("stage.ts");

interface Opened {
  readonly tabweave: TabweaveClient;
  /** What became of attempts, by operations, as tabs told each other: news may be told more than once. */
  readonly told: Map<string, { readonly kind: string; readonly value: unknown; readonly current?: unknown }>;
}

/** A leader that does not know how to edit, and a follower that does: its attempts are told to the leader. */
async function leaderAndFollower() {
  const context = await site.context();
  await context.addInitScript(() => {
    const told = new Map<unknown, unknown>();
    Object.assign(window, { told });
    const post = BroadcastChannel.prototype.postMessage;
    BroadcastChannel.prototype.postMessage = function (message: {
      type?: unknown;
      id?: unknown;
      outcome?: unknown;
    }) {
      if (message.type === "attempt_ended") told.set(message.id, structuredClone(message.outcome));
      post.call(this, message);
    };
  });
  const [leader, follower] = [await site.page(context), await site.page(context)];
  const open = async (role: string) => {
    const { client, MemorySource, notes, editNote, operations, texts, until } = window.stage;
    const source = new MemorySource();
    const ids = ["1", "gone", "other", "odd", "nonsense"];
    source.answer("notes", () => ids.map((id) => ({ id, list: "a", text: "old" })));
    const known = role === "leader" ? operations.filter((one) => one !== editNote) : operations;
    const tabweave = client({ source, operations: known });
    tabweave.subscribe(notes, { list: "a" }, () => {});
    Object.assign(window, { tabweave });
    await until(() => texts(tabweave) && tabweave.connectivity.getSnapshot().role === role);
  };
  await leader.evaluate(open, "leader");
  await follower.evaluate(open, "follower");
  return { leader, follower };
}

test("what the server holds reaches the leader as it is, and the operation is parked in all tabs", async () => {
  const { leader, follower } = await leaderAndFollower();
  const seen = await follower.evaluate(async () => {
    const { ConflictError, editNote, server, until } = window.stage;
    const { tabweave, told } = window as unknown as Opened;
    const now = { id: "1", list: "a", text: "theirs", extra: new Map([["big", 2n ** 60n]]) };
    server.answer = () => {
      throw new ConflictError({ document: now });
    };
    const { id } = tabweave.mutate(editNote, { id: "1", next: { id: "1", list: "a", text: "mine" } });
    await until(() => tabweave.outbox.getSnapshot().operations[0]?.state === "parked");
    const outcome = told.get(id);
    const current = outcome?.current as { document: typeof now } | undefined;
    return {
      kind: outcome?.kind,
      value: outcome?.value,
      text: current?.document.text,
      isSame: current?.document.extra.get("big") === 2n ** 60n,
    };
  });
  expect(seen).toEqual({
    kind: "conflict",
    value: { name: "ConflictError", message: expect.any(String), code: "conflict" },
    text: "theirs",
    isSame: true,
  });
  const listed = await leader.evaluate(async () => {
    const { until } = window.stage;
    const { tabweave } = window as unknown as Opened;
    await until(() => tabweave.outbox.getSnapshot().operations[0]?.state === "parked");
    const [entry] = tabweave.outbox.getSnapshot().operations;
    return [entry?.why, entry?.error?.code];
  });
  expect(listed).toEqual(["conflict", "conflict"]);
});

test("that it holds none is told, and nothing that cannot be the edited document", async () => {
  const { follower } = await leaderAndFollower();
  const seen = await follower.evaluate(async () => {
    const { defineEdit, notes, until } = window.stage;
    const { tabweave, told } = window as unknown as Opened;
    const says: Record<string, unknown> = {
      gone: { removed: true },
      other: { document: { id: "1" } },
      odd: { document: { id: "odd", call: () => {} } },
      nonsense: "nonsense",
    };
    const amend = defineEdit<{ id: string; list: string; text: string }, { list: string }>("amend", {
      document: notes,
      scope: (id) => id,
      run: ({ id }) => Promise.reject(id),
      classify: (id) => ({ kind: "conflict", current: says[id as string] as { removed: true } }),
    });
    tabweave.register(amend);
    const parked = () => tabweave.outbox.getSnapshot().operations.filter(({ state }) => state === "parked");
    for (const [index, id] of Object.keys(says).entries()) {
      tabweave.mutate(amend, { id, next: { id, list: "a", text: "mine" }, args: { list: "a" } });
      await until(() => parked().length === index + 1);
    }
    return [...told.values()].map(({ kind, current }) => [kind, current]);
  });
  expect(seen).toEqual([
    ["conflict", { removed: true }],
    ["conflict", undefined],
    ["conflict", undefined],
    ["conflict", undefined],
  ]);
});
