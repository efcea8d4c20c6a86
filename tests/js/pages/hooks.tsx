// Components over the package's hooks, rendered by the real React in the real browser.
import { act, cleanup, render } from "@testing-library/react";
import { Component, type ReactElement, type ReactNode, StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server.browser";
import type { TabweaveClient } from "tabweave";
import {
  TabweaveProvider,
  useCollection,
  useConflicts,
  useConnectivity,
  useDocument,
  useOperation,
  useOutbox,
  usePeers,
  useTabweave,
  useTopic,
} from "tabweave/react";
import { type Note, stage } from "./stage.js";

const { notes, rename, editNote } = stage;

function wrapped(client: TabweaveClient, element: ReactElement): ReactElement {
  return (
    <StrictMode>
      <TabweaveProvider client={client}>{element}</TabweaveProvider>
    </StrictMode>
  );
}

function show(client: TabweaveClient, element: ReactElement): ReturnType<typeof render> {
  return render(wrapped(client, element));
}

const text = () => document.body.textContent?.trim() ?? "";

/** What a list of notes reads like; counts its renders. */
function List({ args, renders }: { args: { list: string } | "skip"; renders?: string[] }): ReactElement {
  const { data, status, stale, isPending } = useCollection(notes, args);
  const words = data?.map((note) => note.text + (isPending(note) ? "*" : "")).join();
  renders?.push(`${status} ${words}`);
  return <p>{[status, stale ? "stale" : "fresh", words].join(" ")}</p>;
}

function Length({ renders }: { renders: number[] }): ReactElement {
  // Another function and another object on every render.
  const { data } = useCollection(notes, { list: "a" }, { select: (list) => ({ length: list.length }) });
  renders.push(data?.length ?? -1);
  return <p>{data?.length}</p>;
}

function One({ id }: { id: string }): ReactElement {
  const { data, status, isPending } = useDocument(notes, { list: "a" }, id, {
    select: (note) => note.text.toUpperCase(),
  });
  return <p>{[status, data ?? "none", isPending ? "pending" : "settled"].join(" ")}</p>;
}

export type Rename = ReturnType<typeof useOperation<{ id: string; text: string }, unknown>>;

function Renamer({ tell }: { tell: (operation: Rename) => void }): ReactElement {
  const operation = useOperation(rename);
  tell(operation);
  return <p>{[operation.status, operation.error?.code, String(operation.data)].join(" ")}</p>;
}

function Editor({ tell }: { tell: (edit: (next: Note) => void) => void }): ReactElement {
  const { mutate, status } = useOperation(editNote);
  tell((next) => mutate({ id: next.id, next }));
  return <p>{status}</p>;
}

function Bar(): ReactElement {
  const { waiting, dead, retry } = useOutbox();
  const { role, connected } = useConnectivity();
  const client = useTabweave();
  return (
    <button type="button" onClick={() => dead.map(({ id }) => retry(id))}>
      {[waiting, dead.length, role, connected, client.tab.length].join(" ")}
    </button>
  );
}

/** All entries of a topic; counts its renders. */
function Entries({ renders }: { renders: string[] }): ReactElement {
  const [entries, publish] = useTopic(useTabweave().topic<number>("counts", { durable: false }));
  const shown = [...entries].map(([key, value]) => `${key}=${value}`).join();
  renders.push(shown);
  return (
    <button type="button" onClick={() => publish("clicks", (entries.get("clicks") ?? 0) + 1)}>
      {shown}
    </button>
  );
}

/** The value of one key; counts its renders. */
function Value({ id, renders }: { id: string; renders: string[] }): ReactElement {
  const topic = useTabweave().topic<string>("drafts", { durable: true });
  const [value, publish, remove] = useTopic(topic, id);
  renders.push(String(value));
  return (
    <button type="button" onClick={() => (value === undefined ? publish("new") : remove())}>
      {value ?? "none"}
    </button>
  );
}

function Tabs(): ReactElement {
  const { self, peers, updateAvailable } = usePeers();
  const others = peers.map(({ app, leads }) => app + (leads ? " leads" : ""));
  return <p>{[self.leads ? "leads" : "follows", updateAvailable, ...others].join(" ")}</p>;
}

/** A person takes all of the server's, or all of their own. */
function Decisions({ take }: { take: "local" | "server" }): ReactElement {
  const { conflicts, resolve } = useConflicts();
  const [first] = conflicts;
  if (first === undefined) return <p>all decided</p>;
  const value = first[take];
  return (
    <button type="button" onClick={() => void resolve(first.id, { value, choices: [] })}>
      {first.merged.conflicts.map(({ path, local, server }) => `${path}: ${local} or ${server}`).join()}
    </button>
  );
}

class Boundary extends Component<{ children: ReactNode }, { code?: string }> {
  override state: { code?: string } = {};
  static getDerivedStateFromError(error: { code: string }): { code: string } {
    return { code: error.code };
  }
  override render(): ReactNode {
    return this.state.code ?? this.props.children;
  }
}

function Hydrated(): ReactElement {
  const list = useCollection(notes, { list: "a" });
  const first = useCollection(notes, { list: "a" }, { initialData: [{ id: "1", list: "a", text: "given" }] });
  return <p>{[list.status, first.data[0]?.text, first.stale ? "stale" : "fresh"].join(" ")}</p>;
}

/** Renders on a "server", hydrates, and tells what was shown and what React complained of. */
async function hydrate(client: TabweaveClient): Promise<{ html: string; complaints: string[] }> {
  const element = (
    <TabweaveProvider client={client}>
      <Hydrated />
    </TabweaveProvider>
  );
  const html = renderToString(element);
  const container = document.body.appendChild(document.createElement("div"));
  container.innerHTML = html;
  const complaints: string[] = [];
  await act(async () => {
    hydrateRoot(container, element, {
      onRecoverableError: (error) => complaints.push(String(error)),
    });
  });
  return { html: text(), complaints };
}

const hooks = {
  act,
  cleanup,
  wrapped,
  show,
  text,
  hydrate,
  List,
  Length,
  One,
  Renamer,
  Editor,
  Bar,
  Entries,
  Value,
  Tabs,
  Boundary,
  Decisions,
  element: (type: (props: never) => ReactNode, props: object = {}) => {
    const Type = type as (props: object) => ReactElement;
    return <Type {...props} />;
  },
  withoutProvider: () =>
    render(
      <Boundary>
        <Bar />
      </Boundary>,
    ),
};

declare global {
  interface Window {
    readonly hooks: typeof hooks;
  }
}

Object.assign(window, { hooks });
