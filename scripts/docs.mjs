// The Rust manual: builds without a warning for both targets, and its examples run.

import { makeChecks } from "./lib/checklist.mjs";
import { wasmTarget } from "./lib/pins.mjs";
import { root } from "./lib/place.mjs";
import { runScript } from "./lib/stop.mjs";
import { prepare } from "./prepare.mjs";

const doc = {
  command: "cargo",
  args: ["doc", "--quiet", "--no-deps", "--document-private-items"],
  // Private items are documented too, so links to them lead somewhere.
  env: { RUSTDOCFLAGS: "-D warnings -A rustdoc::private_intra_doc_links" },
  cwd: root,
};

await runScript(import.meta.url, async () => {
  await prepare();
  return makeChecks([
    { ...doc, name: "rustdoc" },
    { ...doc, name: "rustdoc for the browser", args: [...doc.args, "--target", wasmTarget] },
    { name: "examples", command: "cargo", args: ["test", "--quiet", "--doc"], cwd: root },
  ]);
});
