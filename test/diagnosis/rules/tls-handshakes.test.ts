import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import type { TlsTrial } from "../../../src/model/evidence.ts";
import type { EvidenceBuilder, HandshakeSketch, SecureSketch } from "../../support/evidence.ts";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

/** The handshake fails; in clear text everything works. */
const fails = (sketch: SecureSketch): EvidenceBuilder =>
  probeOf("203.0.113.5").identify(["AUTH TLS"]).secure(sketch).control().works("epsv", "pasv");

const only = (version: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3"): TlsTrial["versions"] => ({
  from: version,
  to: version,
});
const trial = (version: "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3", weak: boolean, sketch: HandshakeSketch) => ({
  versions: only(version),
  weak,
  named: true,
  handshake: { version, ...sketch },
});
const DENIED = { outcome: "tls-failed", alert: "handshake_failure" } as const;

describe("tls-version-mismatch", () => {
  const ID = "tls-version-mismatch";

  it("is told by the alert, as a warning where clear text works", () => {
    const report = expectCauses(fails({ outcome: "tls-failed", alert: "protocol_version" }), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "certain", at: "tls" });
    expect(report.verdict).toBe("degraded");
  });

  it("is critical where nothing else was allowed, and an error where TLS is required", () => {
    const alone = probeOf("203.0.113.5")
      .target({ security: "explicit" })
      .secure({ outcome: "tls-failed", alert: "protocol_version" });
    expect(findingOf(expectCauses(alone, [ID]), ID).severity).toBe("critical");
    const required = fails({ outcome: "tls-failed", alert: "protocol_version" }).policy({ required: ["tls"] });
    expect(findingOf(expectCauses(required, [ID]), ID).severity).toBe("error");
  });

  it("names the versions that were taken one by one", () => {
    const report = expectCauses(
      fails(DENIED).tlsVersions([
        trial("TLSv1.2", true, DENIED),
        trial("TLSv1.1", true, {}),
        trial("TLSv1", true, {}),
        trial("TLSv1.3", false, DENIED),
      ]),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ confidence: "certain" });
    expect(findingOf(report, ID).summary).toContain("speaks TLS 1.0 and TLS 1.1 alone");
  });

  it("is only possible where a handshake_failure is all there is, and names the rivals", () => {
    const report = expectCauses(fails(DENIED), [ID]);
    expect(findingOf(report, ID).confidence).toBe("possible");
    expect(findingOf(report, ID).rivals.map(({ cause }) => cause)).toEqual([
      "tls-cipher-mismatch",
      "tls-not-configured",
    ]);
  });

  it("is absent where the handshake succeeds, also on a later try", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").secure().works("epsv"), []), ID).status).toBe("absent");
    const second = probeOf("203.0.113.5").secure(DENIED).control().secure().login().works("epsv");
    expect(checkOf(expectCauses(second, []), ID).status).toBe("absent");
  });

  it("cannot tell where the run was stopped", () => {
    const report = expectCauses(fails({ outcome: "cancelled" }).interrupted(), []);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });
});

it("tls-cipher-mismatch is told by a handshake that succeeds with weak ciphers alone", () => {
  const report = expectCauses(fails(DENIED).tlsVersions([trial("TLSv1.2", true, {}), trial("TLSv1.1", true, {})]), [
    "tls-cipher-mismatch",
  ]);
  expect(findingOf(report, "tls-cipher-mismatch")).toMatchObject({ confidence: "certain", severity: "warning" });
});

it.each([
  [
    "the server's own words",
    fails({ ...DENIED, foreign: "500 OOPS: error:0A0000C1:SSL routines::no shared cipher\r\n" }),
  ],
  [
    "the versions it does tell apart",
    fails(DENIED).tlsVersions([
      trial("TLSv1.2", true, DENIED),
      trial("TLSv1.3", false, { outcome: "tls-failed", alert: "protocol_version" }),
    ]),
  ],
])("tls-cipher-mismatch is told by %s", (_, probe) => {
  expectCauses(probe, ["tls-cipher-mismatch"]);
});

