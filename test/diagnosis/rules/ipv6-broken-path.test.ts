import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ipv6-broken-path";

const twoFamilies = () => probeOf("203.0.113.5").client({ addresses: ["198.51.100.10", "2001:db8:1::10"] });

describe(ID, () => {
  it.each([
    ["timed-out", "likely", "path"],
    ["unreachable", "likely", "path"],
    ["refused", "certain", "server-host"],
  ] as const)("replaces the general finding where IPv6 is %s beside a good IPv4", (connect, confidence, at) => {
    const report = expectCauses(twoFamilies().works("epsv", "pasv").at("2001:db8::5").control({ connect }), [ID]);
    expect(report.verdict).toBe("degraded");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence,
      at,
      evidence: ["control-1", "control-2"],
    });
    expect(report.checks.filter(({ note }) => note === `covered by ${ID}`)).toHaveLength(1);
    expect(report.meanwhile.join()).toContain("IPv4");
  });

  it("is an error where IPv6 is required", () => {
    const report = expectCauses(
      twoFamilies()
        .policy({ required: ["ipv6"] })
        .works("epsv")
        .at("2001:db8::5")
        .control({ connect: "timed-out" }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("error");
    expect(report.verdict).toBe("broken");
  });

  it("speaks of several addresses in the plural", () => {
    const report = expectCauses(
      twoFamilies()
        .works("epsv")
        .at("2001:db8::5")
        .control({ connect: "refused" })
        .at("2001:db8::6")
        .control({ connect: "refused" }),
      [ID],
    );
    expect(findingOf(report, ID).summary).toBe(
      "ftp.example.com works over IPv4 (203.0.113.5), but its IPv6 addresses 2001:db8::5 and 2001:db8::6 refuse port 21.",
    );
  });

  it("does not fire where IPv6 works, where IPv4 fails as well, or where this machine has no IPv6", () => {
    const both = expectCauses(twoFamilies().works("epsv").at("2001:db8::5").works("epsv"), []);
    expect(checkOf(both, ID).status).toBe("absent");
    const neither = expectCauses(
      twoFamilies().control({ connect: "timed-out" }).at("2001:db8::5").control({ connect: "timed-out" }),
      ["ctl-timeout"],
    );
    expect(checkOf(neither, ID)).toMatchObject({ status: "absent", note: "IPv4 does not work either" });
    expect(neither.verdict).toBe("broken");
    const none = expectCauses(
      probeOf("203.0.113.5").works("epsv").at("2001:db8::5").control({ connect: "unreachable", code: "ENETUNREACH" }),
      [],
    );
    expect(none.verdict).toBe("healthy");
  });

  it("leaves a dead IPv4 beside a good IPv6 to the general finding", () => {
    const report = expectCauses(twoFamilies().control({ connect: "timed-out" }).at("2001:db8::5").works("epsv"), [
      "ctl-timeout",
    ]);
    expect(report.verdict).toBe("degraded");
  });

  it("does not apply without an address of each family", () => {
    expect(checkOf(expectCauses(twoFamilies().works("epsv"), []), ID).status).toBe("not-applicable");
    const six = expectCauses(
      probeOf("2001:db8::5")
        .client({ addresses: ["2001:db8:1::10"] })
        .control({ connect: "timed-out" }),
      ["ctl-timeout"],
    );
    expect(checkOf(six, ID).status).toBe("not-applicable");
  });

  it("cannot tell where the run was stopped before", () => {
    const report = expectCauses(
      twoFamilies()
        .interrupted()
        .works("epsv")
        .at("2001:db8::5")
        .control({ connect: "cancelled", status: "cancelled" }),
      [],
    );
    expect(checkOf(report, ID).status).toBe("undetermined");
  });
});
