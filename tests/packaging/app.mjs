// An app outside of the checkout that has the tarball installed: the one that README.md adopts Tabweave in.

import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { root } from "../../scripts/lib/place.mjs";
import { install } from "./tarball.mjs";

const peers = ["react", "react-dom", "convex", "@types/react", "@types/react-dom"];

const page = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>App</title><link rel="icon" href="data:,"></head>
  <body><div id="root"></div><script type="module" src="SCRIPT"></script></body>
</html>
`;

// vite/client is Vite's; the types of the package are checked without it.
const environment = `interface ImportMeta {
  readonly env: { readonly VITE_CONVEX_URL: string };
}
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

/** The page for a bundle that another tool than Vite made. */
export function pageFor(script) {
  return page.replace("SCRIPT", script);
}
