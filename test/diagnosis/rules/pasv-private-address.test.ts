import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-private-address";

describe(ID, () => {
  it("fires where a public server names a private address and the port answers at its public one", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv", "eprt", "port")
        .passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out" }),
      [ID],
    );
    expect(report.verdict).toBe("degraded");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "certain",
      at: "server-config",
      evidence: ["passive-2"],
      seen: [
        "227 Entering Passive Mode (10,0,0,2,156,67).",
        "10.0.0.2:40003 no answer in 3.5 s; the same port at 203.0.113.5: connected in 11 ms",
      ],
    });
  });

  it("is an error where no required mode is left", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .policy({ required: ["pasv"] })
        .works("epsv")
        .passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out" }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("error");
    expect(report.verdict).toBe("broken");
  });

  it("does not fire where the control peer is private too", () => {
    expectCauses(probeOf("10.0.0.9").works("epsv").passive("pasv", { names: "10.0.0.9:40003" }), []);
  });

  it("does not fire for 172.122.x and 100.63.x, which are public", () => {
    for (const address of ["172.122.0.2", "100.63.0.2"]) {
      const report = expectCauses(
        probeOf("203.0.113.5")
          .works("epsv")
          .passive("pasv", { names: `${address}:40003`, dial: "timed-out" }),
        ["pasv-wrong-public-address"],
      );
      expect(checkOf(report, ID).status).toBe("absent");
    }
  });

  it("cannot tell where PASV was never answered with an address", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "connected" }), []);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });

  it("does not apply to a server reached over IPv6 only", () => {
    const report = expectCauses(probeOf("2001:db8::5").works("epsv"), []);
    expect(checkOf(report, ID).status).toBe("not-applicable");
  });
});
