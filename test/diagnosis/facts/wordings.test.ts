import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { WORDINGS } from "../../../src/diagnosis/facts/wordings.ts";
import { rules } from "../../../src/diagnosis/rules/index.ts";
import { type EvidenceBuilder, probeOf } from "../../support/evidence.ts";
import { expectCauses } from "../../support/findings.ts";

/** Where a server says it. */
type Place = "greeting" | "FEAT" | "USER" | "PASS" | "LIST" | "PASV" | "unasked";

/** Every wording that the catalogue quotes for a finding that goes by its words, where it is said. */
const CATALOGUE: readonly [finding: string, place: Place, reply: string][] = [
  ["ctl-source-banned", "greeting", "550 No connections allowed from your IP"],
  [
    "ctl-source-banned",
    "greeting",
    "421-Not currently accepting logins at this address. Try back later.\n421 Closing connection",
  ],
  ["ctl-accepted-then-closed", "greeting", "421 Service not available."],
  ["ctl-accepted-then-closed", "greeting", "500 Sorry, no server available to handle request on 203.0.113.5"],
  ["ctl-max-clients", "greeting", "421 There are too many connected users, please try later."],
  ["ctl-max-clients", "greeting", "421 50 users (the maximum) are already logged in, sorry"],
  ["ctl-max-clients", "greeting", "421 Too many connections. Service temporarily unavailable."],
  ["ctl-max-clients", "PASS", "530 Sorry, the maximum number of allowed clients (10) are already connected."],
  ["ctl-max-per-ip", "greeting", "421 Too many connections (8) from this IP"],
  ["ctl-max-per-ip", "greeting", "421 There are too many connections from your internet address."],
  ["ctl-max-per-ip", "greeting", "421 Too many connections from the same IP address."],
  ["ctl-max-per-ip", "PASS", "530 Sorry, the maximum number of allowed clients (2) from your host are connected."],
  ["ctl-idle-timeout", "unasked", "421 Idle timeout (600 seconds): closing control connection"],
  ["ctl-idle-timeout", "unasked", "421 No transfer timeout (300 seconds): closing control connection"],
  ["ctl-idle-timeout", "USER", "421 Login timeout (300 seconds): closing control connection"],
  ["ctl-idle-timeout", "unasked", "421 Timeout."],
  ["ctl-idle-timeout", "LIST", "421 Data timeout. Reconnect. Sorry."],
  ["ctl-idle-timeout", "unasked", "421 Timeout - try typing a little faster next time"],
  ["ctl-idle-timeout", "unasked", "421 Timeout (no operation for 900 seconds)"],
  ["ctl-idle-timeout", "unasked", "421 Connection timed out."],
  ["srv-session-crash", "PASS", "500 OOPS: child died"],
  ["srv-session-crash", "greeting", "500 OOPS: munmap"],
  ["srv-session-crash", "greeting", "500 OOPS: prctl PR_SET_SECCOMP failed"],
  ["srv-session-crash", "PASS", "500 OOPS: priv_sock_get_cmd"],
  ["srv-session-crash", "LIST", "500 OOPS: failed to open xferlog log file:/var/log/vsftpd.log"],
  ["srv-session-crash", "USER", "500 OOPS: cannot locate user entry:ftp"],
  ["pasv-address-unparsable", "PASV", "500 OOPS: invalid pasv_address"],
  ["srv-bind-failed", "LIST", "500 OOPS: vsf_sysutil_bind"],
  ["auth-rejected", "PASS", "530 Login incorrect."],
  ["auth-rejected", "USER", "530 Permission denied."],
  ["auth-rejected", "USER", "530 This FTP server is anonymous only."],
  ["auth-rejected", "PASS", "530 Login authentication failed"],
  ["auth-rejected", "PASS", "530 Sorry, but I can't trust you"],
  ["auth-rejected", "PASS", "530 User cannot log in."],
  ["auth-rejected", "PASS", "530 Not logged in."],
  ["auth-rejected", "PASS", "430 Invalid username or password"],
  ["auth-rejected", "PASS", "332 Need account for login."],
  ["auth-home-inaccessible", "PASS", "530 User cannot log in, home directory inaccessible."],
  ["auth-home-inaccessible", "PASS", "500 OOPS: cannot change directory:/home/web1"],
  ["auth-home-inaccessible", "PASS", "421 Home directory not available - aborting"],
  ["auth-home-inaccessible", "PASS", "530 Home directory not available"],
  ["auth-chroot-writable-root", "PASS", "500 OOPS: vsftpd: refusing to run with writable root inside chroot()"],
  ["auth-chroot-writable-root", "USER", "500 OOPS: vsftpd: refusing to run with writable anonymous root"],
  ["auth-tls-required", "USER", "550 SSL/TLS required on the control channel"],
  ["auth-tls-required", "USER", "550 SSL/TLS required on the control channel."],
  ["auth-tls-required", "USER", "530 Non-anonymous sessions must use encryption."],
  ["auth-tls-required", "USER", "421 Sorry, cleartext sessions and weak ciphers are not accepted on this server."],
  ["auth-tls-required", "USER", "534 Policy requires SSL."],
  ["auth-tls-required", "USER", "530 This server does not allow plain FTP. You have to use FTP over TLS."],
  ["auth-tls-required", "USER", "503 Use AUTH first."],
  ["auth-tls-required", "USER", "530 User web1 access denied. Use secure access"],
  ["auth-tls-required", "USER", "521 Not logged in - Secure authentication required"],
  ["auth-tls-required", "USER", "534 TLS required, configure with AUTH first."],
  ["auth-tls-required", "PASS", "530 SSL is required to connect to this account"],
  ["auth-anonymous-tls", "PASS", "530 Anonymous sessions may not use encryption."],
  ["auth-anonymous-tls", "PASS", "530 Anonymous sessions must use encryption."],
  ["auth-anonymous-tls", "USER", "530 This is a private system - No anonymous login"],
  ["tls-not-configured", "greeting", "500 OOPS: SSL: cannot load RSA certificate"],
  ["tls-client-cert-required", "USER", "500 OOPS: error:0A0000C7:SSL routines::peer did not return a certificate"],
  ["path-or-permission", "LIST", "550 Failed to change directory."],
  ["path-or-permission", "LIST", "550 No such file or directory"],
  ["path-or-permission", "LIST", "550 Permission denied."],
  ["path-or-permission", "LIST", "450 /: No such file or directory"],
];

