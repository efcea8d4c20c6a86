// The topics that both tabs know, and the same by other means.
import { broadcastQueryClient } from "@tanstack/query-broadcast-client-experimental";
import { QueryClient } from "@tanstack/query-core";
import { BroadcastChannel as PeerChannel } from "broadcast-channel";
import { client } from "./client.js";

/** An update: which one of its row it is, and about as much as a cursor says. */
export interface Update {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

export const ephemeral = client.topic<Update>("benches-ephemeral", { durable: false });
export const durable = client.topic<Update>("benches-durable", { durable: true });

export const peerChannel = new PeerChannel<Update>("benches/peer");

export const queryClient = new QueryClient();
broadcastQueryClient({ queryClient, broadcastChannel: "benches/query" });

export const update = (id: string): Update => ({ id, x: 320.5, y: 240.25 });
