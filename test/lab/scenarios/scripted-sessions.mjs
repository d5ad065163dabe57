import { ALL_WORK, inClear } from "../scenario.mjs";

/** @param {Partial<import("../scripted/player.mjs").Script>} script @returns {import("../servers.mjs").Server} */
const playing = (script) => ({ product: "scripted", script });

/** A server that does not know EPSV does not list it either. */
const NO_EPSV = { FEAT: "211-These\n EPRT\n211 End" };
const ACTIVE_ONLY = inClear({ epsv: "refused", pasv: "refused", eprt: "works", port: "works" });
const ALL_BLOCKED = inClear({ epsv: "blocked", pasv: "blocked", eprt: "blocked", port: "blocked" });

/** What real servers say around a healthy listing, for those that cannot be had here. */
const WORDINGS = [
  {
    name: "iis",
    called: "IIS",
    script: {
      greeting: "220 Microsoft FTP Service",
      answers: {
        SYST: "215 Windows_NT",
        FEAT: "211-Extended features supported:\n LANG EN*\n UTF8\n AUTH TLS;TLS-C;SSL;TLS-P;\n PBSZ\n PROT C;P;\n CCC\n HOST\n SIZE\n MDTM\n REST STREAM\n211 END",
        AUTH: "534 Local policy on server does not allow TLS secure connections.",
        USER: "331 Anonymous access allowed, send identity (e-mail name) as password.",
        PASS: "230 User logged in.",
        TYPE: "200 Type set to I.",
        EPSV: "229 Entering Extended Passive Mode (|||{p}|)",
        PASV: "227 Entering Passive Mode ({a},{hi},{lo}).",
      },
      listing: { opening: "125 Data connection already open; Transfer starting.", closing: "226 Transfer complete." },
    },
    extra: ["tls-not-configured"],
  },
  {
    name: "filezilla",
    called: "FileZilla Server",
    script: {
      greeting: "220-FileZilla Server 1.8.1\n220 Please visit https://filezilla-project.org/",
      answers: {
        SYST: "215 UNIX emulated by FileZilla.",
        USER: "331 Please, specify the password.",
        PASS: "230 Login successful.",
        FEAT: "211-Features:\n MDTM\n REST STREAM\n SIZE\n MLST type*;size*;modify*;perm*;\n MLSD\n UTF8\n TVFS\n EPSV\n EPRT\n MFMT\n211 End",
        EPSV: "229 Entering Extended Passive Mode (|||{p}|)",
        PASV: "227 Entering Passive Mode ({a},{hi},{lo})",
        PORT: "200 PORT command successful.",
        EPRT: "200 PORT command successful.",
      },
      listing: { opening: "150 Starting data transfer.", closing: "226 Operation successful" },
    },
    extra: [],
  },
  {
    name: "sftpgo",
    called: "SFTPGo",
    script: {
      greeting: "220 SFTPGo_2.6.6",
      answers: { USER: "331 OK", PASS: "230 Password ok, continue" },
    },
    extra: [],
  },
  {
    name: "ibm-i",
    called: "IBM i",
    script: {
      greeting: "220-QTCP at HOST.\n220 Connection will close if idle more than 5 minutes.",
      answers: {
        SYST: '215  OS/400 is the remote operating system. The TCP/IP version is "V7R4M0".',
        USER: "331 Enter password.",
        PASS: "230 ANONYMOUS logged on.",
        // Other delimiters than the RFC's, as some code pages make of them.
        EPSV: "229 Entering Extended Passive Mode (!!!{p}!).",
      },
    },
    extra: [],
  },
];

