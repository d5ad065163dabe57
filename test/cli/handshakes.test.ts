import { describe, expect, it } from "vitest";
import type { Report, Run } from "../../src/model/report.ts";
import { type TlsServer, type TlsServerSettings, tlsServer } from "../experiments/tls-server.ts";
import { startCli } from "./run-cli.ts";

/** Handshakes that nobody answers, and the command behind which the client waits for one. */
const HUNG: [name: string, settings: TlsServerSettings, begins: string][] = [
  ["control", { inPlaceOfTls: null }, "AUTH TLS"],
  ["data", { deafToData: true }, "LIST"],
];

function probing(server: TlsServer, ...args: string[]) {
  const target = `ftpes://127.0.0.1:${server.port}`;
  return startCli([target, "--modes", "epsv", "--format", "json", ...args]);
}

function reportOf(stdout: string): Report | undefined {
  return (JSON.parse(stdout) as Run).reports[0];
}

describe.each(HUNG)("a handshake on a %s connection that hangs", (name, settings, begins) => {
  it("is left at Ctrl+C: what is known is printed, and the program ends with 130", async () => {
    const server = await tlsServer(settings);
    const child = probing(server, "--timeout", "60");
    await expect.poll(() => server.commands, { timeout: 20_000 }).toContain(begins);
    const sent = performance.now();
    child.kill("SIGINT");
    const { code, stdout } = await child.ended;
    expect(performance.now() - sent).toBeLessThan(5_000);
    expect(code).toBe(130);
    const report = reportOf(stdout);
    expect(report).toMatchObject({ complete: false, verdict: "undetermined", control: [{ outcome: "ready" }] });
    // A stop is no silence: no finding may be made of it.
    expect(report?.findings.filter(({ id }) => /handshake|silent|filtered/.test(id))).toEqual([]);
    expect(report?.evidence.experiments.map(({ experiment }) => experiment)).toContain(
      name === "control" ? "secure" : "passive",
    );
  });

  it("ends with its own limit", async () => {
    const server = await tlsServer(settings);
    const { code, stdout } = await probing(server, "--timeout", "1").ended;
    const report = reportOf(stdout);
    expect(code).toBe(2);
    expect(report).toMatchObject({ complete: true, verdict: "broken" });
    expect(report?.findings.map(({ id }) => id)).toContain(
      name === "control" ? "tls-handshake-stall" : "data-tls-handshake-blocked",
    );
    expect(report?.durationMs).toBeLessThan(30_000);
    const handshakes = (report?.evidence.experiments ?? []).flatMap((record) =>
      record.experiment === "secure"
        ? [record.handshake]
        : "transfer" in record
          ? [record.transfer?.tls?.handshake]
          : [],
    );
    const silent = handshakes.flatMap((each) => (each?.outcome === "timed-out" ? [each] : []));
    expect(silent.length).toBeGreaterThan(0);
    // How soon a limit that has passed is noticed depends on the machine; which limit it was does not.
    for (const { limitMs } of silent) expect(limitMs).toBeLessThanOrEqual(1_000);
  }, 60_000);
});
