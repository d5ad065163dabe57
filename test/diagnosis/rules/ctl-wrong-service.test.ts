import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ctl-wrong-service";

describe(ID, () => {
  it.each([
    ["SSH (SFTP)", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"],
    ["HTTP", "HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n"],
    ["HTTP", "<!DOCTYPE html><html>"],
    ["IMAP", "* OK [CAPABILITY IMAP4rev1] ready\r\n"],
    ["POP3", "+OK ready <1@mail.example.com>\r\n"],
    ["TLS", "\x16\x03\x03\x00\x02\x02\x28"],
    ["Telnet", "\xff\xfd\x18\xff\xfd\x20"],
    ["VNC", "RFB 003.008\n"],
    ["MySQL", "J\0\0\0\n8.0.36\0"],
    ["rsync", "@RSYNCD: 31.0\n"],
  ])("recognises %s by its first bytes, and says nothing else", (service, firstBytes) => {
    const report = expectCauses(
      probeOf("203.0.113.5").control({ greeting: null, greetingOutcome: "protocol-error", firstBytes }),
      [ID],
    );
    expect(report.verdict).toBe("broken");
    expect(report.control[0]?.outcome).toBe("not-ftp");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "critical",
      confidence: "certain",
      at: "client",
      args: { service },
    });
    expect(checkOf(report, "ctl-protocol-violation")).toMatchObject({ status: "absent", note: `covered by ${ID}` });
  });

  it.each([
    ["SMTP", "220 mail.example.com ESMTP Postfix"],
    ["SMTP", "220 ftp.example.com ESMTP Postfix"],
    ["SMTP", "220 mail.example.com Exim 4.96"],
    ["SMTP", "554 mail.example.com ESMTP not accepting messages"],
    ["NNTP", "200 news.example.com InterNetNews NNRP server ready"],
  ])("recognises %s though it greets with a code: %s", (service, greeting) => {
    const probe = probeOf("203.0.113.5").control({ greeting });
    if (greeting.startsWith("220")) {
      probe.identify(null, null, "502 5.5.2 Error: command not recognized");
      probe.login("rejected", "502 5.5.2 Error: command not recognized");
    }
    const report = expectCauses(probe, [ID]);
    expect(findingOf(report, ID).args).toMatchObject({ service });
    expect(report.control[0]?.outcome).toBe("not-ftp");
    expect(report.verdict).toBe("broken");
    expect(report.findings).toHaveLength(1);
  });

  it("does not fire for an FTP server that names a mail server, or that negotiates Telnet first", () => {
    for (const sketch of [
      { greeting: "220 ftp.postfix.org FTP server ready" },
      { greeting: "220 Mirror of Exim and Sendmail (vsFTPd 3.0.5)" },
      { greeting: "220 ready", firstBytes: "\xff\xfd\x18220 ready\r\n" },
    ]) {
      const report = expectCauses(probeOf("203.0.113.5").control(sketch).login().works("epsv"), []);
      expect(checkOf(report, ID).status).toBe("absent");
    }
  });

  it("believes whoever lets us log in", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").control({ greeting: "220 the ESMTP archive" }).login().works("epsv"),
      [],
    );
    expect(report.control[0]?.outcome).toBe("ready");
    expect(report.verdict).toBe("healthy");
  });

  it("cannot tell where nothing connected", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "refused" }), ["ctl-refused"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });

  it("is likely where what greets like FTP does not know USER, and is no refused login", () => {
    const report = expectCauses(probeOf("203.0.113.5").identify(null, null).login("rejected", "500 What?"), [ID]);
    expect(findingOf(report, ID)).toMatchObject({
      severity: "critical",
      confidence: "likely",
      summary:
        "203.0.113.5:21 greets like an FTP server and does not know the command USER (USER anonymous: 500 What?).",
    });
    expect(checkOf(report, "auth-rejected").note).toBe(`covered by ${ID}`);
    expect(report.verdict).toBe("broken");
    // FEAT was understood: there it is a login that was refused.
    expectCauses(probeOf("203.0.113.5").identify(["EPSV"]).login("rejected", "500 What?"), ["auth-rejected"]);
  });

  it("knows SSH behind lines of its own, and does not take UTF-16 text for Telnet", () => {
    const ssh = { greeting: null, greetingOutcome: "protocol-error", firstBytes: "Keep out\r\nSSH-2.0-x\r\n" } as const;
    expect(findingOf(expectCauses(probeOf("203.0.113.5").control(ssh), [ID]), ID).args["service"]).toBe("SSH (SFTP)");
    const text = { greeting: null, greetingOutcome: "protocol-error", firstBytes: "\xff\xfe2\x002\x000\x00" } as const;
    expectCauses(probeOf("203.0.113.5").control(text), ["ctl-protocol-violation"]);
  });
});
