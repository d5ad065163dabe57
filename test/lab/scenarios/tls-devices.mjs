import { NOBODY, SERVER } from "../addresses.mjs";
import { OPENED_BY_MIDDLEBOX, THROUGH_MIDDLEBOX } from "../middlebox.mjs";
import { ALL_WORK, asTls, bothWays, inClear } from "../scenario.mjs";

/**
 * A real server under TLS behind a device that reads along on the control connection, as far as that can be read.
 * @param {import("../scripted/middlebox.mjs").Box} box
 * @param {import("../servers.mjs").Server["product"]} [product]
 */
function behind(box, product = "vsftpd") {
  return {
    server: { product, tls: /** @type {const} */ ({ certificate: "good" }) },
    middlebox: box,
    firewall: { router: THROUGH_MIDDLEBOX },
    trustsLab: /** @type {const} */ (true),
  };
}

const ACCOUNT = /** @type {const} */ ({ user: "lab", password: "right" });
const HARMLESS = /** @type {const} */ (["healthy", "degraded"]);
const EXPLICIT = `ftpes://${SERVER}`;
const HANDSHAKE = ["tls-handshake-closed", "tls-handshake-stall", "tls-version-mismatch", "tls-cipher-mismatch"];

/**
 * Clear text alone is left.
 * @param {string} cause
 * @param {import("../scenario.mjs").Expected["verdict"]} [verdict]
 */
function clearAlone(cause, verdict = "degraded") {
  const notCauses = [...HANDSHAKE, "tls-not-supported", "tls-not-configured"].filter((id) => id !== cause);
  return { verdict, causes: [cause], notCauses, modes: ALL_WORK };
}

/**
 * Nothing is left of what was asked for.
 * @param {string} cause
 */
function nothing(cause) {
  return { ...clearAlone(cause, "broken"), modes: {} };
}

