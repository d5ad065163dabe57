import { describe, expect, it } from "vitest";
import { clientPolicies } from "../../../src/clients/index.ts";
import { deriveFacts } from "../../../src/diagnosis/facts/facts.ts";
import { forecast } from "../../../src/diagnosis/forecast/forecast.ts";
import type { Evidence } from "../../../src/model/evidence.ts";
import type { ClientForecast } from "../../../src/model/report.ts";
import { type EvidenceBuilder, probeOf } from "../../support/evidence.ts";

const PEER = "203.0.113.5";
const PEER6 = "2001:db8::5";

function forecastOf(evidence: Evidence): Record<string, ClientForecast> {
  return Object.fromEntries(forecast(deriveFacts(evidence)).map((each) => [each.client, each]));
}

/** `outcome` or `outcome mode` of each client. */
function outcomes(built: EvidenceBuilder): Record<string, string> {
  return Object.fromEntries(
    forecast(deriveFacts(built.build())).map(({ client, outcome, mode }) => [
      client,
      mode === null ? outcome : `${outcome} ${mode}`,
    ]),
  );
}

const healthy = () => probeOf(PEER).works("epsv", "pasv", "eprt", "port");
/** A server behind NAT that names its inside address; the ports are open, active mode does not come through. */
const privateAddress = (names = "10.0.0.2:40003") =>
  probeOf(PEER)
    .works("epsv")
    .passive("pasv", { names, dial: "timed-out", peer: "connected" })
    .active("eprt", { accept: "timed-out" })
    .active("port", { accept: "timed-out" });

describe("the list of clients", () => {
  it("has each id once, a source for each, and a first mode for each", () => {
    const ids = clientPolicies.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { sources, ipv4 } of clientPolicies) {
      expect(sources.length).toBeGreaterThan(0);
      expect(ipv4.length).toBeGreaterThan(0);
    }
  });

  it("goes on only to modes that it has", () => {
    for (const { id, ipv4, ipv6, settings } of clientPolicies) {
      for (const steps of [ipv4, ipv6, ...settings.flatMap(({ changes }) => [changes.ipv4, changes.ipv6])]) {
        if (!Array.isArray(steps)) continue;
        const modes = steps.map(({ mode }) => mode);
        const wrong = steps.flatMap(({ next }) => Object.values(next)).filter((mode) => !modes.includes(mode));
        expect({ id, wrong }).toEqual({ id, wrong: [] });
      }
    }
  });

  it("is silent where no session was had", () => {
    expect(forecastOf(probeOf(PEER).control({ connect: "timed-out" }).build())).toEqual({});
    expect(
      forecastOf(probeOf(PEER).control().login("rejected", "331 Password.", "530 Login incorrect.").build()),
    ).toEqual({});
  });
});

describe("a healthy server", () => {
  it("works with every client, each with its own first mode", () => {
    expect(outcomes(healthy())).toMatchObject({
      filezilla: "works pasv",
      winscp: "works pasv",
      "windows-explorer": "works pasv",
      "windows-ftp": "works port",
      curl: "works epsv",
      wget: "works pasv",
      lftp: "works pasv",
      ncftp: "works pasv",
      tnftp: "works epsv",
      "python-ftplib": "works pasv",
      php: "works port",
      "php-passive": "works pasv",
      "commons-net": "works port",
      "commons-net-passive": "works pasv",
      "basic-ftp": "works epsv",
      fluentftp: "works epsv",
    });
    for (const { setting, why } of Object.values(forecastOf(healthy().build()))) {
      expect(setting).toBeNull();
      expect(why).toMatch(/^[A-Z].*works\.$/);
    }
  });
});

