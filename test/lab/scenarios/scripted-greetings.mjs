import { SERVER } from "../addresses.mjs";
import { ALL_WORK, IN_CLEAR } from "../scenario.mjs";

/** @param {Partial<import("../scripted/player.mjs").Script>} script @returns {import("../servers.mjs").Server} */
const playing = (script) => ({ product: "scripted", script });
const LOGIN = /** @type {const} */ ({ login: { user: "lab", password: "right" }, options: IN_CLEAR });

/**
 * Nobody gets as far as a session.
 * @param {string} id
 * @param {import("../scenario.mjs").OneOf<string>} outcome of the control connection
 * @param {string[]} notCauses
 * @returns {import("../scenario.mjs").Expected}
 */
function noSession(id, outcome, notCauses = []) {
  return {
    verdict: "broken",
    causes: [id],
    notCauses,
    severities: { [id]: "critical" },
    control: { [SERVER]: outcome },
    modes: {},
  };
}

/**
 * The session ends at the login.
 * @param {string} id
 * @returns {import("../scenario.mjs").Expected}
 */
function noLogin(id) {
  return { verdict: "broken", causes: [id], notCauses: ["auth-rejected"], modes: {} };
}

/** @param {string} text */
const base64 = (text) => Buffer.from(text, "latin1").toString("base64");

