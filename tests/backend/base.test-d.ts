// What the types of `checkBase` ask of a mutation.
import {
  type DataModelFromSchemaDefinition,
  type DocumentByName,
  defineSchema,
  defineTable,
  type GenericActionCtx,
  type GenericMutationCtx,
  type GenericQueryCtx,
} from "convex/server";
import { v } from "convex/values";
import { checkBase } from "tabweave/convex/server";
import { expectTypeOf, test } from "vitest";

const schema = defineSchema({
  sheets: defineTable({ title: v.string(), note: v.optional(v.string()) }),
  shapes: defineTable(
    v.union(
      v.object({ kind: v.literal("circle"), radius: v.number() }),
      v.object({ kind: v.literal("square"), side: v.number() }),
    ),
  ),
});

type DataModel = DataModelFromSchemaDefinition<typeof schema>;
type Sheet = DocumentByName<DataModel, "sheets">;
type Shape = DocumentByName<DataModel, "shapes">;

declare const ctx: GenericMutationCtx<DataModel>;
declare const sheet: Sheet | null;
declare const base: Sheet;

test("what it returns is there", () => {
  expectTypeOf(checkBase(ctx, sheet, base)).toEqualTypeOf<Sheet>();
  expectTypeOf(checkBase(ctx, sheet, { title: "a" }, { fields: ["title"] })).toEqualTypeOf<Sheet>();
  expectTypeOf(checkBase(ctx, sheet, base, { fields: ["title", "note"] })).toEqualTypeOf<Sheet>();
  expectTypeOf(checkBase(ctx, {} as Shape | null, {} as Shape)).toEqualTypeOf<Shape>();
});

test("the whole document is the base, or the fields that are compared", () => {
  // @ts-expect-error its other fields are missing
  checkBase(ctx, sheet, { title: "a" });
  // @ts-expect-error `note` may be missing, but not `title`
  checkBase(ctx, sheet, { note: "a" }, { fields: ["title", "note"] });
  // @ts-expect-error there is no such field
  checkBase(ctx, sheet, base, { fields: ["titel"] });
  // @ts-expect-error the base of another document
  checkBase(ctx, sheet, {} as Shape);
  // @ts-expect-error a text is no number
  checkBase(ctx, sheet, { title: 1 }, { fields: ["title"] });
});

test("only what can write the document can check it", () => {
  // @ts-expect-error a query overwrites nothing
  checkBase({} as GenericQueryCtx<DataModel>, sheet, base);
  // @ts-expect-error what an action has read may have changed since
  checkBase({} as GenericActionCtx<DataModel>, sheet, base);
  checkBase({} as GenericMutationCtx<DataModel> & { session: string }, sheet, base);
});

test("a validator of Convex is all that the arguments take", () => {
  expectTypeOf(schema.doc("sheets").type).toEqualTypeOf<Sheet>();
  expectTypeOf(schema.doc("shapes").type).toEqualTypeOf<Shape>();
});
