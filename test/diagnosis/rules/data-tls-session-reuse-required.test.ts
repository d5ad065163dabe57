import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { probeOf, type TransferSketch } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "data-tls-session-reuse-required";
const PEER = "203.0.113.5";
const VSFTPD =
  "522 SSL connection failed; session reuse required: see require_ssl_reuse option in vsftpd.conf man page";
const PROFTPD = "425 Unable to build data connection: Operation not permitted";

const underTls = () => probeOf(PEER).secure().login();
const refusing = (reply: string, tls: TransferSketch["tls"] = { resumed: false }): { transfer: TransferSketch } => ({
  transfer: { replies: ["150 Here it comes.", reply], data: "closed", bytes: 0, tls: tls ?? null },
});

describe(ID, () => {
  it.each([
    ["vsftpd", VSFTPD],
    ["ProFTPD", PROFTPD],
    ["FileZilla Server", "425 Unable to build data connection: TLS session of data connection not resumed."],
    [
      "FileZilla Server 0.9",
      "450 TLS session of data connection has not resumed or the session does not match the control connection",
    ],
    ["Rebex", "425 Cannot secure data connection - TLS session resumption required."],
  ])("fires by the words of %s, behind a handshake that did not resume", (_, reply) => {
    const report = expectCauses(underTls().passive("epsv", refusing(reply)).passive("pasv", refusing(reply)), [ID]);
    expect(findingOf(report, ID)).toMatchObject({
      severity: "error",
      confidence: "likely",
      at: "server-config",
      args: { modes: ["epsv", "pasv"], offered: true },
    });
    expect(report.next.some(({ command }) => command.endsWith("--tls-matrix"))).toBe(true);
    // The session was offered, so a client that offers it fares no better.
    expect(findingOf(report, ID).remedies[0]?.who).toBe("server-admin");
    expect(findingOf(report, ID).remedies.at(-1)?.who).toBe("client-user");
  });

  it("is less sure where the handshake failed, after which vsftpd says so whatever the reason", () => {
    const report = expectCauses(
      underTls().passive("epsv", refusing(VSFTPD, { outcome: "reset", offeredSession: false })),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ confidence: "possible" });
  });

  it("is certain by comparison", () => {
    const report = expectCauses(
      underTls()
        .works("epsv")
        .passive("pasv", refusing(PROFTPD, { resumed: false, version: "TLSv1.2" }))
        .matrix("TLSv1.2", [{ what: "resume-1" }, { what: "no-resume", ...refusing(PROFTPD) }]),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "certain", rivals: [] });
  });

  it("is no fault where the demand is met; the check says that it is made", () => {
    const report = expectCauses(
      underTls()
        .works("epsv", "pasv")
        .matrix("TLSv1.3", [{ what: "resume-1" }, { what: "no-resume", ...refusing(PROFTPD) }]),
      [],
    );
    expect(checkOf(report, ID)).toMatchObject({ status: "absent", note: expect.stringContaining("demands it") });
  });

  it("does not fire where a resumed session is refused, a handshake is unanswered, or another 425 comes", () => {
    const others = [
      refusing(PROFTPD, { resumed: true }),
      refusing(VSFTPD, { outcome: "timed-out" }),
      refusing("425 Failed to establish connection."),
    ];
    for (const other of others) {
      const report = diagnose(underTls().works("pasv").passive("epsv", other).build());
      expect(checkOf(report, ID).status).toBe("absent");
    }
  });

  it("does not apply in clear, and cannot tell where no TLS was begun on data", () => {
    expect(checkOf(expectCauses(probeOf(PEER).works("epsv"), []), ID).status).toBe("not-applicable");
    const report = expectCauses(underTls().passive("epsv", { dial: "timed-out" }), ["pasv-ports-filtered"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });
});
