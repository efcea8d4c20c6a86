import { useConflicts } from "tabweave/react";
import { ConflictResolver } from "tabweave/ui";
import type { Interaction } from "../operations/interactions.js";

/** What people see of a scene, in their words. */
const WORDS: Readonly<Record<string, string>> = { note: "Note", name: "Name", participants: "Participants" };

/** Notes of which somebody else has written the same words meanwhile. */
export function Conflicts() {
  const { conflicts, resolve } = useConflicts();
  const [first] = conflicts;
  if (first === undefined) return null;
  const { name } = first.local as Interaction;
  return (
    <ConflictResolver
      key={first.id}
      conflict={first}
      onResolve={(resolution) => resolve(first.id, resolution)}
      heading={`Somebody else has changed “${name}” meanwhile`}
      formatPath={(path) =>
        path.map((step) => (typeof step === "string" ? (WORDS[step] ?? step) : String(step)))
      }
    />
  );
}
