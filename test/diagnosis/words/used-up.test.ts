import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { probeOf } from "../../support/evidence.ts";

/** EPSV works, and PASV was stopped at 28 s; every answer before took so long. */
function stoppedAt(answerMs: number) {
  const evidence = probeOf("203.0.113.5")
    .control()
    .identify(["EPSV"], "215 UNIX", undefined, answerMs)
    .login()
    .works("epsv", "eprt", "port")
    .passive("pasv", { reply: null, outcome: "cancelled" })
    .build();
  for (const record of evidence.experiments) {
    if (record.experiment === "login") for (const exchange of record.exchanges) exchange.ms = answerMs;
    if (record.experiment === "active" && record.exchange !== null) record.exchange.ms = answerMs + 500;
    if (record.experiment !== "passive") continue;
    if (record.mode === "epsv" && record.offer !== null) record.offer.exchange.ms = answerMs;
    if (record.mode !== "pasv") continue;
    Object.assign(record, { status: "cancelled", startedMs: 20_000, durationMs: 8_000 });
  }
  return evidence;
}

describe("the time for one address", () => {
  it("is named where it ended an attempt, with the option that gives more of it and how slow the server is", () => {
    const report = diagnose(stoppedAt(1_500));
    expect(report.verdict).toBe("healthy");
    expect(report.summary).toBe(
      "FTP to ftp.example.com works: EPSV, EPRT and PORT. The server is extremely slow: its answers took 1.5 s to 2 s. PASV was stopped after 28 s, when the time for one address was used up; --timeout 120 gives it more.",
    );
    expect(report.next.map(({ command }) => command)).toEqual(["ftp-doctor ftp.example.com --timeout 120"]);
  });

  it("says nothing of the pace of a server that answers quickly", () => {
    expect(diagnose(stoppedAt(15)).summary).not.toContain("slow");
  });

  it("is not what ended a run that was interrupted", () => {
    const evidence = { ...stoppedAt(15), complete: false };
    expect(diagnose(evidence).summary).not.toContain("--timeout");
  });

  it("is no word worth where every attempt came to its end", () => {
    const report = diagnose(probeOf("203.0.113.5").works("epsv", "pasv", "eprt", "port").build());
    expect(report.summary).not.toContain("--timeout");
    expect(report.next).toEqual([]);
  });
});