describe("an address that clients cannot reach", () => {
  it("fails those that believe it and works for those that replace it", () => {
    expect(outcomes(privateAddress())).toMatchObject({
      filezilla: "works pasv",
      winscp: "works pasv",
      "windows-explorer": "fails",
      curl: "works epsv",
      "curl-before-7.74": "works epsv",
      wget: "fails",
      lftp: "works pasv",
      ncftp: "works pasv",
      "python-ftplib": "works pasv",
      "python-ftplib-before-3.9.3": "fails",
      "php-passive": "fails",
      "commons-net-passive": "works pasv",
      fluentftp: "works epsv",
    });
    const { wget, "php-passive": php } = forecastOf(privateAddress().build());
    expect(wget?.why).toBe("Asks for PASV and connects to 10.0.0.2, as the answer says, which does not answer.");
    expect(wget?.setting).toBeNull();
    expect(php?.setting).toContain("FTP_USEPASVADDRESS, false");
  });

  it("is not replaced by those that replace private ones alone, where it is public", () => {
    expect(outcomes(privateAddress("198.51.100.77:40003"))).toMatchObject({
      filezilla: "fails",
      lftp: "fails",
      "python-ftplib": "works pasv",
      "commons-net-passive": "works pasv",
    });
  });

  it("is left alone by most where the server is private as well, but not by FluentFTP", () => {
    const inside = probeOf("192.168.1.5")
      .passive("epsv", { reply: "500 Unknown command." })
      .passive("pasv", { names: "10.0.0.2:40003", dial: "connected", peer: "refused" });
    expect(outcomes(inside)).toMatchObject({ filezilla: "works pasv", lftp: "works pasv", fluentftp: "fails" });
  });

  it("of a kind on which sources differ is unknown", () => {
    expect(outcomes(privateAddress("0.0.0.0:40003"))).toMatchObject({
      filezilla: "unknown",
      lftp: "works pasv",
      wget: "fails",
    });
  });

  it("is an error for basic-ftp 6 and tnftp, replaced by the predecessor of the former", () => {
    const noEpsv = probeOf(PEER)
      .passive("epsv", { reply: "500 Unknown command." })
      .passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out", peer: "connected" });
    expect(outcomes(noEpsv)).toMatchObject({
      "basic-ftp": "fails",
      "basic-ftp-before-6": "works pasv",
      tnftp: "fails",
    });
    expect(forecastOf(noEpsv.build())["basic-ftp"]?.setting).toContain("allowSeparateTransferHost");
  });

  it("makes lftp turn to active mode where its repair fails too", () => {
    const both = (accept: "connected" | "timed-out") =>
      probeOf(PEER)
        .passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out", peer: "timed-out" })
        .active("port", { accept });
    expect(outcomes(both("connected"))).toMatchObject({ lftp: "works-after-delay port", filezilla: "fails" });
    expect(outcomes(both("timed-out"))).toMatchObject({ lftp: "fails" });
  });
});

describe("EPSV", () => {
  it("refused: those that begin with it fall back to PASV at once", () => {
    const refused = probeOf(PEER).passive("epsv", { reply: "500 Unknown command." }).works("pasv", "port");
    expect(outcomes(refused)).toMatchObject({
      curl: "works pasv",
      tnftp: "works pasv",
      "basic-ftp": "works pasv",
      fluentftp: "works pasv",
      wget: "works pasv",
    });
  });

  it("offered on a port that does not answer: curl and basic-ftp wait and go on, FluentFTP gives up, tnftp turns to active", () => {
    const filtered = probeOf(PEER).passive("epsv", { dial: "timed-out" }).works("pasv", "eprt", "port");
    expect(outcomes(filtered)).toMatchObject({
      curl: "works-after-delay pasv",
      "basic-ftp": "works-after-delay pasv",
      fluentftp: "fails",
      tnftp: "works-after-delay eprt",
      filezilla: "works pasv",
    });
    const { curl, fluentftp } = forecastOf(filtered.build());
    expect(curl?.setting).toBe("curl --disable-epsv");
    expect(fluentftp?.setting).toContain("PASVEX");
    expect(curl?.why).toBe(
      "Asks for EPSV and connects to port 40000, which does not answer; then asks for PASV, which works.",
    );
  });

  it("offered on a port that is closed costs no wait", () => {
    const closed = probeOf(PEER).passive("epsv", { dial: "refused" }).works("pasv");
    expect(outcomes(closed)).toMatchObject({ curl: "works pasv", "basic-ftp": "works pasv" });
  });

  it("answered with a 227 is unknown where the client's answer to that is not known", () => {
    const odd = probeOf(PEER)
      .passive("epsv", { reply: "227 Entering Passive Mode (203,0,113,5,156,64)", names: `${PEER}:40000` })
      .works("pasv");
    expect(outcomes(odd)).toMatchObject({ curl: "works pasv", fluentftp: "unknown" });
  });
});

