// Versions that must agree with each other, in one place.

/** The lowest Node that runs these scripts, the demo's bundler and the tests. */
export const nodeLowest = "20.19.0";

/** Cargo.toml says the same as `rust-version`. */
export const rustLowest = "1.88.0";

export const wasmTarget = "wasm32-unknown-unknown";

/**
 * Command line tools written in Rust. `locked` is off where the lock file inside the crate names
 * a version that registries no longer serve. `probe` prints the version, `binaries` must all exist.
 */
export const rustTools = {
  wasmBindgen: {
    name: "wasm-bindgen-cli",
    // Must be the version of the crate `wasm-bindgen` in Cargo.toml.
    version: "0.2.130",
    probe: "wasm-bindgen",
    binaries: ["wasm-bindgen", "wasm-bindgen-test-runner"],
    locked: false,
  },
  wasmPack: {
    name: "wasm-pack",
    version: "0.15.1",
    probe: "wasm-pack",
    binaries: ["wasm-pack"],
    locked: true,
  },
};

/** What `npm run fuzz` needs besides, and nothing else does. */
export const fuzzTool = {
  name: "cargo-fuzz",
  version: "0.13.2",
  probe: "cargo-fuzz",
  binaries: ["cargo-fuzz"],
  locked: true,
};
