import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-server-listen-failed";

describe(ID, () => {
  it.each([
    "425 Cannot open data connection.",
    "425 Can't open passive connection: Permission denied.",
    "421 Could not create socket.",
  ])("fires: %s", (reply) => {
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", { reply }).passive("pasv", { reply }), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "certain", at: "server-host" });
    expect(report.verdict).toBe("broken");
  });

  it("names a range that is used up as the rival where the text leaves it open", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv").passive("pasv", { reply: "421 Could not create socket." }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", rivals: [{ cause: "pasv-range-exhausted" }] });
  });

  it("does not fire for a 425 after the transfer command, nor for the hint to use EPSV", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .passive("pasv", { transfer: { replies: ["425 Failed to establish connection."], data: "closed", bytes: 0 } }),
      ["data-connect-no-data"],
    );
    expect(checkOf(report, ID).status).toBe("absent");
    expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .passive("pasv", { reply: "425 Please use an IPv6-conformant client with EPSV support" }),
      ["pasv-address-unparsable"],
    );
  });

  it("cannot tell where no port was asked for", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });
});
