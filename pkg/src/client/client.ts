import type { AuditFilter } from "../audit/filter.js";
import type { AuditEntry, AuditLink, AuditVerdict } from "../audit/types.js";
import type { Collection } from "../definition/collection.js";
import type { CallOptions } from "../definition/operation.js";
import type { Definition } from "../definition/parts.js";
import type { Wish } from "../engine/binding.js";
import type { TabweaveErrorCode } from "../errors/codes.js";
import { TabweaveError } from "../errors/error.js";
import { newId } from "../id.js";
import type { Source } from "../source.js";
import { accept, refused } from "./acceptance.js";
import { check, checkCollection, checkDefinitions, checkText } from "./check.js";
import { Conflicts } from "./conflicts.js";
import { Connectivity } from "./connectivity.js";
import type { Core } from "./core.js";
import type { DeadLetter } from "./deadLetter.js";
import { DiagnosticLog } from "./diagnostics.js";
import type { EraseOptions } from "./erase.js";
import { Handlers } from "./handlers.js";
import { lastIdentity, rememberIdentity } from "./identity.js";
import { Listeners } from "./listeners.js";
import { Optimism } from "./optimism.js";
import { checkIdentity, type ResolvedOptions } from "./options.js";
import { Outbox } from "./outbox.js";
import { Placeholders } from "./placeholders.js";
import { Queries } from "./queries.js";
import type { Rooms } from "./rooms.js";
import { Session } from "./session.js";
import type { LeadershipChange, QuerySnapshot, SettledOperation, UndeliveredOperation } from "./snapshots.js";
import type { DurableTopic, EphemeralTopic } from "./topic.js";
import { Topics } from "./topics.js";
import type { Identity, MutationHandle, TabweaveClient } from "./types.js";

/**
 * The living client of a page: the rooms that components look into, and the session of whoever is signed in.
 * The rooms live as long as the client; a change of identity empties them.
 */
export class Client implements TabweaveClient, Rooms {
  readonly namespace: string;
  options: ResolvedOptions;
  identity: Identity;
  readonly diagnostics: DiagnosticLog;
  readonly outbox: Outbox;
  readonly conflicts: Conflicts;
  readonly connectivity: Connectivity;
  readonly handlers = new Handlers();
  readonly optimism: Optimism;
  readonly placeholders = new Placeholders();
  readonly keyOf = this.placeholders.keyOf;
  readonly queries: Queries;
  readonly topics: Topics;
  readonly settled = new Listeners<[SettledOperation]>();
  readonly deadLettered = new Listeners<[DeadLetter]>();
  readonly led = new Listeners<[LeadershipChange]>();

  #source: Source | undefined;
  /** Undefined while the identity is unknown, too. */
  #session: Session | undefined;
  #stage: "inert" | "running" | "closed" = "inert";
  #mounts = 0;
  /** Settled once nothing of the former sessions is held any more. */
  #left: Promise<unknown> = Promise.resolve();

  constructor(
    options: ResolvedOptions,
    private readonly closed: () => void = () => {},
  ) {
    this.options = options;
    this.namespace = options.namespace;
    // Left out, and not given as unknown: an app without accounts.
    this.identity = "identity" in options ? options.identity : null;
    this.#source = options.source;
    this.diagnostics = new DiagnosticLog(options.logger);
    this.handlers.add(options.operations ?? []);
    this.optimism = new Optimism(
      this.handlers,
      () => this.queries.loaded,
      this.placeholders,
      (id) => this.#session?.secrets.bodyOf(id),
    );
    this.connectivity = new Connectivity(this);
    this.queries = new Queries(this);
    this.topics = new Topics(this);
    this.outbox = new Outbox(() => this.use((core) => core.entries()) ?? []);
    this.conflicts = new Conflicts(this);
  }

  get tab(): string {
    return this.#session?.tab ?? "";
  }

