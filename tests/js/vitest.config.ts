import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  cacheDir: here("../../.cache/vitest-js"),
  test: {
    include: ["**/*.test.{ts,tsx}"],
    pool: "forks",
    maxWorkers: 2,
    // On a busy machine a backend, or a client that connects again, takes longer than the second that is the default.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    typecheck: { enabled: true, include: ["types/**/*.test-d.{ts,tsx}"], tsconfig: here("tsconfig.json") },
  },
});
