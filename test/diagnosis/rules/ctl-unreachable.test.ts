import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ctl-unreachable";

describe(ID, () => {
  it("is critical where no other address answers", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "unreachable", code: "EHOSTUNREACH" }), [ID]);
    expect(report.verdict).toBe("broken");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "critical",
      confidence: "likely",
      evidence: ["control-1"],
      seen: ["203.0.113.5:21 no route, or rejected on the way (EHOSTUNREACH) after 11 ms"],
    });
    expect(findingOf(report, ID).remedies.length).toBeGreaterThan(0);
    expect(findingOf(report, ID).rivals.length).toBeGreaterThan(0);
  });

  it("is a warning beside an address that works, and names the dead one alone", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv").at("203.0.113.6").control({ connect: "unreachable" }),
      [ID],
    );
    expect(report.verdict).toBe("degraded");
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", args: { addresses: ["203.0.113.6"] } });
  });

  it("speaks of two addresses in the plural", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").control({ connect: "unreachable" }).at("203.0.113.6").control({ connect: "unreachable" }),
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
        .control({ connect: "unreachable" })
        .at("2001:db8::5")
        .control({ connect: "unreachable" }),
      [ID, "ipv6-broken-path"],
    );
    expect(findingOf(report, ID).args).toMatchObject({ addresses: ["203.0.113.6"] });
    expect(report.verdict).toBe("degraded");
  });

  it("does not fire for another outcome of the connect, nor where a greeting is missing", () => {
    for (const [probe, id] of [
      [probeOf("203.0.113.5").control({ connect: "refused" }), "ctl-refused"],
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

  it.each([
    ["203.0.113.5", "EHOSTUNREACH", "server-firewall"],
    ["2001:db8::5", "EACCES", "server-firewall"],
    ["203.0.113.5", "ENETUNREACH", "path"],
    ["203.0.113.5", "EPERM", "client-firewall"],
    ["203.0.113.5", "EACCES", "client-firewall"],
  ])("tells from the error of %s which side said no: %s", (address, code, at) => {
    const report = expectCauses(
      probeOf(address)
        .client({ addresses: ["198.51.100.10", "2001:db8:1::10"] })
        .control({ connect: "unreachable", code }),
      [ID],
    );
    expect(findingOf(report, ID).at).toBe(at);
  });

  it("does not blame the server for a family that this machine does not have", () => {
    for (const addresses of [["198.51.100.10"], ["198.51.100.10", "fe80::1"], ["198.51.100.10", "fd00::10"]]) {
      const beside = expectCauses(
        probeOf("203.0.113.5")
          .client({ addresses })
          .works("epsv")
          .at("2001:db8::5")
          .control({ connect: "unreachable", code: "ENETUNREACH" }),
        [],
      );
      expect(beside.verdict).toBe("healthy");
      expect(checkOf(beside, "ipv6-broken-path").status).not.toBe("present");
    }
    const alone = expectCauses(probeOf("2001:db8::5").control({ connect: "unreachable", code: "ENETUNREACH" }), []);
    expect(alone.verdict).toBe("undetermined");
    expect(checkOf(alone, ID)).toMatchObject({
      status: "undetermined",
      note: "this machine has no way to the address",
    });
    const offline = expectCauses(
      probeOf("203.0.113.5").client({ addresses: [] }).control({ connect: "unreachable", code: "ENETUNREACH" }),
      [],
    );
    expect(offline.verdict).toBe("undetermined");
  });

  it("reads an address that the own stack cannot even try in the same way", () => {
    const report = expectCauses(probeOf("2001:db8::5").control({ connect: "local-error", code: "EADDRNOTAVAIL" }), []);
    expect(report.verdict).toBe("undetermined");
  });
});
