import { expect, test } from "vitest";

test("loading the engine is tried again after a failure, and done once after a success", async () => {
  const { init } = await import("tabweave");
  const broken = init({ wasm: new Uint8Array([0, 1, 2, 3]) });
  await expect(broken).rejects.toMatchObject({ code: "wasm_unavailable", retryable: true });
  // Now from the chunk of the package itself: base64, gunzipped on the way.
  await init();
  // What is loaded stays; a second source is not even looked at.
  await init({ wasm: new Uint8Array([0]) });
});
