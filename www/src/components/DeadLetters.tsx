import { useDeadLetters, useTabweave } from "tabweave/react";

/** How many changes were refused or given up, and what can be done about all of them. */
export function DeadLetters() {
  const client = useTabweave();
  const { length } = useDeadLetters();
  if (length === 0) return null;
  return (
    <div className="dead-letters">
      <p>
        {length === 1
          ? "One change was not made: try it again, or discard it."
          : `${length} changes were not made: try them again, or discard them.`}
      </p>
      <button
        type="button"
        className="button"
        onClick={async () => save("dead-letters.json", await client.exportDeadLetters())}
      >
        Save as a file
      </button>
    </div>
  );
}

function save(name: string, json: string): void {
  const url = URL.createObjectURL(new Blob([json], { type: "application/json" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
