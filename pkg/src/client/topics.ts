import { Deferred, rejected } from "../deferred.js";
import type { EngineEvent } from "../engine/binding.js";
import { TabweaveError } from "../errors/error.js";
import { check, checkText } from "./check.js";
import { cloned } from "./cloneable.js";
import { Listeners } from "./listeners.js";
import type { Rooms } from "./rooms.js";
import type { Publication } from "./topic.js";

type TopicEvent = Extract<EngineEvent, { type: "topic" }>;

/** An entry of length 1 was removed. */
type Entry = TopicEvent["entries"][number];

/** What this tab published and what an engine has to be told again. */
interface Own {
  readonly topic: TopicRoom;
  readonly entry: Entry;
  /** Those who wait until it is stored. */
  readonly waiting: Deferred<void>[];
}

/** The topics of this page, those included that only other tabs have asked for. */
export class Topics {
  readonly topics = new Map<string, TopicRoom>();
  /** In the order of publishing. */
  readonly own = new Map<string, Own>();
  /** Why nothing durable can be stored. */
  #refusal: TabweaveError | undefined;

  constructor(readonly rooms: Pick<Rooms, "use" | "optimism" | "unavailable">) {}

  /** The topic of this name, which the page asks for. */
  open(name: string, durable: boolean): TopicRoom {
    const other = this.topics.get(nameOf(!durable, name));
    check(other?.isOpen !== true, `${name}: durable`);
    const topic = this.room(durable, name);
    topic.isOpen = true;
    return topic;
  }

  /** Of an ephemeral topic nobody is told what comes of it, so there is no publication. */
  publish(topic: TopicRoom, entry: Entry): Publication {
    const { durable, name } = topic;
    const [key, value] = entry;
    const place = placeOf(topic, key);
    const persisted = durable ? [new Deferred<void>()] : [];
    const former = this.own.get(place);
    this.rooms.use((core) => core.publish(durable, name, key, value, entry.length === 1));
    const latest = this.own.get(place);
    if (latest !== former) {
      // The engine told of it, and a listener has published a newer one.
      latest?.waiting.push(...persisted);
    } else {
      this.own.delete(place);
      this.own.set(place, { topic, entry, waiting: [...(former?.waiting ?? []), ...persisted] });
      topic.take([entry]);
    }
    if (this.#refusal !== undefined) persisted[0]?.reject(this.#refusal);
    return (persisted[0] && { persisted: persisted[0].promise }) as Publication;
  }

  /** There will be no engine: ephemeral topics go on in this tab alone. */
  degrade(error: TabweaveError): void {
    this.#refusal = error;
    this.refuse(error);
  }

  /** Nothing that was shown is shown any more; `changed` tells it. */
  forget(error: TabweaveError): void {
    this.refuse(error);
    this.own.clear();
    this.#refusal = undefined;
    for (const topic of this.topics.values()) topic.keep(() => false);
  }

  changed(): void {
    for (const topic of this.topics.values()) topic.changed();
  }

  /** Nobody will tell what comes of what was published. */
  refuse(error: TabweaveError): void {
    for (const { waiting } of this.own.values()) for (const it of waiting) it.reject(error);
  }

  room(durable: boolean, name: string): TopicRoom {
    const place = nameOf(durable, name);
    const topic = this.topics.get(place) ?? new TopicRoom(this, name, durable);
    this.topics.set(place, topic);
    return topic;
  }
}

/** A topic with its entries: what the app sees as a durable or an ephemeral one. */
export class TopicRoom {
  isOpen = false;
  #entries = new Map<string, unknown>();
  #snapshot: ReadonlyMap<string, unknown> | undefined;
  readonly #listeners = new Listeners();

  constructor(
    private readonly home: Topics,
    readonly name: string,
    readonly durable: boolean,
  ) {}

  readonly getSnapshot = (): ReadonlyMap<string, unknown> => {
    this.#snapshot ??= new Map(this.#entries);
    return this.#snapshot;
  };

  readonly get = (key: string): unknown => this.#entries.get(key);

  readonly subscribe = (listener: () => void, key?: string): (() => void) => {
    if (key === undefined) return this.#listeners.add(listener);
    checkText(key, "key");
    let last = this.get(key);
    return this.#listeners.add(() => {
      const value = this.get(key);
      if (Object.is(value, last)) return;
      last = value;
      listener();
    });
  };

  readonly publish = (key: string, value: unknown): Publication => {
    const refusal = this.#refusal(key);
    if (refusal !== undefined) throw refusal;
    return this.home.publish(this, [key, cloned(value, "value")]);
  };

  /** Where nothing can be published there is nothing to take out: that is not worth a throw in a clean-up. */
  readonly remove = (key: string): Publication => {
    const refusal = this.#refusal(key);
    if (refusal === undefined) return this.home.publish(this, [key]);
    return { persisted: rejected(refusal) };
  };

  /** Something was published here or in another tab. */
  take(entries: readonly Entry[]): void {
    let isOther = false;
    for (const entry of entries) {
      const [key, value] = entry;
      const isThere = this.#entries.has(key);
      if (entry.length === 1 ? !isThere : isThere && Object.is(this.#entries.get(key), value)) continue;
      if (entry.length === 1) this.#entries.delete(key);
      else this.#entries.set(key, value);
      isOther = true;
    }
    if (isOther) this.changed();
  }

  /** Takes out all entries but these, and tells whether there were any. */
  keep(isKept: (key: string) => boolean): boolean {
    const { size } = this.#entries;
    for (const key of this.#entries.keys()) if (!isKept(key)) this.#entries.delete(key);
    const isLess = this.#entries.size < size;
    if (isLess) this.#snapshot = undefined;
    return isLess;
  }

  changed(): void {
    this.#snapshot = undefined;
    this.#listeners.tell();
  }

  #refusal(key: string): TabweaveError | undefined {
    checkText(key, "key");
    this.home.rooms.optimism.assertOutside();
    const code = this.home.rooms.unavailable();
    return code && new TabweaveError(code);
  }
}

function nameOf(durable: boolean, name: string): string {
  return (durable ? "d" : "e") + name;
}

/** Where an entry of this tab is kept. */
export function placeOf({ durable, name }: Pick<TopicRoom, "durable" | "name">, key: string): string {
  return nameOf(durable, `${name.length}/${name}${key}`);
}
