import { expect, it } from "vitest";
import { fakeIo, runMain } from "./run-cli.ts";

it("explains a finding, and a cause that findings only name as a rival", async () => {
  for (const [id, words] of [
    ["pasv-port-wrong", "control port"],
    ["PASV-LB-OTHER-BACKEND", "load balancer"],
  ] as const) {
    const { code, stdout } = await runMain(["explain", id], fakeIo());
    expect(code).toBe(0);
    expect(stdout).toContain(id.toLowerCase());
    expect(stdout).toContain(words);
  }
});
