import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "alg-no-epsv";

describe(ID, () => {
  it("fires where PASV's port opens and EPSV's is silent; one port each makes it possible", () => {
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", { dial: "timed-out" }).works("pasv"), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "possible", at: "middlebox" });
    expect(checkOf(report, "pasv-range-partly-open").status).toBe("absent");
    expect(report.verdict).toBe("degraded");
  });

  it("grows surer with the ports, as long as their numbers mix", () => {
    const after = (count: number) => {
      const probe = probeOf("203.0.113.5");
      for (let offer = 0; offer < count; offer++) probe.passive("epsv", { dial: "timed-out" }).works("pasv");
      return findingOf(expectCauses(probe, [ID]), ID).confidence;
    };
    expect([3, 4].map(after)).toEqual(["likely", "certain"]);
  });

  it("reads repeated offers of both modes", () => {
    const silent = [40010, 40030, 40050, 40070, 40090].map((port) => ({
      names: `203.0.113.5:${port}`,
      dial: "timed-out" as const,
    }));
    const open = [40020, 40040, 40060, 40080, 40100].map((port) => ({ names: `203.0.113.5:${port}` }));
    const report = expectCauses(
      probeOf("203.0.113.5")
        .passive("epsv", { names: "203.0.113.5:40011", dial: "timed-out" })
        .works("pasv")
        .offers("epsv", "one-by-one", silent)
        .offers("pasv", "one-by-one", open),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ confidence: "certain", rivals: [], severity: "warning" });
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