/** Devices that meddle with what they can still read, or with TLS itself. @type {import("../scenario.mjs").Scenario[]} */
export default [
  {
    name: "middlebox-tls-healthy",
    title: "a device that reads along and lets TLS pass",
    ...behind({}),
    expect: { verdict: "healthy", causes: [], modes: bothWays(ALL_WORK), product: "vsftpd" },
  },
  {
    name: "middlebox-tls-auth-refused",
    title: "a device answers AUTH itself with 500, though the server behind it lists it",
    ...behind({ toServer: [{ line: "^AUTH", answer: "500 command not understood" }] }),
    expect: clearAlone("alg-filters-commands", HARMLESS),
  },
  {
    name: "middlebox-tls-auth-refused-explicit",
    title: "a device answers AUTH itself with 502, and the client wants TLS",
    ...behind({ toServer: [{ line: "^AUTH", answer: "502 Command not implemented" }] }, "proftpd"),
    target: EXPLICIT,
    expect: nothing("alg-filters-commands"),
  },
  {
    name: "middlebox-tls-auth-masked",
    title: "a device overwrites AUTH with X, so that the server does not know the command",
    ...behind({ toServer: [{ line: "^AUTH .*", replace: "XXXX XXX" }] }, "proftpd"),
    expect: clearAlone("alg-filters-commands", HARMLESS),
  },
  {
    name: "middlebox-tls-auth-masked-account",
    title: "a device overwrites AUTH with X, and an account's password is not sent in clear",
    ...behind({ toServer: [{ line: "^AUTH .*", replace: "XXXX XXX" }] }, "pure-ftpd"),
    login: ACCOUNT,
    ownDecision: true,
    expect: { ...clearAlone("alg-filters-commands", "undetermined"), modes: {} },
  },
  {
    name: "middlebox-tls-auth-swallowed",
    title: "a device swallows AUTH, which is never answered, and lets the rest of the conversation pass",
    ...behind({ toServer: [{ line: "^AUTH", act: "drop" }] }),
    expect: clearAlone("alg-filters-commands", HARMLESS),
  },
  {
    name: "middlebox-tls-auth-swallowed-explicit",
    title: "the same, and the client wants TLS",
    ...behind({ toServer: [{ line: "^AUTH", act: "drop" }] }, "pure-ftpd"),
    target: EXPLICIT,
    expect: nothing("alg-filters-commands"),
  },
  {
    name: "middlebox-tls-auth-stripped",
    title: "a device takes AUTH out of the reply to FEAT; the client asks for TLS all the same, and gets it",
    ...behind({ toClient: [{ line: "^ AUTH", act: "drop" }] }),
    target: EXPLICIT,
    expect: { verdict: HARMLESS, causes: ["alg-filters-commands"], modes: asTls(ALL_WORK) },
  },
  {
    name: "middlebox-tls-auth-stripped-account",
    title:
      "a device takes AUTH out of the reply to FEAT; before an account's password goes in clear the server is asked, and takes it",
    ...behind({ toClient: [{ line: "^ AUTH", act: "drop" }] }),
    login: ACCOUNT,
    ownDecision: true,
    expect: { verdict: HARMLESS, causes: ["alg-filters-commands"], modes: asTls(ALL_WORK) },
  },
  {
    name: "middlebox-tls-features-cut",
    title: "a device cuts the reply to FEAT down to its last line; under TLS the whole is there",
    ...behind({ toClient: [{ line: "^(211-| )", act: "drop" }] }, "proftpd"),
    target: EXPLICIT,
    expect: { verdict: HARMLESS, causes: ["alg-filters-commands"], modes: asTls(ALL_WORK) },
  },
  {
    name: "middlebox-tls-features-cut-compared",
    title: "the same for who would take either: a list without an entry says nothing, and AUTH is tried",
    ...behind({ toClient: [{ line: "^(211-| )", act: "drop" }] }, "proftpd"),
    expect: { verdict: HARMLESS, causes: ["alg-filters-commands"], modes: bothWays(ALL_WORK) },
  },
  {
    name: "middlebox-tls-features-thinned",
    title: "a device takes some lines out of the reply to FEAT, and leaves AUTH; under TLS the whole is there",
    ...behind({ toClient: [{ line: "^ (EPSV|EPRT|MDTM|SIZE|REST)", act: "drop" }] }),
    expect: { verdict: HARMLESS, causes: ["alg-filters-commands"], modes: bothWays(ALL_WORK) },
  },
  {
    name: "middlebox-tls-drops-227",
    title: "a device drops the reply to PASV where it can read it; under TLS PASV works",
    ...behind({ toClient: [{ line: "^227 ", act: "drop" }] }),
    expect: {
      verdict: "degraded",
      causes: ["pasv-alg-drops-227"],
      notCauses: ["alg-filters-commands", "pasv-ports-filtered"],
      modes: { ...inClear({ epsv: "works", pasv: "blocked", eprt: "works", port: "works" }), ...asTls(ALL_WORK) },
    },
  },
  {
    name: "middlebox-tls-eats-epsv",
    title: "a device swallows EPSV where it can read it; under TLS EPSV works",
    ...behind({ toServer: [{ line: "^EPSV", act: "drop" }] }, "pure-ftpd"),
    expect: {
      verdict: "degraded",
      causes: ["pasv-alg-drops-227"],
      notCauses: ["epsv-rejected", "pasv-ports-filtered"],
      modes: { ...inClear({ epsv: "blocked", pasv: "works", eprt: "works", port: "works" }), ...asTls(ALL_WORK) },
    },
  },
  {
    name: "middlebox-tls-refuses-epsv",
    title: "a device answers EPSV itself with 500 where it can read it; under TLS EPSV works",
    ...behind({ toServer: [{ line: "^EPSV", answer: "500 command not allowed" }] }),
    expect: {
      verdict: HARMLESS,
      causes: ["alg-filters-commands"],
      notCauses: ["epsv-rejected"],
      modes: {
        ...inClear({ epsv: ["refused", "unsupported"], pasv: "works", eprt: "works", port: "works" }),
        ...asTls(ALL_WORK),
      },
    },
  },
  {
    name: "middlebox-tls-opens-227-alone",
    title: "two faults: a firewall opens passive ports as it reads of them in 227 alone; under TLS it reads nothing",
    ...behind({ toClient: [{ line: "^227 ", act: "opens" }] }),
    firewall: { router: OPENED_BY_MIDDLEBOX },
    expect: {
      verdict: "degraded",
      causes: ["data-tls-alg-blind", "alg-no-epsv"],
      modes: {
        ...inClear({ epsv: "blocked", pasv: "works", eprt: "works", port: "works" }),
        ...asTls(inClear({ epsv: "blocked", pasv: "blocked", eprt: "works", port: "works" })),
      },
    },
  },
  {
    name: "middlebox-tls-masks-syst",
    title: "a device masks the reply to SYST where it can read it; under TLS it is the server's own",
    ...behind({ toClient: [{ line: "^215 .*", replace: "215 XXXXXXXXXXXXXXXXXXXX" }] }),
    expect: { verdict: HARMLESS, causes: ["alg-filters-commands"], modes: bothWays(ALL_WORK), product: "vsftpd" },
  },
  {
    name: "middlebox-tls-other-words",
    title: "a device words the answers itself where it can read them; under TLS they are the server's own",
    ...behind({
      toClient: [
        { line: "^331 .*", replace: "331 Guest identity goes here" },
        { line: "^230 .*", replace: "230 You may pass" },
        { line: "^226 .*", replace: "226 All has been handed on" },
      ],
    }),
    expect: {
      verdict: HARMLESS,
      causes: ["ctl-transparent-proxy"],
      notCauses: ["alg-filters-commands", "reply-desync"],
      modes: bothWays(ALL_WORK),
    },
  },
  {
    name: "middlebox-tls-wrong-port",
    title: "a device writes another port into 227 where it can read it; under TLS the right one is there",
    ...behind({ toClient: [{ line: "^(227 .*),\\d+,\\d+\\)", replace: "$1,200,7)" }] }),
    expect: {
      verdict: "degraded",
      causes: ["alg-address-mismatch"],
      modes: { ...inClear({ epsv: "works", pasv: "blocked", eprt: "works", port: "works" }), ...asTls(ALL_WORK) },
    },
  },
  {
    name: "middlebox-tls-wrong-address",
    title: "a device writes an address of nobody into 227 where it can read it; under TLS the right one is there",
    ...behind({
      toClient: [{ line: "^(227 .*\\()\\d+,\\d+,\\d+,\\d+", replace: `$1${NOBODY.replaceAll(".", ",")}` }],
    }),
    expect: {
      verdict: "degraded",
      causes: ["alg-address-mismatch"],
      notCauses: ["pasv-private-address", "pasv-ports-filtered"],
      advertised: NOBODY,
      advertisedUnderTls: SERVER,
      modes: { ...inClear({ epsv: "works", pasv: "repaired", eprt: "works", port: "works" }), ...asTls(ALL_WORK) },
    },
  },
  ...["vsftpd", "proftpd", "pure-ftpd"].map((product) => ({
    name: `middlebox-tls-swallows-${product}`,
    title: "a device lets AUTH through and swallows the handshake",
    ...behind({ underTls: "swallows" }, /** @type {"vsftpd" | "proftpd" | "pure-ftpd"} */ (product)),
    expect: clearAlone("tls-handshake-stall"),
  })),
  {
    name: "middlebox-tls-swallows-explicit",
    title: "a device swallows the handshake, and the client wants TLS",
    ...behind({ underTls: "swallows" }),
    target: EXPLICIT,
    expect: nothing("tls-handshake-stall"),
  },
  {
    name: "middlebox-tls-closes",
    title: "a device ends the connection when the handshake begins",
    ...behind({ underTls: "closes" }, "pure-ftpd"),
    expect: clearAlone("tls-handshake-closed"),
  },
  {
    name: "middlebox-tls-resets-explicit",
    title: "a device resets the connection when the handshake begins, and the client wants TLS",
    ...behind({ underTls: "resets" }, "proftpd"),
    target: EXPLICIT,
    expect: nothing("tls-handshake-closed"),
  },
  {
    name: "middlebox-tls-closes-account",
    title: "a device ends the connection when the handshake begins, and an account's password is not sent in clear",
    ...behind({ underTls: "closes" }),
    login: ACCOUNT,
    ownDecision: true,
    expect: { ...clearAlone("tls-handshake-closed", "undetermined"), modes: {} },
  },
];
