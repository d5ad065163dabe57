import { describe, expect, it } from "vitest";
import { probeOf, type TransferSketch } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "data-tls-prot-p-required";
const PEER = "203.0.113.5";
const refusing = (reply: string): { transfer: TransferSketch } => ({
  transfer: { replies: [reply], data: "closed", bytes: 0 },
});

describe(ID, () => {
  it.each([
    ["vsftpd", "522 Data connections must be encrypted."],
    ["ProFTPD", "522 SSL/TLS required on the data channel"],
    ["Pure-FTPd", "521 Data connection cannot be opened with this PROT setting."],
    ["IIS", "534 Policy requires SSL."],
    ["FileZilla Server", "521 PROT P required"],
  ])("fires by the words of %s at a transfer in clear, and is a notice where TLS works", (_, reply) => {
    const report = expectCauses(
      probeOf(PEER)
        .login()
        .passive("epsv", refusing(reply))
        .passive("pasv", refusing(reply))
        .control()
        .secure()
        .login()
        .works("epsv", "pasv"),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({
      severity: "notice",
      confidence: "certain",
      at: "server-config",
      args: { modes: ["epsv", "pasv"], works: true, protection: "clear" },
    });
    expect(report.verdict).toBe("healthy");
  });

  it("fires where already the question for a port is refused (pyftpdlib), in place of a mode switched off", () => {
    const reply = "550 SSL/TLS required on the data channel.";
    const report = expectCauses(
      probeOf(PEER)
        .login()
        .passive("epsv", { reply })
        .passive("pasv", { reply })
        .active("eprt", { reply })
        .active("port", { reply })
        .control()
        .secure()
        .login()
        .works("epsv", "pasv", "eprt", "port"),
      [ID],
    );
    expect(findingOf(report, ID).args["modes"]).toEqual(["epsv", "pasv", "eprt", "port"]);
    expect(checkOf(report, "pasv-disabled").status).toBe("absent");
  });

  it("is an error where no TLS helps", () => {
    const report = expectCauses(
      probeOf(PEER).works().passive("epsv", refusing("522 Data connections must be encrypted.")),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("error");
    expect(report.verdict).toBe("broken");
  });

  it("is for the client to mend where TLS was forbidden: the same probe over TLS is next, and TLS what helps until then", () => {
    const report = expectCauses(
      probeOf(PEER)
        .target({ security: "none", user: "lab" })
        .works()
        .passive("epsv", refusing("522 Data connections must be encrypted.")),
      [ID],
    );
    expect(findingOf(report, ID).at).toBe("client");
    expect(report.next[0]?.command).toBe("ftp-doctor ftpes://ftp.example.com --user lab");
    expect(report.meanwhile.join()).toContain("--ssl-reqd");
  });

  it("is no fault where PROT C alone is refused; the check says so", () => {
    const report = expectCauses(
      probeOf(PEER)
        .secure()
        .login()
        .works("epsv", "pasv")
        .matrix("TLSv1.3", [
          {
            what: "prot-c",
            prot: "200 PROT now Clear.",
            transfer: refusing("522 Data connections must be encrypted.").transfer,
          },
        ]),
      [],
    );
    expect(checkOf(report, ID)).toMatchObject({ status: "absent", note: expect.stringContaining("PROT C is refused") });
  });

  it("does not fire by the same code with other words, nor where nothing was tried", () => {
    const other = expectCauses(
      probeOf(PEER).works("pasv").passive("epsv", { reply: "522 Network protocol not supported, use (1)" }),
      ["epsv-rejected"],
    );
    expect(checkOf(other, ID).status).toBe("absent");
    expect(checkOf(expectCauses(probeOf(PEER).control(), []), ID).status).toBe("undetermined");
  });
});
