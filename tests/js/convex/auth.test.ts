// Who a client calls as: never as nobody what somebody did, and never as the next person.
import type { ConvexReactClient } from "convex/react";
import { type ConvexSourceOptions, convexSource } from "tabweave/convex";
import { expect, test, vi } from "vitest";
import { newId } from "../../../pkg/src/id.js";
import { unsignedToken } from "../../backend/backend.js";
import { api, callOf, reactClient, startBackend } from "./app.js";
import { Ear } from "./listener.js";

async function app(options: ConvexSourceOptions = {}) {
  const backend = await startBackend();
  const client = reactClient(backend);
  const source = convexSource(client, { outcomes: api.tabweave.outcomes, ...options });
  const ear = Ear.on(source);
  await ear.connected();
  const key = newId();
  const add = () =>
    source.call?.(
      callOf({ reference: api.notes.add, args: { list: "a", text: "one", idempotencyKey: key }, key }),
    );
  return { backend, client, source, ear, key, add };
}

/** Signs somebody in, or with an expired token out; resolves once the client knows. */
function signIn(client: ConvexReactClient, subject: string, lifetimeSeconds?: number): Promise<boolean> {
  const token = unsignedToken(subject, lifetimeSeconds);
  return new Promise((resolve) => {
    client.setAuth(async ({ forceRefreshToken }) => (forceRefreshToken ? null : token), resolve);
  });
}

/** Who the client is, if the key's record is theirs. */
async function ownerOf(client: ConvexReactClient, key: string): Promise<string | null | undefined> {
  const [record] = await client.query(api.tabweave.outcomes, { keys: [key] });
  return record === undefined ? undefined : client.query(api.notes.whoAmI, {});
}

test("a client that had a token and lost it sends nothing as nobody", async () => {
  const { backend, client, source, ear, add } = await app();
  source.watch({ token: "me", reference: api.notes.whoAmI, args: {} });
  client.setAuth(async () => unsignedToken("mira"));
  await ear.until(() => ear.result("me") === "mira");
  expect(await signIn(client, "mira", -1)).toBe(false);
  await ear.until(() => ear.result("me") === null);
  expect(await add()).toMatchObject({ kind: "unauthenticated" });
  expect((await backend.stats()).mutationsRun).toBe(0);
  client.setAuth(async () => unsignedToken("mira"));
  await ear.until(() => ear.result("me") === "mira");
  expect(await add()).toMatchObject({ kind: "accepted" });
});

test("a client that never had one is used as nobody, unless somebody must be signed in", async () => {
  const { client, key, add } = await app();
  expect(await add()).toMatchObject({ kind: "accepted" });
  expect(await ownerOf(client, key)).toBeNull();
  const { client: other, backend, key: otherKey, add: addAsSomebody } = await app({ requireAuth: true });
  const attempt = addAsSomebody();
  other.setAuth(async () => unsignedToken("mira"));
  expect(await attempt).toMatchObject({ kind: "accepted" });
  expect(await ownerOf(other, otherKey)).toBe("mira");
  expect((await backend.stats()).mutationsRun).toBe(1);
});

test("whether somebody must be signed in is asked before each attempt", async () => {
  const requireAuth = vi.fn(() => false);
  const { add } = await app({ requireAuth });
  expect(requireAuth).not.toHaveBeenCalled();
  expect(await add()).toMatchObject({ kind: "accepted" });
  expect(requireAuth).toHaveBeenCalled();
});

test("for another person, calls that are unanswered stay behind with the former client", async () => {
  let made: ConvexReactClient | undefined;
  const createConvexClient = () => {
    made = reactClient(backend);
    made.setAuth(async () => unsignedToken("oswin"));
    return made;
  };
  const { backend, client, source, ear: former, key, add } = await app({ createConvexClient });
  client.setAuth(async () => unsignedToken("mira"));
  await backend.fail({ on: "mutation", action: "hang", times: 1 });
  void add();
  await expect.poll(async () => (await backend.stats()).rules).toBe(0);
  former.stop();
  const ear = Ear.on(source);
  await ear.connected();
  // The former client would send the call again now.
  await ear.reconnected(() => backend.command({ disconnect: true }));
  const other = newId();
  const args = { list: "a", text: "two", idempotencyKey: other };
  expect(await source.call?.(callOf({ reference: api.notes.add, args, key: other }))).toMatchObject({
    kind: "accepted",
  });
  expect(await ownerOf(made as ConvexReactClient, other)).toBe("oswin");
  expect(await ownerOf(made as ConvexReactClient, key)).toBeUndefined();
  expect((await backend.stats()).mutationsRun).toBe(1);
  expect(ear.diagnostics).toEqual([]);
});

test("without another client that is reported; with nothing unanswered there is no need", async () => {
  const { backend, client, source, ear, add } = await app();
  await add();
  ear.stop();
  const first = Ear.on(source);
  expect(first.diagnostics).toEqual([]);
  await backend.fail({ on: "mutation", action: "hang", times: 1 });
  const key = newId();
  const args = { list: "a", text: "two", idempotencyKey: key };
  void source.call?.(callOf({ reference: api.notes.add, args, key }));
  await expect.poll(async () => (await backend.stats()).rules).toBe(0);
  first.stop();
  const second = Ear.on(source);
  expect(second.diagnostics).toEqual(["convex_unfinished"]);
  second.stop();
  expect(Ear.on(convexSource(client)).diagnostics).toEqual(["convex_unfinished"]);
});
