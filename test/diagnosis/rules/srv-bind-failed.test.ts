import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "srv-bind-failed";
const failing = (reply: string) =>
  probeOf("203.0.113.5")
    .works("epsv", "pasv")
    .active("port", { accept: "closed", transfer: { replies: [reply], data: null, bytes: 0 } });

describe(ID, () => {
  it.each([
    "425 Could not open data connection to port 50321: Cannot assign requested address",
    "425 Can't build data connection: Address already in use.",
    "500 OOPS: vsf_sysutil_bind",
  ])("fires: %s", (reply) => {
    const report = expectCauses(failing(reply), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "certain", at: "server-host" });
    expect(checkOf(report, "port-client-firewall").status).toBe("absent");
  });

  it("does not fire where the call found nobody", () => {
    const report = expectCauses(failing("425 Unable to build data connection: Connection timed out"), [
      "port-client-firewall",
    ]);
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("cannot tell where active mode was not tried", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").works("epsv"), []), ID).status).toBe("undetermined");
  });
});
