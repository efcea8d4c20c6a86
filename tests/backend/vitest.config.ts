import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  cacheDir: here("../../.cache/vitest-backend"),
  resolve: {
    // The sources, so that these tests need no built package.
    alias: { "tabweave/convex/server": here("../../pkg/src/convex/server/index.ts") },
  },
  test: {
    include: ["**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    // On a busy machine a backend, or a client that connects again, takes longer than the second that is the default.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    typecheck: { enabled: true, include: ["**/*.test-d.ts"], tsconfig: here("tsconfig.json") },
  },
});
