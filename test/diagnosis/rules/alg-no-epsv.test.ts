import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "alg-no-epsv";

describe(ID, () => {
  it("fires where PASV's port opens and EPSV's is silent; one port each makes it possible", () => {
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", { dial: "timed-out" }).works("pasv"), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "possible", at: "middlebox" });
    expect(checkOf(report, "pasv-range-partly-open").note).toBe(`covered by ${ID}`);
    expect(report.verdict).toBe("degraded");
  });

  it("is likely after several ports", () => {
    const probe = probeOf("203.0.113.5");
    for (let offer = 0; offer < 4; offer++) probe.passive("epsv", { dial: "timed-out" }).works("pasv");
    expect(findingOf(expectCauses(probe, [ID]), ID).confidence).toBe("likely");
  });

  it("does not fire where EPSV fails by refusal, or PASV is the one that fails", () => {
    expectCauses(probeOf("203.0.113.5").passive("epsv", { dial: "refused" }).works("pasv"), ["pasv-range-partly-open"]);
    expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", { dial: "timed-out" }), [
      "pasv-range-partly-open",
    ]);
  });

  it("cannot tell where no port was dialled", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });
});
