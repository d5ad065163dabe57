import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-alg-reset";
const reset = { reply: null, outcome: "reset" } as const;

describe(ID, () => {
  it("is likely where active mode works, in place of the general finding", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").passive("epsv", reset).passive("pasv", reset).works("eprt", "port"),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "likely", at: "middlebox" });
    expect(report.verdict).toBe("broken");
    expect(report.meanwhile.join()).toContain("active mode");
  });

  it("does not fire where the connection is ended in order", () => {
    const closed = probeOf("203.0.113.5").passive("epsv", { reply: null, outcome: "closed" }).works("pasv");
    expectCauses(closed, ["ctl-closed-mid-session"]);
  });

  it("cannot tell where no passive port was asked for", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });
});

describe(`${ID} beside TLS`, () => {
  it("is certain where the same mode works under TLS", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .login()
        .passive("pasv", { reply: null, outcome: "reset" })
        .control()
        .secure()
        .login()
        .works("epsv", "pasv"),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ confidence: "certain", rivals: [], args: { unread: true } });
  });
});
