import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ipv6-no-epsv";

describe(ID, () => {
  it("is a warning beside an IPv4 address that works", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv", "pasv").at("2001:db8::5").passive("epsv", { reply: "502 No." }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("warning");
    expect(checkOf(report, "epsv-rejected").note).toBe(`covered by ${ID}`);
    expect(report.verdict).toBe("degraded");
  });

  it("is an error where there is no other address", () => {
    const report = expectCauses(probeOf("2001:db8::5").passive("epsv", { reply: "502 No." }), [ID]);
    expect(findingOf(report, ID).severity).toBe("error");
  });

  it("does not apply over IPv4", () => {
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", { reply: "502 No." }).works("pasv"), [
      "epsv-rejected",
    ]);
    expect(checkOf(report, ID).status).toBe("not-applicable");
  });

  it("takes PASV that is not tried over IPv6 for normal", () => {
    const report = expectCauses(
      probeOf("2001:db8::5")
        .works("epsv")
        .passive("pasv", { status: "skipped", note: "not applicable: PASV can only name IPv4 addresses" }),
      [],
    );
    expect(report.verdict).toBe("healthy");
    expect(report.modes.map(({ result }) => result)).toEqual(["works", "unsupported"]);
  });

  it("cannot tell where EPSV was not asked for", () => {
    expect(checkOf(expectCauses(probeOf("2001:db8::5").control(), []), ID).status).toBe("undetermined");
  });
});