/** Wordings of the same kinds that the catalogue does not quote, and look-alikes that must not be taken for them. */
const FURTHER: typeof CATALOGUE = [
  ["ctl-max-per-ip", "PASS", "530 Sorry, the maximum number clients (3) from your host are already connected."],
  ["ctl-max-clients", "PASS", "530 Sorry, the maximum number of clients (3) for this user already connected."],
  ["ctl-max-clients", "PASS", "421 Too many users logged in for this account. Try again later."],
  ["ctl-max-clients", "USER", "421 Maximum session limit reached."],
  ["ctl-source-banned", "greeting", "421 This IP address is temporarily banned."],
  ["ctl-source-banned", "PASS", "530 Access denied from your host"],
  ["auth-rejected", "PASS", "530 Account blocked."],
  ["auth-rejected", "PASS", "530 Access denied: use your e-mail address as password"],
  ["auth-anonymous-tls", "USER", "530 Sorry, no ANONYMOUS access allowed."],
  ["ctl-accepted-then-closed", "greeting", "421 Server is temporarily unavailable - please try again later."],
  ["ctl-accepted-then-closed", "USER", "421 Closing control connection"],
];

describe("every wording gives its finding and no other", () => {
  it.each([...CATALOGUE, ...FURTHER])("%s at %s: %s", (finding, place, reply) => {
    expectCauses(said(finding, place, reply), [finding]);
  });

  it("is quoted as seen", () => {
    for (const [finding, place, reply] of CATALOGUE) {
      const found = diagnose(said(finding, place, reply).build()).findings.find(({ id }) => id === finding);
      expect(found?.seen.join(), reply).toContain(reply.split("\n")[0]);
    }
  });
});

describe("the table of wordings", () => {
  it("speaks of rules that exist, each row with a source", () => {
    const ids = rules.map(({ id }) => id);
    for (const { finding, source, codes } of WORDINGS) {
      expect(ids).toContain(finding);
      expect(source).not.toBe("");
      expect(codes.every((code) => code >= 400)).toBe(true);
    }
  });

  it("has no row that the rest of the test does not need", () => {
    const quoted = [...CATALOGUE, ...FURTHER].flatMap(([, , reply]) => reply.split("\n"));
    for (const { text, codes, source } of WORDINGS) {
      const fits = quoted.some((line) => text.test(line) && codes.includes(Number(line.slice(0, 3))));
      expect(fits, source).toBe(true);
    }
  });

  it("says nothing about a login that is let in, however its FEAT was answered", () => {
    expectCauses(
      probeOf("203.0.113.5")
        .identify(null, "215 UNIX Type: L8", "534 TLS required, configure with AUTH first.")
        .login()
        .works("epsv"),
      [],
    );
  });

  it("gets along with text that is meant to hurt", () => {
    const hostile = [
      "530 ".padEnd(2048, "denied "),
      "421 ".padEnd(2048, "blocked ip"),
      `421 ${"too many connections (".padEnd(2040, "9")}`,
      `220 ${"SMT".repeat(680)}`,
      `550 ${"no files ".repeat(220)}`,
    ];
    for (const reply of hostile) {
      const report = diagnose(said("", "greeting", reply).build());
      expect(report.checks.filter(({ status }) => status === "crashed")).toEqual([]);
      for (const { seen } of report.findings) expect(Math.max(...seen.map(({ length }) => length))).toBeLessThan(300);
    }
  });
});

/** Evidence of a server that says this at this place; anonymous where the words are about anonymous visitors. */
function said(finding: string, place: Place, reply: string): EvidenceBuilder {
  const probe = probeOf("203.0.113.5");
  if (finding !== "auth-anonymous-tls") probe.policy({ credentials: "given" }).target({ user: "web1" });
  if (finding === "tls-client-cert-required") probe.secure();
  switch (place) {
    case "greeting":
      return probe.control({ greeting: reply });
    case "FEAT":
      return probe.identify(null, null, reply);
    case "USER":
      return probe.login("rejected", reply);
    case "PASS":
      return probe.login("rejected", "331 Please specify the password.", reply);
    case "PASV":
      return probe.works("epsv").passive("pasv", { reply });
    case "LIST":
      if (finding === "srv-bind-failed") {
        return probe.works("epsv").active("port", { accept: "closed", transfer: { replies: [reply], data: null } });
      }
      // A listing that came, because after an empty data connection the words are only an echo.
      return finding === "ctl-idle-timeout"
        ? probe.works("epsv").passive("pasv", { transfer: { replies: ["150 Here it comes.", reply] } })
        : probe.works("epsv").passive("pasv", { transfer: { replies: [reply], data: "closed" } });
    case "unasked":
      return probe.works("epsv").unexpected(reply).passive("pasv", { reply: null, outcome: "closed" });
  }
}
