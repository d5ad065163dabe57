import { ALWAYS_THE_PEER, NEVER, NO_TLS, orElse, PRIVATE, REFUSED, step } from "./habits.ts";
import type { ClientPolicy, Setting } from "./policy.ts";

const CURL = {
  ipv4: [step("epsv", orElse("pasv", ...REFUSED, "wrong-answer", "dial-failed")), step("pasv")],
  ipv6: [step("epsv")],
  prefers: "system",
  addresses: "side-by-side",
  unsureOf: [],
  // CURLOPT_SERVER_RESPONSE_TIMEOUT: 60 s, before 8.8 120 s.
  replyLimitMs: 60_000,
  tls: "on-request",
  implicitTls: true,
  resumesTls: true,
  protectsData: true,
  untrusted: "refuses",
  trusts: " --cacert {file}",
} as const;

const CURL_SETTINGS: readonly Setting[] = [
  // PBSZ 0 and PROT P follow by themselves, and the session is resumed unless --no-sessionid forbids it; seen with 7.88.
  { text: "curl --ssl-reqd", changes: { tls: "required" } },
  { text: "curl --disable-epsv", changes: { ipv4: [step("pasv")] } },
  { text: "curl --ipv4", changes: { prefers: "ipv4", ipv6: null } },
  {
    text: "curl --ftp-port -",
    changes: { ipv4: [step("eprt", orElse("port", ...REFUSED)), step("port")], ipv6: [step("eprt")] },
  },
];

/** What lftp takes for private (network.cc, is_private); it replaces in both directions. */
const LFTP_INSIDE = ["private", "link-local"] as const;

