import { v } from "convex/values";
import { once } from "tabweave/convex/server";
import type { Doc } from "./_generated/dataModel";
import { internalMutation } from "./_generated/server";
import { record } from "./ledger";

type Scene = Pick<Doc<"interactions">, "name" | "status" | "round" | "turnIndex" | "participants" | "note">;

const mira = { id: "mira", name: "Mira Thorne, ranger", kind: "player" } as const;
const oswin = { id: "oswin", name: "Oswin Vale, cleric", kind: "player" } as const;
const kethra = { id: "kethra", name: "Kethra of the Reeds, rogue", kind: "player" } as const;
const bram = { id: "bram", name: "Bram Ironquill, wizard", kind: "player" } as const;

const npc = (id: string, name: string) => ({ id, name, kind: "npc" as const });

const CAMPAIGNS: { name: string; scenes: Scene[] }[] = [
  {
    name: "The Salt Road",
    scenes: [
      {
        name: "Ambush at Heron Ford",
        status: "live",
        round: 2,
        turnIndex: 1,
        participants: [
          mira,
          npc("ferryman", "Dask the ferryman"),
          oswin,
          npc("raiders", "Marsh raiders"),
          kethra,
        ],
        note: "The ferry rope is half cut. Whoever ends a turn on the raft drifts ten feet downstream.",
      },
      {
        name: "A bargain with Widow Harrow",
        status: "paused",
        round: 1,
        turnIndex: 0,
        participants: [kethra, npc("harrow", "Widow Harrow"), bram],
        note: "She wants the ledger, not the coin. She does not yet know that Oswin has read it.",
      },
      {
        name: "Night watch on the dunes",
        status: "planned",
        round: 1,
        turnIndex: 0,
        participants: [mira, oswin, kethra, bram],
        note: "Third watch: a lantern where no road is.",
      },
    ],
  },
  {
    name: "Beneath Castle Orrery",
    scenes: [
      {
        name: "The clockwork gate",
        status: "completed",
        round: 4,
        turnIndex: 2,
        participants: [bram, npc("warden", "The brass warden"), mira],
        note: "Bram answered the riddle with the wrong moon. The gate opened all the same, which worries him.",
      },
      {
        name: "Audience with the Blind Astronomer",
        status: "live",
        round: 1,
        turnIndex: 2,
        participants: [oswin, bram, npc("ysolde", "Ysolde, the Blind Astronomer")],
        note: "One question each. She counts a greeting as a question.",
      },
      {
        name: "Flight through the star wells",
        status: "planned",
        round: 1,
        turnIndex: 0,
        participants: [mira, kethra, oswin, npc("hounds", "Hollow hounds")],
        note: "Every third round one well goes dark.",
      },
    ],
  },
];

/** Writes the sample campaigns, unless there is a campaign already. Run: `npx convex run seed:run`. */
export const run = once(internalMutation)({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    if ((await ctx.db.query("campaigns").withIndex("by_name").first()) !== null) return null;
    for (const { name, scenes } of CAMPAIGNS) {
      const campaignId = await ctx.db.insert("campaigns", { name });
      for (const scene of scenes) {
        await ctx.db.insert("interactions", { campaignId, ...scene, revision: 1, updatedAt: Date.now() });
      }
    }
    await record(ctx, "seed:run", `${CAMPAIGNS.length} campaigns`);
    return null;
  },
});
