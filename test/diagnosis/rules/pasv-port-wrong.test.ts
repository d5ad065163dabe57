import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-port-wrong";
const CONTROL = {
  names: "203.0.113.5:21",
  transfer: { replies: [], outcome: "timed-out", data: "timed-out", bytes: 40 },
} as const;

describe(ID, () => {
  it("fires where the control port is named, whatever came of the transfer", () => {
    for (const transfer of [
      CONTROL.transfer,
      { ...CONTROL.transfer, bytes: 0 },
      { replies: ["425 Nobody called."], data: "closed", bytes: 0 },
    ] as const) {
      const wrong = { ...CONTROL, transfer };
      const report = expectCauses(probeOf("203.0.113.5").passive("epsv", wrong).passive("pasv", wrong), [ID]);
      expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "certain", at: "server-config" });
    }
  });

  it("does not fire for another port, nor where the server does serve its data there", () => {
    const other = { ...CONTROL, names: "203.0.113.5:2121" };
    const report = expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", other), ["data-pmtu-blackhole"]);
    expect(checkOf(report, ID).status).toBe("absent");
    expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", { names: "203.0.113.5:21" }), []);
  });

  it("fires where a refused offer listens beside itself", () => {
    const refused = { names: "203.0.113.5:40001", dial: "refused" } as const;
    for (const [listens, way, confidence] of [
      [16_796, "swapped", "certain"],
      [40_002, "above", "likely"],
      [40_000, "below", "likely"],
    ] as const) {
      const report = expectCauses(
        probeOf("203.0.113.5")
          .passive("epsv", refused)
          .passive("pasv", refused)
          .otherPorts("near-offer", { [listens]: "connected", 40009: "refused" }),
        [ID],
      );
      expect(findingOf(report, ID)).toMatchObject({ confidence, severity: "error", args: { listens, way } });
      expect(checkOf(report, "pasv-ports-refused").note).toBe(`covered by ${ID}`);
    }
  });

  it("does not fire where nothing near listens, another port does, or the host accepts everything", () => {
    const refused = { names: "203.0.113.5:40001", dial: "refused" } as const;
    const probe = () => probeOf("203.0.113.5").passive("epsv", refused).passive("pasv", refused);
    const general = ["pasv-ports-refused"];
    expectCauses(probe().otherPorts("near-offer", { 40000: "refused", 40002: "refused" }), general);
    expectCauses(probe().otherPorts("near-offer", { 40100: "connected" }), general);
    expectCauses(
      probe().otherPorts("near-offer", { 40002: "connected" }).otherPorts("tarpit-control", { 1871: "connected" }),
      general,
    );
  });

  it("fires where PASV's ports are EPSV's with their bytes swapped", () => {
    const at = (ports: readonly number[], dial: "refused" | "connected") =>
      ports.map((port) => ({ names: `203.0.113.5:${port}`, dial }));
    const probe = (ports: readonly number[]) =>
      probeOf("203.0.113.5")
        .passive("epsv", { names: "203.0.113.5:40000" })
        .offers("epsv", "one-by-one", at([40003, 40005, 40007], "connected"))
        .passive("pasv", { names: `203.0.113.5:${ports[0]}`, dial: "refused" })
        .offers("pasv", "one-by-one", at(ports.slice(1), "refused"));
    const report = expectCauses(probe([16_796, 17_052, 17_564, 18_076]), [ID]);
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "certain",
      args: { listens: 40001 },
    });
    expectCauses(probe([16_796, 17_053, 17_564, 18_076]), ["pasv-range-partly-open"]);
  });

  it("fires where one mode names a port that refuses each time, and each of the other's opens", () => {
    const stale = { names: "203.0.113.5:40050", dial: "refused" } as const;
    const report = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .passive("pasv", stale)
        .offers("pasv", "one-by-one", [stale, stale, stale, stale])
        .offers("epsv", "one-by-one", [{}, {}, {}, {}]),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "likely", at: "unknown" });
    expect(findingOf(report, ID).summary).toContain("Every port that PASV names is refused");
    expect(findingOf(report, ID).explanation).toContain("named port 40050 each time");
  });

  it("leaves a border between numbers to the range", () => {
    const closed = (port: number) => ({ names: `203.0.113.5:${port}`, dial: "refused" }) as const;
    expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .passive("pasv", closed(40_100))
        .offers("pasv", "one-by-one", [40_101, 40_102, 40_103, 40_104].map(closed))
        .offers("epsv", "one-by-one", [{}, {}, {}, {}]),
      ["pasv-range-partly-open"],
    );
  });

  it("cannot tell where no port was offered", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });
});
