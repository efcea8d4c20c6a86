// Topics against what one would write by hand, and against what one would install.
import { durable, ephemeral, peerChannel, queryClient, update } from "../board.js";
import { openEchoListener, RAW } from "../echo.js";
import type { Contest, Row, Timed } from "../row.js";

const ROUNDS = 100;
const BURST = 9_000;
const TASKS = 2_000;
const PACED = 100;
const PACE_MS = 10;

/** From the call until the other tab says that the last one arrived. */
async function timed(send: () => void, arrived: Promise<void>): Promise<Timed> {
  const startedMs = performance.now();
  send();
  await arrived;
  return { tookMs: performance.now() - startedMs };
}

/** Longer than a frame, so that each round begins anew. */
const pause = (ms = 20) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A task of its own for each, without the delay that nested timers get. */
function inTasks(count: number, act: (index: number) => void): void {
  const { port1, port2 } = new MessageChannel();
  let index = 0;
  port1.onmessage = () => {
    act(index);
    index += 1;
    if (index < count) port2.postMessage(0);
    else port1.close();
  };
  port2.postMessage(0);
}

/** One update at a time: ours by an ephemeral topic, theirs by whatever this is. */
function single(against: string, sendTheirs: (id: string) => void): Row {
  return {
    name: "an ephemeral update reaches another tab",
    against,
    rounds: ROUNDS,
    async prepare(): Promise<Contest> {
      const echoOf = openEchoListener();
      return {
        async ours(round) {
          const id = `ours ${against} ${round}`;
          const took = await timed(() => ephemeral.publish("cursor", update(id)), echoOf(id));
          return { ...took, afterwards: pause() };
        },
        async theirs(round) {
          const id = `theirs ${against} ${round}`;
          const took = await timed(() => sendTheirs(id), echoOf(id));
          return { ...took, afterwards: pause() };
        },
      };
    },
  };
}

const raw = new BroadcastChannel(RAW);

/** Many updates of as many keys, in one task or in a task each. */
function many(name: string, count: number, rounds: number, spread: typeof inTasks): Row {
  return {
    name,
    against: "BroadcastChannel, a message each",
    rounds,
    async prepare() {
      const echoOf = openEchoListener();
      return {
        async ours(round) {
          const last = `ours ${name} ${round}`;
          const send = (index: number) =>
            ephemeral.publish(`key ${index}`, update(index === count - 1 ? last : ""));
          const took = await timed(() => spread(count, send), echoOf(last));
          return { ...took, afterwards: pause() };
        },
        async theirs(round) {
          const last = `theirs ${name} ${round}`;
          const send = (index: number) => raw.postMessage(update(index === count - 1 ? last : ""));
          const took = await timed(() => spread(count, send), echoOf(last));
          return { ...took, afterwards: pause() };
        },
      };
    },
  };
}

function inOneTask(count: number, act: (index: number) => void): void {
  for (let index = 0; index < count; index += 1) act(index);
}

/** The slowest of a hundred updates, one every ten milliseconds. */
const paced: Row = {
  name: `p99 of updates at ${1_000 / PACE_MS} a second`,
  against: "BroadcastChannel.postMessage",
  rounds: 5,
  async prepare() {
    const echoOf = openEchoListener();
    const slowest = async (label: string, send: (id: string) => void): Promise<Timed> => {
      const arrivals: Promise<Timed>[] = [];
      for (let index = 0; index < PACED; index += 1) {
        const id = `${label} ${index}`;
        arrivals.push(timed(() => send(id), echoOf(id)));
        await pause(PACE_MS);
      }
      const times = (await Promise.all(arrivals)).map(({ tookMs }) => tookMs).sort((a, b) => a - b);
      return { tookMs: times[Math.floor(times.length * 0.99) - 1] ?? Number.NaN };
    };
    return {
      // A key each, so that every update arrives and none is replaced by a later one.
      ours: (round) =>
        slowest(`paced ours ${round}`, (id) => ephemeral.publish(`paced ${id.slice(-2)}`, update(id))),
      theirs: (round) => slowest(`paced theirs ${round}`, (id) => raw.postMessage(update(id))),
    };
  },
};

const STORE = "entries";

/** On disk first, then told. */
const stored: Row = {
  name: "a durable update reaches another tab",
  against: "IndexedDB put + commit, then post",
  rounds: ROUNDS,
  async prepare() {
    const echoOf = openEchoListener();
    const database = await openByHand();
    return {
      ours(round) {
        const id = `durable ours ${round}`;
        return timed(() => durable.publish("scene", update(id)), echoOf(id));
      },
      theirs(round) {
        const id = `durable theirs ${round}`;
        const send = () => {
          const transaction = database.transaction(STORE, "readwrite");
          transaction.oncomplete = () => raw.postMessage(update(id));
          transaction.objectStore(STORE).put(update(id), "scene");
          transaction.commit();
        };
        return timed(send, echoOf(id));
      },
    };
  },
};

function openByHand(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("benches-topic-by-hand", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export const topicRows: readonly Row[] = [
  single("BroadcastChannel.postMessage", (id) => raw.postMessage(update(id))),
  single("npm broadcast-channel", (id) => void peerChannel.postMessage(update(id))),
  single("query-broadcast-client", (id) => queryClient.setQueryData(["cursor"], update(id))),
  paced,
  many(`${BURST} updates in one task`, BURST, 5, inOneTask),
  many(`${TASKS} updates, a task each`, TASKS, 5, inTasks),
  stored,
];
