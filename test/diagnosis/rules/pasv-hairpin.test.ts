import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-hairpin";

describe(ID, () => {
  it("fires where a client inside is sent to the public address and only the private one answers", () => {
    const report = expectCauses(
      probeOf("192.168.1.10").works("epsv").passive("pasv", { names: "203.0.113.5:40003", dial: "timed-out" }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "likely", at: "server-nat" });
    expect(findingOf(report, ID).rivals.map(({ cause }) => cause)).toEqual(["pasv-wrong-public-address"]);
  });

  it("does not fire where the router turns the packet back", () => {
    expectCauses(probeOf("192.168.1.10").works("epsv").passive("pasv", { names: "203.0.113.5:40003" }), []);
  });

  it("does not fire for a client outside", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv").passive("pasv", { names: "203.0.113.99:40003", dial: "timed-out" }),
      ["pasv-wrong-public-address"],
    );
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("cannot tell without a 227", () => {
    expect(checkOf(expectCauses(probeOf("192.168.1.10").works("epsv"), []), ID).status).toBe("undetermined");
  });
});
