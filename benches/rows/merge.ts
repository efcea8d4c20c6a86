import { init } from "tabweave";
import { merge } from "tabweave/merge";
import { mergeByHand } from "../merge/by-hand.js";
import { movedOf, type Versions, versionsOf } from "../merge/documents.js";
import { type Peer, peers } from "../merge/peers.js";
import type { Row, Timed } from "../row.js";

/** How often a round merges, so that a round takes longer than the clock is coarse. */
const timesFor = (items: number) => Math.max(1, Math.ceil(500 / items));

/** What one of several calls took. */
function timed(times: number, call: () => unknown): Timed {
  const startedMs = performance.now();
  for (let time = 0; time < times; time += 1) call();
  return { tookMs: (performance.now() - startedMs) / times };
}

function againstByHand(name: string, versions: Versions, items: number, ratio: number): Row {
  const { base, local, server } = versions;
  return {
    name,
    against: "a three-way walk by hand",
    goal: { ratio },
    rounds: 60,
    async prepare() {
      await init();
      return {
        ours: async () => timed(timesFor(items), () => merge(versions)),
        theirs: async () => timed(timesFor(items), () => mergeByHand(base, local, server)),
      };
    },
  };
}

function againstPeer(items: number, peer: Peer, ratio: number): Row {
  return {
    name: nameOf(items),
    against: peer.name,
    goal: { ratio },
    rounds: 20,
    warmUps: 5,
    async prepare() {
      await init();
      const versions = versionsOf(items);
      const documentOf = await peer.prepare(versions);
      return {
        ours: async () => timed(timesFor(items), () => merge(versions)),
        theirs: async () => timed(1, documentOf()),
      };
    },
  };
}

const nameOf = (items: number) => `merge of ${items.toLocaleString("en")} items, ten changes`;

/** The aim beside what one would write by hand: what crosses into the engine weighs most where there is little to do. */
const SIZES = [
  { items: 1, ratio: 3 },
  { items: 50, ratio: 1.5 },
  { items: 1_000, ratio: 1.5 },
];

export const mergeRows: readonly Row[] = [
  ...SIZES.map(({ items, ratio }) => againstByHand(nameOf(items), versionsOf(items), items, ratio)),
  ...SIZES.flatMap(({ items }) => peers.map(({ peer, goal }) => againstPeer(items, peer, goal))),
  againstByHand("merge of 10,000 items, 100 moved", movedOf(10_000, 100), 10_000, 4),
];
