import { expect, test } from "vitest";
import { diagnose, parseTarget, probe } from "../../src/index.ts";
import type { Run } from "../../src/model/report.ts";
import { formatNames, reporters } from "../../src/reporters/index.ts";
import { credentials, stage } from "../experiments/stage.ts";
import { identity, pem, ROOTS } from "../support/tls-fixtures.ts";

const OPTIONS = { color: false, width: 80, verbose: true, quiet: false, clients: true };

async function outputs(name: string, options: Parameters<typeof probe>[1]): Promise<Record<string, string>> {
  const { simulator, client } = stage();
  await simulator([], { tls: identity(name) });
  const target = parseTarget("203.0.113.5");
  if (!target.ok) throw new Error("a bad target");
  const report = diagnose(await probe(target.target, options, {}, client.machine));
  const { startedAt, durationMs, verdict } = report;
  const tool = { name: "ftp-doctor", version: "0" } as Run["tool"];
  const run: Run = { runVersion: 1, tool, startedAt, durationMs, verdict, reports: [report] };
  return Object.fromEntries(formatNames.map((format) => [format, reporters[format].render(run, OPTIONS)]));
}

test("passwords, keys and certificates in full are in no output of a run under TLS", async () => {
  const secret = credentials().password;
  const all = await outputs("server", { ...credentials(), extraRoots: ROOTS });
  const body = (text: string) => text.split("\n")[1] ?? "nothing";
  for (const [format, text] of Object.entries(all)) {
    expect({ format, secret: text.includes(secret.reveal()) }).toEqual({ format, secret: false });
    for (const file of ["server.key", "server.pem", "root.pem"]) expect(text).not.toContain(body(pem(file)));
    expect(text).not.toMatch(/BEGIN [A-Z ]*(?:KEY|CERTIFICATE)/);
  }
  expect(all["table"]).toContain("verified with Node's roots and --ca-file");
});

test("hostile text of a certificate reaches no terminal", async () => {
  const all = await outputs("hostile", {});
  for (const [format, text] of Object.entries(all)) {
    expect({ format, bad: /[^\P{C}\n]|[\u2028\u2029]/u.test(text) }).toEqual({ format, bad: false });
  }
  expect(all["table"]).toMatch(/Cert {6}\\x1b\[31mred\.example\.com/);
});
