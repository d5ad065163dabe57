import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ctl-timeout";

describe(ID, () => {
  it("is critical where no other address answers", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "timed-out" }), [ID]);
    expect(report.verdict).toBe("broken");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "critical",
      confidence: "likely",
      evidence: ["control-1"],
      seen: ["203.0.113.5:21 no answer after 3.5 s"],
    });
    expect(findingOf(report, ID).remedies.length).toBeGreaterThan(0);
    expect(findingOf(report, ID).rivals.length).toBeGreaterThan(0);
  });

  it("is a warning beside an address that works, and names the dead one alone", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv").at("203.0.113.6").control({ connect: "timed-out" }),
      [ID],
    );
    expect(report.verdict).toBe("degraded");
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", args: { addresses: ["203.0.113.6"] } });
  });

  it("speaks of two addresses in the plural", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").control({ connect: "timed-out" }).at("203.0.113.6").control({ connect: "timed-out" }),
      [ID],
    );
    expect(findingOf(report, ID).summary).toContain("203.0.113.5:21 and 203.0.113.6:21 ");
  });

  it("leaves a dead IPv6 address beside a good IPv4 one to ipv6-broken-path", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .client({ addresses: ["198.51.100.10", "2001:db8:1::10"] })
        .works("epsv")
        .at("203.0.113.6")
        .control({ connect: "timed-out" })
        .at("2001:db8::5")
        .control({ connect: "timed-out" }),
      [ID, "ipv6-broken-path"],
    );
    expect(findingOf(report, ID).args).toMatchObject({ addresses: ["203.0.113.6"] });
    expect(report.verdict).toBe("degraded");
  });

  it("does not fire for another outcome of the connect, nor where a greeting is missing", () => {
    for (const [probe, id] of [
      [probeOf("203.0.113.5").control({ connect: "unreachable" }), "ctl-unreachable"],
      [probeOf("203.0.113.5").control({ greeting: null, greetingOutcome: "timed-out" }), "ctl-no-banner"],
    ] as const) {
      expect(checkOf(expectCauses(probe, [id]), ID).status).toBe("absent");
    }
  });

  it("cannot tell where the run was stopped before", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").interrupted().control({ connect: "cancelled", status: "cancelled" }),
      [],
    );
    expect(checkOf(report, ID).status).toBe("undetermined");
    expect(report.verdict).toBe("undetermined");
  });
});
