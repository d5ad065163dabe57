import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ctl-tarpit";
const PEER = "203.0.113.5";
const silent = { transfer: { replies: ["425 Failed to establish connection."], data: "closed", bytes: 0 } } as const;
const ACCEPTS_ALL = { 1871: "connected", 23411: "connected", 61234: "connected" } as const;

describe(ID, () => {
  it("fires where random ports accept and no data comes", () => {
    const report = expectCauses(
      probeOf(PEER).passive("epsv", silent).passive("pasv", silent).otherPorts("tarpit-control", ACCEPTS_ALL),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "certain", at: "middlebox" });
    expect(checkOf(report, "data-connect-no-data").note).toBe(`covered by ${ID}`);
  });

  it("fires where the control port accepts like all others and says nothing", () => {
    const report = expectCauses(
      probeOf(PEER).control({ greeting: null, greetingOutcome: "timed-out" }).otherPorts("tarpit-control", ACCEPTS_ALL),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "critical", args: { silent: true } });
  });

  it("takes a reset for an acceptance that found nobody behind it", () => {
    expectCauses(
      probeOf(PEER)
        .passive("epsv", silent)
        .passive("pasv", silent)
        .otherPorts("tarpit-control", { 1871: "reset", 23411: "reset", 61234: "reset" }),
      [ID],
    );
  });

  it("does not fire where one of them refuses, nor where passive mode works", () => {
    const report = expectCauses(
      probeOf(PEER)
        .passive("epsv", silent)
        .passive("pasv", silent)
        .otherPorts("tarpit-control", { ...ACCEPTS_ALL, 1871: "refused" }),
      ["data-connect-no-data"],
    );
    expect(checkOf(report, ID).status).toBe("absent");
    expectCauses(probeOf(PEER).works("epsv", "pasv").otherPorts("tarpit-control", ACCEPTS_ALL), []);
  });

  it("says that nothing was tried where there was no reason to", () => {
    expect(checkOf(expectCauses(probeOf(PEER).works("epsv", "pasv"), []), ID)).toMatchObject({
      status: "absent",
      note: "nothing gave reason to try random ports",
    });
  });
});