describe("active mode", () => {
  const passiveOff = () =>
    probeOf(PEER)
      .passive("epsv", { reply: "500 Unknown command." })
      .passive("pasv", { reply: "550 Permission denied." })
      .works("eprt", "port");

  it("is where FileZilla, lftp, ncftp and tnftp turn once PASV is refused; wget, curl and ftplib do not", () => {
    expect(outcomes(passiveOff())).toMatchObject({
      filezilla: "works port",
      lftp: "works-after-delay port",
      ncftp: "works port",
      tnftp: "works port",
      winscp: "fails",
      wget: "fails",
      curl: "fails",
      "python-ftplib": "fails",
      "windows-ftp": "works port",
    });
    expect(forecastOf(passiveOff().build())["python-ftplib"]?.setting).toContain("set_pasv(False)");
  });

  it("is where lftp turns in a new session alone, after a pause", () => {
    expect(forecastOf(passiveOff().build())["lftp"]?.why).toBe(
      "Asks for PASV, which the server refuses (550); then logs in again after a pause; then uses active mode (PORT), which works.",
    );
  });

  it("is where ncftp turns behind a blocked port only if FEAT does not list PASV", () => {
    const blocked = (features: string[]) =>
      probeOf(PEER).identify(features).passive("pasv", { dial: "timed-out" }).works("port");
    expect(outcomes(blocked(["MDTM", "SIZE"]))).toMatchObject({ ncftp: "works-after-delay port" });
    expect(outcomes(blocked(["EPSV", "PASV"]))).toMatchObject({ ncftp: "fails", tnftp: "unknown" });
    const refused = probeOf(PEER).identify(["PASV"]).passive("pasv", { reply: "550 No." }).works("port");
    expect(outcomes(refused)).toMatchObject({ ncftp: "works port" });
  });

  it("alone fails ftp.exe, and PHP is told to use passive mode", () => {
    const behindNat = probeOf(PEER).works("epsv", "pasv").active("port", { accept: "timed-out" });
    const { "windows-ftp": exe, php } = forecastOf(behindNat.build());
    expect(exe).toMatchObject({ outcome: "fails", mode: null, setting: null });
    expect(exe?.why).toBe("Uses active mode (PORT), but the server's call does not arrive.");
    expect(php).toMatchObject({ outcome: "fails", setting: "PHP: ftp_pasv($ftp, true) after ftp_login()" });
  });

  it("called from another address than the server's: Commons Net hangs up, PHP does not mind, ftp.exe is not known", () => {
    const stranger = probeOf(PEER).active("port", { accept: "timed-out", strangers: ["203.0.113.9:20"] });
    expect(outcomes(stranger)).toMatchObject({
      "commons-net": "fails",
      php: "works port",
      "windows-ftp": "unknown",
    });
  });

  it("is where PHP stays when ftp_pasv() fails", () => {
    expect(outcomes(passiveOff())).toMatchObject({ "php-passive": "works port", "commons-net-passive": "fails" });
  });

  it("with an address of the user's choice says nothing about clients", () => {
    const chosen = healthy().policy({ activeAddress: "192.0.2.7" });
    expect(outcomes(chosen)).toMatchObject({ "windows-ftp": "unknown", curl: "works epsv" });
  });
});

describe("a reply that cannot be read", () => {
  it("fails ncftp alone where the address stands in the second line of a 227", () => {
    const twoLines = probeOf(PEER).passive("pasv", {
      reply: "227-Listening\n227 (203,0,113,5,156,64)",
      names: `${PEER}:40000`,
      dial: "connected",
    });
    expect(outcomes(twoLines)).toMatchObject({ ncftp: "fails", wget: "works pasv", lftp: "works pasv" });
  });

  it("makes FileZilla, WinSCP and lftp turn to active mode", () => {
    const garbled = probeOf(PEER)
      .works("epsv")
      .passive("pasv", { reply: "227 Entering Passive Mode", names: null, problem: "no address" })
      .works("port");
    expect(outcomes(garbled)).toMatchObject({
      filezilla: "works port",
      winscp: "works port",
      lftp: "works-after-delay port",
      ncftp: "fails",
      wget: "fails",
      curl: "works epsv",
    });
  });
});

