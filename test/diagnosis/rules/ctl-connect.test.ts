import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/model/failure.ts";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

/** The three rules on a control port that cannot be connected to, what each reads, and the line that proves it. */
const SIBLINGS: readonly { id: string; connect: Outcome; code?: string; seen: string }[] = [
  {
    id: "ctl-refused",
    connect: "refused",
    code: "ECONNREFUSED",
    seen: "203.0.113.5:21 connection refused (ECONNREFUSED) after 11 ms",
  },
  { id: "ctl-timeout", connect: "timed-out", seen: "203.0.113.5:21 no answer after 3.5 s" },
  {
    id: "ctl-unreachable",
    connect: "unreachable",
    code: "EHOSTUNREACH",
    seen: "203.0.113.5:21 no route, or rejected on the way (EHOSTUNREACH) after 11 ms",
  },
];

it("ctl-refused tells its rival apart at the port that was refused", () => {
  const probe = probeOf("203.0.113.5").target({ port: 990 }).control({ connect: "refused" });
  expect(findingOf(expectCauses(probe, ["ctl-refused"]), "ctl-refused").rivals[0]?.toTellApart).toContain(
    "sport = :990",
  );
});

describe.each(SIBLINGS)("$id", ({ id: ID, connect, code, seen }) => {
  it("is critical where no other address answers", () => {
    const report = expectCauses(probeOf("203.0.113.5").control(code === undefined ? { connect } : { connect, code }), [
      ID,
    ]);
    expect(report.verdict).toBe("broken");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "critical",
      confidence: "likely",
      evidence: ["control-1"],
      seen: [seen],
    });
    expect(findingOf(report, ID).remedies.length).toBeGreaterThan(0);
    expect(findingOf(report, ID).rivals.length).toBeGreaterThan(0);
  });

  it("is a warning beside an address that works, and names the dead one alone", () => {
    const report = expectCauses(probeOf("203.0.113.5").works("epsv").at("203.0.113.6").control({ connect }), [ID]);
    expect(report.verdict).toBe("degraded");
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", args: { addresses: ["203.0.113.6"] } });
  });

  it("speaks of two addresses in the plural", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect }).at("203.0.113.6").control({ connect }), [
      ID,
    ]);
    expect(findingOf(report, ID).summary).toContain("203.0.113.5:21 and 203.0.113.6:21 ");
  });

  it("leaves a dead IPv6 address beside a good IPv4 one to ipv6-broken-path", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .client({ addresses: ["198.51.100.10", "2001:db8:1::10"] })
        .works("epsv")
        .at("203.0.113.6")
        .control({ connect })
        .at("2001:db8::5")
        .control({ connect }),
      // A refusal over IPv6 is certain, and so stands before what is only likely.
      connect === "refused" ? ["ipv6-broken-path", ID] : [ID, "ipv6-broken-path"],
    );
    expect(findingOf(report, ID).args).toMatchObject({ addresses: ["203.0.113.6"] });
    expect(report.verdict).toBe("degraded");
  });

  it.each(SIBLINGS.filter(({ id }) => id !== ID))("leaves the field to $id", ({ id, connect: other }) => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: other }), [id]);
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("does not fire where only the greeting is missing", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ greeting: null, greetingOutcome: "timed-out" }), [
      "ctl-no-banner",
    ]);
    expect(checkOf(report, ID).status).toBe("absent");
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

describe("ctl-unreachable", () => {
  const ID = "ctl-unreachable";

  it.each([
    ["203.0.113.5", "EHOSTUNREACH", "server-firewall"],
    ["2001:db8::5", "EACCES", "server-firewall"],
    ["203.0.113.5", "ENETUNREACH", "path"],
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
