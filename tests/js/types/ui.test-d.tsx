import {
  type ConflictMessages,
  type ConflictResolution,
  ConflictResolver,
  conflictDraft,
  draftResolution,
  type ParkedConflict,
  useConflictDraft,
} from "tabweave/ui";
import { expectTypeOf, test } from "vitest";

interface Note {
  readonly id: string;
  readonly text: string;
}

declare const conflict: ParkedConflict<Note>;

test("<ConflictResolver> knows the document", () => {
  const resolve = async (resolution: ConflictResolution<Note>) => {
    if (resolution.discard) return expectTypeOf(resolution).toEqualTypeOf<{ readonly discard: true }>();
    return expectTypeOf(resolution.value).toEqualTypeOf<Note | undefined>();
  };
  <ConflictResolver conflict={conflict} onResolve={resolve} />;
  <ConflictResolver
    conflict={conflict}
    onResolve={resolve}
    onLater={() => {}}
    locale="de"
    headingLevel={3}
    messages={{ versions: { mine: "Meins" }, progress: ({ decided }, { number }) => number(decided) }}
    formatPath={(path, { base }) => (path.length === 0 ? base?.text : undefined)}
    formatValue={(value) => (value === 1 ? "one" : undefined)}
  />;
  // @ts-expect-error an answer is awaited
  <ConflictResolver conflict={conflict} onResolve={() => {}} />;
  // @ts-expect-error no such word
  <ConflictResolver conflict={conflict} onResolve={resolve} messages={{ titel: "x" }} />;
  // @ts-expect-error no such version
  <ConflictResolver conflict={conflict} onResolve={resolve} messages={{ versions: { yours: "x" } }} />;
  // @ts-expect-error a number takes part in this sentence
  <ConflictResolver conflict={conflict} onResolve={resolve} messages={{ progress: 3 }} />;
});

test("every word is one that an app can replace", () => {
  expectTypeOf<ConflictMessages["why"]>().toHaveProperty("removed");
  expectTypeOf<ConflictMessages["problems"]["json"]>().toBeFunction();
});

test("the draft knows the document", () => {
  expectTypeOf(draftResolution(conflictDraft(conflict)).value).toEqualTypeOf<Note | undefined>();
  const { draft, choose, resolution } = useConflictDraft(conflict);
  expectTypeOf(draft.conflict.base).toEqualTypeOf<Note | undefined>();
  expectTypeOf(resolution.value).toEqualTypeOf<Note | undefined>();
  choose("c0", { kind: "manual", result: "text" });
  // @ts-expect-error no rule, and no such choice
  choose("c0", { kind: "auto" });
});
