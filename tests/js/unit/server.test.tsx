// Nothing of a browser is here: this is what a server sees.
import { renderToString } from "react-dom/server";
import { expect, test, vi } from "vitest";

interface Note {
  id: string;
  text: string;
}

test("importing does nothing, and rendering shows what is pending, without a word", async () => {
  const words = (["log", "warn", "error"] as const).map((name) => vi.spyOn(console, name));
  const before = Object.getOwnPropertySymbols(globalThis).length + Object.keys(globalThis).length;
  const { collection, createTabweave, defineOperation } = await import("tabweave");
  const hooks = await import("tabweave/react");
  const { TabweaveProvider, useCollection, useConnectivity, useDocument, useOperation, useOutbox } = hooks;
  const { usePeers, useTopic } = hooks;
  await import("tabweave/convex");
  await import("tabweave/convex/server");
  expect(Object.getOwnPropertySymbols(globalThis).length + Object.keys(globalThis).length).toBe(before);

  const notes = collection<Note>("notes", { key: "id" });
  const rename = defineOperation<{ id: string }>("rename", { run: () => undefined });
  const client = createTabweave({ operations: [rename] });
  // biome-ignore lint/correctness/noComponentHookFactories: the hooks come from the import this test is about.
  function App() {
    const list = useCollection(notes, undefined);
    const first = useCollection(notes, undefined, { initialData: [{ id: "1", text: "first" }] });
    const { status } = useDocument(notes, "skip", "1");
    const operation = useOperation(rename);
    const { waiting } = useOutbox();
    const { role } = useConnectivity();
    const [entries] = useTopic(client.topic("entries", { durable: true }));
    const [value = "none"] = useTopic(client.topic<string>("cursors", { durable: false }), "me");
    const { peers } = usePeers();
    return (
      <p>
        {[
          entries.size,
          value,
          peers.length,
          list.status,
          first.data[0]?.text,
          status,
          operation.status,
          waiting,
          role,
        ].join(" ")}
      </p>
    );
  }
  const html = renderToString(
    <TabweaveProvider client={client}>
      <App />
    </TabweaveProvider>,
  );
  expect(html).toBe("<p>0 none 0 pending first pending idle 0 starting</p>");
  for (const word of words) expect(word).not.toHaveBeenCalled();
});

test("a client on a server belongs to nobody else and refuses what it cannot do", async () => {
  const { createTabweave, defineOperation } = await import("tabweave");
  const rename = defineOperation("rename", { run: () => undefined });
  const client = createTabweave({ operations: [rename], logger: { warn: () => {}, error: () => {} } });
  expect(createTabweave()).not.toBe(client);
  const { persisted, settled } = client.mutate(rename);
  await expect(persisted).rejects.toMatchObject({ code: "server_side" });
  await expect(settled).rejects.toMatchObject({ code: "server_side" });
  const topic = client.topic("entries", { durable: true });
  expect(() => topic.publish("a", 1)).toThrow(expect.objectContaining({ code: "server_side" }));
  await expect(client.erase(null)).rejects.toMatchObject({ code: "server_side" });
  expect(() => client.cancel("x")).toThrow(expect.objectContaining({ code: "server_side" }));
  client.setIdentity("ann");
  expect(client.identity).toBe("ann");
  client.close();
});

test("options that cannot be are refused", async () => {
  const { createTabweave } = await import("tabweave");
  expect(() => createTabweave({ namespace: "" })).toThrow("invalid_option: `namespace`");
  expect(() => createTabweave({ identity: 7 as unknown as string })).toThrow("invalid_option: `identity`");
});
