import { Deferred } from "../deferred.js";
import type { EngineEvent } from "../engine/binding.js";
import type { TabweaveErrorCode } from "../errors/codes.js";
import { TabweaveError } from "../errors/error.js";
import { check, checkText } from "./check.js";
import { cloned } from "./cloneable.js";
import type { Core } from "./core.js";
import { Listeners } from "./listeners.js";
import { engineRefusal } from "./refusal.js";
import type { Publication } from "./topic.js";

type TopicEvent = Extract<EngineEvent, { type: "topic" }>;

/** What the topics need of the client. */
export interface TopicsHost {
  /** Throws if the client must not be called. */
  assertOutside(): void;
  /** Why nothing can be published now. */
  unavailable(): TabweaveErrorCode | undefined;
  use(call: (core: Core) => void): void;
}

/** An entry of length 1 was removed. */
type Entry = TopicEvent["entries"][number];

/** What this tab published and what an engine has to be told again. */
interface Own {
  readonly topic: TopicRoom;
  readonly entry: Entry;
  /** Those who wait until it is stored. */
  readonly waiting: readonly Deferred<void>[];
}

/** The topics of this page, those included that only other tabs have asked for. */
export class Topics {
  readonly #topics = new Map<string, TopicRoom>();
  /** In the order of publishing. */
  readonly #own = new Map<string, Own>();
  /** Why nothing durable can be stored. */
  #refusal: TabweaveError | undefined;

  constructor(readonly host: TopicsHost) {}

  /** The topic of this name, which the page asks for. */
  open(name: string, durable: boolean): TopicRoom {
    const other = this.#topics.get(nameOf(!durable, name));
    check(other?.isOpen !== true, `The topic “${name}” is ${durable ? "not " : ""}durable`);
    const topic = this.#room(durable, name);
    topic.isOpen = true;
    return topic;
  }

  hear({ durable, topic, entries }: TopicEvent): void {
    this.#room(durable, topic).take(entries);
  }

  publish(topic: TopicRoom, entry: Entry): Publication {
    const { durable, name } = topic;
    const [key, value] = entry;
    const place = placeOf(topic, key);
    const persisted = new Deferred<void>();
    const former = this.#own.get(place);
    this.#own.delete(place);
    this.#own.set(place, { topic, entry, waiting: [...(former?.waiting ?? []), persisted] });
    try {
      this.host.use((core) => core.publish(durable, name, key, value, entry.length === 1));
    } catch (thrown) {
      this.#own.delete(place);
      if (former !== undefined) this.#own.set(place, former);
      throw engineRefusal(thrown);
    }
    // The engine has told of it, and a listener may have published a newer one.
    if (this.#own.get(place)?.entry === entry) topic.take([entry]);
    if (durable && this.#refusal !== undefined) persisted.reject(this.#refusal);
    return { persisted: persisted.promise };
  }

  /** This tab's entry is in the store, or a newer one of another tab. */
  stored(name: string, key: string, isDurable: boolean): void {
    const place = placeOf({ durable: true, name }, key);
    for (const it of this.#own.get(place)?.waiting ?? []) {
      if (isDurable) it.resolve();
      else it.reject(new TabweaveError("storage_memory"));
    }
    this.#own.delete(place);
  }

  /** Tells a new engine what this tab published; the engine tells what the others did. */
  restore(core: Pick<Core, "publish">): void {
    const topics = [...this.#topics.values()];
    const changed = topics.filter((topic) => topic.keep((key) => this.#own.has(placeOf(topic, key))));
    for (const { topic, entry } of [...this.#own.values()]) {
      core.publish(topic.durable, topic.name, entry[0], entry[1], entry.length === 1);
    }
    for (const topic of changed) topic.changed();
  }

  /** There will be no engine: ephemeral topics go on in this tab alone. */
  degrade(error: TabweaveError): void {
    this.#refusal = error;
    this.refuse(error);
  }

  /** Nothing that was shown is shown any more; `changed` tells it. */
  forget(error: TabweaveError): void {
    this.refuse(error);
    this.#own.clear();
    this.#refusal = undefined;
    for (const topic of this.#topics.values()) topic.keep(() => false);
  }

  changed(): void {
    for (const topic of this.#topics.values()) topic.changed();
  }

  /** Nobody will tell what comes of what was published. */
  refuse(error: TabweaveError): void {
    for (const { waiting } of this.#own.values()) for (const it of waiting) it.reject(error);
  }

  #room(durable: boolean, name: string): TopicRoom {
    const place = nameOf(durable, name);
    const topic = this.#topics.get(place) ?? new TopicRoom(this, name, durable);
    this.#topics.set(place, topic);
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
    private readonly topics: Topics,
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
    return this.topics.publish(this, [key, cloned(value, "value")]);
  };

  /** Where nothing can be published there is nothing to take out: that is not worth a throw in a clean-up. */
  readonly remove = (key: string): Publication => {
    const refusal = this.#refusal(key);
    if (refusal === undefined) return this.topics.publish(this, [key]);
    const persisted = new Deferred<void>();
    persisted.reject(refusal);
    return { persisted: persisted.promise };
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
    this.topics.host.assertOutside();
    const code = this.topics.host.unavailable();
    return code && new TabweaveError(code);
  }
}

function nameOf(durable: boolean, name: string): string {
  return (durable ? "d" : "e") + name;
}

function placeOf({ durable, name }: Pick<TopicRoom, "durable" | "name">, key: string): string {
  return nameOf(durable, `${name.length}/${name}${key}`);
}
