import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "data-pmtu-blackhole";
const stalled = { transfer: { replies: ["150 Go."], outcome: "timed-out", data: "timed-out", bytes: 1380 } } as const;

describe(ID, () => {
  it("is possible where bytes come and then nothing more", () => {
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", stalled).passive("pasv", stalled), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "possible", at: "path" });
    expect(report.verdict).toBe("broken");
  });

  it("does not fire where no byte came, nor for a listing without end", () => {
    const none = { transfer: { ...stalled.transfer, bytes: 0 } };
    expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", none), ["data-connect-no-data"]);
    const endless = { transfer: { ...stalled.transfer, bytes: 5_000_000 } };
    expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", endless), ["mode-unexplained"]);
  });

  it("does not fire where the same listing came whole in another mode, and was merely not ended in this one", () => {
    const unended = { transfer: { replies: ["125 Go."], outcome: "timed-out", data: "timed-out", bytes: 65 } } as const;
    expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", unended), ["mode-unexplained"]);
  });

  it("cannot tell where no data connection was made", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });
});
