import type { DurableTopic } from "../../client/topic.js";
import type { PageClient } from "../pageClient.js";
import type { ActionLabel } from "./actionOf.js";

const TOPIC = "tabweave/offline-actions";
/** How many labels there may be before those of operations that are gone are taken out. */
const LABELS_MAX = 200;

/**
 * The interactions and priorities of actions, by the ids of their operations. They have a durable topic of their own:
 * an operation is called with what its server function takes, and nothing else.
 */
export class ActionLabels {
  readonly #topic: DurableTopic<ActionLabel>;

  constructor(private readonly client: PageClient) {
    this.#topic = client.topic<ActionLabel>(TOPIC, { durable: true });
  }

  get(id: string): ActionLabel | undefined {
    return this.#topic.get(id);
  }

  add(id: string, label: ActionLabel): void {
    try {
      this.#topic.publish(id, label);
    } catch {
      // The client has told why. The action itself is kept; it is listed without a label.
    }
    this.#sweep();
  }

  /** The operation came to its end. All tabs hear of that; one of them takes the label out. */
  ended(id: string): void {
    const isOurs = this.client.connectivity.getSnapshot().role === "leader";
    if (isOurs && this.get(id) !== undefined) this.#topic.remove(id);
  }

  #sweep(): void {
    const labels = this.#topic.getSnapshot();
    if (labels.size <= LABELS_MAX) return;
    const known = new Set(this.client.outbox.getSnapshot().operations.map(({ id }) => id));
    for (const id of labels.keys()) if (!known.has(id)) this.#topic.remove(id);
  }
}
