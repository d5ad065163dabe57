import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const OWN = { addresses: ["2001:db8:1::10"] };

describe("nat64-needs-epsv", () => {
  const ID = "nat64-needs-epsv";
  const translated = () => probeOf("64:ff9b::cb00:7105").client(OWN);

  it("fires where EPSV is refused behind a NAT64, in place of what is said of IPv6 servers", () => {
    const report = expectCauses(translated().passive("epsv", { reply: "502 No." }), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "certain" });
    expect(checkOf(report, "ipv6-no-epsv").note).toBe(`covered by ${ID}`);
  });

  it("does not fire where EPSV works there, or the server has IPv6 of its own", () => {
    expect(checkOf(expectCauses(translated().works("epsv"), []), ID).status).toBe("absent");
    const native = probeOf("2001:db8::5").client(OWN).passive("epsv", { reply: "502 No." });
    expect(checkOf(expectCauses(native, ["ipv6-no-epsv"]), ID).status).toBe("not-applicable");
  });

  it("cannot tell where EPSV was not asked for", () => {
    expect(checkOf(expectCauses(translated().control(), []), ID).status).toBe("undetermined");
  });
});

describe("ipv6-proxy-family-mismatch", () => {
  const ID = "ipv6-proxy-family-mismatch";
  const mixed = {
    transfer: { replies: ["425 LIST: Address family not supported by protocol"], data: "closed", bytes: 0 },
  } as const;

  it("goes by the server's words", () => {
    const report = expectCauses(probeOf("2001:db8::5").client(OWN).passive("epsv", mixed), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "certain" });
  });

  it("does not fire for another 425, and cannot tell untried", () => {
    const other = { transfer: { replies: ["425 Cannot open data connection."], data: "timed-out", bytes: 0 } } as const;
    expectCauses(probeOf("203.0.113.5").passive("epsv", other), ["data-connect-no-data"]);
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });
});
