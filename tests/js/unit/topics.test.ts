import { expect, test, vi } from "vitest";
import type { Core } from "../../../pkg/src/client/core.js";
import type { Rooms } from "../../../pkg/src/client/rooms.js";
import { type TopicRoom, Topics } from "../../../pkg/src/client/topics.js";
import { restoreTopics, topicStored } from "../../../pkg/src/engine/topics.js";
import { TabweaveError } from "../../../pkg/src/errors/error.js";

type Publish = (durable: boolean, topic: string, key: string, value: unknown, removed: boolean) => void;

/** Topics over a stand-in for the engine that notes what it is told. */
function stage(publish: Publish = () => {}): { topics: Topics; told: unknown[][] } {
  const told: unknown[][] = [];
  const core = {
    publish: (...call: Parameters<Publish>) => {
      told.push(call);
      publish(...call);
    },
  };
  const topics = new Topics({
    optimism: { assertOutside: () => {} } as Rooms["optimism"],
    unavailable: () => undefined,
    use: (call) => call(core as unknown as Core),
  });
  return { topics, told };
}

interface News {
  readonly durable: boolean;
  readonly topic: string;
  readonly entries: ReadonlyArray<readonly [key: string, value?: unknown]>;
}

/** What the engine tells of a topic. */
function hear(topics: Topics, { durable, topic, entries }: News): void {
  topics.room(durable, topic).take(entries);
}

const listed = (topic: TopicRoom) => [...topic.getSnapshot()].map(([key, value]) => `${key}=${value}`).join();
const settled = (promise: Promise<void>) =>
  promise.then(
    () => "stored",
    (error: TabweaveError) => error.code,
  );

test("a snapshot keeps its reference until an entry changes, and is never changed itself", () => {
  const { topics } = stage();
  const topic = topics.open("t", false);
  topic.publish("a", 1);
  const before = topic.getSnapshot();
  topic.publish("a", 1);
  hear(topics, { durable: false, topic: "t", entries: [["a", 1], ["b"]] });
  expect(topic.getSnapshot()).toBe(before);
  hear(topics, { durable: false, topic: "t", entries: [["b", 2], ["a"]] });
  expect(topic.getSnapshot()).toEqual(new Map([["b", 2]]));
  expect(before).toEqual(new Map([["a", 1]]));
});

test("listeners are told once for many entries, those of a key only of that one", () => {
  const { topics } = stage();
  const topic = topics.open("t", true);
  const [all, one] = [vi.fn(), vi.fn()];
  const stop = topic.subscribe(all);
  topic.subscribe(one, "a");
  hear(topics, {
    durable: true,
    topic: "t",
    entries: [
      ["b", 1],
      ["c", 2],
    ],
  });
  expect([all.mock.calls.length, one.mock.calls.length]).toEqual([1, 0]);
  hear(topics, { durable: true, topic: "t", entries: [["a", 1]] });
  stop();
  hear(topics, { durable: true, topic: "t", entries: [["a"]] });
  expect([all.mock.calls.length, one.mock.calls.length]).toEqual([2, 2]);
});

test("what was heard before the page asked for the topic is there; the other kind is another topic", () => {
  const { topics } = stage();
  hear(topics, { durable: true, topic: "t", entries: [["a", "durable"]] });
  hear(topics, { durable: false, topic: "t", entries: [["a", "ephemeral"]] });
  const topic = topics.open("t", true);
  expect(listed(topic)).toBe("a=durable");
  expect(topics.open("t", true)).toBe(topic);
  expect(() => topics.open("t", false)).toThrow("invalid_option: `t: durable`");
});

test("a new engine is told what this tab published, the latest of each key, in order", () => {
  const { topics, told } = stage();
  const [durable, ephemeral] = [topics.open("d", true), topics.open("e", false)];
  ephemeral.publish("x", 1);
  durable.publish("a", 1);
  ephemeral.publish("y", 1);
  ephemeral.publish("x", 2);
  durable.remove("a");
  hear(topics, { durable: false, topic: "e", entries: [["another tab's", 1]] });
  told.length = 0;
  restoreTopics(topics, { publish: (...call) => void told.push(call) });
  expect(told).toEqual([
    [false, "e", "y", 1, false],
    [false, "e", "x", 2, false],
    [true, "d", "a", undefined, true],
  ]);
  expect(listed(ephemeral)).toBe("x=2,y=1");
});

test("a durable entry is persisted with the latest of its key, and not told again then", async () => {
  const { topics, told } = stage();
  const topic = topics.open("t", true);
  const promises = [topic.publish("a", 1), topic.publish("a", 2)].map((it) => settled(it.persisted));
  topicStored(topics, { topic: "t", key: "a" }, true);
  expect(await Promise.all(promises)).toEqual(["stored", "stored"]);
  told.length = 0;
  restoreTopics(topics, { publish: (...call) => void told.push(call) });
  expect(told).toEqual([]);
  const third = settled(topic.publish("a", 3).persisted);
  topicStored(topics, { topic: "t", key: "a" }, false);
  expect(await third).toBe("storage_memory");
});

test("without an engine ephemeral topics go on in this tab, durable entries are not persisted", async () => {
  const { topics } = stage();
  const [durable, ephemeral] = [topics.open("d", true), topics.open("e", false)];
  const early = settled(durable.publish("a", 1).persisted);
  topics.degrade(new TabweaveError("wasm_unavailable"));
  const late = settled(durable.publish("a", 2).persisted);
  ephemeral.publish("b", 1);
  expect([await early, await late, listed(durable), listed(ephemeral)]).toEqual([
    "wasm_unavailable",
    "wasm_unavailable",
    "a=2",
    "b=1",
  ]);
});

test("an entry that the engine refuses is not shown, and the one before it stays", () => {
  let isFull = false;
  const { topics } = stage(() => {
    if (isFull) throw { code: "topic_full", message: "full" };
  });
  const topic = topics.open("t", false);
  topic.publish("a", 1);
  isFull = true;
  expect(() => topic.publish("a", 2)).toThrow(expect.objectContaining({ code: "topic_full" }));
  expect(() => topic.publish("b", () => {})).toThrow("args_not_cloneable: value cannot be stored");
  expect(listed(topic)).toBe("a=1");
});

test("a listener that publishes is not overruled by the call that it was told of", () => {
  const { topics } = stage((durable, topic, key, value) => {
    hear(topics, { durable, topic, entries: [[key, value]] });
  });
  const topic = topics.open("t", false);
  topic.subscribe(() => topic.get("a") === 1 && topic.publish("a", 2));
  topic.publish("a", 1);
  expect(listed(topic)).toBe("a=2");
});

test("a change of identity leaves nothing behind", async () => {
  const { topics, told } = stage();
  const topic = topics.open("t", true);
  const persisted = settled(topic.publish("a", 1).persisted);
  hear(topics, { durable: true, topic: "t", entries: [["b", 2]] });
  topics.forget(new TabweaveError("identity_changed"));
  told.length = 0;
  restoreTopics(topics, { publish: (...call) => void told.push(call) });
  expect([await persisted, listed(topic), told.length]).toEqual(["identity_changed", "", 0]);
});
