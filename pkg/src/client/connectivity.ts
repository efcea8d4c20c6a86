import { Listeners } from "./listeners.js";
import type { Rooms } from "./rooms.js";
import type { ConnectivitySnapshot, Store } from "./snapshots.js";

/** What is shown before anything is known. */
export const UNKNOWN_CONNECTIVITY: ConnectivitySnapshot = Object.freeze({
  online: true,
  connected: false,
  role: "starting",
  tab: "",
  epoch: undefined,
  peers: [],
  transport: "none",
  storage: "memory",
  updateAvailable: false,
});

const EVENTS = ["online", "offline"] as const;

/** Whether the server is reached, and this tab's place among the others. */
export class Connectivity implements Store<ConnectivitySnapshot> {
  #snapshot: ConnectivitySnapshot = UNKNOWN_CONNECTIVITY;
  /** What the source says, whatever the browser says. */
  isSourceConnected = false;
  readonly #listeners = new Listeners();
  readonly #watchers = new Listeners();
  readonly #refresh = () => this.changed();

  constructor(private readonly rooms: Rooms) {}

  /** Whether somebody looks at the list of tabs. */
  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  get isConnected(): boolean {
    return this.#snapshot.connected;
  }

  readonly getSnapshot = (): ConnectivitySnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  /** Somebody looks at the list of tabs until the returned function is called. */
  watchPeers(): () => void {
    const stop = this.#watchers.add(() => {});
    if (this.#watchers.size === 1) this.#watch();
    return () => {
      if (stop() && !this.isWatched) this.#watch();
    };
  }

  start(): void {
    for (const name of EVENTS) addEventListener(name, this.#refresh);
    this.changed();
  }

  stop(): void {
    for (const name of EVENTS) removeEventListener(name, this.#refresh);
  }

  sourceChanged(connected: boolean): void {
    this.isSourceConnected = connected;
    this.changed();
  }

  /** Something it shows may have changed. */
  changed(): void {
    const next = this.#read();
    // Small and plain: comparing the text is comparing everything.
    if (JSON.stringify(next) === JSON.stringify(this.#snapshot)) return;
    const isOther = next.connected !== this.#snapshot.connected;
    this.#snapshot = next;
    this.#listeners.tell();
    if (isOther) this.rooms.queries.allChanged();
  }

  #watch(): void {
    this.rooms.use((core) => core.watchPeers(this.isWatched));
  }

  #read(): ConnectivitySnapshot {
    const online = navigator.onLine;
    const connected = online && this.isSourceConnected;
    return {
      ...UNKNOWN_CONNECTIVITY,
      ...this.rooms.use((core) => core.place()),
      online,
      connected,
      tab: this.rooms.tab,
    };
  }
}
