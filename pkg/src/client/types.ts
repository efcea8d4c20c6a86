import type { Collection } from "../definition/collection.js";
import type { DocumentChange, Edit } from "../definition/edit.js";
import type { CallArguments, Operation } from "../definition/operation.js";
import type { Definition } from "../definition/parts.js";
import type { TabweaveError } from "../errors/error.js";
import type { WasmInput } from "../init.js";
import type { Source } from "../source.js";
import type {
  ConnectivitySnapshot,
  Diagnostic,
  OutboxSnapshot,
  QuerySnapshot,
  SettledOperation,
  Store,
} from "./snapshots.js";

/** Where diagnostics go instead of the console. */
export interface Logger {
  warn(message: string, error: TabweaveError): void;
  error(message: string, error: TabweaveError): void;
}

export interface TabweaveOptions {
  /** Tabs of one namespace work together. By default the address of the source. */
  readonly namespace?: string;
  /** Who is signed in: what one person did is never sent as another. */
  readonly identity?: string;
  /** Where results of queries come from. */
  readonly source?: Source;
  /** The operations and edits of the app. */
  readonly operations?: readonly Definition[];
  readonly logger?: Logger;
  /** Called when the engine is given up for this page: operations are kept and sent after a reload. */
  readonly onDegraded?: (error: TabweaveError) => void;
  /** Where the engine's WebAssembly comes from; by default from a chunk of this package. */
  readonly wasm?: WasmInput;
}

/** An operation that was called. Promises that nobody awaits never raise an unhandled rejection. */
export interface MutationHandle<Result> {
  readonly id: string;
  /** Resolves when the operation outlives this page. */
  readonly persisted: Promise<void>;
  /** Resolves with what the server answered; rejects with a TabweaveError. */
  readonly settled: Promise<Result>;
}

export interface TabweaveClient {
  readonly namespace: string;
  readonly identity: string;
  /** This tab's id. */
  readonly tab: string;
  /** Records what a person did, shows it at once, and sends it when it can be sent. Never throws. */
  mutate<Args, Result>(
    operation: Operation<Args, Result>,
    ...args: CallArguments<NoInfer<Args>>
  ): MutationHandle<Result>;
  mutate<Document extends object, Args, Result>(
    edit: Edit<Document, Args, Result>,
    change: DocumentChange<NoInfer<Document>, NoInfer<Args>>,
  ): MutationHandle<Result>;
  /** Adds definitions; a definition of a known name replaces it. */
  register(...definitions: readonly Definition[]): void;
  /** Withdraws an operation that is not on its way; true if it could be. */
  cancel(id: string): boolean;
  /** Tries an operation again that is dead or parked; true if it could be. */
  retry(id: string): boolean;
  /** What a query shows now. */
  view<Document extends object, Args>(
    collection: Collection<Document, Args>,
    ...args: CallArguments<NoInfer<Args>>
  ): QuerySnapshot<Document[]>;
  /** Keeps a query up to date until the returned function is called. */
  subscribe<Document extends object, Args>(
    collection: Collection<Document, Args>,
    args: Args,
    listener: () => void,
  ): () => void;
  /** Tells how operations end, those of earlier visits and of other tabs too. */
  onSettled(listener: (operation: SettledOperation) => void): () => void;
  /** All known operations. */
  readonly outbox: Store<OutboxSnapshot>;
  readonly connectivity: Store<ConnectivitySnapshot>;
  /** What went wrong or had to be done without, newest last. */
  readonly diagnostics: Store<readonly Diagnostic[]>;
  /** Counts a mounted provider; the returned function counts it out. Nothing is ever closed by it. */
  mount(): () => void;
  /** Leaves the other tabs and stops. What is not sent stays stored. */
  close(): void;
}
