import type { DefaultFunctionArgs, FunctionReference } from "convex/server";

/** What the adapter reads of a connection's state. */
export interface ConvexConnection {
  readonly isWebSocketConnected: boolean;
  /** How many times a socket was opened. */
  readonly connectionCount: number;
}

/** A watched query of a Convex client. */
export interface ConvexWatch {
  onUpdate(callback: () => void): () => void;
  /** Throws if the server refused the query. */
  localQueryResult(): unknown;
}

/** What the adapter uses of a `ConvexReactClient`, from 1.25 on. */
export interface ConvexClient {
  readonly url: string;
  watchQuery(query: FunctionReference<"query">, args: DefaultFunctionArgs): ConvexWatch;
  mutation(mutation: FunctionReference<"mutation">, args: DefaultFunctionArgs): Promise<unknown>;
  action(action: FunctionReference<"action">, args: DefaultFunctionArgs): Promise<unknown>;
  connectionState(): ConvexConnection;
  /** Missing in the older ones. */
  subscribeToConnectionState?(listener: (state: ConvexConnection) => void): () => void;
  close(): Promise<void>;
}