describe("OpenSSL's own words for no cipher, which it also finds for a server without a certificate", () => {
  const ID = "tls-cipher-mismatch";
  const helpless = { ...DENIED, foreign: "error:0A0000C1:SSL routines::no shared cipher\r\n" };

  it("are only likely where nothing else was taken either, and the certificate is the rival", () => {
    const report = expectCauses(
      fails(helpless).tlsVersions([trial("TLSv1.2", true, helpless), trial("TLSv1.3", false, helpless)]),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ confidence: "likely", severity: "warning" });
    expect(findingOf(report, ID).rivals.map(({ cause }) => cause)).toEqual(["tls-not-configured"]);
  });

  it.each([
    ["weak ciphers were taken", fails(helpless).tlsVersions([trial("TLSv1.2", true, {})])],
    ["nothing else was tried", fails(helpless)],
  ])("are certain where %s", (_, probe) => {
    expect(findingOf(expectCauses(probe, [ID]), ID)).toMatchObject({ confidence: "certain", rivals: [] });
  });
});

describe("tls-not-configured", () => {
  const ID = "tls-not-configured";

  it.each([
    "431 Necessary security resource unavailable",
    "431 Could not initialize SSL connection",
    "534 Local policy on server does not allow TLS secure connections.",
  ])("reads it in the answer to AUTH: %s", (auth) => {
    const report = expectCauses(probeOf("203.0.113.5").identify(["AUTH TLS"]).secure({ auth }).login().works("epsv"), [
      ID,
    ]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "certain", at: "server-config" });
  });

  it("is what the crash means with which vsftpd says it", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").control({ greeting: "500 OOPS: SSL: cannot load RSA certificate" }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("critical");
    expect(checkOf(report, "srv-session-crash").status).toBe("absent");
  });

  it.each(["explicit", "implicit"] as const)("is what vsftpd says in place of the handshake, %s", (how) => {
    const words = {
      how,
      outcome: "protocol-error",
      foreign: "500 OOPS: SSL: cannot load RSA certificate\r\n",
    } as const;
    const probe = how === "explicit" ? fails(words) : probeOf("203.0.113.5").target({ security: how }).secure(words);
    const finding = findingOf(expectCauses(probe, [ID]), ID);
    expect(finding).toMatchObject({ confidence: "certain", at: "server-config" });
    expect(finding.summary).toContain("500 OOPS: SSL: cannot load RSA certificate");
  });

  const always = (end: SecureSketch) =>
    fails(end).tlsVersions([
      trial("TLSv1.2", true, end),
      trial("TLSv1.1", true, end),
      trial("TLSv1", true, end),
      trial("TLSv1.3", false, end),
    ]);

  it("does not take a bare end for it, which a device on the way may make as well", () => {
    const report = expectCauses(always({ outcome: "closed" }), ["tls-handshake-closed"]);
    expect(findingOf(report, "tls-handshake-closed").rivals.map(({ cause }) => cause)).toContain(ID);
  });

  it("is likely where every version ends with the same alert", () => {
    const report = expectCauses(always(DENIED), [ID]);
    expect(findingOf(report, ID).confidence).toBe("likely");
    expect(findingOf(report, ID).rivals.map(({ cause }) => cause)).toContain("tls-client-cert-required");
  });

  it("does not fire where AUTH is not known at all", () => {
    const report = expectCauses(probeOf("203.0.113.5").secure({ auth: "500 AUTH not understood" }).login(), []);
    expect(checkOf(report, ID).status).toBe("not-applicable");
  });
});

