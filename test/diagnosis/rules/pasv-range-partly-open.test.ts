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

  it("is certain after many offers, and names the border", () => {
    const side = (ports: readonly number[], dial: "refused" | "timed-out") =>
      ports.map((port) => ({ names: `203.0.113.5:${port}`, dial }));
    const report = expectCauses(
      probeOf("203.0.113.5")
        .passive("epsv", { names: "203.0.113.5:50400", dial: "timed-out" })
        .passive("pasv", { names: "203.0.113.5:49500" })
        // Side by side each offer ends the listener before it: what refuses can be reached.
        .offers("epsv", "side-by-side", [
          ...side([49160, 49800, 49300, 49990, 49700], "refused"),
          ...side([50100, 51000, 50010, 50700, 50999], "timed-out"),
        ]),
      [ID],
    );
    const finding = findingOf(report, ID);
    expect(finding).toMatchObject({ severity: "warning", confidence: "certain", rivals: [] });
    expect(finding.explanation).toContain("up to 49990 they open, from 50010 on they do not");
    expect(report.ports).toMatchObject({ observed: { min: 49160, max: 51000 } });
    expect(report.ports.offered).toHaveLength(12);
  });

  it("finds a hole in the range", () => {
    const all = [40001, 40002, 40003, 40011, 40012, 40013, 40021, 40022, 40023];
    const report = expectCauses(
      probeOf("203.0.113.5")
        .offers(
          "epsv",
          "one-by-one",
          all.map((port) => ({
            names: `203.0.113.5:${port}`,
            dial: port < 40014 && port > 40010 ? "timed-out" : "connected",
          })),
        )
        .works("epsv"),
      [ID],
    );
    expect(findingOf(report, ID).explanation).toContain("those from 40011 to 40013 do not open");
  });

  it("names the service that a single closed port is known for", () => {
    const ports = [5057, 5058, 5059, 5060, 5061, 5062, 5063];
    const offers = ports.map((port) => ({
      names: `203.0.113.5:${port}`,
      dial: port === 5060 ? ("timed-out" as const) : ("connected" as const),
    }));
    const report = expectCauses(probeOf("203.0.113.5").offers("epsv", "one-by-one", offers).works("epsv"), [ID]);
    expect(findingOf(report, ID).explanation).toContain("5060 is known for SIP (telephony)");
    // A port like any other is known for nothing.
    const plain = offers.map((offer) => ({ ...offer, names: offer.names.replace(":50", ":40") }));
    const other = expectCauses(probeOf("203.0.113.5").offers("epsv", "one-by-one", plain).works("epsv"), [ID]);
    expect(findingOf(other, ID).explanation).not.toContain("known for");
  });

  it("does not mind a port that was dialled several times at once and took only the first", () => {
    const at = (port: number, dial: "connected" | "refused" | "timed-out") => ({ names: `203.0.113.5:${port}`, dial });
    const report = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .offers("epsv", "side-by-side", [
          ...[40001, 40003, 40000].map((port) => at(port, "refused")),
          at(40002, "timed-out"),
          at(40000, "connected"),
          at(40000, "timed-out"),
        ]),
      [ID],
    );
    expect(findingOf(report, ID).args).toMatchObject({ open: [40000, 40001, 40003], closed: [40002] });
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
