import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  cacheDir: here("../../.cache/vitest-mesh"),
  test: {
    include: ["**/*.test.ts"],
    pool: "forks",
    // One browser at a time: what is measured here is how long tabs take.
    maxWorkers: 1,
    testTimeout: 40_000,
    hookTimeout: 60_000,
  },
});
