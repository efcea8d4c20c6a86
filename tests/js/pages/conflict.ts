// An edit of a fight that met somebody else's edit of the same fight.
import type { MergeConflict, ParkedConflict, Path } from "tabweave/ui";

interface Participant {
  readonly id: string;
  readonly name: string;
  readonly hitPoints: number;
  readonly conditions: readonly string[];
}

export interface Fight {
  readonly name: string;
  readonly status: "live" | "paused" | "completed";
  readonly round: number;
  readonly participants: readonly Participant[];
  readonly initiativeOrder: readonly string[];
  readonly notes: string;
  readonly tags: readonly string[];
  readonly nextSession: Date;
}

const mira: Participant = { id: "p1", name: "Mira Thorne", hitPoints: 24, conditions: [] };
const bram: Participant = { id: "p2", name: "Bram Ironquill", hitPoints: 31, conditions: ["prone"] };
const wolf: Participant = { id: "p3", name: "Dire wolf", hitPoints: 37, conditions: [] };
const ogre: Participant = { id: "p4", name: "Ogre of the ford", hitPoints: 59, conditions: [] };

const base: Fight = {
  name: "Ambush at Heron Ford",
  status: "live",
  round: 3,
  participants: [mira, bram, wolf, ogre],
  initiativeOrder: ["p3", "p1", "p4", "p2"],
  notes:
    "The ogre guards the bridge. It lets nobody pass who carries iron. Behind the mill, a wolf waits for the first who runs.",
  tags: ["river", "night"],
  nextSession: new Date("2026-03-14T18:30:00Z"),
};

const local: Fight = {
  ...base,
  status: "paused",
  round: 4,
  participants: [
    { ...mira, hitPoints: 17 },
    bram,
    { ...wolf, hitPoints: 12, conditions: ["frightened"] },
    ogre,
  ],
  initiativeOrder: ["p1", "p3", "p4", "p2"],
  notes:
    "The ogre guards the old rope bridge. It lets nobody pass who carries iron or silver. Behind the mill, a wolf waits for the first who runs.",
  tags: ["river", "night", "boss"],
  nextSession: new Date("2026-03-21T18:30:00Z"),
};

const server: Fight = {
  ...base,
  status: "completed",
  round: 5,
  participants: [{ ...mira, hitPoints: 11 }, bram, ogre],
  initiativeOrder: ["p4", "p3", "p1", "p2"],
  notes:
    "The ogre guards the bridge, asleep. It lets nobody pass who carries iron or steel. Behind the mill, a wolf waits for the first who runs. It is tame.",
  tags: ["night", "fog"],
  nextSession: new Date("2026-03-15T17:00:00Z"),
};

const person = (key: string) => ({ by: "id", key });

function conflict(path: Path, why: MergeConflict["why"], sides: Partial<MergeConflict>): MergeConflict {
  return { path, why, rule: "manual", ...sides };
}

function field(name: keyof Fight, why: MergeConflict["why"], rule = "manual"): MergeConflict {
  return { path: [name], why, rule, base: base[name], local: local[name], server: server[name] };
}

export const fight: ParkedConflict<Fight> = {
  id: "op-7",
  name: "editFight",
  collection: "interactions",
  document: "i1",
  atMs: Date.parse("2026-03-13T20:15:00Z"),
  base,
  local,
  server,
  merged: {
    value: { ...server, round: 5 },
    conflicts: [
      conflict(["participants", person("p1"), "hitPoints"], "both_changed", {
        base: 24,
        local: 17,
        server: 11,
      }),
      field("notes", "overlap", "text"),
      field("tags", "manual"),
      field("initiativeOrder", "reordered", "sequence"),
      conflict(["participants", person("p3")], "removed", { base: wolf, local: local.participants[2] }),
      field("nextSession", "both_changed"),
    ],
    decisions: [
      { ...field("round", "manual", "max"), kind: "auto", result: 5 },
      { ...field("status", "manual", "mostRecentNonNull"), kind: "auto", result: "completed" },
    ].map(({ why: _, ...decision }) => ({ ...decision, kind: "auto" as const })),
  },
};

/** Who is meant by an id. */
export const names = new Map(base.participants.map(({ id, name }) => [id, name]));
