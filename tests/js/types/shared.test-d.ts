import {
  type ConnectivitySnapshot,
  createTabweave,
  type DurableTopic,
  type EphemeralTopic,
  type Identity,
  type LeadershipChange,
  type Peer,
  type Publication,
  type SourceListener,
  TabweaveError,
  type UndeliveredOperation,
} from "tabweave";
import { usePeers, useTopic } from "tabweave/react";
import { expectTypeOf, test } from "vitest";

interface Cursor {
  readonly x: number;
}

const client = createTabweave();
const cursors = client.topic<Cursor>("cursors", { durable: false });
const drafts = client.topic<string>("drafts", { durable: true });

test("a topic's kind is a part of its type", () => {
  expectTypeOf(cursors).toEqualTypeOf<EphemeralTopic<Cursor>>();
  expectTypeOf(drafts).toEqualTypeOf<DurableTopic<string>>();
  expectTypeOf(cursors.publish("a", { x: 1 })).toEqualTypeOf<void>();
  expectTypeOf(drafts.publish("a", "text")).toEqualTypeOf<Publication>();
  expectTypeOf(drafts.remove("a").persisted).toEqualTypeOf<Promise<void>>();
  expectTypeOf(drafts.get("a")).toEqualTypeOf<string | undefined>();
  expectTypeOf(cursors.getSnapshot()).toEqualTypeOf<ReadonlyMap<string, Cursor>>();
  // @ts-expect-error an ephemeral entry is never persisted
  cursors.publish("a", { x: 1 }).persisted;
  // @ts-expect-error another value
  drafts.publish("a", 7);
  // @ts-expect-error the kind has to be said
  client.topic("neither");
  // @ts-expect-error the kind has to be known when it is written
  client.topic("either", { durable: Math.random() > 0.5 });
  // @ts-expect-error a snapshot is not to be changed
  drafts.getSnapshot().set("a", "b");
});

test("useTopic", () => {
  const [entries, publish, remove] = useTopic(drafts);
  expectTypeOf(entries).toEqualTypeOf<ReadonlyMap<string, string>>();
  expectTypeOf(publish).toEqualTypeOf<(key: string, value: string) => Publication>();
  expectTypeOf(remove).toEqualTypeOf<(key: string) => Publication>();
  const [value, publishOne, removeOne] = useTopic(cursors, "me");
  expectTypeOf(value).toEqualTypeOf<Cursor | undefined>();
  expectTypeOf(publishOne).toEqualTypeOf<(value: Cursor) => void>();
  expectTypeOf(removeOne).toEqualTypeOf<() => void>();
});

test("usePeers", () => {
  const { self, peers, updateAvailable } = usePeers();
  expectTypeOf(self).toEqualTypeOf<Pick<Peer, "tab" | "leads">>();
  expectTypeOf(peers).toEqualTypeOf<readonly Peer[]>();
  expectTypeOf(updateAvailable).toEqualTypeOf<boolean>();
});

test("identities", () => {
  expectTypeOf<Identity>().toEqualTypeOf<string | null | undefined>();
  expectTypeOf(client.identity).toEqualTypeOf<Identity>();
  createTabweave({ identity: undefined, resumeLastIdentity: true, version: "1.2.3" });
  client.setIdentity(null);
  client.setIdentity(undefined);
  // @ts-expect-error not an identity
  client.setIdentity(7);
  // @ts-expect-error an unknown person cannot be erased
  client.erase(undefined);
  expectTypeOf(client.erase("ann", { discardUndelivered: true })).toEqualTypeOf<
    Promise<readonly UndeliveredOperation[]>
  >();
  expectTypeOf(new TabweaveError("rejected").undelivered).toEqualTypeOf<
    readonly UndeliveredOperation[] | undefined
  >();
});

test("what a page can know of the mesh", () => {
  const { transport, storage, updateAvailable } = client.connectivity.getSnapshot();
  expectTypeOf(transport).toEqualTypeOf<"broadcast" | "storage" | "none">();
  expectTypeOf(storage).toEqualTypeOf<"indexeddb" | "localstorage" | "memory">();
  expectTypeOf(updateAvailable).toEqualTypeOf<boolean>();
  expectTypeOf<ConnectivitySnapshot["peers"]>().toEqualTypeOf<readonly Peer[]>();
  client.onLeadershipChange((change) => expectTypeOf(change).toEqualTypeOf<LeadershipChange>());
  expectTypeOf(client.watchPeers()).toEqualTypeOf<() => void>();
  expectTypeOf<SourceListener["serverTime"]>().toEqualTypeOf<((ms: number) => void) | undefined>();
});
