import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "test/lab/**/*.test.mjs"],
    exclude: ["test/bench/**", "node_modules/**"],
    testTimeout: 20_000,
  },
});
