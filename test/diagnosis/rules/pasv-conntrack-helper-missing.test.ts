import { describe, expect, it } from "vitest";
import { type EvidenceBuilder, probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-conntrack-helper-missing";
const FOUR = "203.0.113.5";
const SIX = "2001:db8:2::5";

/** Both addresses offer ports of one range, one after the other; a sweep of each follows. */
function offers(probe: EvidenceBuilder, address: string, dial: "connected" | "timed-out" | "refused"): EvidenceBuilder {
  const sketch = (port: number) =>
    ({ names: `${address.includes(":") ? `[${address}]` : address}:${port}`, dial }) as const;
  return probe
    .at(address)
    .control()
    .login()
    .offers("epsv", "one-by-one", [sketch(40_004), sketch(40_017), sketch(40_031)]);
}

const dual = (six: "connected" | "timed-out" | "refused") =>
  offers(offers(probeOf(FOUR, SIX), FOUR, "connected"), SIX, six);

describe(ID, () => {
  it("fires where a helper opens ports at one address and nobody does at the other", () => {
    const probe = dual("timed-out").at(FOUR).sweep(["40000-40050 filtered"]).at(SIX).sweep(["40000-40050 filtered"]);
    const report = expectCauses(probe, [ID]);
    const finding = findingOf(report, ID);
    expect(finding).toMatchObject({ severity: "warning", confidence: "likely", at: "server-firewall" });
    expect(finding.summary).toContain("over IPv4, and none over IPv6");
    expect(finding.remedies.some(({ text }) => text.includes("ct helper"))).toBe(true);
    for (const general of ["ipv6-data-blocked", "pasv-range-partly-open"]) {
      expect(checkOf(report, general).note).toBe(`covered by ${ID}`);
    }
  });

  it("does not fire where the ports are open at the other address whether offered or not", () => {
    const probe = dual("timed-out").at(FOUR).sweep(["40000-40050 closed"]).at(SIX).sweep(["40000-40050 filtered"]);
    const report = expectCauses(probe, ["ipv6-data-blocked"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });

  it("does not fire where a helper is at work at both", () => {
    const probe = dual("connected").at(FOUR).sweep(["40000-40050 filtered"]).at(SIX).sweep(["40000-40050 filtered"]);
    expect(checkOf(expectCauses(probe, ["pasv-range-partly-open"]), ID).status).toBe("absent");
  });

  it("cannot tell by offers alone, or at one address, and is named as what else it may be", () => {
    const report = expectCauses(dual("timed-out"), ["ipv6-data-blocked"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
    expect(findingOf(report, "ipv6-data-blocked").rivals.map(({ cause }) => cause)).toContain(ID);
    const alone = offers(probeOf(FOUR), FOUR, "timed-out").sweep(["40000-40050 filtered"]);
    expect(checkOf(expectCauses(alone, ["pasv-ports-filtered"]), ID).status).toBe("undetermined");
  });

  it("cannot tell where no port was dialled, and is absent where all opened", () => {
    expect(checkOf(expectCauses(probeOf(FOUR).control(), []), ID).status).toBe("undetermined");
    expect(checkOf(expectCauses(probeOf(FOUR).control().login().works("epsv"), []), ID).status).toBe("absent");
  });
});