describe.each([
  ["tls-handshake-closed", "closed"],
  ["tls-handshake-closed", "reset"],
  ["tls-handshake-stall", "timed-out"],
] as const)("%s: %s", (id, outcome) => {
  it("is likely, with rivals and a command that shows more", () => {
    const report = expectCauses(fails({ outcome }), [id]);
    expect(findingOf(report, id)).toMatchObject({ severity: "warning", confidence: "likely" });
    expect(findingOf(report, id).rivals.length).toBeGreaterThan(1);
    expect(report.next.map(({ command }) => command)).toContain(
      "openssl s_client -starttls ftp -connect 203.0.113.5:21 -servername ftp.example.com -state",
    );
  });

  it("is the one cause with implicit TLS too", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").target({ security: "implicit", port: 990 }).secure({ how: "implicit", outcome }),
      [id],
    );
    expect(findingOf(report, id).severity).toBe("critical");
    expect(report.verdict).toBe("broken");
  });

  it("is absent where the handshake succeeds, and not asked without TLS", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").secure().works("epsv"), []), id).status).toBe("absent");
    const none = probeOf("203.0.113.5").target({ security: "none" }).works("epsv");
    expect(checkOf(expectCauses(none, []), id).status).toBe("not-applicable");
  });
});

it("real credentials that are kept from clear text leave the verdict open", () => {
  const kept = (security: "auto" | "explicit") =>
    expectCauses(
      probeOf("203.0.113.5")
        .policy({ credentials: "given" })
        .target({ user: "web1", security })
        .identify(["AUTH TLS"])
        .secure({ outcome: "closed" }),
      ["tls-handshake-closed"],
    );
  expect(kept("auto").verdict).toBe("undetermined");
  // Whoever breaks TLS off is looked at before a password goes there in clear.
  const [look, send] = kept("auto").next.map(({ command }) => command);
  expect(look).toContain("openssl s_client");
  expect(send).toContain("--allow-cleartext");
  // Where nothing but TLS was asked for, there was nothing to keep them from.
  expect(kept("explicit").verdict).toBe("broken");
});

it("tls-handshake-closed takes an alert that nothing else knows, and ProFTPD's words behind it", () => {
  const report = expectCauses(
    fails({ outcome: "protocol-error", alert: "internal_error", foreign: "421 TLS handshake failed\r\n" }),
    ["tls-handshake-closed"],
  );
  expect(findingOf(report, "tls-handshake-closed").summary).toContain("alert internal_error");
});

it("tls-handshake-closed does not say that the server hung up where this side gave up on what came", () => {
  const report = expectCauses(fails({ outcome: "tls-failed", code: "ERR_SSL_UNEXPECTED_MESSAGE" }), [
    "tls-handshake-closed",
  ]);
  const { summary, explanation } = findingOf(report, "tls-handshake-closed");
  expect(summary).toContain("against the rules of TLS");
  expect(explanation).toContain("ERR_SSL_UNEXPECTED_MESSAGE");
  expect(`${summary} ${explanation}`).not.toMatch(/hangs up|closed without an alert/);
});

describe("tls-client-cert-required", () => {
  const ID = "tls-client-cert-required";

  it("is told by the alert", () => {
    const report = expectCauses(fails({ outcome: "tls-failed", alert: "certificate_required" }), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "certain" });
  });

  it("is told by what vsftpd writes into the stream, whose clear text is then a consequence", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .secure()
        .foreign("500 OOPS: error:0A0000C7:SSL routines::peer did not return a certificate\r\n")
        .login("failed", null, null, null, { outcome: "protocol-error" }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("critical");
    expect(findingOf(report, "tls-plaintext-in-stream").role).toBe("consequence");
  });

  it("is told by a certificate that the server asked for in TLS 1.2, whatever the alert says", () => {
    const report = expectCauses(fails({ ...DENIED, certificateRequested: true }), [ID]);
    expect(findingOf(report, ID).seen).toContain("the server asked for a client certificate");
  });

  it("is told by the alert that comes behind a handshake of TLS 1.3", () => {
    const cut = () => probeOf("203.0.113.5").secure().login("failed", null, null, null, { outcome: "closed" });
    const report = expectCauses(cut().alert("certificate_required"), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "critical", confidence: "certain" });
    // Another alert, or none, is no sign of it.
    expectCauses(cut().alert("internal_error"), ["ctl-closed-mid-session"]);
    expectCauses(cut(), ["ctl-closed-mid-session"]);
  });

  it("is told by TLS 1.2 alone where that alert was lost with the connection", () => {
    const cut = (asked: boolean) =>
      probeOf("203.0.113.5")
        .secure()
        .login("failed", null, null, null, { outcome: "reset" })
        .tlsVersions([trial("TLSv1.2", false, { ...DENIED, certificateRequested: asked })]);
    expect(findingOf(expectCauses(cut(true), [ID]), ID).confidence).toBe("certain");
    expectCauses(cut(false), ["ctl-closed-mid-session"]);
  });

  it("is likely by ProFTPD's words behind a handshake that was over for the client", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .secure()
        .foreign("421 TLS handshake failed\r\n")
        .login("failed", null, null, null, { outcome: "protocol-error" }),
      [ID],
    );
    expect(findingOf(report, ID).confidence).toBe("likely");
  });

  it("does not fire for a login that is refused, and is open without TLS", () => {
    expectCauses(probeOf("203.0.113.5").secure().login("rejected", "331 Password?", "530 Login incorrect."), [
      "auth-rejected",
    ]);
    expect(checkOf(expectCauses(probeOf("203.0.113.5").works("epsv"), []), ID).status).toBe("undetermined");
  });
});

