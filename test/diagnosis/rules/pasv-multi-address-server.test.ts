import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-multi-address-server";
const SIBLINGS = ["203.0.113.5", "203.0.113.99"];

describe(ID, () => {
  it("fires where the address is another one of the same name", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .resolve(SIBLINGS)
        .works("epsv")
        .passive("pasv", { names: "203.0.113.99:40003", dial: "refused" }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "certain", at: "server-config" });
    expect(checkOf(report, "pasv-wrong-public-address").note).toBe(`covered by ${ID}`);
  });

  it("does not fire where the sibling takes the data connection and serves it", () => {
    expectCauses(
      probeOf("203.0.113.5").resolve(SIBLINGS).works("epsv").passive("pasv", { names: "203.0.113.99:40003" }),
      [],
    );
  });

  it("does not fire for an address that is none of the name's", () => {
    expectCauses(
      probeOf("203.0.113.5")
        .resolve(["203.0.113.5"])
        .works("epsv")
        .passive("pasv", { names: "203.0.113.99:40003", dial: "timed-out" }),
      ["pasv-wrong-public-address"],
    );
  });

  it("cannot tell without a 227", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").works("epsv"), []), ID).status).toBe("undetermined");
  });
});
