// <ConflictResolver> as an app would show it, with what it is told by the address: `?locale=`, `?dir=`. With `?headless` an
// app's own screen over the same state.
import { type ReactElement, StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { type ConflictResolution, ConflictResolver, type ParkedConflict, type Path } from "tabweave/ui";
import { useConflictDraft } from "tabweave/ui/headless";
import "tabweave/ui.css";
import "./resolver.css";
import { type Fight, fight, names } from "./conflict.js";

const asked = new URLSearchParams(location.search);
const locale = asked.get("locale");
document.documentElement.dir = asked.get("dir") ?? "ltr";
if (locale !== null) document.documentElement.lang = locale;

/** What the page handed over, and how it shall be answered. */
const stage = {
  given: [] as ConflictResolution<Fight>[],
  answer: (): Promise<unknown> => Promise.resolve(),
  show: (_: ParkedConflict<Fight>): void => {},
  fight,
};

export type Stage = typeof stage;

declare global {
  interface Window {
    resolver: Stage;
  }
}

/** Ids stand for people. */
function nameOf(value: unknown, path: Path): string | undefined {
  return path[0] === "initiativeOrder" && typeof value === "string" ? names.get(value) : undefined;
}

function App(): ReactElement {
  const [shown, setShown] = useState<ParkedConflict<Fight>>();
  stage.show = setShown;
  const resolve = async (resolution: ConflictResolution<Fight>) => {
    stage.given.push(resolution);
    await stage.answer();
    setShown(undefined);
  };
  return (
    <main>
      <h1>{fight.base?.name}</h1>
      <button type="button" onClick={() => setShown(fight)}>
        Look at the conflict
      </button>
      {shown && (
        <ConflictResolver
          conflict={shown}
          onResolve={resolve}
          onLater={() => setShown(undefined)}
          formatValue={nameOf}
          autoFocus
          {...(locale !== null && { locale })}
        />
      )}
    </main>
  );
}

/** A screen of an app's own, on which one button takes several steps. */
function Own(): ReactElement {
  const { progress, resolution, choose, undo, canUndo } = useConflictDraft(fight);
  const decide = () => {
    choose("c0", { kind: "local" });
    choose("c2", { kind: "server" });
  };
  return (
    <main>
      <button type="button" onClick={decide}>
        Decide
      </button>
      <button type="button" onClick={undo} disabled={!canUndo}>
        Undo
      </button>
      <output>{[progress.decided, ...(resolution.value?.tags ?? [])].join(" ")}</output>
    </main>
  );
}

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>{asked.has("headless") ? <Own /> : <App />}</StrictMode>,
);
Object.assign(window, { resolver: stage, stage });