describe("both families", () => {
  const dead6 = (connect: "timed-out" | "refused") =>
    probeOf(PEER6).resolve([PEER6]).resolve([PEER]).control({ connect }).at(PEER).works("epsv", "pasv", "port");

  it("a silent IPv6 address delays those that try one after the other", () => {
    expect(outcomes(dead6("timed-out"))).toMatchObject({
      curl: "works epsv",
      "basic-ftp": "works epsv",
      wget: "works-after-delay pasv",
      "python-ftplib": "works-after-delay pasv",
      "commons-net-passive": "works pasv",
      ncftp: "works pasv",
      winscp: "unknown",
    });
    expect(forecastOf(dead6("timed-out").build())["wget"]?.setting).toBe("wget --inet4-only");
  });

  it("a refusing one costs nothing", () => {
    expect(outcomes(dead6("refused"))).toMatchObject({ wget: "works pasv", "python-ftplib": "works pasv" });
  });

  it("IPv6 alone is nothing for ncftp, and not known of Explorer", () => {
    const six = probeOf(PEER6).works("epsv", "eprt");
    expect(outcomes(six)).toMatchObject({
      ncftp: "fails",
      "windows-explorer": "unknown",
      wget: "works epsv",
      "python-ftplib": "works epsv",
      "windows-ftp": "works eprt",
    });
  });
});

describe("a slow server", () => {
  const slow = (greetingMs: number) => probeOf(PEER).control({ greetingMs }).works("epsv", "pasv", "port");

  it("delays everybody, and is too slow for those that give up earlier", () => {
    expect(outcomes(slow(17_000))).toMatchObject({
      winscp: "fails",
      fluentftp: "fails",
      filezilla: "works-after-delay pasv",
      curl: "works-after-delay epsv",
    });
    expect(forecastOf(slow(17_000).build())["winscp"]?.why).toBe("Gives up after 15 s without a reply.");
    expect(outcomes(slow(800))).toMatchObject({ winscp: "works pasv" });
  });
});

describe("what was not tried", () => {
  it("is unknown to those that would use it, and no matter to the others", () => {
    const epsvOnly = probeOf(PEER)
      .works("epsv")
      .policy({ modes: ["epsv"] });
    expect(outcomes(epsvOnly)).toMatchObject({ curl: "works epsv", wget: "unknown", "windows-ftp": "unknown" });
  });

  it("TLS: those that use it where it is offered are unknown", () => {
    const offered = probeOf(PEER).control().identify(["AUTH TLS", "PASV"]).works("epsv", "pasv", "port");
    // lftp does not use it for an anonymous login.
    expect(outcomes(offered)).toMatchObject({ filezilla: "unknown", lftp: "works pasv", wget: "works pasv" });
    const account = probeOf(PEER)
      .target({ user: "web1" })
      .control()
      .identify(["AUTH TLS", "PASV"])
      .works("epsv", "pasv", "port");
    expect(outcomes(account)).toMatchObject({ filezilla: "unknown", lftp: "unknown", wget: "works pasv" });
  });

  it("a step that was cut short is unknown", () => {
    const cut = probeOf(PEER).passive("pasv", { status: "cancelled", outcome: "cancelled", reply: null });
    expect(outcomes(cut)).toMatchObject({ wget: "unknown" });
  });
});

describe("a connection over which nothing comes", () => {
  it("fails all that use it", () => {
    const empty = probeOf(PEER)
      .passive("epsv", { transfer: { replies: ["425 Security: Bad IP connecting."], data: "closed", bytes: 0 } })
      .passive("pasv", { transfer: { replies: ["425 Security: Bad IP connecting."], data: "closed", bytes: 0 } });
    expect(outcomes(empty)).toMatchObject({ curl: "fails", wget: "fails", lftp: "fails", ncftp: "fails" });
  });
});

/** TLS offered; a session under TLS in which all modes work. */
const underTls = (sketch: Parameters<EvidenceBuilder["secure"]>[0] = {}) =>
  probeOf(PEER).control().identify(["AUTH TLS", "EPSV"]).secure(sketch).login().works("epsv", "pasv", "eprt", "port");

