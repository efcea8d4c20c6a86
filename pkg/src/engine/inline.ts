import base64 from "../wasm-inline.js";

/** The module as a chunk of this package: it needs no configuration of any bundler. */
export function inlineWasm(): Response {
  const gzip = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const body = new Blob([gzip]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(body, { headers: { "Content-Type": "application/wasm" } });
}
