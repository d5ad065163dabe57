import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ctl-nat-idle-drop";
const unfinished = { transfer: { replies: ["150 Go."], outcome: "timed-out", data: "ok", bytes: 65 } } as const;

describe(ID, () => {
  it("is possible where the data came and the closing reply did not", () => {
    const report = expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", unfinished), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "possible" });
    expect(findingOf(report, ID).summary).toContain("65 bytes");
  });

  it("does not fire where the transfer was never begun, or the run was stopped", () => {
    const nothing = { transfer: { replies: [], outcome: "timed-out", data: "timed-out", bytes: 0 } } as const;
    expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", nothing), ["data-connect-no-data"]);
    const stopped = { transfer: { ...unfinished.transfer, outcome: "cancelled" } } as const;
    expectCauses(probeOf("203.0.113.5").interrupted().works("epsv").passive("pasv", stopped), []);
  });

  it("cannot tell where no data connection was made", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });
});
