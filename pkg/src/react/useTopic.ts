"use client";

import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { DurableTopic, EphemeralTopic, Publication } from "../client/topic.js";

/** All entries of a topic, and what changes them: `publish(key, value)` and `remove(key)`. */
export type TopicEntries<Value, Told> = readonly [
  entries: ReadonlyMap<string, Value>,
  publish: (key: string, value: Value) => Told,
  remove: (key: string) => Told,
];

/** The value of one key, and what changes it: `publish(value)` and `remove()`. */
export type TopicValue<Value, Told> = readonly [
  value: Value | undefined,
  publish: (value: Value) => Told,
  remove: () => Told,
];

const NOTHING: ReadonlyMap<string, unknown> = new Map();

type AnyTopic = DurableTopic<unknown> | EphemeralTopic<unknown>;

/**
 * The entries of a topic of `client.topic()`, or with a key the value of that one: a component renders again
 * only when what it uses changes. On a server and during hydration there are none.
 */
export function useTopic<Value>(topic: DurableTopic<Value>): TopicEntries<Value, Publication>;
export function useTopic<Value>(topic: EphemeralTopic<Value>): TopicEntries<Value, void>;
export function useTopic<Value>(topic: DurableTopic<Value>, key: string): TopicValue<Value, Publication>;
export function useTopic<Value>(topic: EphemeralTopic<Value>, key: string): TopicValue<Value, void>;
export function useTopic(topic: AnyTopic, key?: string): unknown {
  const subscribe = useCallback((listener: () => void) => topic.subscribe(listener, key), [topic, key]);
  const read = useCallback(() => (key === undefined ? topic.getSnapshot() : topic.get(key)), [topic, key]);
  const readNothing = useCallback(() => (key === undefined ? NOTHING : undefined), [key]);
  const shown = useSyncExternalStore<unknown>(subscribe, read, readNothing);
  return useMemo(
    () =>
      key === undefined
        ? [shown, topic.publish, topic.remove]
        : [shown, (value: unknown) => topic.publish(key, value), () => topic.remove(key)],
    [topic, key, shown],
  );
}
