import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

describe("tls-not-supported", () => {
  const ID = "tls-not-supported";
  const given = () => probeOf("203.0.113.5").policy({ credentials: "given" }).target({ user: "web1" });

  it("is a notice where a password went in clear because there is no TLS", () => {
    const report = expectCauses(given().identify(["SIZE", "MDTM"]).works("epsv", "pasv"), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "certain" });
    expect(findingOf(report, ID).summary).toContain("the login went in clear text");
    expect(report.verdict).toBe("healthy");
  });

  it.each([
    "500 AUTH not understood",
    "502 Command not implemented",
    "530 Please login with USER and PASS.",
    ["504 Unknown security mechanism", "500 This security scheme is not implemented"],
  ])("is critical where TLS alone was allowed: %s", (auth) => {
    const report = expectCauses(probeOf("203.0.113.5").target({ security: "explicit" }).secure({ auth }), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "critical" });
    expect(report.verdict).toBe("broken");
  });

  it("is an error where TLS is required", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .policy({ required: ["tls"] })
        .identify(["SIZE"])
        .works("epsv"),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("error");
    expect(report.verdict).toBe("broken");
  });

  it("leaves an anonymous login alone, and one that a server without TLS refuses", () => {
    const report = expectCauses(probeOf("203.0.113.5").identify(["SIZE"]).works("epsv"), []);
    expect(checkOf(report, ID)).toMatchObject({ status: "absent", note: expect.stringContaining("no password") });
    expectCauses(given().identify(["SIZE"]).login("rejected", "331 Password?", "530 Login incorrect."), [
      "auth-rejected",
    ]);
  });

  it("leaves alone what the user allowed, and what stays on one machine", () => {
    expectCauses(given().policy({ allowCleartext: true }).identify(["SIZE"]).works("epsv"), []);
    const local = probeOf("127.0.0.1").policy({ credentials: "given" }).target({ user: "web1" });
    expectCauses(local.identify(["SIZE"]).works("epsv"), []);
  });

  it.each([
    [["AUTH SSL"], "lists AUTH SSL and refuses it"],
    [["AUTH SSL", "AUTH TLS"], "lists AUTH TLS and refuses it"],
  ])("names what is listed: %j", (features, words) => {
    const refused = { auth: ["500 No", "500 No"] };
    const report = expectCauses(given().identify(features).secure(refused).login("withheld"), [ID]);
    expect(findingOf(report, ID).summary).toContain(words);
  });

  it("knows that Pure-FTPd lists AUTH also where its TLS is switched off", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .target({ security: "explicit" })
        .identify(["AUTH TLS"])
        .secure({ auth: "500 This security scheme is not implemented" }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("critical");
  });

  it("is an error where FEAT lists AUTH, it is refused, and the password therefore stays here", () => {
    const report = expectCauses(given().identify(["AUTH TLS", "SIZE"]).secure({ auth: "502 no" }).login("withheld"), [
      ID,
    ]);
    const finding = findingOf(report, ID);
    expect(finding).toMatchObject({
      severity: "error",
      at: "server-config",
      title: "The server lists TLS among its features and refuses it",
      summary: "ftp.example.com lists AUTH TLS and refuses it (AUTH TLS: 502 no), so the password was not sent.",
    });
    expect(finding.seen).toEqual(["AUTH TLS: 502 no", "FEAT lists AUTH TLS"]);
    expect(finding.rivals.map(({ cause }) => cause)).toEqual(["alg-filters-commands"]);
    expect(finding.remedies.map(({ product }) => product)).toEqual(expect.arrayContaining(["vsftpd", "ProFTPD"]));
    expect(report.verdict).toBe("undetermined");
    expect(report.next[0]?.command).toContain("--allow-cleartext");
  });

  it("does not speak of what FEAT lists", () => {
    const report = expectCauses(given().identify(["AUTH TLS"]).secure().login().works("epsv"), []);
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("cannot tell where the server was not asked", () => {
    expect(checkOf(expectCauses(given().works("epsv"), []), ID).status).toBe("undetermined");
    expect(checkOf(expectCauses(given().identify(null).works("epsv"), []), ID).status).toBe("undetermined");
  });
});

