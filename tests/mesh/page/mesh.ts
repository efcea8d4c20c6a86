// What runs in each tab of these proofs: the stage's package, with an operation that calls a real server,
// and a record of what happened to the tab and when.
import { defineOperation, type Peer, type TabweaveClient, type TabweaveOptions } from "tabweave";
import { stage } from "../../js/pages/stage.js";
import { waitIn } from "./batch.js";
import { startCrowd } from "./crowd.js";
import * as store from "./store.js";
import { Board } from "./topics.js";

/** Something that happened to this tab; `at` is in milliseconds since 1970, as all tabs and the test count. */
export interface Moment {
  readonly what: string;
  readonly at: number;
  readonly epoch?: number;
}

const { MemorySource, notes, until } = stage;

const moments: Moment[] = [];
/** The texts of operations in the order in which this tab learned that they are done. */
const settled: string[] = [];
const source = new MemorySource();
let client: TabweaveClient | undefined;
let board: Board | undefined;

function note(what: string, epoch?: number): void {
  moments.push({ what, at: Date.now(), ...(epoch !== undefined && { epoch }) });
}

/** Adds a note, on a server that applies each key once. */
const send = defineOperation<{ text: string }, string>("send", {
  idempotent: true,
  optimistic: (tx, { text }) => tx.insert(notes, { id: tx.id, list: "a", text }),
  run: async ({ args, key }) => {
    const body = JSON.stringify({ key, text: args.text, tab: living().tab });
    return (await fetch("/call", { method: "POST", body })).text();
  },
});

/** Makes this tab's client; the server's list is empty. */
function start(options: TabweaveOptions = {}): TabweaveClient {
  source.answer("notes", () => []);
  const made = stage.client({ source, operations: [...stage.operations, send], ...options });
  client = made;
  made.subscribe(notes, { list: "a" }, () => {});
  made.onSettledAnywhere(({ id, state, result }) =>
    settled.push(state === "done" ? String(result) : `${id} ${state}`),
  );
  let before = "";
  made.connectivity.subscribe(() => {
    const { role, epoch } = made.connectivity.getSnapshot();
    if (before !== `${role} ${epoch}`) note(role, epoch);
    before = `${role} ${epoch}`;
  });
  return made;
}

function living(): TabweaveClient {
  if (client === undefined) throw new Error("call mesh.start() first");
  return client;
}

/** Begins to note what the topics of the board show; `number` is this tab's own. */
function watchBoard(number: number): void {
  board = new Board(living(), number);
}

function role(): string {
  return living().connectivity.getSnapshot().role;
}

/** The other tabs, as this one lists them. */
function peers(): readonly Peer[] {
  return living().connectivity.getSnapshot().peers;
}

function watchPeers(): void {
  living().watchPeers();
}

/** Sends these texts, one operation each, and resolves when all of them outlive this tab. */
async function sendAll(texts: readonly string[]): Promise<void> {
  const handles = texts.map((text) => living().mutate(send, { text }));
  await Promise.all(handles.map((handle) => handle.persisted));
}

/** How many operations this tab knows to be unfinished. */
function waiting(): number {
  return living().outbox.getSnapshot().waiting;
}

/** The names of this tab's life locks: each incarnation holds another one. */
async function lifeLocks(): Promise<string[]> {
  const { held = [] } = await navigator.locks.query();
  const names = held.map(({ name }) => name ?? "");
  return names.filter((name) => name.includes(`/life/${living().tab}/`));
}

/** Loads what the server holds, as a live query would. */
async function refresh(): Promise<void> {
  const texts: string[] = await (await fetch("/notes")).json();
  source.answer("notes", () => texts.map((text, at) => ({ id: `server ${at}`, list: "a", text })));
}

for (const what of ["freeze", "resume", "visibilitychange"])
  document.addEventListener(what, () => note(what));
for (const what of ["pagehide", "pageshow"]) {
  addEventListener(what, (event) => {
    note((event as PageTransitionEvent).persisted ? `${what} persisted` : what);
  });
}

/** Counts on as long as this tab's timers run. */
let ticks = 0;
setInterval(() => {
  ticks += 1;
}, 10);

const mesh = {
  moments,
  settled,
  source,
  send,
  start,
  get client() {
    return living();
  },
  get ticks() {
    return ticks;
  },
  role,
  peers,
  watchPeers,
  sendAll,
  waiting,
  lifeLocks,
  refresh,
  note,
  until,
  waitIn,
  store,
  startCrowd,
  watchBoard,
  get board() {
    if (board === undefined) throw new Error("call mesh.watchBoard() first");
    return board;
  },
  /** Whether this very page was shown again out of the back/forward cache. */
  wasKept: () => moments.some(({ what }) => what === "pageshow persisted"),
  texts: () => stage.texts(living()),
};

declare global {
  interface Window {
    readonly mesh: typeof mesh;
  }
}

Object.assign(window, { mesh });
