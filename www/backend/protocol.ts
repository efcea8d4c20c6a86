// The messages of Convex's sync protocol, as they travel on the socket in JSON.
import type { JSONValue } from "convex/values";

/** A timestamp on the wire: base64 of an unsigned 64-bit number, lowest byte first. */
export type EncodedTs = string;

export type StateVersion = { querySet: number; identity: number; ts: EncodedTs };

export type AddQuery = {
  type: "Add";
  queryId: number;
  udfPath: string;
  args: JSONValue[];
  journal?: string | null;
};

export type ModifyQuerySet = {
  type: "ModifyQuerySet";
  baseVersion: number;
  newVersion: number;
  modifications: (AddQuery | { type: "Remove"; queryId: number })[];
};

export type Authenticate =
  | { type: "Authenticate"; tokenType: "User" | "Admin"; value: string; baseVersion: number }
  | { type: "Authenticate"; tokenType: "None"; baseVersion: number };

export type Connect = {
  type: "Connect";
  sessionId: string;
  connectionCount: number;
  maxObservedTimestamp?: EncodedTs;
};

export type Request = { type: "Mutation" | "Action"; requestId: number; udfPath: string; args: JSONValue[] };

export type ClientMessage = Connect | Authenticate | ModifyQuerySet | Request | { type: "Event" };

export type StateModification =
  | { type: "QueryUpdated"; queryId: number; value: JSONValue; logLines: string[]; journal: string | null }
  | {
      type: "QueryFailed";
      queryId: number;
      errorMessage: string;
      errorData?: JSONValue;
      logLines: string[];
      journal: string | null;
    }
  | { type: "QueryRemoved"; queryId: number };

export type Transition = {
  type: "Transition";
  startVersion: StateVersion;
  endVersion: StateVersion;
  modifications: StateModification[];
};

type Failed = { success: false; result: string; errorData?: JSONValue; logLines: string[] };

export type Response =
  | {
      type: "MutationResponse";
      requestId: number;
      success: true;
      result: JSONValue;
      ts: EncodedTs;
      logLines: string[];
    }
  | ({ type: "MutationResponse"; requestId: number } & Failed)
  | { type: "ActionResponse"; requestId: number; success: true; result: JSONValue; logLines: string[] }
  | ({ type: "ActionResponse"; requestId: number } & Failed);

export type ServerMessage =
  | Transition
  | Response
  | { type: "AuthError"; error: string; baseVersion: number; authUpdateAttempted: boolean }
  | { type: "FatalError"; error: string }
  | { type: "Ping" };

export function encodeTs(ts: bigint): EncodedTs {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(ts);
  return bytes.toString("base64");
}

export function decodeTs(encoded: EncodedTs): bigint {
  return Buffer.from(encoded, "base64").readBigUInt64LE();
}
