// The script of the page of these proofs, over one build of the package.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The page's script; `source` is the entry of the package that it uses, if that is not the one in `pkg`. */
export async function bundle(source?: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [at("page/mesh.ts")],
    bundle: true,
    format: "esm",
    write: false,
    define: { "process.env.NODE_ENV": '"development"' },
    ...(source !== undefined && { alias: { tabweave: source } }),
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}
