import { describe, expect, it } from "vitest";
import { diagnose, render, runOf } from "../../src/index.ts";
import type { Evidence } from "../../src/model/evidence.ts";
import { probeOf } from "../support/evidence.ts";
import { type RoundSketch, repeated } from "../support/rounds.ts";
import { expectValidReport } from "../support/schema.ts";

const PEER = "203.0.113.5";
const good = (greeting = "220 ftp-a ready") => probeOf(PEER).control({ greeting }).works("epsv");
const bad = (greeting = "220 ftp-a ready") =>
  probeOf(PEER).control({ greeting }).passive("epsv", { dial: "timed-out" });

async function shown(evidence: Evidence): Promise<string> {
  const report = diagnose(evidence);
  expectValidReport(report);
  return render(runOf([report]), "table", { width: 100 });
}

describe("the table of repeated rounds", () => {
  it("has the rate of each mode, and how and when it failed", async () => {
    const text = await shown(repeated(good(), bad(), good(), bad()));
    expect(text).toMatch(/^4 rounds$/m);
    expect(text).toMatch(/^EPSV +2 of 4 +.*blocked \(dial\) in rounds 2 and 4$/m);
    expect(text).not.toContain("changed");
  });

  it("counts rounds where they are many", async () => {
    const others: RoundSketch[] = Array.from({ length: 11 }, () => bad());
    expect(await shown(repeated(good(), ...others))).toMatch(/1 of 12 +.*blocked \(dial\) in 11 rounds$/m);
  });

  it("tells what was not the same in every round, and in which it was seen", async () => {
    const text = await shown(repeated(good(), good("220 ftp-b ready"), good()));
    expect(text).toMatch(/3 of 3/);
    expect(text.replaceAll(/\s+/g, " ")).toContain(
      `the greeting changed (${PEER}): "220 ftp-a ready" in rounds 1 and 3; "220 ftp-b ready" in round 2`,
    );
  });

  it("says how many were asked for where fewer were made", async () => {
    const evidence = repeated(good(), good());
    evidence.policy.repeat = 10;
    expect(await shown(evidence)).toMatch(/^2 of 10 rounds were made$/m);
  });

  it("is not there where nothing was repeated", async () => {
    expect(await shown(good().build())).not.toMatch(/rounds/);
  });
});
