import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "test/lab/**/*.test.mjs"],
    exclude: ["test/bench/**", "node_modules/**"],
    testTimeout: 60_000,
    // No test changes what another one imports; loading all rules anew for each file took ten times as long as judging with them.
    isolate: false,
    // Many tests wait for processes and sockets: one worker more than the two cores of the smallest machine.
    maxWorkers: 3,
  },
});
