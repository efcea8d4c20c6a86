import { loadEngine } from "./engine/load.js";

/** Where the engine's WebAssembly can come from. */
export type WasmInput = URL | string | Response | BufferSource | WebAssembly.Module;

/**
 * Loads the engine, once for the whole page. createTabweave() calls it; call it earlier to say where the
 * WebAssembly comes from or to have it sooner. After a failure the next call tries again.
 */
export async function init(options: { readonly wasm?: WasmInput } = {}): Promise<void> {
  await loadEngine(options.wasm);
}