describe("tls-plaintext-in-stream", () => {
  const ID = "tls-plaintext-in-stream";
  const leaks = (text: string) =>
    probeOf("203.0.113.5").secure().foreign(text).login("failed", "331 Password?", null, null, {
      outcome: "protocol-error",
    });

  it("shows the words that no client shows", () => {
    const report = expectCauses(leaks("Segmentation fault\r\n"), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "critical", confidence: "certain" });
    expect(findingOf(report, ID).summary).toContain("Segmentation fault");
  });

  it("is the consequence where the words name a cause of their own", () => {
    for (const [text, cause] of [
      ["500 OOPS: vsftpd: refusing to run with writable root inside chroot()\r\n", "auth-chroot-writable-root"],
      ["500 OOPS: priv_sock_get_cmd\r\n", "srv-session-crash"],
    ] as const) {
      const report = expectCauses(leaks(text), [cause]);
      expect(findingOf(report, ID).role).toBe("consequence");
    }
  });

  it("fires where clear text takes the place of the handshake", () => {
    const report = expectCauses(fails({ outcome: "protocol-error", foreign: "530 Please login first.\r\n" }), [ID]);
    expect(findingOf(report, ID).seen.join()).toContain("in place of the handshake: 530 Please login first.");
  });

  it("is what a reply in clear behind the answer to AUTH is, and no greeting in pieces", () => {
    const injected = (late: number) => {
      const evidence = probeOf("203.0.113.5").secure().unexpected("220 Welcome, friend").login().works("epsv").build();
      const secure = evidence.experiments.find((record) => record.experiment === "secure");
      const answered = secure?.experiment === "secure" ? (secure.auth[0]?.replies[0]?.atMs ?? 0) : 0;
      for (const reply of evidence.sessions.flatMap(({ unexpected }) => unexpected)) {
        reply.oddities.push("early");
        reply.atMs = answered + late;
      }
      return diagnose(evidence);
    };
    const report = injected(0);
    expect(report.findings.map(({ id }) => id)).toEqual([ID]);
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      title: "A reply in clear comes right behind the answer to AUTH",
      seen: ["clear text right behind the answer to AUTH: 220 Welcome, friend"],
    });
    expect(JSON.stringify(findingOf(report, ID).remedies)).not.toMatch(/greeting|hyphen/);
    // Before AUTH it belongs to the greeting, and long behind the handshake it came under TLS.
    for (const late of [-5, 5_000]) {
      expect(injected(late).findings.map(({ id }) => id)).toEqual(["reply-desync"]);
    }
  });

  it("is absent where all was TLS, and open where there was none", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").secure().works("epsv"), []), ID).status).toBe("absent");
    expect(checkOf(expectCauses(probeOf("203.0.113.5").works("epsv"), []), ID).status).toBe("undetermined");
  });
});