describe("tls-auth-nonstandard-reply", () => {
  const ID = "tls-auth-nonstandard-reply";

  it.each(["200 AUTH command ok; starting SSL connection...", "334 Go on", "220 OK"])("warns of %s", (auth) => {
    const report = expectCauses(probeOf("203.0.113.5").secure({ auth }).works("epsv"), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "certain" });
  });

  it("does not believe a server that says 200 to everything", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").secure({ auth: "200 OK", outcome: "timed-out" }).control().works("epsv"),
      ["tls-handshake-stall"],
    );
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("is absent with 234, and does not arise without AUTH", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").secure().works("epsv"), []), ID).status).toBe("absent");
    expect(checkOf(expectCauses(probeOf("203.0.113.5").works("epsv"), []), ID).status).toBe("not-applicable");
  });
});

describe("tls-mode-mismatch", () => {
  const ID = "tls-mode-mismatch";
  const implicit = () => probeOf("203.0.113.5").target({ security: "implicit", port: 990 });

  it("is told by a greeting in place of the handshake", () => {
    const report = expectCauses(
      implicit().secure({ how: "implicit", outcome: "protocol-error", foreign: "220 (vsFTPd 3.0.3)\r\n" }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({
      severity: "critical",
      confidence: "certain",
      title: "The port greets in clear text, not with TLS",
    });
    expect(report.next.map(({ command }) => command)).toEqual(["ftp-doctor ftpes://ftp.example.com:990"]);
  });

  it("is told by a handshake that works where clear text met silence: a notice on 990, a warning elsewhere", () => {
    const silent = (port: number) =>
      probeOf("203.0.113.5")
        .target({ port })
        .control({ greeting: null, greetingOutcome: "timed-out" })
        .secure({ how: "implicit" })
        .login()
        .works("epsv", "pasv");
    expect(findingOf(expectCauses(silent(990), [ID]), ID).severity).toBe("notice");
    expect(findingOf(expectCauses(silent(21), [ID]), ID).severity).toBe("warning");
  });

  it("leaves a port under whose TLS no FTP server greets to the rule that knows it", () => {
    const probe = probeOf("203.0.113.5")
      .target({ port: 443 })
      .control({ greeting: null, greetingOutcome: "timed-out" })
      .secure({ how: "implicit", knock: true, said: { greeting: null, greetingOutcome: "timed-out" } });
    expect(checkOf(expectCauses(probe, ["ctl-wrong-service"]), ID).status).toBe("absent");
  });

  it("is an error where it works in another way than was asked for", () => {
    const report = expectCauses(
      implicit()
        .secure({ how: "implicit", outcome: "protocol-error", foreign: "220 Welcome\r\n" })
        .control({ protection: "clear" })
        .login()
        .works("epsv", "pasv"),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("error");
    expect(report.verdict).toBe("broken");
  });

  it("does not send to explicit TLS where the server has no TLS at all, nor to 990 who is there", () => {
    const greeted = (port: number) =>
      probeOf("203.0.113.5")
        .target({ security: "implicit", port })
        .secure({ how: "implicit", outcome: "protocol-error", foreign: "220 Welcome\r\n" })
        .control({ protection: "clear" });
    const without = expectCauses(greeted(990).identify(["UTF8"]).login().works("epsv", "pasv"), [ID]);
    const finding = findingOf(without, ID);
    expect(finding.summary).toContain("offers no TLS at all");
    expect(JSON.stringify([finding, without.next])).not.toMatch(/curl --ssl-reqd|ftpes:|usually 990/);
    expect(finding.remedies.map(({ who }) => who)).toContain("server-admin");
    expect(without.next[0]?.command).toBe("ftp-doctor ftp://ftp.example.com:990");
    const offered = expectCauses(greeted(990).identify(["AUTH TLS"]), [ID]);
    expect(offered.next[0]?.command).toBe("ftp-doctor ftpes://ftp.example.com:990");
    expect(findingOf(offered, ID).explanation).toContain("Port 990 is usually the one of implicit TLS");
    expect(findingOf(offered, ID).remedies.map(({ who }) => who)).toEqual(["client-user"]);
    expect(findingOf(expectCauses(greeted(2121), [ID]), ID).explanation).toContain("usually 990");
  });

  it("leaves another service to the rule that knows it", () => {
    expectCauses(
      implicit().secure({ how: "implicit", outcome: "protocol-error", foreign: "SSH-2.0-OpenSSH_9.6\r\n" }),
      ["ctl-wrong-service"],
    );
  });

  it("is absent where both agree", () => {
    const report = expectCauses(implicit().secure({ how: "implicit" }).login().works("epsv"), []);
    expect(checkOf(report, ID).status).toBe("absent");
  });
});
