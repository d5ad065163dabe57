import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import type { ControlRecord, Evidence, PassiveRecord } from "../../../src/model/evidence.ts";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-client-egress-blocked";
const PEER = "203.0.113.5";

/** The same evidence from a server that is further away. */
function farAway(evidence: Evidence, roundTripMs: number): Evidence {
  for (const record of evidence.experiments.filter((made): made is ControlRecord => made.experiment === "control")) {
    record.connect.ms = roundTripMs;
  }
  for (const record of evidence.experiments.filter((made): made is PassiveRecord => made.experiment === "passive")) {
    if (record.offer !== null) record.offer.exchange.ms = roundTripMs + 1;
  }
  return evidence;
}

describe(ID, () => {
  it("is certain where the system itself forbids the connection", () => {
    const forbidden = { dial: "unreachable", code: "EPERM" } as const;
    const report = expectCauses(probeOf(PEER).passive("epsv", forbidden).passive("pasv", forbidden), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "certain", at: "client-firewall" });
    expect(checkOf(report, "pasv-ports-rejected").note).toBe(`covered by ${ID}`);
  });

  it("is likely where the refusal comes sooner than the server could answer", () => {
    for (const dial of ["refused", "unreachable"] as const) {
      const evidence = probeOf(PEER).passive("epsv", { dial }).passive("pasv", { dial }).build();
      const report = diagnose(farAway(evidence, 80));
      expect(report.findings.map(({ id }) => id)).toEqual([ID]);
      expect(findingOf(report, ID)).toMatchObject({ confidence: "likely", args: { roundTripMs: 80, answeredMs: 11 } });
    }
  });

  it("does not fire where the refusal takes as long as the server's answers, nor for silence", () => {
    const refused = probeOf(PEER).passive("epsv", { dial: "refused" }).passive("pasv", { dial: "refused" }).build();
    expect(diagnose(farAway(refused, 14)).findings.map(({ id }) => id)).toEqual(["pasv-ports-refused"]);
    const silent = probeOf(PEER).passive("epsv", { dial: "timed-out" }).passive("pasv", { dial: "timed-out" }).build();
    expect(diagnose(farAway(silent, 80)).findings.map(({ id }) => id)).toEqual(["pasv-ports-filtered"]);
  });

  it("leaves an ICMP error over IPv6 to the network", () => {
    const prohibited = { dial: "unreachable", code: "EACCES" } as const;
    expectCauses(probeOf("2001:db8::5").passive("epsv", prohibited), ["pasv-ports-rejected"]);
  });

  it("cannot tell where no port was dialled", () => {
    expect(checkOf(expectCauses(probeOf(PEER).control(), []), ID).status).toBe("undetermined");
  });
});