describe("bytes that are neither TLS nor text in place of the handshake", () => {
  const BYTES = "\x8a\x1f\x00\xff\x9b\x02\xe1\x90\xc5\x11\x07";

  it("are called so, and no clear text: short, as hex, and likely at most", () => {
    const report = expectCauses(fails({ outcome: "protocol-error", foreign: BYTES }), ["tls-handshake-closed"]);
    const finding = findingOf(report, "tls-handshake-closed");
    expect(finding).toMatchObject({
      confidence: "likely",
      title: "The TLS handshake is answered with what is no TLS",
      summary: "What ftp.example.com answers the TLS handshake with is neither TLS nor text.",
    });
    expect(finding.seen.join()).toContain("first bytes (hex): 8a 1f 00 ff 9b 02 e1 90 …");
    expect(JSON.stringify({ ...report, evidence: null })).not.toMatch(/\\u00|[\x7f-\xff]/);
    expect(finding.remedies.map(({ text }) => text).join()).not.toContain("certbot");
  });

  it("are one finding with implicit TLS, which is as sure", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .target({ security: "implicit", port: 990 })
        .secure({ how: "implicit", outcome: "protocol-error", foreign: BYTES }),
      ["ctl-protocol-violation"],
    );
    expect(findingOf(report, "ctl-protocol-violation")).toMatchObject({
      confidence: "likely",
      seen: ["first bytes (hex): 8a 1f 00 ff 9b 02 e1 90 …"],
    });
  });

  it("are nobody's last words inside TLS", () => {
    expectCauses(
      probeOf("203.0.113.5")
        .secure()
        .foreign(BYTES)
        .login("failed", "331 Password?", null, null, { outcome: "closed" }),
      ["ctl-closed-mid-session"],
    );
  });
});

it("tls-handshake-stall mends what is likeliest first: inspection, segment size, and the server last, no certificate", () => {
  const report = expectCauses(fails({ outcome: "timed-out" }), ["tls-handshake-stall"]);
  const { remedies } = findingOf(report, "tls-handshake-stall");
  expect(remedies.map(({ who }) => who)).toEqual(["firewall-admin", "firewall-admin", "server-admin"]);
  expect(remedies[0]?.text).toContain("FTP inspection");
  expect(remedies[1]?.commands?.join()).toContain("clamp-mss-to-pmtu");
  expect(remedies.map(({ text }) => text).join()).not.toMatch(/certificate|certbot/);
  expect(report.next[0]?.command).toBe("ftp-doctor ftps://ftp.example.com");
});

describe("tls-handshake-stall: something came", () => {
  const stalled = (came: { bytes: number; lastMs: number }) => {
    const report = expectCauses(fails({ outcome: "timed-out", came }), ["tls-handshake-stall"]);
    return { report, found: findingOf(report, "tls-handshake-stall") };
  };

  it("bytes that keep dripping are no firewall's silence", () => {
    const { report, found } = stalled({ bytes: 33, lastMs: 3_400 });
    expect(found.at).toBe("unknown");
    expect(found.title).toBe("The TLS handshake is too slow to end");
    expect(found.summary).toContain("33 bytes in 3.5 s");
    expect(found.explanation).not.toContain("without any answer");
    expect(found.rivals.map(({ cause }) => cause).join()).toMatch(/line is slow.*tarpit/);
    expect(found.remedies.map(({ text }) => text).join()).not.toMatch(/inspection|segment/);
    expect(report.next.map(({ command }) => command).join()).not.toContain("ftps://");
  });

  it("a beginning and then no more is a matter of the way, or of a server that hangs", () => {
    const { found } = stalled({ bytes: 1_300, lastMs: 25 });
    expect(found).toMatchObject({ at: "path", args: { standstill: "stopped", came: "1300 bytes" } });
    expect(found.summary).toContain("then nothing more comes");
    expect(found.rivals[0]?.cause).toBe("data-pmtu-blackhole");
    expect(found.remedies[0]?.text).toContain("segment size");
    expect(found.seen).toEqual([
      "203.0.113.5:21 TLS handshake: not ended after 3.5 s; 1300 bytes came, the last after 25 ms",
    ]);
  });
});
