import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-range-partly-open";
const PEER = "203.0.113.5";
const at = (ports: readonly number[], dial: "timed-out" | "connected") =>
  ports.map((port) => ({ names: `${PEER}:${port}`, dial }));

describe(`${ID}, by a sweep`, () => {
  it("is certain, and names the border itself", () => {
    const report = expectCauses(probeOf(PEER).control().sweep(["49152-50000 closed", "50001-65534 filtered"]), [ID]);
    const finding = findingOf(report, ID);
    expect(finding).toMatchObject({ confidence: "certain", at: "server-firewall", rivals: [] });
    expect(finding.summary).toBe(
      "Only a part of the passive ports 49152-65534 can be reached: 49152-50000 answer, above nothing does.",
    );
    expect(finding.args).toMatchObject({ reached: 849, stopped: 15_534, stoppedRanges: ["50001-65534"] });
    expect(finding.seen).toEqual([`${PEER}: 49152-50000 closed and 50001-65534 filtered`]);
    // What is to be opened is the range that was named, and no other.
    expect(JSON.stringify(finding.remedies)).toContain("49152-65534");
    expect(JSON.stringify(finding.remedies)).not.toContain("50000-50100");
  });

  it("names each kind of border", () => {
    const borders: [Parameters<ReturnType<typeof probeOf>["sweep"]>[0], string][] = [
      [["40000-40009 rejected", "40010-40099 closed"], "40010-40099 answer, below a firewall rejects"],
      [
        ["40000-40009 closed", "40010-40019 filtered", "40020-40029 closed"],
        "40010-40019 do not answer, all the others do",
      ],
      [
        ["40000-40009 filtered", "40010-40019 closed", "40020-40029 filtered"],
        "40010-40019 answer, below and above nothing does",
      ],
      [
        ["40000 closed", "40001 filtered", "40002 closed", "40003 filtered"],
        "40001 and 40003 do not answer, all the others do",
      ],
    ];
    for (const [parts, words] of borders) {
      expect(findingOf(expectCauses(probeOf(PEER).control().sweep(parts), [ID]), ID).summary).toContain(words);
    }
  });

  it("names the service that a single closed port is known for", () => {
    const probe = probeOf(PEER).control().sweep(["5000-5059 closed", "5060 filtered", "5061-5100 closed"]);
    expect(findingOf(expectCauses(probe, [ID]), ID).explanation).toContain("5060 is known for SIP (telephony)");
  });

  it("says how many of the offers lie where it is closed", () => {
    const probe = probeOf(PEER)
      .passive("epsv", { names: `${PEER}:40010` })
      .offers("epsv", "one-by-one", [...at([40_001, 40_020], "connected"), ...at([40_077], "timed-out")])
      .sweep(["40000-40049 closed", "40050-40099 filtered"]);
    expect(findingOf(expectCauses(probe, [ID]), ID).explanation).toContain(
      "Of 4 ports that the server offered, 1 lie where it is closed.",
    );
  });

  it("does not fire where every port can be reached, by whatever answers", () => {
    expectCauses(probeOf(PEER).control().sweep(["40000-40098 closed", "40099 open"]), []);
  });

  it("tells a firewall that opens ports as they are offered from a closed range", () => {
    const report = expectCauses(probeOf(PEER).works("epsv", "pasv").sweep(["40000-40099 filtered"]), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", args: { onDemand: true } });
    expect(findingOf(report, ID).summary).toContain("under TLS it cannot read");
    expect(checkOf(report, "pasv-ports-filtered").status).toBe("absent");
  });

  it("knows of no such firewall where offered ports opened only after their SYN was sent again", () => {
    const slow = (ports: readonly number[]) => at(ports, "connected").map((offer) => ({ ...offer, dialMs: 2_010 }));
    const told = (offers: ReturnType<typeof at>) =>
      probeOf(PEER).control().offers("epsv", "one-by-one", offers).sweep(["40000-40099 filtered"]);
    const report = expectCauses(told(slow([40_011, 40_042])), []);
    expect(checkOf(report, "pasv-conntrack-helper-missing").status).not.toBe("present");
    expect(report.summary).not.toMatch(/reads the offer/);
    // One that opened at once shows that the offer opened it.
    const quick = expectCauses(told([...slow([40_011]), ...at([40_042], "connected")]), [ID]);
    expect(findingOf(quick, ID).args).toMatchObject({ onDemand: true });
  });

  it("says nothing of ports that were not tried", () => {
    const report = expectCauses(probeOf(PEER).control().sweep(["40000-40049 closed", "40050-40099 untried"]), []);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });
});

describe("closed ports, by a sweep alone", () => {
  it("are filtered or rejected as a whole", () => {
    for (const [state, id] of [
      ["filtered", "pasv-ports-filtered"],
      ["rejected", "pasv-ports-rejected"],
    ] as const) {
      const finding = findingOf(
        expectCauses(
          probeOf(PEER)
            .control()
            .sweep([`40000-40099 ${state}`]),
          [id],
        ),
        id,
      );
      expect(finding.summary).toContain("ports 40000-40099");
      expect(finding.summary).not.toContain("offers");
      expect(finding.explanation).toContain("every port was tried (100)");
    }
  });

  it("stand beside offers that fail as well", () => {
    const probe = probeOf(PEER)
      .passive("epsv", { names: `${PEER}:40010`, dial: "timed-out" })
      .passive("pasv", { names: `${PEER}:40020`, dial: "timed-out" })
      .sweep(["40000-40099 filtered"]);
    const finding = findingOf(expectCauses(probe, ["pasv-ports-filtered"]), "pasv-ports-filtered");
    expect(finding.explanation).toContain("it offered got no answer");
    expect(finding.explanation).toContain("not one could be reached");
  });

  it("say nothing where the host itself does not answer", () => {
    expectCauses(probeOf(PEER).control({ connect: "timed-out" }).sweep(["40000-40099 filtered"]), ["ctl-timeout"]);
  });
});
