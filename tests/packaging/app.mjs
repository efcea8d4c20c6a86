// An app outside of the checkout that has the tarball installed: the one that README.md adopts Tabweave in.

import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { root } from "../../scripts/lib/place.mjs";
import { install } from "./tarball.mjs";

const peers = [
  ...["react", "react-dom", "convex", "react-aria", "diff"],
  ...["@types/react", "@types/react-dom"],
];

const page = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>App</title><link rel="icon" href="data:,"></head>
  <body><div id="root"></div><script type="module" src="SCRIPT"></script></body>
</html>
`;

/** What an app has that shows a conflict, as README.md says it. */
const screen = `import { createRoot } from "react-dom/client";
import { ConflictResolver, type ParkedConflict } from "tabweave/ui";
import "tabweave/ui.css";

const conflict: ParkedConflict<{ text: string }> = {
  id: "1", name: "edit", collection: "notes", document: "n", atMs: 0,
  base: { text: "a" }, local: { text: "b" }, server: { text: "c" },
  merged: {
    value: { text: "c" },
    decisions: [],
    conflicts: [{ path: ["text"], why: "both_changed", rule: "manual", base: "a", local: "b", server: "c" }],
  },
};

createRoot(document.getElementById("root") as HTMLElement).render(
  <ConflictResolver conflict={conflict} onResolve={async ({ discard }) => discard} />,
);
`;

// vite/client is Vite's; the types of the package are checked without it.
const environment = `interface ImportMeta {
  readonly env: { readonly VITE_CONVEX_URL: string };
}
declare module "*.css";
`;

/** Makes the app with the versions of one node_modules. */
export async function makeApp(folder, { name, modules }, tarball) {
  const app = await mkdtemp(join(folder, `${name}-`));
  await cp(join(root, "tests/js/adoption"), app, { recursive: true });
  await writeFile(join(app, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await install(tarball, app);
  for (const peer of peers) {
    await mkdir(dirname(join(app, "node_modules", peer)), { recursive: true });
    await symlink(join(modules, peer), join(app, "node_modules", peer), "dir");
  }
  await writeFile(join(app, "src/vite-env.d.ts"), environment);
  await writeFile(join(app, "src/screen.tsx"), screen);
  await makeStrict(join(app, "src/main.tsx"));
  await writeFile(join(app, "index.html"), page.replace("SCRIPT", "/src/main.tsx"));
  return app;
}

/** As Vite's template has it. */
async function makeStrict(file) {
  const code = await readFile(file, "utf8");
  const strict = code
    .replace("<ConvexProvider", "<StrictMode><ConvexProvider")
    .replace("</ConvexProvider>", "</ConvexProvider></StrictMode>");
  await writeFile(file, `import { StrictMode } from "react";\n${strict}`);
}

/** The page of a script; what other tools than Vite make needs a link to the styles. */
export function pageFor(script, styles) {
  const link = styles === undefined ? "" : `<link rel="stylesheet" href="${styles}"></head>`;
  return page.replace("SCRIPT", script).replace("</head>", link || "</head>");
}
