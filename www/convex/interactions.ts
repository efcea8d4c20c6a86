import { ConvexError, v } from "convex/values";
import { checkBase, once } from "tabweave/convex/server";
import type { Doc, Id } from "./_generated/dataModel";
import { type MutationCtx, mutation, query } from "./_generated/server";
import { record } from "./ledger";
import { participant, status } from "./schema";

const INTERACTIONS_LISTED_MAX = 200;

const onceMutation = once(mutation);

/** What a change answers: the revision that it made. */
const changed = v.object({ revision: v.number() });

/** The interactions of one campaign, oldest first. */
export const list = query({
  args: { campaignId: v.id("campaigns") },
  handler: async (ctx, { campaignId }) =>
    await ctx.db
      .query("interactions")
      .withIndex("by_campaign", (range) => range.eq("campaignId", campaignId))
      .take(INTERACTIONS_LISTED_MAX),
});

export const get = query({
  args: { id: v.id("interactions") },
  handler: async (ctx, { id }) => await ctx.db.get(id),
});

export const create = onceMutation({
  args: {
    campaignId: v.id("campaigns"),
    name: v.string(),
    participants: v.optional(v.array(participant)),
  },
  returns: v.id("interactions"),
  handler: async (ctx, { campaignId, name, participants }) => {
    if ((await ctx.db.get(campaignId)) === null) throw missing("campaign");
    const id = await ctx.db.insert("interactions", {
      campaignId,
      name,
      status: "planned",
      round: 1,
      turnIndex: 0,
      participants: participants ?? [],
      note: "",
      revision: 1,
      updatedAt: Date.now(),
    });
    await record(ctx, "interactions:create", name);
    return id;
  },
});

/** What is completed stays completed. */
export const changeStatus = onceMutation({
  args: { id: v.id("interactions"), status },
  returns: changed,
  handler: async (ctx, { id, status: next }) => {
    const interaction = await existing(ctx, id);
    if (interaction.status === "completed") {
      throw new ConvexError({
        code: "already_completed",
        message: `"${interaction.name}" is completed and cannot become ${next}.`,
      });
    }
    await record(ctx, "interactions:changeStatus", `${interaction.name}: ${next}`);
    return await change(ctx, interaction, { status: next });
  },
});

/** Hands the turn to the next participant; after the last one a new round begins. */
export const advanceTurn = onceMutation({
  args: { id: v.id("interactions") },
  returns: changed,
  handler: async (ctx, { id }) => {
    const interaction = await existing(ctx, id);
    const next = interaction.turnIndex + 1;
    const roundIsOver = next >= interaction.participants.length;
    const turn = roundIsOver
      ? { round: interaction.round + 1, turnIndex: 0 }
      : { round: interaction.round, turnIndex: next };
    await record(ctx, "interactions:advanceTurn", `${interaction.name}: ${turn.round}/${turn.turnIndex}`);
    return await change(ctx, interaction, turn);
  },
});

/** `base` says what the writer had before their eyes: if the note is another one by now, nothing is written. */
export const editNote = onceMutation({
  args: {
    id: v.id("interactions"),
    note: v.string(),
    base: v.optional(v.object({ note: v.string() })),
  },
  returns: changed,
  handler: async (ctx, { id, note, base }) => {
    const interaction = await existing(ctx, id);
    if (base !== undefined) checkBase(ctx, interaction, base, { fields: ["note"] });
    await record(ctx, "interactions:editNote", `${interaction.name}: ${note}`);
    return await change(ctx, interaction, { note });
  },
});

export const remove = onceMutation({
  args: { id: v.id("interactions") },
  returns: v.null(),
  handler: async (ctx, { id }) => {
    const interaction = await existing(ctx, id);
    await ctx.db.delete(id);
    await record(ctx, "interactions:remove", interaction.name);
    return null;
  },
});

/** Not wrapped in `once`: sent twice it counts twice, and answers the number of its ledger row. */
export const cheer = mutation({
  args: { id: v.id("interactions") },
  returns: v.number(),
  handler: async (ctx, { id }) => {
    const interaction = await existing(ctx, id);
    return await record(ctx, "interactions:cheer", interaction.name);
  },
});

async function existing(ctx: MutationCtx, id: Id<"interactions">): Promise<Doc<"interactions">> {
  const interaction = await ctx.db.get(id);
  if (interaction === null) throw missing("interaction");
  return interaction;
}

async function change(ctx: MutationCtx, before: Doc<"interactions">, fields: Partial<Doc<"interactions">>) {
  const revision = before.revision + 1;
  await ctx.db.patch(before._id, { ...fields, revision, updatedAt: Date.now() });
  return { revision };
}

function missing(what: string) {
  return new ConvexError({ code: "not_found", message: `That ${what} does not exist any more.` });
}
