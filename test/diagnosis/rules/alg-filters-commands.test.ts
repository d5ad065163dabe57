import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { type EvidenceBuilder, probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "alg-filters-commands";
const VSFTPD = ["331 Please specify the password.", "230 Login successful."] as const;

describe(ID, () => {
  it("knows asterisks for a greeting and a masked SYST, and says so in a notice", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .control({ greeting: "220 ********************" })
        .login()
        .identify(["EPSV"], "215 XXXX XXXX")
        .works("epsv"),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "certain", at: "middlebox" });
    expect(findingOf(report, ID).seen).toEqual(["220 ********************", "SYST: 215 XXXX XXXX"]);
    expect(report.verdict).toBe("healthy");
  });

  it("compares SYST in clear with SYST under TLS, where no device can mask it", () => {
    const both = (syst: string) =>
      probeOf("203.0.113.5")
        .secure()
        .identify(["AUTH TLS", "EPSV"], "215 UNIX Type: L8")
        .login()
        .works("epsv")
        .control()
        .login()
        .systAgain(syst)
        .works("epsv");
    const masked = findingOf(expectCauses(both("215 XXXXXXXXXX"), [ID]), ID);
    expect(masked).toMatchObject({ confidence: "likely", seen: ["SYST: 215 XXXXXXXXXX"] });
    const other = findingOf(expectCauses(both("215 Firewall"), [ID]), ID);
    expect(other).toMatchObject({
      confidence: "possible",
      severity: "notice",
      seen: ["SYST: in clear 215 Firewall, under TLS 215 UNIX Type: L8"],
    });
    expectCauses(both("215 UNIX Type: L8"), []);
    expectCauses(both("502 No"), [ID]);
  });

  describe("compares the list of features in clear with the one under TLS", () => {
    const WHOLE = ["AUTH TLS", "EPSV", "EPRT", "MLST type*;", "PBSZ", "PROT"];
    const THIN = ["AUTH TLS", "PBSZ", "PROT"];
    const both = (tls: string[], clear: string[] | null, first = WHOLE) => {
      const probe = probeOf("203.0.113.5").identify(first).secure().login().featAgain("tls", tls).works("epsv");
      return clear === null ? probe : probe.control().login().featAgain("clear", clear).works("epsv");
    };

    it.each([
      ["some lines taken out", both(WHOLE, THIN, THIN), "EPSV, EPRT and MLST in clear text and names them"],
      ["AUTH taken out where TLS alone is asked for", both(WHOLE, null, ["EPSV"]), "AUTH in clear text"],
    ])("%s is a device's doing", (_name, probe, words) => {
      const finding = findingOf(expectCauses(probe, [ID]), ID);
      expect(finding).toMatchObject({ severity: "notice", confidence: "likely" });
      expect(finding.summary).toContain(words);
      expect(finding.rivals).not.toEqual([]);
    });

    it.each([
      ["the same", both(WHOLE, WHOLE)],
      ["another machine on the second connection", both(WHOLE, THIN, WHOLE)],
      ["what concerns TLS alone", both(WHOLE, ["AUTH TLS", "EPSV", "EPRT", "MLST size*;"])],
      ["no AUTH where it was already taken", both(["EPSV", "PBSZ"], ["AUTH TLS", "EPSV"])],
      ["more in clear than under TLS", both(["EPSV"], WHOLE)],
      ["nothing to compare with", both(["EPSV", "SIZE"], null)],
    ])("%s is none", (_name, probe) => {
      expectCauses(probe, []);
    });

    it("a list that is short before the login alone says no more than that", () => {
      const { summary, confidence } = findingOf(diagnose(both(WHOLE, WHOLE, []).build()), ID);
      expect(summary).toContain("takes AUTH and its list of features does not name it");
      expect(confidence).toBe("possible");
    });
  });

  it("knows FEAT refused by a product that has it", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .control({ greeting: "220 (vsFTPd 3.0.3)" })
        .login("logged-in", ...VSFTPD)
        .identify(null)
        .works("epsv"),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "possible" });
  });

  it("is as bad as the loss of EPSV where that is eaten", () => {
    const eaten = probeOf("203.0.113.5").identify(["EPSV"]).passive("epsv", { reply: "500 What?" }).works("pasv");
    expect(findingOf(expectCauses(eaten, [ID]), ID).severity).toBe("notice");
    const wanted = probeOf("203.0.113.5")
      .policy({ required: ["epsv"] })
      .identify(["EPSV"])
      .passive("epsv", { reply: "500 What?" })
      .works("pasv");
    expect(findingOf(expectCauses(wanted, [ID]), ID).severity).toBe("error");
  });

  it("does not fire for a decorated greeting, an unknown server without FEAT, or a server that lists no EPSV", () => {
    expectCauses(
      probeOf("203.0.113.5").control({ greeting: "220-*** Welcome ***\n220 Ready" }).login().works("epsv"),
      [],
    );
    expectCauses(probeOf("203.0.113.5").identify(null).works("epsv"), []);
    expectCauses(probeOf("203.0.113.5").identify(["SIZE"]).passive("epsv", { reply: "500 What?" }).works("pasv"), [
      "epsv-rejected",
    ]);
  });

  it("cannot tell where nothing was said", () => {
    expect(
      checkOf(expectCauses(probeOf("203.0.113.5").control({ connect: "refused" }), ["ctl-refused"]), ID).status,
    ).toBe("undetermined");
  });
});

