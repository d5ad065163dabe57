import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-ports-filtered";

describe(ID, () => {
  it("fires where every port offered fails so", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .works("eprt", "port")
        .passive("epsv", { dial: "timed-out" })
        .passive("pasv", { dial: "timed-out" }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "likely", at: "server-firewall" });
    expect(findingOf(report, ID).args["ports"]).toEqual([40000, 40001]);
    expect(findingOf(report, ID).rivals.map(({ cause }) => cause)).toContain("pasv-client-egress-blocked");
    expect(findingOf(report, ID).rivals.every(({ toTellApart }) => toTellApart !== "")).toBe(true);
    expect(report.next.length).toBeGreaterThan(0);
    expect(report.verdict).toBe("broken");
  });

  it("stands beside a private address, which is a fault of its own", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .passive("epsv", { dial: "timed-out" })
        .passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out", peer: "timed-out" }),
      ["pasv-private-address", ID],
    );
    expect(report.findings.map(({ severity }) => severity)).toEqual(["error", "error"]);
  });

  it("does not fire where a private address fails but the peer's own answers", () => {
    expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out" }), [
      "pasv-private-address",
    ]);
  });

  it("does not fire where the ports fail in another way", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").passive("epsv", { dial: "refused" }).passive("pasv", { dial: "refused" }),
      ["pasv-ports-refused"],
    );
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("does not take a cancelled dial for an answer", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .interrupted()
        .passive("epsv", { dial: "cancelled" })
        .passive("pasv", { dial: "cancelled" }),
      [],
    );
    expect(checkOf(report, ID).status).toBe("undetermined");
    expect(report.verdict).toBe("undetermined");
  });

  it("does not apply where passive mode was not to be tried", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .policy({ modes: ["port"] })
        .works("port"),
      [],
    );
    expect(checkOf(report, ID).status).toBe("not-applicable");
    expect(report.verdict).toBe("healthy");
  });
});
