import { describe, expect, it } from "vitest";
import { probeOf, type TransferSketch } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "data-tls-handshake-blocked";
const PEER = "203.0.113.5";
const silent: { transfer: TransferSketch } = {
  transfer: {
    replies: ["150 Go."],
    outcome: "timed-out",
    data: "tls-failed",
    bytes: 0,
    tls: { outcome: "timed-out" },
  },
};
const clearThenTls = () => probeOf(PEER).login().works("epsv", "pasv").control().secure().login();

describe(ID, () => {
  it("fires where data connections open and no handshake is answered, and in clear data comes", () => {
    const report = expectCauses(clearThenTls().passive("epsv", silent).passive("pasv", silent), [ID]);
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "likely",
      at: "middlebox",
      args: { modes: ["epsv", "pasv"], compared: true },
    });
    expect(report.modes.filter(({ stage }) => stage === "tls")).toHaveLength(2);
  });

  it("takes PROT C for the comparison where nothing was tried in clear", () => {
    const report = expectCauses(
      probeOf(PEER)
        .secure()
        .login()
        .passive("epsv", silent)
        .passive("pasv", silent)
        .matrix("TLSv1.3", [{ what: "prot-c" }]),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "likely" });
  });

  it("is only possible where nothing shows how it goes in clear", () => {
    const report = expectCauses(probeOf(PEER).secure().login().passive("epsv", silent), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ confidence: "possible", at: "unknown" });
  });

  it("suspects no device that filters TLS where a part of the handshake came", () => {
    const dripping = { ...silent.transfer, tls: { outcome: "timed-out" as const, came: { bytes: 33, lastMs: 3_400 } } };
    const report = expectCauses(
      clearThenTls().passive("epsv", { transfer: dripping }).passive("pasv", { transfer: dripping }),
      [ID],
    );
    const found = findingOf(report, ID);
    expect(found).toMatchObject({ confidence: "possible", at: "unknown", args: { cameBytes: 33 } });
    expect(found.summary).toContain("only 33 bytes came");
    expect(found.seen[0]).toContain("handshake not ended, 33 bytes came");
    expect(found.remedies.map(({ who }) => who)).toEqual(["server-admin"]);
  });

  it("does not fire where the server complains of the session, or clear text comes", () => {
    expectCauses(
      clearThenTls().passive("epsv", {
        transfer: {
          replies: ["150 Go.", "522 SSL connection failed; session reuse required"],
          data: "tls-failed",
          bytes: 0,
          tls: { outcome: "reset" },
        },
      }),
      ["data-tls-session-reuse-required"],
    );
    expectCauses(
      clearThenTls().passive("epsv", {
        transfer: { data: "tls-failed", bytes: 0, tls: { outcome: "protocol-error", foreign: "-rw-r--r-- 1 ftp" } },
      }),
      ["data-tls-prot-mismatch"],
    );
  });

  it("does not apply in clear, and cannot tell where no data connection was made", () => {
    expect(checkOf(expectCauses(probeOf(PEER).works("epsv"), []), ID).status).toBe("not-applicable");
    const report = expectCauses(probeOf(PEER).secure().login().passive("epsv", { dial: "timed-out" }), [
      "pasv-ports-filtered",
    ]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });
});