describe("ctl-transparent-proxy", () => {
  const PROXY = "ctl-transparent-proxy";

  it("hears two voices: one greets, another answers", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .control({ greeting: "220 ProFTPD 1.3.5 Server (Debian) [203.0.113.5]" })
        .login("logged-in", ...VSFTPD)
        .passive("epsv", {
          transfer: { replies: ["150 Here comes the directory listing.", "226 Directory send OK."] },
        }),
      [PROXY],
    );
    expect(findingOf(report, PROXY)).toMatchObject({ severity: "notice", confidence: "possible" });
    expect(findingOf(report, PROXY).summary).toContain("the greeting is ProFTPD's and the answers are vsftpd's");
  });

  it("fires where a proxy greets by that name and another product answers", () => {
    const listing = { transfer: { replies: ["150 Here comes the directory listing.", "226 Directory send OK."] } };
    const behind = (greeting: string) =>
      probeOf("203.0.113.5")
        .control({ greeting })
        .login("logged-in", ...VSFTPD)
        .passive("epsv", listing);
    for (const greeting of ["220 FTP gateway ready", "220 fw FTP proxy (Version 1.4) ready."]) {
      const report = expectCauses(behind(greeting), [PROXY]);
      expect(findingOf(report, PROXY).summary).toContain("an FTP proxy and the answers are vsftpd's");
    }
    expectCauses(behind("220 proxy.example.com FTP server ready"), []);
  });

  it("does not fire for one voice or a greeting that names nobody", () => {
    for (const greeting of ["220 (vsFTPd 3.0.3)", "220 Welcome."]) {
      expectCauses(
        probeOf("203.0.113.5")
          .control({ greeting })
          .login("logged-in", ...VSFTPD)
          .works("epsv"),
        [],
      );
    }
  });

  it("fires where the same commands are answered in other words in clear than under TLS", () => {
    const both = (inClear: [string, string], underTls: [string, string]) =>
      probeOf("203.0.113.5")
        .login("logged-in", ...inClear)
        .works("epsv")
        .secure()
        .login("logged-in", ...underTls)
        .works("epsv");
    const report = expectCauses(
      both(["331 Send your e-mail address", "230 Guest access"], ["331 Please specify the password.", "230 Come in."]),
      [PROXY],
    );
    expect(findingOf(report, PROXY)).toMatchObject({ severity: "notice", confidence: "possible" });
    expect(findingOf(report, PROXY).summary).toContain("USER and PASS are answered in other words in clear text");
    // One sentence with something added, other numbers, or one answer alone: a server's own doing.
    const own: [string, string] = ["331 Please specify the password.", "230 Login successful (3 of 50)."];
    expectCauses(both(own, ["331 Please specify the password. TLS it is.", "230 Login successful (4 of 50)."]), []);
    expectCauses(both(own, ["331 Please specify the password.", "230 Welcome behind TLS."]), []);
  });

  it("cannot tell where nobody logged in", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), PROXY).status).toBe("undetermined");
  });
});

