import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "data-reset-midway";
const reset = (bytes: number) =>
  ({ transfer: { replies: ["150 Go.", "426 Connection closed; transfer aborted."], data: "reset", bytes } }) as const;

describe(ID, () => {
  it("is likely after some bytes", () => {
    const report = expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", reset(1024)), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "likely", at: "middlebox" });
    expect(findingOf(report, ID).summary).toContain("1024 bytes");
  });

  it("is possible before the first byte", () => {
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", reset(0)).passive("pasv", reset(0)), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "possible", at: "unknown" });
  });

  it("does not fire where the server ends the connection in order and says why", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .passive("pasv", {
          transfer: { replies: ["150 Go.", "451 Local error in processing."], data: "ok", bytes: 10 },
        }),
      ["data-aborted-by-server"],
    );
    expect(checkOf(report, ID).status).toBe("absent");
  });

  const gone = (...replies: string[]) => ({ accept: "reset", transfer: { replies, data: null, bytes: 0 } }) as const;
  const LOST = ["150 Go.", "426 Failure writing network stream."];

  it("is told by a call, too, that was reset before we had it", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .passive("epsv", reset(7240))
        .passive("pasv", reset(7240))
        .active("eprt", gone(...LOST)),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ confidence: "likely", at: "middlebox" });
    expect(findingOf(report, ID).args).toMatchObject({ modes: ["epsv", "pasv", "eprt"], bytes: 7240 });
  });

  it("is possible where such calls are all there is", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv", "pasv")
        .active("port", gone(...LOST)),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "possible" });
    expect(findingOf(report, ID).seen.join()).toContain("reset as it came");
    expect(checkOf(report, "data-aborted-by-server").status).toBe("absent");
  });

  it("does not take somebody else's call for the server's", () => {
    for (const replies of [["425 Can't open data connection."], ["150 Go.", "425 Can't open data connection."]]) {
      const report = probeOf("203.0.113.5")
        .works("epsv", "pasv")
        .active("port", gone(...replies));
      expect(checkOf(diagnose(report.build()), ID).status).toBe("absent");
    }
  });

  it("cannot tell where no data connection was made", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });

  it("leaves a reset that only follows to its cause: a control connection that is cut too, a path that is refused", () => {
    for (const [transfer, cause] of [
      [{ replies: ["150 Go."], outcome: "closed", data: "reset", bytes: 65 }, "ctl-closed-mid-session"],
      [{ replies: [], outcome: "reset", data: "reset", bytes: 0 }, "ctl-closed-mid-session"],
      [{ replies: ["550 No."], data: "reset", bytes: 0 }, "path-or-permission"],
      [{ replies: ["150 Go.", "450 Busy."], data: "reset", bytes: 0 }, "path-or-permission"],
    ] as const) {
      expectCauses(probeOf("203.0.113.5").passive("epsv", { transfer }).passive("pasv", { transfer }), [cause]);
    }
  });
});
