import type { TabweaveClient } from "tabweave";
import { openByHand, putByHand, recordOf } from "../by-hand.js";
import { Link } from "../link.js";
import type { Row, Timed } from "../row.js";
import { openClient, scribble, TEXT, until } from "../scribble.js";
import type { StartUp } from "../start-up.js";

/** As many as an outbox takes. */
const COUNT = 10_000;
const BURST = 1_000;
const NAME = "benches-start-up";

declare global {
  interface Window {
    /** Has a page of its own start, and closes it. */
    visit(side: "ours" | "theirs", name: string, count: number): Promise<StartUp>;
  }
}

/** From the start of a page until it knows what is queued, against reading as many records by hand. */
function startUp(name: string, goalMs: number, told: keyof StartUp): Row {
  return {
    name,
    against: `getAll() of ${COUNT} records`,
    goal: { ms: goalMs },
    rounds: 5,
    warmUps: 1,
    async prepare() {
      await filled();
      const visit = async (side: "ours" | "theirs") => ({
        tookMs: (await window.visit(side, NAME, COUNT))[told],
      });
      return { ours: () => visit("ours"), theirs: () => visit("theirs") };
    },
  };
}

/** One operation more, and none in its place afterwards, so that there are always as many. */
const beside: Row = {
  name: `an operation beside ${COUNT - 1} others is safe on disk`,
  against: "the same beside none",
  // It is meant not to grow at all: the tenth is for the machine.
  goal: { ratio: 1.1 },
  rounds: 100,
  async prepare() {
    await filled();
    const long = await openClient({ namespace: NAME, source: new Link() });
    const empty = await openClient({ namespace: `${NAME}-empty`, source: new Link() });
    const [first] = long.outbox.getSnapshot().operations;
    if (first !== undefined) long.cancel(first.id);
    await until(long.outbox, () => long.outbox.getSnapshot().waiting < COUNT);
    const timed = async (client: TabweaveClient, round: number): Promise<Timed> => {
      const startedMs = performance.now();
      const { id, persisted, settled } = client.mutate(scribble, { round, text: TEXT });
      await persisted;
      const tookMs = performance.now() - startedMs;
      client.cancel(id);
      return { tookMs, afterwards: settled.catch(() => {}) };
    };
    return {
      ours: (round) => timed(long, round),
      theirs: (round) => timed(empty, round),
      end: async () => {
        long.close();
        empty.close();
      },
    };
  },
};

let filling: Promise<unknown> | undefined;

/** Fills both queues; once will do, for nothing is sent. */
function filled(): Promise<unknown> {
  filling ??= Promise.all([fillOurs(), fillTheirs()]);
  return filling;
}

async function fillOurs(): Promise<void> {
  const client = await openClient({ namespace: NAME, source: new Link() });
  for (let round = 0; round < COUNT; round += BURST) {
    const handles = Array.from({ length: BURST }, () => client.mutate(scribble, { round, text: TEXT }));
    await Promise.all(handles.map(({ persisted }) => persisted));
  }
  const journal = await openByHand(`tabweave-journal/${NAME}/anonymous/${client.tab}`);
  // The shared store has taken over what is no more in the journal.
  while ((await countOf(journal)) > 0);
  journal.close();
  client.close();
}

function countOf(journal: IDBDatabase): Promise<number> {
  const request = journal.transaction("operations", "readonly").objectStore("operations").count();
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function fillTheirs(): Promise<void> {
  const database = await openByHand(NAME);
  const records = Array.from({ length: COUNT }, (_, round) => recordOf({ round, text: TEXT }));
  await putByHand(database, records);
  database.close();
}

export const startUpRows: readonly Row[] = [
  startUp(`${COUNT} operations are read and listed at the start`, 300, "tookMs"),
  startUp("the longest frame of that start", 50, "longestFrameMs"),
  beside,
];
