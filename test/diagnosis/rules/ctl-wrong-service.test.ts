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

describe("TLS, and no FTP server under it", () => {
  const TITLE = "The port speaks TLS, and no FTP server greets under it";
  const silent = { greeting: null, greetingOutcome: "timed-out" } as const;
  const untrusted = { problems: ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "ERR_TLS_CERT_ALTNAME_INVALID"] };

  it("is one cause with ftps:// too, its certificate is not judged, and the ports of FTP are next", () => {
    const probe = probeOf("203.0.113.5")
      .target({ security: "implicit", port: 443, user: "web1" })
      .policy({ credentials: "given" })
      .secure({ how: "implicit", said: silent, ...untrusted });
    const report = expectCauses(probe, [ID]);
    expect(report.findings).toHaveLength(1);
    expect(findingOf(report, ID)).toMatchObject({
      confidence: "likely",
      severity: "critical",
      at: "client",
      title: TITLE,
    });
    expect(findingOf(report, ID).summary).toBe(
      "203.0.113.5:443 speaks TLS from the first byte, and no FTP server greets under it: HTTPS.",
    );
    expect(checkOf(report, "ctl-no-banner").note).toBe(`covered by ${ID}`);
    expect(checkOf(report, "tls-cert-untrusted")).toMatchObject({
      status: "undetermined",
      note: "no FTP server was met under TLS",
    });
    expect(report.next.map(({ command }) => command)).toEqual([
      "ftp-doctor ftp.example.com --user web1",
      "ftp-doctor ftps://ftp.example.com --user web1",
    ]);
    expect(report.verdict).toBe("broken");
  });

  it.each([
    ["nothing", silent, "no greeting in 30 s", "likely"],
    [
      "mail",
      { greeting: "220 mail.example.com ESMTP", greetingOutcome: "ok" },
      "220 mail.example.com ESMTP",
      "certain",
    ],
    ["IMAP", { ...silent, greetingOutcome: "protocol-error", firstBytes: "* OK ready\r\n" }, "* OK ready", "certain"],
  ] as const)("is met where a silent port was tried with TLS, and %s is heard", (_, said, words, confidence) => {
    const probe = probeOf("203.0.113.5")
      .target({ port: 2121 })
      .control(silent)
      .secure({ how: "implicit", knock: true, said, ...untrusted });
    const finding = findingOf(expectCauses(probe, [ID]), ID);
    expect(finding).toMatchObject({ confidence, title: TITLE });
    expect(finding.seen.at(-1)).toBe(`203.0.113.5:2121 under TLS: ${words}`);
  });

  it("is no more than possible where the wait was short, with a late server as the rival", () => {
    const probe = probeOf("203.0.113.5")
      .target({ security: "implicit", port: 990 })
      .secure({ how: "implicit", said: { ...silent, greetingLimitMs: 3_000 } });
    const finding = findingOf(expectCauses(probe, [ID]), ID);
    expect(finding.confidence).toBe("possible");
    expect(finding.rivals.map(({ cause }) => cause)).toEqual(["ctl-banner-delay"]);
  });

  it("is not met where an FTP server greets under TLS, or hangs up before it could", () => {
    const greeted = probeOf("203.0.113.5").target({ security: "implicit", port: 990 }).secure({ how: "implicit" });
    expectCauses(greeted.login().works("epsv"), []);
    const cut = probeOf("203.0.113.5")
      .target({ security: "implicit", port: 990 })
      .secure({ how: "implicit", said: { greeting: null, greetingOutcome: "closed" } });
    expect(checkOf(expectCauses(cut, ["ctl-accepted-then-closed"]), ID).status).toBe("absent");
  });
});
