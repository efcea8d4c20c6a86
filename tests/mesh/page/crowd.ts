// Many engines in one page, each with locks, a channel and a connection to the store of its own.
import type { TabweaveClient } from "tabweave";
import { stage } from "../../js/pages/stage.js";

/** A leadership that an engine said it had. */
export interface Reign {
  readonly epoch: number;
  readonly tab: string;
}

// Where the package keeps the client of a namespace, which a second call would get.
const LIVING = Symbol.for("tabweave.clients.2");

/** Starts so many clients of one namespace in one task. Each leads as often as it can; `led` hears of it. */
export function startCrowd(
  count: number,
  namespace: string,
  led: (reign: Reign, client: TabweaveClient) => void,
): TabweaveClient[] {
  return Array.from({ length: count }, () => {
    Reflect.deleteProperty(globalThis, LIVING);
    const client = stage.client({ namespace, logger: { warn: () => {}, error: () => {} } });
    let last: number | undefined;
    client.connectivity.subscribe(() => {
      const { epoch, tab } = client.connectivity.getSnapshot();
      if (epoch !== undefined && epoch !== last) led({ epoch, tab }, client);
      last = epoch;
    });
    return client;
  });
}