/** Clients for the terminal and for scripts. */
export const commandLineClients: readonly ClientPolicy[] = [
  {
    id: "curl",
    name: "curl 7.74 and later",
    basis: "source",
    sources: [
      "curl/curl:lib/ftp.c ftp_epsv_disable, ftp_state_pasv_resp, ftp_do_more",
      "curl.se/docs/manpage.html --ftp-skip-pasv-ip (default since 7.74.0), --disable-epsv",
    ],
    ...CURL,
    replaces: ALWAYS_THE_PEER,
    settings: [{ text: "curl --no-ftp-skip-pasv-ip", changes: { replaces: NEVER } }, ...CURL_SETTINGS],
  },
  {
    id: "curl-before-7.74",
    name: "curl before 7.74",
    basis: "source",
    sources: [
      "curl/curl:lib/ftp.c ftp_state_pasv_resp",
      "curl.se/docs/manpage.html --ftp-skip-pasv-ip (off before 7.74.0)",
    ],
    ...CURL,
    replaces: NEVER,
    settings: [{ text: "curl --ftp-skip-pasv-ip", changes: { replaces: ALWAYS_THE_PEER } }, ...CURL_SETTINGS],
  },
  {
    id: "wget",
    name: "wget 1.x",
    basis: "source",
    sources: ["mirror/wget:src/ftp.c ftp_do_pasv, getftp (no fall back to active)", "src/ftp-basic.c ftp_pasv"],
    ipv4: [step("pasv")],
    ipv6: [step("epsv")],
    prefers: "system",
    addresses: "one-by-one",
    replaces: NEVER,
    unsureOf: [],
    replyLimitMs: null,
    // ftps:// is explicit TLS unless --ftps-implicit is given; it resumes (--no-ftps-resume-ssl) and asks for PROT P by default.
    tls: "on-request",
    implicitTls: true,
    resumesTls: true,
    protectsData: true,
    untrusted: "refuses",
    trusts: " --ca-certificate={file}",
    settings: [
      { text: "wget ftps://", changes: { tls: "required" } },
      { text: "wget --inet4-only", changes: { prefers: "ipv4", ipv6: null } },
      { text: "wget --no-passive-ftp", changes: { ipv4: [step("port")], ipv6: [step("eprt")] } },
    ],
  },
  {
    id: "lftp",
    name: "lftp 4",
    basis: "source",
    sources: [
      "lavv17/lftp:src/ftpclass.cc Handle_PASV, case Expect::PASV, PASV_DATASOCKET_CONNECTING",
      "src/resource.cc ftp:prefer-epsv no, ftp:fix-pasv-address yes, ftp:auto-passive-mode yes, net:timeout 5m",
    ],
    ipv4: [step("pasv", orElse("port", "refused-5xx", "unreadable", "replaced-dial-failed")), step("port")],
    ipv6: [step("epsv", orElse("eprt", "refused-5xx", "unreadable")), step("eprt")],
    // net:reconnect-interval-base 30; version 4.9.2 was seen to pause for 15 s.
    pausesBeforeActive: true,
    prefers: "ipv6",
    addresses: "one-by-one",
    // ftp:verify-address no
    callers: "anybody",
    replaces: [
      { named: { in: ["unspecified", "reserved", "multicast", "broadcast"] }, peer: "any" },
      { named: { in: LFTP_INSIDE }, peer: { notIn: LFTP_INSIDE } },
      { named: { notIn: LFTP_INSIDE }, peer: { in: LFTP_INSIDE } },
      { named: { in: ["loopback"] }, peer: { notIn: ["loopback"] } },
      { named: { notIn: ["loopback"] }, peer: { in: ["loopback"] } },
    ],
    unsureOf: [],
    replyLimitMs: null,
    // ftp:ssl-allow yes, ftp:ssl-allow-anonymous no.
    tls: "when-offered-to-accounts",
    implicitTls: true,
    resumesTls: true,
    // ftp:ssl-protect-data yes, ftp:ssl-protect-list yes, ssl:verify-certificate yes.
    protectsData: true,
    untrusted: "refuses",
    trusts: "; set ssl:ca-file {file}",
    settings: [
      { text: "lftp: set ftp:ssl-force yes; set ftp:ssl-allow-anonymous yes", changes: { tls: "required" } },
      { text: "lftp: set ftp:ssl-allow no", changes: { tls: "never" } },
      { text: "lftp: set ftp:ignore-pasv-address yes", changes: { replaces: ALWAYS_THE_PEER } },
      {
        text: "lftp: set ftp:prefer-epsv yes",
        changes: {
          ipv4: [
            step("epsv", orElse("pasv", "refused-5xx")),
            step("pasv", orElse("port", "refused-5xx", "unreadable")),
            step("port"),
          ],
        },
      },
      { text: 'lftp: set dns:order "inet"', changes: { prefers: "ipv4", ipv6: null } },
      { text: "lftp: set ftp:passive-mode off", changes: { ipv4: [step("port")], ipv6: [step("eprt")] } },
    ],
  },
  {
    id: "ncftp",
    name: "ncftp 3",
    basis: "source",
    sources: [
      "ng-alt/ncftp:libncftp/ftp.c FTPSendPassive, FTPFixPrivateAddr, OpenDataConnection (three tries of PASV, then PORT)",
      "libncftp/ncftp.h kFallBackToSendPortMode",
    ],
    ipv4: [step("pasv", orElse("port", ...REFUSED, "dial-failed", "replaced-dial-failed")), step("port")],
    ipv6: null,
    // Seen with 3.2.6 and servers that list PASV (vsftpd) or do not (ProFTPD).
    staysPassiveWhereListed: true,
    // Passive(): it parses rp->msg.first alone, says "Cannot parse PASV response" and goes on with the control port.
    readsFirstLineOnly: true,
    prefers: "ipv4",
    addresses: "unknown",
    replaces: [{ named: { in: PRIVATE }, peer: { notIn: PRIVATE } }],
    unsureOf: [],
    replyLimitMs: null,
    ...NO_TLS,
    settings: [{ text: "ncftpget -E (active mode)", changes: { ipv4: [step("port")] } }],
  },
  {
    id: "tnftp",
    name: "tnftp (ftp of Debian and BSD)",
    basis: "source",
    sources: ["hharte/tnftp:src/ftp.c initconn, src/main.c (passivemode 1, activefallback 1, epsv4 1)"],
    ipv4: [
      step("epsv", orElse("pasv", ...REFUSED, "wrong-answer"), orElse("eprt", "dial-failed")),
      // Once EPSV was refused EPRT is not tried either.
      step("pasv", orElse("port", ...REFUSED, "dial-failed")),
      step("eprt", orElse("port", ...REFUSED)),
      step("port"),
    ],
    ipv6: [step("epsv", orElse("eprt", ...REFUSED, "wrong-answer", "dial-failed")), step("eprt")],
    prefers: "system",
    addresses: "one-by-one",
    replaces: NEVER,
    // "Passive mode address mismatch."; seen with 20210827.
    refusesOtherAddress: true,
    unsureOf: [],
    replyLimitMs: null,
    ...NO_TLS,
    settings: [
      {
        text: "tnftp: epsv4 (switches EPSV off)",
        changes: { ipv4: [step("pasv", orElse("port", ...REFUSED, "dial-failed")), step("port")] },
      },
      { text: "tnftp -4", changes: { prefers: "ipv4", ipv6: null } },
      { text: "tnftp -A (active mode)", changes: { ipv4: [step("eprt", orElse("port", ...REFUSED)), step("port")] } },
    ],
  },
];