  /** Begins; in a browser only. */
  start(): void {
    this.#stage = "running";
    const { identity, resumeLastIdentity } = this.options;
    if (identity === undefined && resumeLastIdentity) this.identity = lastIdentity(this.namespace);
    this.connectivity.start();
    this.#enter(this.identity);
  }

  /** Called instead of a second constructor: the page has a client of this namespace already. */
  reconfigure({ identity, ...options }: ResolvedOptions): void {
    this.options = { ...this.options, ...options };
    if (options.logger !== undefined) this.diagnostics.logger = options.logger;
    this.register(...(options.operations ?? []));
    if (options.source !== undefined && options.source !== this.#source) {
      this.#source = options.source;
      this.#session?.follow(this.#source);
    }
    if (identity !== undefined) this.setIdentity(identity);
  }

  setIdentity(identity: Identity): void {
    this.#assertOpen();
    checkIdentity(this.namespace, identity);
    if (identity === this.identity) return;
    if (this.#stage === "running") this.#enter(identity);
    else this.identity = identity;
  }

  async erase(identity: string | null, options: EraseOptions = {}): Promise<readonly UndeliveredOperation[]> {
    this.#assertRunning();
    const { erase } = await loaded(import("./erase.js"));
    return erase(this.namespace, identity, options, async () => {
      if (identity === this.identity && this.#stage === "running") this.#enter(undefined);
      await this.#left;
    });
  }

  mutate(definition: Definition, argument?: unknown, options?: CallOptions): MutationHandle<never> {
    return this.mutateAs(newId(), definition, argument, options);
  }

  /** As `mutate`, under an id that the caller made: accepted twice, it is one operation. */
  mutateAs(
    id: string,
    definition: Definition,
    argument: unknown,
    options: CallOptions | undefined,
  ): MutationHandle<never> {
    this.optimism.assertOutside();
    const code = this.unavailable();
    if (code === undefined) {
      return accept(this.#session as Session, id, definition, argument, options) as MutationHandle<never>;
    }
    return refused(this.diagnostics, new TabweaveError(code), id);
  }

  register(...definitions: readonly Definition[]): void {
    this.#assertOpen();
    checkDefinitions(definitions);
    this.handlers.add(definitions);
    this.use((core) => core.register(this.handlers.names));
  }

  cancel(id: string): boolean {
    return this.#ask("cancel", id);
  }

  retry(id: string): boolean {
    return this.#ask("retry", id);
  }

  async edit(id: string, argument?: unknown): Promise<MutationHandle<never>> {
    this.#assertRunning();
    const { change } = await loaded(import("./changing.js"));
    return change(this, id, argument) as Promise<MutationHandle<never>>;
  }

  async withdraw(id: string): Promise<boolean> {
    this.#assertRunning();
    const { withdraw } = await loaded(import("./changing.js"));
    return withdraw(this, id);
  }

  async exportDeadLetters(): Promise<string> {
    const { deadLettersAsJson } = await loaded(import("./exporting.js"));
    return deadLettersAsJson(this.outbox.getSnapshot().operations);
  }

  async getAuditLog(filter: AuditFilter = {}): Promise<readonly AuditEntry[]> {
    this.#assertRunning();
    const { auditLog } = await loaded(import("./auditing.js"));
    return auditLog(this, filter);
  }

  async exportAudit(): Promise<string> {
    this.#assertRunning();
    const { exportedTrail } = await loaded(import("./auditing.js"));
    return exportedTrail(this);
  }

  async verifyAudit(known?: AuditLink): Promise<AuditVerdict> {
    this.#assertRunning();
    const { verdictOf } = await loaded(import("./auditing.js"));
    return verdictOf(this, known);
  }

  setAside(id: string): boolean {
    return this.#ask("set_aside", id);
  }

  signedIn(): void {
    this.#assertOpen();
    this.use((core) => core.signedIn());
  }

  view<Document extends object, Args>(
    collection: Collection<Document, Args>,
    args?: unknown,
  ): QuerySnapshot<Document[]> {
    this.optimism.assertOutside();
    checkCollection(collection);
    return this.queries.snapshot(collection, args) as QuerySnapshot<Document[]>;
  }

  subscribe<Document extends object, Args>(
    collection: Collection<Document, Args>,
    args: Args,
    listener: () => void,
  ): () => void {
    this.optimism.assertOutside();
    checkCollection(collection);
    if (this.#stage !== "running") return () => {};
    return this.queries.subscribe(collection, args, listener);
  }

  topic<Value>(name: string, options: { readonly durable: true }): DurableTopic<Value>;
  topic<Value>(name: string, options: { readonly durable: false }): EphemeralTopic<Value>;
  topic(name: string, options: { readonly durable: boolean }): unknown {
    checkText(name, "name");
    // What tabs share for the library itself.
    check(!name.startsWith("tabweave:"), "name");
    check(typeof options?.durable === "boolean", "durable");
    return this.topics.open(name, options.durable);
  }

  onSettledAnywhere(listener: (operation: SettledOperation) => void): () => void {
    return this.settled.add(listener);
  }

  onDeadLetter(listener: (letter: DeadLetter) => void): () => void {
    return this.deadLettered.add(listener);
  }

  onLeadershipChange(listener: (change: LeadershipChange) => void): () => void {
    return this.led.add(listener);
  }

  watchPeers(): () => void {
    return this.connectivity.watchPeers();
  }

  /** Undefined if there is no session to ask. */
  use<T>(call: (core: Core) => T): T | undefined {
    return this.#session?.use(call);
  }

  /** Why nothing can be accepted. */
  unavailable(): TabweaveErrorCode | undefined {
    if (this.#stage === "closed") return "client_closed";
    if (this.#stage === "inert") return "server_side";
    return this.#session === undefined ? "identity_unknown" : undefined;
  }

  mount(): () => void {
    this.#mounts += 1;
    return () => {
      this.#mounts -= 1;
    };
  }

  /** How many providers show this client. */
  get mounts(): number {
    return this.#mounts;
  }

  close(): void {
    this.optimism.assertOutside();
    if (this.#stage !== "running") return;
    this.#stage = "closed";
    this.closed();
    this.queries.close();
    this.connectivity.stop();
    const error = new TabweaveError("client_closed");
    this.topics.refuse(error);
    void this.#session?.close(error);
  }

  /** Empties all rooms, ends the session there is, and begins the one of this identity. */
  #enter(identity: Identity): void {
    const error = new TabweaveError("identity_changed");
    const former = this.#session;
    this.identity = identity;
    this.#session = undefined;
    if (identity !== undefined && this.options.resumeLastIdentity) {
      rememberIdentity(this.namespace, identity);
    }
    // Before anybody is told anything: whoever is told may look into every room.
    this.queries.forget();
    this.topics.forget(error);
    this.placeholders.forget();
    this.outbox.forget();
    this.conflicts.forget();
    this.connectivity.isSourceConnected = false;
    if (former !== undefined) this.#left = Promise.all([this.#left, former.close(error)]);
    if (identity !== undefined) this.#begin(new Session(this, identity));
    this.connectivity.changed();
    this.queries.allChanged();
    this.topics.changed();
    this.outbox.changed();
    this.conflicts.changed();
  }

  #begin(session: Session): void {
    this.#session = session;
    session.start();
    session.follow(this.#source);
  }

  #ask(wish: Wish, id: string): boolean {
    this.optimism.assertOutside();
    checkText(id, "id");
    this.#assertRunning();
    return this.use((core) => core.wish(id, wish)) ?? false;
  }

  #assertOpen(): void {
    this.optimism.assertOutside();
    if (this.#stage === "closed") throw new TabweaveError("client_closed");
  }

  #assertRunning(): void {
    if (this.#stage !== "running") throw new TabweaveError(this.unavailable() as TabweaveErrorCode);
  }
}

/** A part of this package that is loaded when it is needed. */
function loaded<Module>(module: Promise<Module>): Promise<Module> {
  return module.catch((cause: unknown) => {
    throw new TabweaveError("storage_failed", { cause });
  });
}