describe(`${ID} beside TLS`, () => {
  const features = ["AUTH TLS", "EPRT", "EPSV", "PBSZ", "PROT"];

  it("reads AUTH that is unknown although FEAT lists it; the server's own reasons are another thing", () => {
    const probe = (auth: string) =>
      probeOf("203.0.113.5").control().identify(features).secure({ auth }).login().works("epsv");
    const report = expectCauses(probe("500 command not understood"), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "likely" });
    expect(checkOf(diagnose(probe("431 Security resource unavailable").build()), ID).status).toBe("absent");
  });

  it("says nothing of a server that may list AUTH without having TLS, as ftp-srv does", () => {
    const refused = (probe: ReturnType<typeof probeOf>) =>
      probe.control({ greeting: "220 Welcome" }).identify(features).secure({ auth: "502 Command not implemented" });
    expectCauses(refused(probeOf("203.0.113.5")).login("logged-in", "331 Yes?", "230 Done."), []);
    const report = expectCauses(refused(probeOf("203.0.113.5").target({ security: "explicit" })), [
      "tls-not-supported",
    ]);
    expect(findingOf(report, "tls-not-supported").rivals.map(({ cause }) => cause)).toEqual([ID]);
  });

  it.each([
    ["although the server lists it", features, "likely"],
    ["while FEAT has an answer", null, "possible"],
  ] as const)("reads AUTH that is left without an answer %s", (_name, listed, confidence) => {
    const silent = { auth: null, authOutcome: "timed-out" } as const;
    const swallows = (probe: EvidenceBuilder) => probe.identify(listed === null ? null : [...listed]).secure(silent);
    const compared = swallows(probeOf("203.0.113.5")).control().login().works("epsv");
    const finding = findingOf(expectCauses(compared, [ID]), ID);
    expect(finding).toMatchObject({ severity: "notice", confidence });
    expect(finding.rivals.map(({ cause }) => cause)).toContain("the server itself hangs at AUTH");
    const alone = swallows(probeOf("203.0.113.5").target({ security: "explicit" }));
    expect(findingOf(expectCauses(alone, [ID]), ID).severity).toBe("critical");
  });

  it("says nothing of AUTH that the end of the run cut off, or that ended the connection", () => {
    for (const authOutcome of ["cancelled", "closed"] as const) {
      const probe = probeOf("203.0.113.5").identify(features).secure({ auth: null, authOutcome });
      expect(diagnose(probe.build()).findings.map(({ id }) => id)).not.toContain(ID);
    }
  });

  it("is critical where nobody gets in without TLS", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .target({ security: "explicit" })
        .control({ greeting: "220 (vsFTPd 3.0.3)" })
        .identify(features)
        .secure({ auth: "502 Command not implemented" }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("critical");
  });

  it("reads a list of features without AUTH on a product that lists it and takes it", () => {
    const probe = (features: string[] | null) =>
      probeOf("203.0.113.5")
        .control({ greeting: "220 (vsFTPd 3.0.3)" })
        .identify(features)
        .secure()
        .login()
        .works("epsv");
    const report = expectCauses(probe(["EPRT", "EPSV", "UTF8"]), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "possible" });
    expectCauses(probe(["AUTH TLS", "EPRT", "EPSV", "UTF8"]), []);
  });

  it("reads a mode that is refused in clear and works under TLS", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .login()
        .passive("epsv", { reply: "500 command not allowed" })
        .works("pasv")
        .control()
        .secure()
        .login()
        .works("epsv", "pasv"),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ confidence: "likely", args: { modes: ["epsv"] } });
    expect(checkOf(report, "epsv-rejected").note).toBe(`covered by ${ID}`);
  });
});
