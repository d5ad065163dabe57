import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "port-client-nat-no-alg-tls";
const PEER = "203.0.113.5";
const nobody = {
  accept: "timed-out",
  transfer: { replies: ["425 Failed to establish connection."], data: null },
} as const;

/** A client behind a NAT; `active` works in clear. */
const behindNat = () =>
  probeOf(PEER)
    .client({ addresses: ["192.168.1.10"] })
    .login()
    .works("epsv", "pasv", "eprt", "port")
    .control()
    .secure()
    .login()
    .works("epsv", "pasv");

describe(ID, () => {
  it("fires where an inside address is called in clear and in vain under TLS", () => {
    const report = expectCauses(behindNat().active("eprt", nobody).active("port", nobody), [ID]);
    expect(findingOf(report, ID)).toMatchObject({
      severity: "notice",
      confidence: "certain",
      at: "client-nat",
      args: { modes: ["eprt", "port"], offered: "192.168.1.10", refused: false },
    });
    expect(checkOf(report, "port-private-address").note).toBe(`covered by ${ID}`);
    expect(report.verdict).toBe("healthy");
  });

  it("fires where the server refuses the inside address under TLS", () => {
    const report = expectCauses(
      behindNat()
        .active("eprt", { reply: "500 Illegal EPRT command." })
        .active("port", { reply: "500 Illegal PORT command." }),
      [ID],
    );
    expect(findingOf(report, ID).args["refused"]).toBe(true);
  });

  it("does not fire where active mode fails in both, or the client is not behind NAT", () => {
    expectCauses(
      probeOf(PEER)
        .client({ addresses: ["192.168.1.10"] })
        .login()
        .works("epsv", "pasv")
        .active("port", nobody)
        .control()
        .secure()
        .login()
        .works("epsv", "pasv")
        .active("port", nobody),
      ["port-private-address"],
    );
    expectCauses(
      probeOf(PEER).login().works("epsv", "port").control().secure().login().works("epsv").active("port", nobody),
      ["data-tls-alg-blind"],
    );
  });

  it("cannot tell where active mode was not tried, and does not apply without TLS", () => {
    expect(checkOf(expectCauses(probeOf(PEER).works("epsv"), []), ID).status).toBe("undetermined");
    expect(checkOf(expectCauses(probeOf(PEER).works("epsv", "port"), []), ID).status).toBe("not-applicable");
  });
});
