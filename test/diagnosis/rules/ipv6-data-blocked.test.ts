import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ipv6-data-blocked";

describe(ID, () => {
  it("fires where data ports open over IPv4 only, in place of the general finding", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv", "pasv").at("2001:db8::5").passive("epsv", { dial: "timed-out" }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", at: "server-firewall" });
    expect(checkOf(report, "pasv-ports-filtered").note).toBe(`covered by ${ID}`);
    expect(report.verdict).toBe("degraded");
  });

  it("leaves the general finding where IPv4 is closed as well", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .passive("epsv", { dial: "timed-out" })
        .passive("pasv", { dial: "timed-out" })
        .at("2001:db8::5")
        .passive("epsv", { dial: "timed-out" }),
      ["pasv-ports-filtered"],
    );
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("does not fire where both work, and does not apply without IPv6", () => {
    const both = expectCauses(probeOf("203.0.113.5").works("epsv", "pasv").at("2001:db8::5").works("epsv"), []);
    expect(checkOf(both, ID).status).toBe("absent");
    expect(both.verdict).toBe("healthy");
    expect(checkOf(expectCauses(probeOf("203.0.113.5").works("epsv", "pasv"), []), ID).status).toBe("not-applicable");
  });

  it("cannot tell where no port was dialled over IPv6", () => {
    const report = expectCauses(
      probeOf("2001:db8::5").passive("epsv", { status: "skipped", note: "no session could be had for it" }),
      [],
    );
    expect(checkOf(report, ID).status).toBe("undetermined");
  });
});
