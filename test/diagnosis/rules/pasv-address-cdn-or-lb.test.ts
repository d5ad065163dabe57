import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-address-cdn-or-lb";

describe(ID, () => {
  it.each([
    ["104.21.3.4", "Cloudflare"],
    ["151.101.1.6", "Fastly"],
  ])("fires for %s", (address, owner) => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .passive("pasv", { names: `${address}:40003`, dial: "timed-out" }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "certain", args: { owner } });
  });

  it("does not fire for a neighbour of those networks, nor for a server that was reached there", () => {
    expectCauses(
      probeOf("203.0.113.5").works("epsv").passive("pasv", { names: "104.32.0.1:40003", dial: "timed-out" }),
      ["pasv-wrong-public-address"],
    );
    expectCauses(
      probeOf("104.21.3.9").works("epsv").passive("pasv", { names: "104.21.3.4:40003", dial: "timed-out" }),
      ["pasv-wrong-public-address"],
    );
  });

  it("cannot tell without a 227", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").works("epsv"), []), ID).status).toBe("undetermined");
  });
});