/** Conversations of servers that cannot be had here, or that nobody would admit to. @type {import("../scenario.mjs").Scenario[]} */
export default [
  {
    name: "scripted-healthy",
    title: "the plain scripted server: what it does when no fault is in its script",
    server: playing({}),
    expect: { verdict: "healthy", causes: [], modes: ALL_WORK },
  },
  ...WORDINGS.filter(({ extra }) => extra.length === 0).map(({ name, called, script }) => ({
    name: `scripted-healthy-${name}`,
    title: `${called} in words, nothing wrong`,
    server: playing(script),
    expect: {
      verdict: /** @type {const} */ ("healthy"),
      causes: [],
      notCauses: ["pasv-reply-unparsable"],
      modes: ALL_WORK,
      product: called,
    },
  })),
  {
    name: "scripted-healthy-big-greeting",
    title: "a greeting of two hundred lines, as the law may want it",
    server: playing({ greeting: `${"220-By using this service you agree.\n".repeat(200)}220 Ready` }),
    expect: {
      verdict: "healthy",
      causes: [],
      notCauses: ["ctl-protocol-violation", "reply-desync"],
      modes: ALL_WORK,
    },
  },
  {
    name: "scripted-healthy-bare-227",
    title: "the address in 227 stands without parentheses, which clients must bear (RFC 1123, 4.1.2.6)",
    server: playing({ answers: { PASV: "227 Entering Passive Mode. {a},{hi},{lo}" } }),
    expect: {
      verdict: "healthy",
      causes: [],
      notCauses: ["pasv-reply-unparsable", "pasv-address-unparsable"],
      modes: ALL_WORK,
    },
  },
  {
    name: "scripted-healthy-empty-directory",
    title: "an empty directory: not a byte, and 226",
    server: playing({ listing: { text: "" } }),
    expect: { verdict: "healthy", causes: [], notCauses: ["data-connect-no-data"], modes: ALL_WORK },
  },
  {
    name: "scripted-healthy-unhurried",
    title: "every reply takes its time, but none as long as anybody would mind",
    server: playing({
      greeting: { say: "220 Ready", afterMs: 1500 },
      answers: { USER: { say: "331 Password", afterMs: 700 }, PASS: { say: "230 Come in", afterMs: 1500 } },
      listing: { pauseMs: 1200 },
    }),
    expect: { verdict: "healthy", causes: [], notCauses: ["ctl-banner-delay", "srv-slow-listing"], modes: ALL_WORK },
  },
  {
    name: "scripted-227-without-address",
    title: "227 without any number, and no EPSV",
    server: playing({ answers: { ...NO_EPSV, EPSV: "500 What?", PASV: "227 Entering Passive Mode" } }),
    expect: {
      verdict: "broken",
      causes: ["pasv-reply-unparsable", "epsv-rejected"],
      notCauses: ["pasv-disabled", "pasv-ports-filtered"],
      modes: inClear({ pasv: ["blocked", "refused"], eprt: "works", port: "works" }),
    },
  },
  {
    name: "scripted-229-without-port",
    title: "229 without a port; PASV is in order",
    server: playing({ answers: { EPSV: "229 Entering Extended Passive Mode" } }),
    expect: {
      verdict: "degraded",
      causes: ["pasv-reply-unparsable"],
      notCauses: ["alg-no-epsv", "epsv-rejected"],
      modes: inClear({ epsv: ["blocked", "refused"], pasv: "works", eprt: "works", port: "works" }),
    },
  },
  {
    name: "scripted-227-url",
    title: "227 holds a URL without a usable address, as ftp-srv does where its address is misconfigured",
    server: playing({ answers: { PASV: "227 PASV OK (ftp://0,0,0,0,{hi},{lo})" } }),
    expect: {
      verdict: "degraded",
      causes: ["pasv-address-unparsable"],
      notCauses: ["pasv-ports-filtered", "pasv-ports-refused"],
      modes: inClear({ epsv: "works", pasv: ["repaired", "blocked"], eprt: "works", port: "works" }),
    },
  },
  {
    name: "scripted-227-bytes-swapped",
    title: "the two bytes of the port in 227 are swapped",
    server: playing({ answers: { PASV: "227 Passive it is ({a},{lo},{hi})" } }),
    expect: {
      verdict: "degraded",
      causes: ["pasv-port-wrong"],
      notCauses: ["pasv-ports-refused", "pasv-ports-filtered"],
      modes: inClear({ epsv: "works", pasv: "blocked", eprt: "works", port: "works" }),
    },
  },
  {
    name: "scripted-port-off-by-one",
    title: "it listens one port below the one it names",
    server: playing({ offset: 1 }),
    expect: {
      verdict: "broken",
      causes: ["pasv-port-wrong"],
      notCauses: ["pasv-ports-filtered", "pasv-ports-refused"],
      modes: inClear({ epsv: "blocked", pasv: "blocked", eprt: "works", port: "works" }),
    },
  },
  {
    name: "scripted-deaf",
    title: "it names ports and listens on none",
    server: playing({ deaf: true }),
    expect: {
      verdict: "broken",
      causes: ["pasv-ports-refused"],
      notCauses: ["pasv-ports-filtered", "pasv-port-wrong"],
      modes: inClear({ epsv: "blocked", pasv: "blocked", eprt: "works", port: "works" }),
    },
  },
  {
    name: "scripted-no-epsv",
    title: "EPSV is not understood, PASV is",
    server: playing({ answers: { ...NO_EPSV, EPSV: "500 EPSV not understood" } }),
    expect: {
      verdict: "healthy",
      causes: ["epsv-rejected"],
      notCauses: ["alg-no-epsv", "pasv-disabled"],
      modes: inClear({ pasv: "works", eprt: "works", port: "works" }),
    },
  },
  {
    name: "scripted-no-passive",
    title: "neither EPSV nor PASV is understood",
    server: playing({ answers: { ...NO_EPSV, EPSV: "502 Not implemented", PASV: "502 Not implemented" } }),
    expect: {
      verdict: "broken",
      causes: ["pasv-disabled"],
      notCauses: ["epsv-rejected"],
      modes: inClear({ eprt: "works", port: "works" }),
    },
  },
  {
    name: "scripted-pasv-unanswered",
    title: "PASV is never answered, and the session is dead from there; EPSV is in order",
    server: playing({ answers: { PASV: { ends: "mute" } } }),
    expect: {
      verdict: "degraded",
      causes: ["pasv-alg-drops-227"],
      notCauses: ["pasv-ports-filtered", "pasv-disabled"],
      modes: inClear({ epsv: "works", pasv: "blocked", eprt: "works", port: "works" }),
    },
  },
  {
    name: "scripted-iis-cannot-listen",
    title: "IIS in words: it cannot open the passive port (an excluded range)",
    server: playing({
      answers: { EPSV: "425 Cannot open data connection.", PASV: "425 Cannot open data connection." },
    }),
    expect: {
      verdict: "broken",
      causes: ["pasv-server-listen-failed"],
      notCauses: ["pasv-disabled", "pasv-ports-filtered"],
      modes: ACTIVE_ONLY,
    },
  },
  {
    name: "scripted-range-exhausted",
    title: "Pure-FTPd in words: every passive port is busy",
    server: playing({
      answers: {
        EPSV: "425 All reserved TCP ports are busy",
        PASV: "425 All reserved TCP ports are busy",
      },
    }),
    expect: {
      verdict: "broken",
      causes: ["pasv-range-exhausted"],
      notCauses: ["pasv-disabled", "pasv-ports-filtered"],
      modes: ACTIVE_ONLY,
    },
  },
  {
    name: "scripted-no-data",
    title: "data connections come about, 150 is said, and nothing is ever sent",
    server: playing({ listing: { text: "", close: "hang", closing: null } }),
    expect: {
      verdict: "broken",
      causes: ["data-connect-no-data"],
      notCauses: ["pasv-ports-filtered", "data-pmtu-blackhole", "ctl-tarpit"],
      modes: ALL_BLOCKED,
    },
  },
  {
    name: "scripted-slow-listing",
    title: "a listing takes seven seconds to begin, as a huge directory on a far disk does",
    server: playing({ listing: { pauseMs: 7000 } }),
    expect: {
      verdict: "degraded",
      causes: ["srv-slow-listing"],
      notCauses: ["data-connect-no-data", "ctl-banner-delay"],
      modes: ALL_WORK,
    },
  },
  {
    name: "scripted-cut-midway",
    title: "every data connection is reset after some bytes, and 426 is said",
    server: playing({ listing: { close: "reset", closing: "426 Connection closed; transfer aborted." } }),
    expect: {
      verdict: "broken",
      causes: ["data-reset-midway"],
      notCauses: ["data-connect-no-data", "pasv-peer-ip-mismatch"],
      modes: ALL_BLOCKED,
    },
  },
  {
    name: "scripted-local-error",
    title: "the server fails on its own side in the middle of every listing (451)",
    server: playing({ listing: { closing: "451 Requested action aborted: local error in processing." } }),
    expect: {
      verdict: "broken",
      causes: ["data-aborted-by-server"],
      notCauses: ["data-reset-midway", "path-or-permission"],
      modes: ALL_BLOCKED,
    },
  },
  {
    name: "scripted-one-at-a-time",
    title: "an embedded server that refuses a data connection within a second of another",
    server: playing({ listing: { oneAtATime: true } }),
    expect: {
      verdict: ["degraded", "broken"],
      causes: ["srv-stalled-accept"],
      notCauses: ["pasv-ports-filtered", "data-aborted-by-server", "port-client-firewall"],
      modes: inClear({
        epsv: ["works", "blocked"],
        pasv: ["works", "blocked"],
        eprt: ["works", "blocked"],
        port: ["works", "blocked"],
      }),
    },
  },
  {
    name: "scripted-no-list",
    title: "LIST is not implemented; the channel itself is in order",
    server: playing({ answers: { LIST: "502 Command not implemented." } }),
    expect: {
      verdict: ["degraded", "broken", "undetermined"],
      causes: ["list-command-unsupported"],
      notCauses: ["path-or-permission", "data-connect-no-data", "pasv-ports-filtered"],
      modes: inClear({
        epsv: ["blocked", "works"],
        pasv: ["blocked", "works"],
        eprt: ["blocked", "works"],
        port: ["blocked", "works"],
      }),
    },
  },
  {
    name: "scripted-crash-at-listing",
    title: "vsftpd in words: the session's process dies at the listing",
    server: playing({ answers: { LIST: { say: "500 OOPS: munmap", ends: "close" } } }),
    expect: {
      verdict: "broken",
      causes: ["srv-session-crash"],
      notCauses: ["ctl-closed-mid-session", "path-or-permission"],
      modes: inClear({
        epsv: "blocked",
        pasv: ["blocked", "refused", "inconclusive"],
        eprt: "blocked",
        port: ["blocked", "refused", "inconclusive"],
      }),
    },
  },
  {
    name: "scripted-iis-no-certificate",
    title: "IIS in words: AUTH is listed and refused for want of a certificate; in clear all is well",
    server: playing(WORDINGS.find(({ name }) => name === "iis")?.script ?? {}),
    expect: {
      verdict: ["healthy", "degraded"],
      causes: ["tls-not-configured"],
      notCauses: ["tls-not-supported", "alg-filters-commands"],
      modes: ALL_WORK,
      product: "IIS",
    },
  },
];
