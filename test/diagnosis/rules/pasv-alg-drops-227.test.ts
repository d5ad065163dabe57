import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-alg-drops-227";

describe(ID, () => {
  it("fires where PASV gets no reply and EPSV works", () => {
    const report = expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", { reply: null }), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "likely", at: "middlebox" });
    expect(report.verdict).toBe("degraded");
  });

  it("does not fire where neither is answered", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").passive("epsv", { reply: null }).passive("pasv", { reply: null }),
      [],
    );
    expect(checkOf(report, ID).status).toBe("absent");
    expect(report.verdict).toBe("broken");
  });

  it("does not take a cancelled command for silence", () => {
    expectCauses(
      probeOf("203.0.113.5").interrupted().works("epsv").passive("pasv", { reply: null, outcome: "cancelled" }),
      [],
    );
  });

  it("cannot tell where nothing was asked", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });
});
