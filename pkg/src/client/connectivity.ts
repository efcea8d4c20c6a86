import type { EngineStatus } from "../engine/binding.js";
import { Listeners } from "./listeners.js";
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

/** What connectivity needs of the client. */
export interface ConnectivityHost {
  tab(): string;
  status(): EngineStatus | undefined;
  /** Whether somebody looks at the list of tabs. */
  watchPeers(watching: boolean): void;
  /** The server is reached now, or it is not any more. */
  connectedChanged(): void;
}

/** Whether the server is reached, and this tab's place among the others. */
export class Connectivity implements Store<ConnectivitySnapshot> {
  #snapshot: ConnectivitySnapshot = UNKNOWN_CONNECTIVITY;
  #isSourceConnected = false;
  readonly #listeners = new Listeners();
  readonly #refresh = () => this.changed();

  #watchers = 0;

  constructor(private readonly host: ConnectivityHost) {}

  /** Whether somebody looks at the list of tabs. */
  get isWatched(): boolean {
    return this.#watchers > 0;
  }

  get isConnected(): boolean {
    return this.#snapshot.connected;
  }

  /** What the source says, whatever the browser says. */
  get isSourceConnected(): boolean {
    return this.#isSourceConnected;
  }

  readonly getSnapshot = (): ConnectivitySnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  /** Somebody looks at the list of tabs until the returned function is called. */
  watchPeers(): () => void {
    const count = (change: 1 | -1) => {
      const before = this.isWatched;
      this.#watchers += change;
      if (before !== this.isWatched) this.host.watchPeers(this.isWatched);
    };
    count(1);
    let stop = () => count(-1);
    return () => {
      stop();
      stop = () => {};
    };
  }

  start(): void {
    addEventListener("online", this.#refresh);
    addEventListener("offline", this.#refresh);
    this.changed();
  }

  stop(): void {
    removeEventListener("online", this.#refresh);
    removeEventListener("offline", this.#refresh);
  }

  /** Nothing is known of a source or of tabs. */
  forget(): void {
    this.#isSourceConnected = false;
  }

  sourceChanged(connected: boolean): void {
    this.#isSourceConnected = connected;
    this.changed();
  }

  /** Something it shows may have changed. */
  changed(): void {
    const next = this.#read();
    if (isSame(next, this.#snapshot)) return;
    const isOther = next.connected !== this.#snapshot.connected;
    this.#snapshot = next;
    this.#listeners.tell();
    if (isOther) this.host.connectedChanged();
  }

  #read(): ConnectivitySnapshot {
    const online = navigator.onLine;
    const status = this.host.status();
    return {
      online,
      connected: online && this.#isSourceConnected,
      role: status?.started !== true ? "starting" : status.leading ? "leader" : "follower",
      tab: this.host.tab(),
      epoch: status?.epoch,
      peers: status?.peers.map((peer) => ({ ...peer, leads: peer.tab === status.leader })) ?? [],
      transport: status?.transport ?? "none",
      storage: status?.storage ?? "memory",
      updateAvailable: status?.updateAvailable ?? false,
    };
  }
}

/** Small and plain: comparing the text is comparing everything. */
function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
