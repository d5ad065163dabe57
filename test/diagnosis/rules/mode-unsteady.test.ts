import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import type { Evidence, PolicyRecord } from "../../../src/model/evidence.ts";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, findingOf } from "../../support/findings.ts";
import { repeated } from "../../support/rounds.ts";

const ID = "mode-unsteady";
const PEER = "203.0.113.5";

/** A round in which EPSV works, or its port is silent. */
const good = (greeting = "220 Welcome.") => probeOf(PEER).control({ greeting }).works("epsv");
const bad = (greeting = "220 Welcome.") => probeOf(PEER).control({ greeting }).passive("epsv", { dial: "timed-out" });

/** A round in which the server calls, or does not. */
const called = (policy: Partial<PolicyRecord> = {}) => probeOf(PEER).policy(policy).works("epsv", "eprt");
const uncalled = () => probeOf(PEER).works("epsv").active("eprt", { accept: "timed-out" });

function judged(evidence: Evidence) {
  const report = diagnose(evidence);
  return { report, status: checkOf(report, ID).status };
}

describe(ID, () => {
  it("fires where a mode works in some rounds and not in others", () => {
    const { report } = judged(repeated(good(), bad(), good(), bad()));
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "likely",
      at: "unknown",
      args: { works: 2, of: 4, facet: null, modes: ["epsv"] },
    });
    expect(report.verdict).toBe("degraded");
  });

  it("does not fire where every round is alike, be it good or bad", () => {
    expect(judged(repeated(good(), good(), good())).status).toBe("absent");
    expect(judged(repeated(bad(), bad(), bad())).status).toBe("absent");
  });

  it("counts no round that was stopped", () => {
    expect(judged(repeated(good(), good(), [probeOf(PEER).control(), "cancelled"])).status).toBe("absent");
  });

  it("has nothing to say of one round", () => {
    expect(judged(good().build()).status).toBe("not-applicable");
  });

  it("names the machine by what it greets with, and is certain where two rounds on either side agree", () => {
    const [a, b] = ["220 ftp-a ready", "220 ftp-b ready"];
    const finding = findingOf(judged(repeated(good(a), bad(b), good(a), bad(b))).report, ID);
    expect(finding).toMatchObject({ confidence: "certain", at: "server-host", args: { facet: "greeting" } });
    expect(finding.args).toMatchObject({ bad: [b], good: [a] });
    expect(findingOf(judged(repeated(good(a), bad(b), good(a))).report, ID).confidence).toBe("likely");
  });

  it("is worth knowing and no more where only the server's calls fail now and then, and nobody requires them", () => {
    const { report } = judged(repeated(called(), uncalled(), called(), uncalled()));
    expect(findingOf(report, ID).severity).toBe("notice");
    expect(report.verdict).toBe("healthy");
  });

  it("is a warning where they are required", () => {
    const { report } = judged(repeated(called({ required: ["active"] }), uncalled(), called(), uncalled()));
    expect(findingOf(report, ID).severity).toBe("warning");
    expect(report.verdict).toBe("degraded");
  });
});
