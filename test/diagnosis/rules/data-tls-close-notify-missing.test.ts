import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "data-tls-close-notify-missing";
const PEER = "203.0.113.5";
const without = { transfer: { tls: { closeNotify: false } } };
const underTls = () => probeOf(PEER).secure().login();

describe(ID, () => {
  it("fires where complete listings end without close_notify", () => {
    const report = expectCauses(underTls().passive("epsv", without).passive("pasv", without), [ID]);
    expect(findingOf(report, ID)).toMatchObject({
      severity: "notice",
      confidence: "certain",
      at: "server-host",
      args: { of: 2, without: 2 },
    });
    expect(report.verdict).toBe("healthy");
  });

  it("names what else it could be where some end in order", () => {
    const report = expectCauses(underTls().works("epsv").passive("pasv", without), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ confidence: "likely", rivals: [{ cause: "data-reset-midway" }] });
  });

  it("does not fire where it was sent, nor where the transfer failed", () => {
    expect(checkOf(expectCauses(underTls().works("epsv"), []), ID).status).toBe("absent");
    const failed = { replies: ["150 Go.", "451 Read error."], data: "ok" as const, tls: { closeNotify: false } };
    const report = expectCauses(underTls().passive("epsv", { transfer: failed }), ["data-aborted-by-server"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });

  it("does not apply in clear", () => {
    expect(checkOf(expectCauses(probeOf(PEER).works("epsv"), []), ID).status).toBe("not-applicable");
  });
});
