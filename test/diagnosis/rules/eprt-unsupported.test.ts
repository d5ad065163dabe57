import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "eprt-unsupported";
const works = () => probeOf("203.0.113.5").works("epsv", "pasv");

describe(ID, () => {
  it.each([
    "500 Unknown command.",
    "502 Not implemented.",
    "522 Network protocol not supported, use (1)",
    "500 Bad EPRT protocol.",
  ])("is a notice beside a PORT that works: %s", (reply) => {
    const report = expectCauses(works().active("eprt", { reply }).works("port"), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "certain" });
    expect(report.verdict).toBe("healthy");
  });

  it("does not fire where PORT is refused as well, or where only the address is refused", () => {
    expectCauses(works().active("eprt", { reply: "502 No." }).active("port", { reply: "502 No." }), ["port-disabled"]);
    const inside = works().client({ addresses: ["192.168.1.10"] });
    expectCauses(inside.active("eprt", { reply: "500 Illegal EPRT command." }), ["port-private-address"]);
  });

  it("fires where EPRT alone is denied, and not where a device denies what FEAT lists", () => {
    const denied = works().active("eprt", { reply: "550 Permission denied." }).works("port");
    expect(findingOf(expectCauses(denied, [ID]), ID).severity).toBe("notice");
    const eaten = expectCauses(works().identify(["EPRT", "EPSV"]).active("eprt", { reply: "502 No." }).works("port"), [
      "alg-filters-commands",
    ]);
    expect(checkOf(eaten, ID).note).toBe("covered by alg-filters-commands");
  });

  it("cannot tell where EPRT was not tried", () => {
    expect(checkOf(expectCauses(works(), []), ID).status).toBe("undetermined");
  });
});