/** Greetings, other services and refusals of servers that cannot be had here. @type {import("../scenario.mjs").Scenario[]} */
export default [
  {
    name: "scripted-late-greeting",
    title: "the greeting comes after 8 seconds, everything else at once",
    server: playing({ greeting: { say: "220 Ready", afterMs: 8000 } }),
    expect: {
      verdict: "degraded",
      causes: ["ctl-banner-delay"],
      notCauses: ["ctl-no-banner"],
      severities: { "ctl-banner-delay": "warning" },
      modes: ALL_WORK,
    },
  },
  {
    name: "scripted-late-login",
    title: "the reply to PASS comes after 8 seconds, everything else at once",
    server: playing({ answers: { PASS: { say: "230 Come in", afterMs: 8000 } } }),
    expect: {
      verdict: "degraded",
      causes: ["ctl-banner-delay"],
      severities: { "ctl-banner-delay": "warning" },
      modes: ALL_WORK,
    },
  },
  {
    name: "scripted-no-greeting",
    title: "the connection is taken and nothing is ever said",
    server: playing({ greeting: null, answers: { USER: null, FEAT: null, NOOP: null } }),
    expect: noSession("ctl-no-banner", "silent", ["ctl-tarpit"]),
  },
  {
    name: "scripted-greets-when-spoken-to",
    title: "a device that waits for the client's first line before it lets the greeting through",
    server: playing({ greetsWhenSpokenTo: true }),
    expect: noSession("ctl-no-banner", "silent", ["ctl-wrong-service"]),
  },
  {
    name: "scripted-ssh",
    title: "an SSH server on the FTP port",
    server: playing({ bytes: base64("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n") }),
    expect: noSession("ctl-wrong-service", "not-ftp", ["ctl-protocol-violation"]),
  },
  {
    name: "scripted-http",
    title: "a web server on the FTP port",
    server: playing({
      greetsWhenSpokenTo: true,
      greeting: {
        say: "HTTP/1.1 400 Bad Request\nServer: nginx\nContent-Length: 0\nConnection: close\n",
        ends: "close",
      },
    }),
    expect: noSession("ctl-wrong-service", ["not-ftp", "silent"], ["ctl-no-banner"]),
  },
  {
    name: "scripted-smtp",
    title: "a mail server on the FTP port",
    server: playing({
      greeting: "220 mail.example.com ESMTP Postfix",
      answers: {
        FEAT: "502 5.5.2 Error: command not recognized",
        USER: "502 5.5.2 Error: command not recognized",
        SYST: "502 5.5.2 Error: command not recognized",
      },
    }),
    expect: {
      ...noSession("ctl-wrong-service", ["not-ftp", "ready"], ["auth-rejected", "ctl-protocol-violation"]),
    },
  },
  {
    name: "scripted-imap",
    title: "an IMAP server on the FTP port",
    server: playing({ bytes: base64("* OK [CAPABILITY IMAP4rev1] ready.\r\n") }),
    expect: noSession("ctl-wrong-service", "not-ftp", ["ctl-protocol-violation"]),
  },
  {
    name: "scripted-garbage",
    title: "binary bytes of no protocol that anybody knows",
    server: playing({
      bytes: Buffer.from(
        Array.from({ length: 600 }, (_, i) => (i * 73 + 129) % 256).flatMap((b) => (b === 10 ? [10, 1] : [b])),
      ).toString("base64"),
    }),
    expect: noSession("ctl-protocol-violation", "not-ftp", ["ctl-wrong-service"]),
  },
  {
    name: "scripted-endless-greeting",
    title: "a greeting that never comes to its last line",
    server: playing({ bytes: base64(`${"220-All the terms and conditions, once more.\r\n".repeat(2000)}`) }),
    expect: noSession("ctl-protocol-violation", ["not-ftp", "ready"], ["ctl-wrong-service"]),
  },
  {
    name: "scripted-two-greetings",
    title: "a greeting of two lines that are each a complete reply",
    server: playing({ greeting: "220 Welcome to Example\n220 Ready" }),
    expect: {
      verdict: ["degraded", "broken"],
      causes: ["reply-desync"],
      notCauses: ["ctl-protocol-violation", "auth-rejected"],
      modes: ALL_WORK,
    },
  },
  {
    name: "scripted-closed-at-once",
    title: "every connection is taken and closed without a word",
    server: playing({ greeting: { ends: "close" } }),
    expect: noSession("ctl-accepted-then-closed", "closed", ["ctl-refused"]),
  },
  {
    name: "scripted-reset-at-once",
    title: "every connection is taken and reset without a word",
    server: playing({ greeting: { ends: "reset" } }),
    expect: noSession("ctl-accepted-then-closed", ["reset", "closed"], ["ctl-refused"]),
  },
  {
    name: "scripted-filezilla-banned",
    title: "FileZilla Server in words: this address is on its list",
    server: playing({ greeting: { say: "550 No connections allowed from your IP", ends: "close" } }),
    expect: noSession("ctl-source-banned", "rejected", ["ctl-accepted-then-closed", "ctl-max-per-ip"]),
  },
  {
    name: "scripted-cerberus-banned",
    title: "Cerberus in words: this address is blocked",
    server: playing({
      greeting: {
        say: "421-Not currently accepting logins at this address. Try back \n421 later.",
        ends: "close",
      },
    }),
    expect: noSession("ctl-source-banned", "rejected", ["ctl-accepted-then-closed", "ctl-max-clients"]),
  },
  {
    name: "scripted-full-before-login",
    title: "Pure-FTPd in words: every place is taken",
    server: playing({ greeting: { say: "421 50 users (the maximum) are already logged in, sorry", ends: "close" } }),
    expect: noSession("ctl-max-clients", "rejected", ["ctl-max-per-ip"]),
  },
  ...[
    { who: "iis", says: "534 Policy requires SSL.", at: "USER" },
    {
      who: "filezilla-old",
      says: "530 This server does not allow plain FTP. You have to use FTP over TLS.",
      at: "USER",
    },
    { who: "filezilla", says: "503 Use AUTH first.", at: "USER" },
    { who: "aws", says: "534 TLS required, configure with AUTH first.", at: "USER" },
    { who: "cerberus", says: "521 Not logged in - Secure authentication required", at: "USER" },
    { who: "globalscape", says: "530 SSL is required to connect to this account", at: "PASS" },
  ].map(({ who, says, at }) => ({
    name: `scripted-${who}-wants-tls`,
    title: `a server that wants TLS before the login: ${says}`,
    server: playing({ answers: { [at]: says, ...(who === "aws" ? { FEAT: says } : {}) } }),
    ...LOGIN,
    expect: noLogin("auth-tls-required"),
  })),
  {
    name: "scripted-iis-no-home",
    title: "IIS in words: the account's home cannot be entered",
    server: playing({ answers: { PASS: "530 User cannot log in, home directory inaccessible." } }),
    ...LOGIN,
    expect: noLogin("auth-home-inaccessible"),
  },
  {
    name: "scripted-session-crash-at-login",
    title: "vsftpd in words: the session's process dies at the login",
    server: playing({ answers: { PASS: { say: "500 OOPS: child died", ends: "close" } } }),
    ...LOGIN,
    expect: noLogin("srv-session-crash"),
  },
];
