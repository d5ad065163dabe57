import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "data-aborted-by-server";
const aborted = (reply: string) => ({ transfer: { replies: ["150 Go.", reply], data: "ok", bytes: 10 } }) as const;

describe(ID, () => {
  it.each([
    ["451 Requested action aborted: local error.", "certain"],
    ["452 Insufficient storage space.", "certain"],
    ["552 Quota exceeded", "certain"],
    ["426 Failure writing network stream.", "likely"],
  ])("fires: %s", (reply, confidence) => {
    const report = expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", aborted(reply)), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence, at: "server-host" });
  });

  it("does not fire where the connection was reset under it", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .passive("pasv", { transfer: { replies: ["150 Go.", "426 Aborted."], data: "reset", bytes: 10 } }),
      ["data-reset-midway"],
    );
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("cannot tell where nothing was transferred", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });
});
