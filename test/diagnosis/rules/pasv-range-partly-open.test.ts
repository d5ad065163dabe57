import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-range-partly-open";

describe(ID, () => {
  it("fires where ports above a border fail", () => {
    const probe = probeOf("203.0.113.5");
    for (const port of [40001, 40002, 40003]) probe.passive("epsv", { names: `203.0.113.5:${port}` });
    for (const port of [40051, 40052, 40053])
      probe.passive("pasv", { names: `203.0.113.5:${port}`, dial: "timed-out" });
    const report = expectCauses(probe, [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "likely", at: "server-firewall" });
    expect(findingOf(report, ID).args).toMatchObject({ open: [40001, 40002, 40003], closed: [40051, 40052, 40053] });
  });

  it("does not fire where all ports open, or none", () => {
    expectCauses(probeOf("203.0.113.5").works("epsv", "pasv"), []);
    expectCauses(probeOf("203.0.113.5").passive("epsv", { dial: "timed-out" }).passive("pasv", { dial: "timed-out" }), [
      "pasv-ports-filtered",
    ]);
  });

  it("cannot tell where no port was dialled", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });

  it("does not count a port that was named for another address", () => {
    for (const address of ["255.255.255.255", "224.0.0.1"]) {
      const elsewhere = { names: `${address}:40001`, dial: "unreachable", peer: "refused" } as const;
      expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", elsewhere), ["pasv-wrong-public-address"]);
    }
  });
});
