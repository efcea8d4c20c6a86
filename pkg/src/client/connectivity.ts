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
});

/** What connectivity needs of the client. */
export interface ConnectivityHost {
  readonly tab: string;
  status(): EngineStatus | undefined;
  /** The server is reached now, or it is not any more. */
  connectedChanged(): void;
}

/** Whether the server is reached, and this tab's place among the others. */
export class Connectivity implements Store<ConnectivitySnapshot> {
  #snapshot: ConnectivitySnapshot = UNKNOWN_CONNECTIVITY;
  #isSourceConnected = false;
  readonly #listeners = new Listeners();
  readonly #refresh = () => this.changed();

  constructor(private readonly host: ConnectivityHost) {}

  get isConnected(): boolean {
    return this.#snapshot.connected;
  }

  /** What the source says, whatever the browser says. */
  get isSourceConnected(): boolean {
    return this.#isSourceConnected;
  }

  readonly getSnapshot = (): ConnectivitySnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  start(): void {
    addEventListener("online", this.#refresh);
    addEventListener("offline", this.#refresh);
    this.changed();
  }

  stop(): void {
    removeEventListener("online", this.#refresh);
    removeEventListener("offline", this.#refresh);
  }

  sourceChanged(connected: boolean): void {
    this.#isSourceConnected = connected;
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
      peers: status?.peers ?? [],
    };
  }
}
