import type { TabweaveClient } from "../../client/types.js";
import type { PageClient } from "../pageClient.js";
import { ConflictBook } from "./conflictBook.js";
import { chosen } from "./connected.js";

/** The client that is followed, and what is known for whoever is signed in to it. */
export class Followed {
  client: PageClient | undefined;
  #book = new ConflictBook("");
  #stops: ReadonlyArray<() => void> = [];
  #isShown = false;

  constructor(
    private readonly given: TabweaveClient | undefined,
    /** Whether anything is kept at all. */
    private readonly keeps: boolean,
    private readonly changed: () => void,
  ) {}

  /** The client may be another one each time: it is made after this module is loaded, and may be closed. */
  look(): ConflictBook {
    const client = (this.given as PageClient | undefined) ?? chosen.client;
    if (client !== this.client) {
      this.client = client;
      this.#listen();
    }
    const whose =
      client === undefined ? "" : JSON.stringify([client.namespace, { identity: client.identity }]);
    if (whose !== this.#book.whose || !this.keeps) this.#book = new ConflictBook(whose);
    return this.#book;
  }

  /**
   * Whether what waits for a person is shown to one. The client is told that nobody does unless somebody listens to its
   * conflicts, and it must not be this module for the sake of nobody.
   */
  show(isShown: boolean): void {
    if (isShown === this.#isShown) return;
    this.#isShown = isShown;
    this.#listen();
  }

  #listen(): void {
    for (const stop of this.#stops) stop();
    const { client } = this;
    if (client === undefined) this.#stops = [];
    else if (this.#isShown) {
      this.#stops = [client.connectivity.subscribe(this.changed), client.conflicts.subscribe(this.changed)];
    } else this.#stops = [client.connectivity.subscribe(this.changed)];
  }
}
