import type { Item, Table, Versions } from "./documents.js";

/** A library whose documents merge by themselves: it holds the local version, and takes in what the server has done. */
export interface Peer {
  readonly name: string;
  /** Gives documents that hold the local version; each takes in the other's change and is read, once. */
  prepare(versions: Versions): Promise<() => () => unknown>;
}

type Fields = Record<string, unknown>;

/** The fields of an item that a side changed, with what they are now. */
function* changesOf(base: Table, side: Table): Iterable<[place: number, name: string, value: unknown]> {
  for (const [place, item] of side.items.entries()) {
    for (const [name, value] of Object.entries(item)) {
      const before = (base.items[place] as Item & Fields)[name];
      if (JSON.stringify(before) !== JSON.stringify(value)) yield [place, name, value];
    }
  }
}

const automerge: Peer = {
  name: "Automerge: applyChanges",
  async prepare({ base, local, server }) {
    const [Automerge, { automergeWasmBase64 }] = await Promise.all([
      import("@automerge/automerge/slim"),
      import("@automerge/automerge/automerge.wasm.base64"),
    ]);
    await Automerge.initializeBase64Wasm(automergeWasmBase64);
    const first = Automerge.from(structuredClone(base) as unknown as Fields);
    const changedBy = (side: Table) =>
      Automerge.change(Automerge.clone(first), (draft) => {
        const items = draft["items"] as Fields[];
        for (const [place, name, value] of changesOf(base, side)) (items[place] as Fields)[name] = value;
      });
    const [here, there] = [changedBy(local), changedBy(server)];
    const changes = Automerge.getChanges(first, there);
    return () => {
      const document = Automerge.clone(here);
      return () => Automerge.toJS(Automerge.applyChanges(document, changes)[0]);
    };
  },
};

const loro: Peer = {
  name: "Loro: import + toJSON",
  async prepare({ base, local, server }) {
    const { LoroDoc, LoroMap } = await import("loro-crdt/base64");
    const first = new LoroDoc();
    const list = first.getList("items");
    for (const [place, item] of base.items.entries()) {
      const map = list.insertContainer(place, new LoroMap());
      for (const [name, value] of Object.entries(item)) map.set(name, value);
    }
    first.commit();
    const changedBy = (side: Table) => {
      const document = first.fork();
      const items = document.getList("items");
      for (const [place, name, value] of changesOf(base, side)) {
        (items.get(place) as InstanceType<typeof LoroMap>).set(name, value as string);
      }
      document.commit();
      return document;
    };
    const [here, there] = [changedBy(local), changedBy(server)];
    const update = there.export({ mode: "update", from: first.version() });
    return () => {
      const document = here.fork();
      return () => {
        document.import(update);
        return document.toJSON();
      };
    };
  },
};

const yjs: Peer = {
  name: "Yjs: applyUpdate + toJSON",
  async prepare({ base, local, server }) {
    const Yjs = await import("yjs");
    const first = new Yjs.Doc();
    const items = base.items.map((item) => new Yjs.Map(Object.entries(item)));
    first.getArray("items").push(items);
    const whole = Yjs.encodeStateAsUpdate(first);
    const changedBy = (side: Table) => {
      const document = new Yjs.Doc();
      Yjs.applyUpdate(document, whole);
      const list = document.getArray("items");
      for (const [place, name, value] of changesOf(base, side)) {
        (list.get(place) as InstanceType<typeof Yjs.Map>).set(name, value);
      }
      return document;
    };
    const here = Yjs.encodeStateAsUpdate(changedBy(local));
    const update = Yjs.encodeStateAsUpdate(changedBy(server), Yjs.encodeStateVector(first));
    return () => {
      const document = new Yjs.Doc();
      Yjs.applyUpdate(document, here);
      return () => {
        Yjs.applyUpdate(document, update);
        return document.getArray("items").toJSON();
      };
    };
  },
};

export const peers: ReadonlyArray<{ readonly peer: Peer; readonly goal: number }> = [
  { peer: automerge, goal: 0.1 },
  { peer: loro, goal: 0.1 },
  { peer: yjs, goal: 1 },
];
