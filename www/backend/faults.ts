// What goes wrong on purpose. A test adds rules over HTTP; see `POST /faults` in http.ts.
//
//   on            when the rule is asked
//   connect       a client said hello on a new socket
//   query         a client subscribed to a query
//   mutation      a client sent a mutation (asked before it runs; a resend counts as sent)
//   transition    a commit is about to be told to a socket
//
//   action          what happens
//   delay           waits `ms` before going on; without `ms` until the rule is cleared
//   hang            never goes on while this socket lives, which stays open
//   drop-before     cuts the socket; what was asked never ran
//   close           the same with a proper close, code 1011
//   fatal           sends FatalError: that client is dead for good
//   exit            kills this process; a mutation is on disk by then, but not answered
//   error           answers with a failure, `error` being the ConvexError's data (query, mutation)
//   drop-after      commits the mutation, then cuts the socket instead of answering
//   delay-response  commits the mutation, then waits `ms` before answering its sender
import type { JSONValue } from "convex/values";

const PLACES = ["connect", "query", "mutation", "transition"] as const;
type Place = (typeof PLACES)[number];

const EVERYWHERE = ["delay", "hang", "drop-before", "close", "fatal", "exit"] as const;
const ACTIONS = [...EVERYWHERE, "error", "drop-after", "delay-response"] as const;
type Action = (typeof ACTIONS)[number];

const ALLOWED: Record<Place, readonly Action[]> = {
  connect: EVERYWHERE,
  query: [...EVERYWHERE, "error"],
  mutation: ACTIONS,
  transition: EVERYWHERE,
};

export type Rule = {
  on: Place;
  action: Action;
  /** Only this function, as in `interactions:changeStatus`; for a transition the mutation behind it. */
  path?: string;
  /** How many times, then the rule is gone. Without it the rule stays. */
  times?: number;
  ms?: number;
  error?: JSONValue;
  /** Only sockets of this session id (`GET /stats` lists them). */
  session?: string;
  /** For a transition: only the socket that sent the mutation behind it, or every socket but that one. */
  target?: "origin" | "others";
};

export type FaultCommand =
  | { rule: Rule }
  | { clear: true | Place }
  | { network: "down" | "up" }
  | { disconnect: true; session?: string };

type Circumstances = { path?: string; session: string; isOrigin?: boolean };

export class Faults {
  network: "down" | "up" = "up";
  #rules: Rule[] = [];
  readonly #held = new Map<() => void, Place>();

  add(rule: Rule): void {
    this.#rules.push({ ...rule });
  }

  /**
   * Back to normal: no rules, network up, and whatever a delay still holds goes on now. With a place
   * only its rules go and only what they hold goes on.
   */
  clear(only: true | Place): void {
    this.#rules = this.#rules.filter((rule) => only !== true && rule.on !== only);
    if (only === true) this.network = "up";
    for (const [release, place] of this.#held) if (only === true || place === only) release();
  }

  /** The first rule that fits, used up by one. */
  match(on: Place, { path, session, isOrigin }: Circumstances): Rule | null {
    const rule = this.#rules.find(
      (candidate) =>
        candidate.on === on &&
        (candidate.path === undefined || candidate.path === path) &&
        (candidate.session === undefined || candidate.session === session) &&
        (candidate.target === undefined || (candidate.target === "origin") === isOrigin),
    );
    if (rule === undefined) return null;
    if (rule.times !== undefined) {
      rule.times -= 1;
      if (rule.times === 0) this.#rules = this.#rules.filter((other) => other !== rule);
    }
    return rule;
  }

  /** Waits for the time of a delay, or until the rules are cleared. */
  async hold({ on, ms }: Rule): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => release(), ms);
      const release = () => {
        clearTimeout(timer);
        this.#held.delete(release);
        resolve();
      };
      this.#held.set(release, on);
    });
  }

  stats() {
    return { rules: this.#rules.length, held: this.#held.size, network: this.network };
  }
}

/** Reads the body of `POST /faults`. Throws with a sentence that says what is wrong with it. */
export function parseFault(body: string): FaultCommand {
  const json: unknown = JSON.parse(body);
  if (typeof json !== "object" || json === null) throw new Error("The body must be a JSON object.");
  if ("rule" in json) return { rule: parseRule(json.rule) };
  if ("clear" in json && (json.clear === true || isPlace(json.clear))) return { clear: json.clear };
  if ("network" in json && (json.network === "down" || json.network === "up"))
    return { network: json.network };
  if ("disconnect" in json && json.disconnect === true) {
    return "session" in json ? { disconnect: true, session: String(json.session) } : { disconnect: true };
  }
  throw new Error('The body must have `rule`, `clear`, `network: "down" | "up"` or `disconnect: true`.');
}

function isPlace(value: unknown): value is Place {
  return PLACES.some((place) => place === value);
}

const RULE_FIELDS: Record<keyof Rule, (value: unknown) => boolean> = {
  on: isPlace,
  action: (value) => ACTIONS.some((action) => action === value),
  path: (value) => typeof value === "string",
  times: (value) => Number.isInteger(value) && (value as number) > 0,
  ms: (value) => typeof value === "number" && value >= 0,
  error: () => true,
  session: (value) => typeof value === "string",
  target: (value) => value === "origin" || value === "others",
};

function parseRule(json: unknown): Rule {
  if (typeof json !== "object" || json === null) throw new Error("`rule` must be an object.");
  for (const [name, value] of Object.entries(json)) {
    const isValid = Object.hasOwn(RULE_FIELDS, name) && RULE_FIELDS[name as keyof Rule](value);
    if (!isValid) throw new Error(`\`rule.${name}\` is unknown or cannot be ${JSON.stringify(value)}.`);
  }
  const rule = json as Rule;
  if (!ALLOWED[rule.on]?.includes(rule.action)) {
    throw new Error(`\`rule\` needs \`on\` and an \`action\` that fits: ${rule.on} cannot ${rule.action}.`);
  }
  return rule;
}
