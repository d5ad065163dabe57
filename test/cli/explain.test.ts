import { expect, it } from "vitest";
import { fakeIo, runMain } from "./run-cli.ts";

it("explains a finding, and causes that no rule looks for", async () => {
  for (const [id, words] of [
    ["pasv-port-wrong", "control port"],
    ["DATA-TLS-ALG-BLIND", "TLSMasqueradeAddress"],
    ["client-ftp-exe-no-passive", "log shows it"],
  ] as const) {
    const { code, stdout } = await runMain(["explain", id], fakeIo());
    expect(code).toBe(0);
    expect(stdout).toContain(id.toLowerCase());
    expect(stdout).toContain(words);
  }
});

it("lists what no rule looks for under the reason why", async () => {
  const { stdout } = await runMain(["explain"], fakeIo());
  const [rulesPart = "", ...others] = stdout.split(/^Not looked for/m);
  expect(rulesPart).toContain("pasv-private-address");
  expect(others.length).toBeGreaterThan(1);
  expect(others.find((part) => part.includes("pasv-nonstandard-control-port"))).toContain("as another possible cause");
  expect(others.find((part) => part.includes("transfer-before-pasv"))).toContain("log of the client");
});

it.each([
  [["explain", ""], "the id is empty; ftp-doctor explain lists the findings"],
  [["render", ""], "the name of the file is empty; ftp-doctor render FILE --format NAME"],
  [["diagnose", ""], "the name of a file is empty; ftp-doctor diagnose FILE..."],
  [["simulate", ""], "the name of a fault is empty; ftp-doctor simulate --list shows them"],
] as const)("%j: an empty word is told of in one line, and not as an option", async (words, line) => {
  const { code, stdout, stderr } = await runMain([...words], fakeIo());
  expect([code, stdout, stderr]).toEqual([3, "", `ftp-doctor: ${line}\n`]);
});
