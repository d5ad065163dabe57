import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "tls-ccc-mismatch";
const works = () => probeOf("203.0.113.5").secure().login().works("epsv", "pasv");
const OFFER = "227 Entering Passive Mode (203,0,113,5,156,67).";

describe(ID, () => {
  it("is a notice where the server refuses, and where the conversation breaks", () => {
    for (const [probe, words] of [
      [works().ccc("534 CCC not allowed by policy"), "does not let a client leave TLS"],
      [works().ccc("200 Clearing control channel protection.", "timed-out"), "the conversation breaks"],
      [works().ccc("200 Clearing control channel protection.", "ok", null), "the conversation breaks"],
      [works().ccc("200 Clearing control channel protection.", "ok", "200 Ok", null), "the conversation breaks"],
      [works().ccc(null), "neither agrees to leave TLS on the control connection nor refuses it"],
    ] as const) {
      const report = expectCauses(probe, [ID]);
      expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "certain" });
      expect(findingOf(report, ID).summary).toContain(words);
      expect(report.verdict).toBe("healthy");
    }
  });

  it("is the one finding where the connection ends on the way back to clear text", () => {
    const cut = works().ccc("200 Clearing.", "ok", null, undefined, "closed");
    const report = expectCauses(cut, [ID]);
    expect(checkOf(report, "ctl-closed-mid-session").status).toBe("absent");
    expect(report.verdict).toBe("healthy");
  });

  it("is absent where it works, also without close_notify", () => {
    for (const left of ["ok", "timed-out"] as const) {
      const report = expectCauses(works().ccc("200 Clearing.", left, "200 Ok", OFFER), []);
      expect(checkOf(report, ID).status).toBe("absent");
    }
  });

  it("does not arise where it was not asked for", () => {
    expect(checkOf(expectCauses(works(), []), ID).status).toBe("not-applicable");
  });
});
