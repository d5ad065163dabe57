import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-loopback-or-zero-address";

describe(ID, () => {
  it.each([
    ["127.0.0.1", "refused"],
    ["127.0.1.1", "refused"],
    ["0.0.0.0", "local-error"],
  ] as const)("fires for %s", (address, dial) => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .passive("pasv", { names: `${address}:40003`, dial }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "certain", at: "server-config" });
  });

  it("fires for 0.0.0.0 also on this very machine, where Linux takes it for localhost", () => {
    const report = expectCauses(probeOf("127.0.0.1").works("epsv").passive("pasv", { names: "0.0.0.0:40003" }), [ID]);
    expect(findingOf(report, ID).severity).toBe("warning");
  });

  it("does not fire for a loopback address where the server was reached at one", () => {
    expectCauses(probeOf("127.0.0.1").works("epsv").passive("pasv", { names: "127.0.0.1:40003" }), []);
    expectCauses(probeOf("127.0.0.1").works("epsv").passive("pasv", { names: "127.0.0.2:40003" }), []);
  });

  it("cannot tell without a 227", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").works("epsv"), []), ID).status).toBe("undetermined");
  });
});