describe("under TLS", () => {
  it("fails clients that log in without it, where the server refuses that, and says how to ask for it", () => {
    const evidence = underTls()
      .control()
      .login("rejected", "530 Non-anonymous sessions must use encryption.")
      .target({ user: "web1" })
      .build();
    const { curl, ncftp, lftp, filezilla, "python-ftplib": ftplib } = forecastOf(evidence);
    expect(curl).toMatchObject({ outcome: "fails", setting: "curl --ssl-reqd" });
    expect(curl?.why).toBe("Logs in without TLS, which the server refuses (530).");
    expect(ncftp).toMatchObject({ outcome: "fails", setting: null });
    expect(lftp).toMatchObject({ outcome: "works", mode: "pasv" });
    expect(filezilla).toMatchObject({ outcome: "works", mode: "pasv" });
    // FTP_TLS does not resume, and nobody has tried whether the server demands it.
    expect(ftplib).toMatchObject({ outcome: "fails", setting: null });
  });

  it("names the authority that a client must be given, where the server's certificate is good by it alone", () => {
    const own = underTls({ root: "ca-file", store: "bundled+ca-file" })
      .policy({ caFile: "my roots.pem" })
      .target({ user: "web1" });
    const refusing = own.control().login("rejected", "530 Non-anonymous sessions must use encryption.");
    const { curl, wget, lftp } = forecastOf(refusing.build());
    expect(curl?.setting).toBe("curl --ssl-reqd --cacert 'my roots.pem'");
    expect(wget?.setting).toBe("wget ftps:// --ca-certificate='my roots.pem'");
    expect(lftp?.why).toContain("Is given the authority of --ca-file");
  });

  it("does not tell of clear text where this run saw none", () => {
    expect(outcomes(underTls().target({ user: "web1" }))).toMatchObject({ curl: "unknown", tnftp: "unknown" });
  });

  it("asks clients for TLS where the target asks for it", () => {
    const asked = underTls().target({ security: "explicit" });
    expect(outcomes(asked)).toMatchObject({
      curl: "works epsv",
      wget: "works pasv",
      lftp: "works pasv",
      "basic-ftp": "works epsv",
      "php-passive": "works pasv",
      "python-ftplib": "unknown",
      fluentftp: "unknown",
      tnftp: "unknown",
    });
    const { fluentftp, "python-ftplib": ftplib } = forecastOf(asked.build());
    expect(fluentftp?.why).toContain("opens a new TLS session for the data connection, which this run did not try");
    expect(ftplib?.why).toContain("transfers in clear, for it asks for no PROT P of its own accord");
  });

  it("does not take a trial that nobody answered for one that works", () => {
    const asked = underTls()
      .target({ security: "explicit" })
      .matrix("TLSv1.3", [
        { what: "prot-c", transfer: { replies: ["150 Here it comes."] } },
        { what: "no-resume", transfer: { data: "timed-out", replies: ["150 Here it comes."] } },
      ]);
    const { fluentftp, "python-ftplib": ftplib } = forecastOf(asked.build());
    expect(ftplib).toMatchObject({ outcome: "unknown", why: expect.stringContaining("tried without an answer") });
    expect(fluentftp).toMatchObject({ outcome: "unknown", why: expect.stringContaining("tried without an answer") });
  });

  it("knows which clients can begin with TLS", () => {
    const implicit = probeOf(PEER)
      .secure({ how: "implicit" })
      .login()
      .works("epsv", "pasv", "eprt", "port")
      .target({ security: "implicit", port: 990 });
    expect(outcomes(implicit)).toMatchObject({
      curl: "works epsv",
      filezilla: "works pasv",
      "python-ftplib": "fails",
      tnftp: "fails",
    });
  });

  it.each([
    ["SELF_SIGNED_CERT_IN_CHAIN", { curl: "fails", filezilla: "works pasv", "commons-net-passive": "unknown" }],
    ["CERT_HAS_EXPIRED", { curl: "fails", filezilla: "works pasv", "commons-net-passive": "fails" }],
  ])("believes a certificate as each client does: %s", (code, expected) => {
    const doubtful = underTls({ problems: [code] }).target({ security: "explicit" });
    expect(outcomes(doubtful)).toMatchObject({
      ...expected,
      wget: "fails",
      lftp: "fails",
      "php-passive": "works pasv",
    });
    expect(forecastOf(doubtful.build())["filezilla"]?.why).toMatch(/^Asks its user whether to accept the certificate/);
  });

  it("fails clients that insist on TLS where the server refuses it, and lets the others go on without", () => {
    const refused = probeOf(PEER)
      .control()
      .identify(["AUTH TLS", "EPSV"])
      .secure({ auth: "500 AUTH not understood" })
      .login()
      .works("epsv", "pasv", "eprt", "port");
    expect(outcomes(refused)).toMatchObject({ filezilla: "works pasv", curl: "works epsv" });
    expect(outcomes(refused.target({ security: "explicit" }))).toMatchObject({ curl: "fails", wget: "fails" });
  });
});
