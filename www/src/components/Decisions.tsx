import { useEffect, useId, useState } from "react";
import { pathText } from "tabweave/merge";
import { useTabweave } from "tabweave/react";

type Entry = Awaited<ReturnType<ReturnType<typeof useTabweave>["getAuditLog"]>>[number];

/** Decisions that are worth a glance; the log itself has all of them. */
const SHOWN_MAX = 20;

/** Who decided, in words. */
const BY: Readonly<Record<Entry["kind"], string>> = {
  auto: "both kept, by rule",
  local: "yours was taken",
  server: "the other one was taken",
  merge: "both were taken",
  manual: "something new was written",
};

/** What was decided where two people had changed the same, the newest first. */
export function Decisions() {
  const heading = useId();
  const client = useTabweave();
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  useEffect(() => {
    const look = () => void client.getAuditLog().then(setEntries);
    look();
    return client.onSettledAnywhere(look);
  }, [client]);
  if (entries.length === 0) return null;
  return (
    <>
      <h2 id={heading}>Decisions</h2>
      <ol className="outbox-list" aria-labelledby={heading}>
        {entries
          .toReversed()
          .slice(0, SHOWN_MAX)
          .map((entry) => (
            <li key={entry.number} className="outbox-entry">
              <p className="outbox-what">
                <strong>{pathText(entry.path)}</strong>
                {" became "}“{textOf(entry.result)}”
              </p>
              <p className="outbox-state">
                {BY[entry.kind]}, <time dateTime={new Date(entry.atMs).toISOString()}>{timeOf(entry)}</time>
              </p>
            </li>
          ))}
      </ol>
    </>
  );
}

function textOf(value: Entry["result"]): string {
  if (value === undefined) return "nothing";
  if ("hash" in value) return "…";
  return typeof value.value === "string" ? value.value : JSON.stringify(value.value);
}

function timeOf({ atMs }: Entry): string {
  return new Date(atMs).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
