import { TabweaveError } from "../errors/error.js";
import type { WasmInput } from "../init.js";
import type { EngineClass } from "./binding.js";
import type { CoreHost, EngineCore } from "./core.js";

/** The glue that wasm-bindgen makes. */
interface Glue {
  default(options: { module_or_path: WasmInput }): Promise<unknown>;
  readonly TabweaveEngine: EngineClass;
}

/** The loaded engine. */
export interface LoadedEngine {
  make(host: CoreHost): EngineCore;
  isCrash(error: unknown): boolean;
}

let loading: Promise<LoadedEngine> | undefined;

/** Loads the engine once for the whole page; after a failure the next call tries again. */
export function loadEngine(wasm: WasmInput | undefined): Promise<LoadedEngine> {
  loading ??= load(wasm).catch((cause: unknown) => {
    loading = undefined;
    throw new TabweaveError("wasm_unavailable", { cause });
  });
  return loading;
}

async function load(wasm: WasmInput | undefined): Promise<LoadedEngine> {
  const [glue, { makeEngine, EngineCrash }, input] = await Promise.all([
    import("../../wasm/tabweave.js") as unknown as Promise<Glue>,
    import("./core.js"),
    wasm ?? inlineWasm(),
  ]);
  await glue.default({ module_or_path: input });
  return {
    make: (host) => makeEngine(glue.TabweaveEngine, host),
    isCrash: (error) => error instanceof EngineCrash,
  };
}

/** The module as a chunk of this package: it needs no configuration of any bundler. */
async function inlineWasm(): Promise<Response> {
  const { default: base64 } = await import("../wasm-inline.js");
  const gzip = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const body = new Blob([gzip]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(body, { headers: { "Content-Type": "application/wasm" } });
}
