import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/model/failure.ts";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

/** The three rules on passive ports that do not open, and the outcome of the dial that each reads. */
const SIBLINGS: readonly (readonly [id: string, dial: Outcome])[] = [
  ["pasv-ports-filtered", "timed-out"],
  ["pasv-ports-refused", "refused"],
  ["pasv-ports-rejected", "unreachable"],
];

describe.each(SIBLINGS)("%s", (ID, dial) => {
  it("fires where every port offered fails so", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("eprt", "port").passive("epsv", { dial }).passive("pasv", { dial }),
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
        .passive("epsv", { dial })
        .passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out", peer: dial }),
      // Behind a NAT that has shown itself, a refusal is the router's own.
      ["pasv-private-address", ID === "pasv-ports-refused" ? "pasv-ports-not-forwarded" : ID],
    );
    expect(report.findings.map(({ severity }) => severity)).toEqual(["error", "error"]);
  });

  it("counts the ports of repeated offers", () => {
    const order = dial === "refused" ? "one-by-one" : "side-by-side";
    const report = expectCauses(
      probeOf("203.0.113.5")
        .passive("epsv", { dial })
        .passive("pasv", { dial })
        .offers(
          "epsv",
          order,
          Array.from({ length: 10 }, () => ({ dial })),
        ),
      [ID],
    );
    expect(findingOf(report, ID).summary).toContain("ports (12 of them, from 40000 to 40011)");
    expect(findingOf(report, ID).evidence).toEqual(["passive-1", "passive-2", "offers-1"]);
    expect(findingOf(report, ID).confidence).toBe("likely");
  });

  it("names the firewall's helper beside it where the server runs on Linux, on another port too", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .control({ greeting: "220 (vsFTPd 3.0.3)" })
        .target({ port: 2121 })
        .passive("epsv", { dial })
        .passive("pasv", { dial }),
      [ID],
    );
    const rivals = findingOf(report, ID).rivals.map(({ cause }) => cause);
    expect(rivals).toEqual(expect.arrayContaining(["pasv-nonstandard-control-port", "pasv-conntrack-helper-missing"]));
  });

  it("does not fire where a private address fails but the peer's own answers", () => {
    expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", { names: "10.0.0.2:40003", dial }), [
      "pasv-private-address",
    ]);
  });

  it.each(SIBLINGS.filter(([other]) => other !== ID))("leaves the field to %s", (other, itsDial) => {
    const report = expectCauses(
      probeOf("203.0.113.5").passive("epsv", { dial: itsDial }).passive("pasv", { dial: itsDial }),
      [other],
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

  it("takes refused offers for rejected ones where a sweep met ICMP errors on the same ports", () => {
    const refused = () =>
      probeOf("203.0.113.5").offers("epsv", "one-by-one", [
        { dial: "refused", names: "203.0.113.5:40003" },
        { dial: "refused", names: "203.0.113.5:40040" },
      ]);
    expectCauses(refused().sweep(["40000-40050 rejected"], { 2222: "closed" }), ["pasv-ports-rejected"]);
    expectCauses(refused().sweep(["40000-40050 closed"], { 2222: "closed" }), ["pasv-ports-refused"]);
    // What is refused elsewhere is told apart by nothing.
    expectCauses(refused().sweep(["30000-30050 rejected"], { 2222: "closed" }), [
      "pasv-ports-refused",
      "pasv-ports-rejected",
    ]);
  });
});
