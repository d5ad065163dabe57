import { describe, expect, it } from "vitest";
import { type PassiveSketch, probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-lb-other-backend";
const PEER = "203.0.113.5";
/** Eight ports in the order of their numbers; `x` refuses. */
const mixed = (pattern: string): PassiveSketch[] =>
  [...pattern].map((sign, index) => ({
    names: `${PEER}:${40_100 + index}`,
    dial: sign === "x" ? "refused" : "connected",
  }));

describe(ID, () => {
  it("fires where ports are refused without any order", () => {
    const report = expectCauses(
      probeOf(PEER).passive("epsv", { dial: "refused" }).works("pasv").offers("epsv", "one-by-one", mixed("x.xx..x.")),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "likely",
      at: "server-nat",
      args: { failed: 5, of: 10 },
    });
  });

  it("is certain where two sessions are greeted by two machines", () => {
    const probe = probeOf(PEER).control({ greeting: "220 ftp1.example.com ready at 12:01:07" });
    probe.passive("epsv", { dial: "refused" }).works("pasv").offers("epsv", "one-by-one", mixed("x.xx..x."));
    probe.control({ greeting: "220 ftp2.example.com ready at 12:01:08" });
    const report = expectCauses(probe, [ID]);
    expect(findingOf(report, ID)).toMatchObject({ confidence: "certain", rivals: [] });
    expect(findingOf(report, ID).seen.slice(0, 2)).toEqual([
      "220 ftp1.example.com ready at 12:01:07",
      "220 ftp2.example.com ready at 12:01:08",
    ]);
  });

  it("is certain where two sessions are shown two certificates", () => {
    const under = (fingerprint256: string) => ({ certificates: [{ fingerprint256 }] });
    const probe = probeOf(PEER).secure(under("AA:AA")).login();
    probe.passive("epsv", { dial: "refused" }).works("pasv").offers("epsv", "one-by-one", mixed("x.xx..x."));
    const balanced = findingOf(expectCauses(probe.control().secure(under("BB:BB")), [ID]), ID);
    expect(balanced).toMatchObject({ confidence: "certain", rivals: [] });
    expect(balanced.summary).toContain("sessions are shown different certificates");
    expect(balanced.seen.slice(0, 2)).toEqual([
      "certificate of CN=ftp.example.com, SHA-256 AA:AA...",
      "certificate of CN=ftp.example.com, SHA-256 BB:BB...",
    ]);
  });

  it("does not take a counter or a clock in the greeting for another machine", () => {
    const probe = probeOf(PEER).control({ greeting: "220-Local time is now 12:01.\n220 You are user number 3 of 50" });
    probe.passive("epsv", { dial: "refused" }).works("pasv").offers("epsv", "one-by-one", mixed("x.xx..x."));
    probe.control({ greeting: "220-Local time is now 12:02.\n220 You are user number 4 of 50" });
    expect(findingOf(expectCauses(probe, [ID]), ID).confidence).toBe("likely");
  });

  it("fires where all ports open and some transfers are never heard of", () => {
    const unheard = {
      transfer: { replies: ["425 Failed to establish connection."], data: "closed", bytes: 0 },
    } as const;
    const report = expectCauses(
      probeOf(PEER)
        .passive("epsv", unheard)
        .works("pasv")
        .offers("epsv", "with-transfer", [{}, unheard, {}, unheard, {}, {}]),
      [ID],
    );
    expect(checkOf(report, "data-connect-no-data").note).toBe(`covered by ${ID}`);
  });

  it("does not fire where the number, the mode or nothing decides", () => {
    expectCauses(
      probeOf(PEER)
        .passive("epsv", { names: `${PEER}:40107`, dial: "refused" })
        .works("pasv")
        .offers("epsv", "one-by-one", mixed("....xxxx")),
      ["pasv-range-partly-open"],
    );
    const unheard = {
      transfer: { replies: ["425 Failed to establish connection."], data: "closed", bytes: 0 },
    } as const;
    expectCauses(probeOf(PEER).works("epsv").passive("pasv", unheard), ["data-connect-no-data"]);
    expectCauses(probeOf(PEER).works("epsv", "pasv"), []);
  });

  it("cannot tell where no port was dialled", () => {
    expect(checkOf(expectCauses(probeOf(PEER).control(), []), ID).status).toBe("undetermined");
  });
});

describe(`${ID} by certificates`, () => {
  const data = (sameCertificate: boolean | null) => ({ transfer: { tls: { resumed: false, sameCertificate } } });

  it("is a notice where data connections work and show another certificate", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").secure().login().passive("epsv", data(false)).passive("pasv", data(false)),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "possible", args: { failed: 0 } });
    expect(report.verdict).toBe("healthy");
  });

  it("does not fire where it is the same, or was not shown", () => {
    expectCauses(probeOf("203.0.113.5").secure().login().passive("epsv", data(true)).passive("pasv", data(null)), []);
  });
});
