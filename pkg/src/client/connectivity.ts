import type { EngineStatus } from "../engine/binding.js";
import { checkFunction } from "./check.js";
import { Listeners } from "./listeners.js";
import type { ConnectivitySnapshot, PeersSnapshot, Store } from "./snapshots.js";

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

/** What is shown of tabs before anything is known. */
export const NO_PEERS: PeersSnapshot = Object.freeze({
  self: { tab: "", leads: false, app: "" },
  peers: [],
  updateAvailable: false,
});

/** What connectivity needs of the client. */
export interface ConnectivityHost {
  readonly tab: string;
  /** The app's own version. */
  readonly version: string;
  status(): EngineStatus | undefined;
  /** Whether somebody looks at the list of tabs. */
  watchPeers(watching: boolean): void;
  /** The server is reached now, or it is not any more. */
  connectedChanged(): void;
}

/** The list of tabs; as long as somebody listens, tabs that left or crashed are looked for. */
class Peers implements Store<PeersSnapshot> {
  #snapshot = NO_PEERS;
  readonly #listeners = new Listeners();

  constructor(private readonly host: ConnectivityHost) {}

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  readonly getSnapshot = (): PeersSnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    checkFunction(listener);
    const remove = this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.host.watchPeers(true);
    return () => {
      if (remove() && !this.isWatched) this.host.watchPeers(false);
    };
  };

  changed({ tab, role, peers, updateAvailable }: ConnectivitySnapshot): void {
    const self = { tab, leads: role === "leader", app: this.host.version };
    const next = { self, peers, updateAvailable };
    if (isSame(next, this.#snapshot)) return;
    this.#snapshot = next;
    this.#listeners.tell();
  }
}

/** Whether the server is reached, and this tab's place among the others. */
export class Connectivity implements Store<ConnectivitySnapshot> {
  #snapshot: ConnectivitySnapshot = UNKNOWN_CONNECTIVITY;
  #isSourceConnected = false;
  readonly #listeners = new Listeners();
  readonly #refresh = () => this.changed();

  readonly peers: Peers;

  constructor(private readonly host: ConnectivityHost) {
    this.peers = new Peers(host);
  }

  get isConnected(): boolean {
    return this.#snapshot.connected;
  }

  /** What the source says, whatever the browser says. */
  get isSourceConnected(): boolean {
    return this.#isSourceConnected;
  }

  readonly getSnapshot = (): ConnectivitySnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    checkFunction(listener);
    return this.#listeners.add(listener);
  };

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
    this.peers.changed(next);
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
      tab: this.host.tab,
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
