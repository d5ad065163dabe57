import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "port-disabled";
const works = () => probeOf("203.0.113.5").works("epsv", "pasv");

describe(ID, () => {
  it.each([
    "550 Permission denied.",
    "501 Active mode is disabled",
    "500 Unable to service PORT commands",
    "502 Command not implemented.",
  ])("is a notice: %s", (reply) => {
    const report = expectCauses(works().active("eprt", { reply }).active("port", { reply }), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "certain", at: "server-config" });
    expect(checkOf(report, "eprt-unsupported").status).toBe("absent");
    expect(report.verdict).toBe("healthy");
  });

  it("does not fire where only the address is refused, or the call does not arrive", () => {
    const inside = works().client({ addresses: ["192.168.1.10"] });
    expectCauses(inside.active("port", { reply: "500 Illegal PORT command." }), ["port-private-address"]);
    expectCauses(works().active("port", { accept: "timed-out" }), ["port-client-firewall"]);
  });

  it("cannot tell where active mode was not tried", () => {
    expect(checkOf(expectCauses(works(), []), ID).status).toBe("undetermined");
  });

  it("says in its title what is refused", () => {
    const no = { reply: "502 No." };
    const one = expectCauses(probeOf("203.0.113.5").works("epsv", "pasv", "eprt").active("port", no), [ID]);
    expect(findingOf(one, ID).title).toBe("PORT is refused");
    const both = expectCauses(probeOf("203.0.113.5").works("epsv", "pasv").active("eprt", no).active("port", no), [ID]);
    expect(findingOf(both, ID).title).toBe("Active mode is switched off");
  });
});
