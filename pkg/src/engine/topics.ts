import type { Core } from "../client/core.js";
import { placeOf, type Topics } from "../client/topics.js";
import { TabweaveError } from "../errors/error.js";

/** This tab's entry is in the store, or a newer one of another tab; `isDurable`: it outlives the page there. */
export function topicStored(
  { own }: Topics,
  { topic, key }: { readonly topic: string; readonly key: string },
  isDurable: boolean,
): void {
  const place = placeOf({ durable: true, name: topic }, key);
  for (const it of own.get(place)?.waiting ?? []) {
    if (isDurable) it.resolve();
    else it.reject(new TabweaveError("storage_memory"));
  }
  own.delete(place);
}

/** Tells a new engine what this tab published; the engine tells what the others did. */
export function restoreTopics({ own, topics }: Topics, core: Pick<Core, "publish">): void {
  const changed = [...topics.values()].filter((topic) => topic.keep((key) => own.has(placeOf(topic, key))));
  for (const { topic, entry } of [...own.values()]) {
    core.publish(topic.durable, topic.name, entry[0], entry[1], entry.length === 1);
  }
  for (const topic of changed) topic.changed();
}
