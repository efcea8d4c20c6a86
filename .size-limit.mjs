// Every size is gzip. Peers (react, convex) are the app's own and never counted; what `tabweave/ui` has for peers of its
// own, only with it.
//
// A limit holds what was reached, so that nothing grows unseen. Where that is more than what was aimed at, the aim
// stands in `goals`, and `npm run size` prints by how much it is missed.

const peers = ["react", "react/*", "react-dom", "convex", "convex/*"];
const uiPeers = ["react-aria", "react-aria/*", "diff"];

/** Leaves out what a page fetches later, by `import()`: the engine and what only it needs. */
const atOnce = {
  name: "at-once",
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path, external: true } : undefined,
    );
  },
};

/** Modules that several entries share count once. */
function bundled(name, limit, path, { without = [], plugins = [], loader = {} } = {}) {
  return {
    name,
    limit,
    path,
    gzip: true,
    modifyEsbuildConfig: (config) => ({
      ...config,
      format: "esm",
      platform: "browser",
      splitting: true,
      external: [...peers, ...without],
      plugins,
      loader,
    }),
  };
}

function plain(name, limit, path) {
  return { name, limit, path, gzip: true, disablePlugins: ["@size-limit/esbuild"] };
}

/** What only a browser without IndexedDB loads, or one that was so in the past. */
const localJournals = ["*/local/shelf.js", "*/local/items.js", "*/heritage.js"];

/** What is aimed at, in kB, where the limit is above it. */
export const goals = {
  "tabweave, before the engine is ready": 10,
  "core: engine, glue, tabweave, tabweave/react": 75,
  "tabweave/wasm": 54,
};

export default [
  bundled("tabweave, before the engine is ready", "12.8 kB", "pkg/dist/index.js", { plugins: [atOnce] }),
  bundled(
    "core: engine, glue, tabweave, tabweave/react",
    "190 kB",
    ["pkg/dist/index.js", "pkg/dist/react/index.js", "pkg/wasm/tabweave.js", "pkg/wasm/tabweave_bg.wasm"],
    // The engine is counted as the file it is, not a second time as text.
    { without: ["*/wasm-inline.js", ...localJournals], loader: { ".wasm": "copy" } },
  ),
  bundled("journals in localStorage, where there is no IndexedDB", "3.2 kB", [
    "pkg/dist/local/shelf.js",
    "pkg/dist/engine/heritage.js",
  ]),
  bundled("tabweave/react, with what it imports", "15 kB", "pkg/dist/react/index.js", { plugins: [atOnce] }),
  bundled("tabweave/ui, with what it imports", "14.7 kB", "pkg/dist/ui/index.js", { without: uiPeers }),
  bundled("tabweave/ui/headless, with what it imports", "3.9 kB", "pkg/dist/ui/headless.js", {
    without: uiPeers,
  }),
  bundled("tabweave/ui, with react-aria and diff", "23.2 kB", "pkg/dist/ui/index.js"),
  plain("tabweave/ui.css", "3.9 kB", "pkg/dist/ui/styles.css"),
  bundled("tabweave/convex, with what it imports", "10 kB", "pkg/dist/convex/index.js", {
    plugins: [atOnce],
  }),
  bundled("tabweave/convex/server", "5 kB", "pkg/dist/convex/server/index.js"),
  bundled("tabweave/merge, before the engine is ready", "5.2 kB", "pkg/dist/merge/index.js", {
    plugins: [atOnce],
  }),
  bundled("tabweave/text, with what it imports", "0.6 kB", "pkg/dist/text/index.js"),
  bundled("tabweave/recovery, with what it imports", "4.5 kB", "pkg/dist/recovery/index.js"),
  bundled(
    "tabweave/live-interaction/errorRecovery, with what it imports",
    "8.1 kB",
    "pkg/dist/live-interaction/errorRecovery/index.js",
  ),
  bundled(
    "tabweave/live-interaction/conflictResolution, with what it imports",
    "9.6 kB",
    "pkg/dist/live-interaction/conflictResolution/index.js",
    { plugins: [atOnce] },
  ),
  plain("tabweave/wasm", "145.5 kB", "pkg/wasm/tabweave_bg.wasm"),
  plain("the engine as a chunk of text", "146 kB", "pkg/dist/wasm-inline.js"),
];
