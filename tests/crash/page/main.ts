// One tab of the crash proof: it keeps enqueueing, and tells the driver of everything at once.
import { ConvexReactClient } from "convex/react";
import { type ApiFromModules, anyApi } from "convex/server";
import type { GenericId } from "convex/values";
import { createTabweave } from "tabweave";
import { convexOperation, convexSource } from "tabweave/convex";
import { type BatchKind, type Point, waitIn } from "../../mesh/page/batch.js";
import type * as ledger from "../functions/ledger.js";
import type * as tabweave from "../functions/tabweave.js";
import type { Death, Word } from "../words.js";
import { breakCommits, filledJournals } from "./journals.js";

const SCOPES = ["a", "b", "c"] as const;
/** Nothing is added to an outbox that has held as much, until it holds no more than the lesser. */
const WAITING_MAX = 24;
const WAITING_LOW = 12;
/** A person's pace, at its slowest. */
const PAUSE_MS_MAX = 800;

const api = anyApi as unknown as ApiFromModules<{ ledger: typeof ledger; tabweave: typeof tabweave }>;
const place = new URLSearchParams(location.search);
const tab = Number(place.get("tab"));
if (place.has("planted")) breakCommits();

const append = convexOperation(api.ledger.append, { scope: ({ scope }) => scope, creates: (row) => row });
const convex = new ConvexReactClient(place.get("deployment") ?? "", {
  unsavedChangesWarning: false,
  logger: false,
});
const client = createTabweave({
  operations: [append],
  source: convexSource(convex, { outcomes: api.tabweave.outcomes }),
  wasm: "tabweave.wasm",
  logger: { warn: () => {}, error: () => {} },
});

const driver = new WebSocket(`/told?tab=${tab}`);
const tell = (word: Word) => driver.send(JSON.stringify(word));
let last = 0;
/** Stands for the row of the operation before, which is of another scope. */
let before: string | undefined;

/** One operation; with a `death`, the last thing this page does. */
function enqueue(death?: Death): void {
  last += 1;
  const number = last;
  const scope = SCOPES[number % SCOPES.length] ?? "a";
  const after = before as GenericId<"ledger"> | undefined;
  const handle = client.mutate(append, { tab, scope, number, ...(after && { after }) });
  before = handle.placeholder;
  tell({ what: "accepted", number, scope, durability: handle.durability, ...(death && { death }) });
  handle.persisted.then(
    () => tell({ what: "acknowledged", number }),
    (error: unknown) => tell({ what: "refused", number, why: String(error) }),
  );
  handle.settled.catch((error: unknown) => tell({ what: "failed", number, why: String(error) }));
}

function dieInClick(death: Death): void {
  const button = document.createElement("button");
  button.addEventListener("click", () => {
    enqueue(death);
    if (death === "busy") for (;;);
    const request = new XMLHttpRequest();
    request.open("GET", "/gate/click", false);
    request.send();
  });
  button.click();
}

/** Stops this page in its next batch of this kind, and sees to it that there is one. */
function stopIn(kind: BatchKind, point: Point): void {
  waitIn(kind, point);
  setTimeout(() => enqueue());
}

async function keepEnqueueing(): Promise<never> {
  let isFull = false;
  for (;;) {
    isFull = waiting() >= (isFull ? WAITING_LOW : WAITING_MAX);
    if (isFull) tell({ what: "full" });
    else enqueue();
    await new Promise((resolve) => setTimeout(resolve, Math.random() * PAUSE_MS_MAX));
  }
}

function waiting(): number {
  return client.outbox.getSnapshot().waiting;
}

function tellPlace(): void {
  tell({ what: "place", role: client.connectivity.getSnapshot().role, waiting: waiting() });
}

/** Nothing is left to be done, by whichever tab it was begun. */
async function isIdle(): Promise<boolean> {
  const { role } = client.connectivity.getSnapshot();
  return role === "leader" && waiting() === 0 && (await filledJournals()) === 0;
}

/** What is not done, as text: the state of each scope's first operation, and how many come after it. */
function unfinished(): string[] {
  const { operations } = client.outbox.getSnapshot();
  const left = operations.filter(({ state }) => state !== "done" && state !== "cancelled");
  return SCOPES.flatMap((name) => {
    const [first, ...others] = left.filter(({ args }) => (args as { scope: string }).scope === name);
    if (first === undefined) return [];
    const { state, why, attempts, args, acceptedAt } = first;
    const { tab, number } = args as { tab: number; number: number };
    const age = ((Date.now() - acceptedAt) / 1000).toFixed(1);
    return `scope ${name}: operation ${number} of tab ${tab} is ${state} (${why}, ${attempts} attempts, ${age} s old), ${others.length} more`;
  });
}

const crash = { unfinished, dieInClick, stopIn, isIdle };

declare global {
  interface Window {
    readonly crash: typeof crash;
  }
}

Object.assign(window, { crash });

driver.onopen = () => {
  client.connectivity.subscribe(tellPlace);
  client.outbox.subscribe(tellPlace);
  client.diagnostics.subscribe(() => {
    const { code, error } = client.diagnostics.getSnapshot().at(-1) ?? {};
    tell({ what: "diagnostic", why: `${code}: ${String(error?.cause ?? error?.message)}` });
  });
  tellPlace();
  if (!place.has("quiet")) void keepEnqueueing();
};
