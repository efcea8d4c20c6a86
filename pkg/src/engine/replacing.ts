import type { CreatedId } from "../definition/parts.js";
import type { OperationBody } from "./binding.js";

/** How deep a value is looked into, and how many objects of it: names that lie beyond stay as they are. */
const DEPTH_MAX = 500;
const OBJECTS_MAX = 1_000_000;
/** Placeholders are longer, and so are the ids of most servers; a shorter text may mean anything. */
const NAME_LENGTH_MIN = 16;

const PLACEHOLDER = /tabweave:([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}):\d{1,6}/;
const WHOLE = new RegExp(`^${PLACEHOLDER.source}$`);
const ALL = new RegExp(PLACEHOLDER, "g");

/** The operation whose document a placeholder stands for; undefined: it is none. */
export function creatorOf(text: string): string | undefined {
  return WHOLE.exec(text)?.[1];
}

/** The operations whose placeholders are parts of a text, such as a scope that was made with one. */
export function creatorsIn(text: string): string[] {
  return [...text.matchAll(ALL)].flatMap(([, operation]) => operation ?? []);
}

/** The placeholders that an operation names. */
export function namedIn(body: OperationBody): readonly string[] {
  const known = named.get(contentOf(body));
  if (known !== undefined) return known;
  const found = new Set<string>();
  replacedBody(body, (text) => {
    if (creatorOf(text) !== undefined) found.add(text);
    return undefined;
  });
  const texts = [...found];
  const content = contentOf(body);
  if (content !== body) named.set(content, texts);
  return texts;
}

// Arguments and documents are never changed once they are recorded.
const named = new WeakMap<object, readonly string[]>();

/** The object in a body that is the same one as long as the body is; the body itself if there is none. */
function contentOf(body: OperationBody): object {
  const content = body.kind === "intent" ? body.arguments : body.next;
  return typeof content === "object" && content !== null ? content : body;
}

/** A body with other names, of those that are listed, in the place of those that it holds. */
export function renamed(body: OperationBody, names: ReadonlyMap<string, CreatedId>): OperationBody {
  return names.size === 0 ? body : replacedBody(body, (text) => names.get(text));
}

/** A body with other names in the place of those that `rename` knows; the same body if there are none. */
function replacedBody(body: OperationBody, rename: (text: string) => CreatedId | undefined): OperationBody {
  const next = replaced(body, rename);
  if (next.kind === "intent" || typeof next.document === "string") return next;
  return { ...next, document: String(next.document) };
}

/**
 * A value with other texts in the place of those that `rename` knows: in arrays, plain objects, Maps and Sets, their keys
 * included. What holds none of them keeps its identity.
 */
export function replaced<Value>(value: Value, rename: (text: string) => CreatedId | undefined): Value {
  return new Replacing(rename).visit(value, 0) as Value;
}

class Replacing {
  /** What became of objects that were met; what holds itself stays as it is in there. */
  readonly #met = new Map<object, unknown>();

  constructor(private readonly rename: (text: string) => CreatedId | undefined) {}

  visit(value: unknown, depth: number): unknown {
    if (typeof value === "string") {
      return value.length < NAME_LENGTH_MIN ? value : (this.rename(value) ?? value);
    }
    if (typeof value !== "object" || value === null) return value;
    if (this.#met.has(value)) return this.#met.get(value);
    if (depth === DEPTH_MAX || this.#met.size === OBJECTS_MAX) return value;
    this.#met.set(value, value);
    const next = this.#object(value, depth + 1);
    this.#met.set(value, next);
    return next;
  }

  #object(value: object, depth: number): object {
    if (Array.isArray(value)) return this.#list(value, depth);
    if (value instanceof Map) {
      const entries = [...value];
      const next = this.#list(entries, depth);
      return next === entries ? value : new Map(next);
    }
    if (value instanceof Set) {
      const items = [...value];
      const next = this.#list(items, depth);
      return next === items ? value : new Set(next);
    }
    if (Object.getPrototypeOf(value) !== Object.prototype) return value;
    const entries = Object.entries(value);
    const next = this.#list(entries, depth);
    // A key like `__proto__` is defined, not set.
    return next === entries ? value : Object.fromEntries(next);
  }

  /** The list with its items replaced, or the same one. */
  #list<Item>(list: Item[], depth: number): Item[] {
    const next = list.map((item) => this.visit(item, depth) as Item);
    return next.every((item, at) => Object.is(item, list[at])) ? list : next;
  }
}
