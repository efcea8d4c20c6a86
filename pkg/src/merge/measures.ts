import { MISSING } from "./missing.js";
import type { Node } from "./node.js";

/** What a measure came to. The numbers are the engine's. */
export const Picked = { Local: 0, Server: 1, Made: 2, Even: 3, Unfit: 4 } as const;

type Picked = (typeof Picked)[keyof typeof Picked];

/** A moment as ISO 8601 writes it. A time of day says its zone: without one it would be another moment in another place. */
const ISO =
  /^\d{4}-\d{2}-\d{2}(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d))?$/;

/** In the engine's order. */
export const MEASURES: ReadonlyArray<(node: Node) => Picked> = [sum, largest, smallest, latest, notNull];

/** What both added to the base; a counter that was not there before began with nothing. */
function sum(node: Node): Picked {
  const { local, server } = node;
  const base = node.base === MISSING || node.base == null ? undefined : node.base;
  if (typeof local === "number" && typeof server === "number") {
    if (base !== undefined && typeof base !== "number") return Picked.Unfit;
    node.value = local + server - (base ?? 0);
    return Number.isFinite(node.value) ? Picked.Made : Picked.Unfit;
  }
  if (typeof local === "bigint" && typeof server === "bigint") {
    if (base !== undefined && typeof base !== "bigint") return Picked.Unfit;
    node.value = local + server - (base ?? 0n);
    return Picked.Made;
  }
  return Picked.Unfit;
}

function largest({ local, server }: Node): Picked {
  const [here, there] = [sizeOf(local, server), sizeOf(server, local)];
  return here === undefined || there === undefined ? Picked.Unfit : pick(here, there);
}

function smallest(node: Node): Picked {
  const larger = largest(node);
  if (larger === Picked.Local) return Picked.Server;
  return larger === Picked.Server ? Picked.Local : larger;
}

function latest({ local, server }: Node): Picked {
  const [here, there] = [momentOf(local), momentOf(server)];
  return here === undefined || there === undefined ? Picked.Unfit : pick(here, there);
}

function notNull({ local, server }: Node): Picked {
  if (local == null && server == null) return Picked.Server;
  if (local == null) return Picked.Server;
  return server == null ? Picked.Local : Picked.Even;
}

function pick(here: number | bigint, there: number | bigint): Picked {
  if (here > there) return Picked.Local;
  return there > here ? Picked.Server : Picked.Even;
}

/** How large a number, a big one or a date is, if the other one is of its kind. */
function sizeOf(value: unknown, other: unknown): number | bigint | undefined {
  if (typeof value === "bigint") return typeof other === "bigint" ? value : undefined;
  const isKind =
    typeof value === "number" ? typeof other === "number" : value instanceof Date && other instanceof Date;
  const size = isKind ? Number(value) : Number.NaN;
  return Number.isNaN(size) ? undefined : size;
}

/** Milliseconds since 1970, if the value is a moment; big ones as they are, for a number would round them. */
export function momentOf(value: unknown): number | bigint | undefined {
  if (typeof value === "bigint") return value;
  let moment = Number.NaN;
  if (typeof value === "number" || value instanceof Date) moment = Number(value);
  else if (typeof value === "string" && ISO.test(value)) moment = momentOfText(value);
  return Number.isFinite(moment) ? moment : undefined;
}

/** What browsers do not agree on is decided here: days that no month has, and more than three digits of a second. */
function momentOfText(text: string): number {
  const day = text.slice(0, 10);
  const start = Date.parse(day);
  if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== day) return Number.NaN;
  return Date.parse(text.replace(/(\.\d{3})\d+/, "$1"));
}
