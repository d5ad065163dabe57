import { NOBODY } from "../addresses.mjs";
import { OPENED_BY_MIDDLEBOX, THROUGH_MIDDLEBOX } from "../middlebox.mjs";
import { ALL_WORK, inClear } from "../scenario.mjs";

/**
 * A real server behind a device that reads along on the control connection.
 * @param {import("../scripted/middlebox.mjs").Box} box
 * @param {import("../servers.mjs").Server["product"]} [product]
 */
function behind(box, product = "vsftpd") {
  return { server: { product }, middlebox: box, firewall: { router: THROUGH_MIDDLEBOX } };
}

const ACTIVE = /** @type {const} */ ({ eprt: "works", port: "works" });
const PORT_FAULTS = ["pasv-ports-filtered", "pasv-ports-refused", "pasv-ports-rejected", "pasv-disabled"];
/** A device that does no harm is worth knowing, or a warning; which of the two is the tool's own decision. */
const HARMLESS = /** @type {const} */ (["healthy", "degraded"]);

/** Devices that read along and meddle. @type {import("../scenario.mjs").Scenario[]} */
export default [
  {
    name: "middlebox-healthy",
    title: "a device that reads along and passes everything on",
    ...behind({}),
    expect: { verdict: "healthy", causes: [], modes: ALL_WORK, product: "vsftpd" },
  },
  {
    name: "middlebox-healthy-chopped",
    title: "a device that passes replies on byte by byte, each in its own packet",
    ...behind({ passes: "chopped" }),
    expect: { verdict: "healthy", causes: [], notCauses: ["ctl-protocol-violation"], modes: ALL_WORK },
  },
  {
    name: "middlebox-healthy-bare-line-feeds",
    title: "a device that ends the lines of replies in LF alone, which every client bears",
    ...behind({ passes: "lf" }),
    expect: { verdict: "healthy", causes: [], notCauses: ["ctl-protocol-violation"], modes: ALL_WORK },
  },
  {
    name: "middlebox-opens-healthy",
    title: "a firewall opens each passive port as it reads of it, in 227 and 229",
    ...behind({ toClient: [{ line: "^22[79] ", act: "opens" }] }),
    firewall: { router: OPENED_BY_MIDDLEBOX },
    expect: { verdict: "healthy", causes: [], modes: ALL_WORK },
  },
  {
    name: "middlebox-opens-227-alone",
    title: "a firewall opens passive ports as it reads of them, and can read 227 alone: EPSV hangs",
    ...behind({ toClient: [{ line: "^227 ", act: "opens" }] }, "proftpd"),
    firewall: { router: OPENED_BY_MIDDLEBOX },
    expect: {
      verdict: "degraded",
      causes: ["alg-no-epsv"],
      notCauses: [...PORT_FAULTS, "pasv-range-partly-open", "epsv-rejected"],
      modes: inClear({ epsv: "blocked", pasv: "works", ...ACTIVE }),
    },
  },
  {
    name: "middlebox-drops-227",
    title: "a device drops the reply to PASV, as helpers do that cannot parse it",
    ...behind({ toClient: [{ line: "^227 ", act: "drop" }] }),
    expect: {
      verdict: "degraded",
      causes: ["pasv-alg-drops-227"],
      notCauses: PORT_FAULTS,
      modes: inClear({ epsv: "works", pasv: "blocked", ...ACTIVE }),
    },
  },
  {
    name: "middlebox-drops-229",
    title: "a device drops the reply to EPSV",
    ...behind({ toClient: [{ line: "^229 ", act: "drop" }] }, "pure-ftpd"),
    expect: {
      verdict: "degraded",
      causes: ["pasv-alg-drops-227"],
      notCauses: [...PORT_FAULTS, "epsv-rejected"],
      modes: inClear({ epsv: "blocked", pasv: "works", ...ACTIVE }),
    },
  },
  {
    name: "middlebox-drops-both",
    title: "a device drops the replies to PASV and EPSV",
    ...behind({ toClient: [{ line: "^22[79] ", act: "drop" }] }, "proftpd"),
    expect: {
      verdict: "broken",
      causes: ["pasv-alg-drops-227"],
      notCauses: PORT_FAULTS,
      modes: inClear({ epsv: "blocked", pasv: "blocked", ...ACTIVE }),
    },
  },
  {
    name: "middlebox-wrong-address",
    title: "a device writes an address of its own into 227, where nobody answers",
    ...behind({
      toClient: [{ line: "^(227 .*\\()\\d+,\\d+,\\d+,\\d+", replace: `$1${NOBODY.replaceAll(".", ",")}` }],
    }),
    mended: { "pasv-wrong-public-address": { on: [], because: "it is a device on the way that writes the address" } },
    expect: {
      verdict: "degraded",
      causes: ["pasv-wrong-public-address"],
      notCauses: ["pasv-private-address", ...PORT_FAULTS],
      advertised: NOBODY,
      modes: inClear({ epsv: "works", pasv: "repaired", ...ACTIVE }),
    },
  },
  {
    name: "middlebox-wrong-port",
    title: "a device writes another port into 227 than the server listens on",
    ...behind({ toClient: [{ line: "^(227 .*,)\\d+,\\d+\\)", replace: "$1156,124)" }] }, "pyftpdlib"),
    expect: {
      verdict: "degraded",
      causes: ["pasv-port-wrong"],
      notCauses: PORT_FAULTS,
      modes: inClear({ epsv: "works", pasv: "blocked", ...ACTIVE }),
    },
  },
  {
    name: "middlebox-refuses-epsv",
    title: "a device answers EPSV itself with 500, though the server behind it lists the command",
    ...behind({ toServer: [{ line: "^EPSV", answer: "500 command not allowed" }] }),
    expect: {
      verdict: HARMLESS,
      causes: ["alg-filters-commands"],
      notCauses: ["epsv-rejected", ...PORT_FAULTS],
      modes: inClear({ epsv: ["refused", "unsupported"], pasv: "works", ...ACTIVE }),
    },
  },
  {
    name: "middlebox-refuses-extended",
    title: "a device answers EPSV and EPRT itself with 502, though the server behind it lists them",
    ...behind({ toServer: [{ line: "^EP(SV|RT)", answer: "502 Command not implemented" }] }, "proftpd"),
    expect: {
      verdict: HARMLESS,
      causes: ["alg-filters-commands"],
      notCauses: ["epsv-rejected", "eprt-unsupported"],
      modes: inClear({
        epsv: ["refused", "unsupported"],
        pasv: "works",
        eprt: ["refused", "unsupported"],
        port: "works",
      }),
    },
  },
  {
    name: "middlebox-hides-features",
    title: "a device answers FEAT itself with 500, though the server behind it has it",
    ...behind({ toServer: [{ line: "^FEAT", answer: "500 Unrecognized command" }] }),
    expect: {
      verdict: HARMLESS,
      causes: ["alg-filters-commands"],
      notCauses: ["epsv-rejected"],
      modes: ALL_WORK,
      product: "vsftpd",
    },
  },
  {
    name: "middlebox-masks",
    title: "a device hides what server it is: asterisks for the greeting, X for SYST",
    ...behind({
      toClient: [
        { line: "^220 .*", replace: "220 ****************************************" },
        { line: "^215 .*", replace: "215 XXXXXXXXXXXXXXXXXXXX" },
      ],
    }),
    expect: {
      verdict: HARMLESS,
      causes: ["alg-filters-commands"],
      notCauses: ["ctl-protocol-violation"],
      modes: ALL_WORK,
      product: "vsftpd",
    },
  },
  {
    name: "middlebox-speaks-for-itself",
    title: "a proxy that answers SYST, FEAT and TYPE in its own words before a vsftpd",
    ...behind({
      toServer: [
        { line: "^SYST", answer: "215 UNIX Type: L8 (gateway)" },
        { line: "^FEAT", answer: "500 Command not supported by the FTP gateway" },
        { line: "^TYPE", answer: "200 Gateway: type accepted" },
        { line: "^NOOP", answer: "200 Gateway: NOOP" },
      ],
      toClient: [{ line: "^220 .*", replace: "220 FTP gateway ready" }],
    }),
    expect: {
      verdict: HARMLESS,
      causes: ["ctl-transparent-proxy"],
      notCauses: ["ctl-protocol-violation", "reply-desync"],
      modes: ALL_WORK,
    },
  },
  {
    name: "middlebox-resets-pasv",
    title: "a device resets the control connection at PASV; EPSV passes",
    ...behind({ toServer: [{ line: "^PASV", act: "reset" }] }),
    expect: {
      verdict: "degraded",
      causes: ["pasv-alg-reset"],
      notCauses: ["ctl-closed-mid-session", ...PORT_FAULTS],
      modes: inClear({ epsv: "works", pasv: "blocked", ...ACTIVE }),
    },
  },
  {
    name: "middlebox-resets-passive",
    title: "a device resets the control connection at PASV and at EPSV",
    ...behind({ toServer: [{ line: "^(PASV|EPSV)", act: "reset" }] }, "inetutils-ftpd"),
    expect: {
      verdict: "broken",
      causes: ["pasv-alg-reset"],
      notCauses: ["ctl-closed-mid-session", ...PORT_FAULTS],
      modes: inClear({ epsv: "blocked", pasv: "blocked", ...ACTIVE }),
    },
  },
  {
    name: "middlebox-resets-227",
    title: "a device resets the control connection when the reply to PASV passes",
    ...behind({ toClient: [{ line: "^227", act: "reset" }] }, "pure-ftpd"),
    expect: {
      verdict: "degraded",
      causes: ["pasv-alg-reset"],
      notCauses: ["ctl-closed-mid-session", ...PORT_FAULTS],
      modes: inClear({ epsv: "works", pasv: "blocked", ...ACTIVE }),
    },
  },
  {
    name: "middlebox-resets-port",
    title: "a device resets the control connection at PORT and EPRT with a public address",
    ...behind({ toServer: [{ line: "^(PORT|EPRT)", act: "reset" }] }),
    expect: {
      verdict: HARMLESS,
      causes: ["port-alg-reset"],
      notCauses: ["ctl-closed-mid-session", "port-private-address", "port-client-firewall"],
      modes: inClear({ epsv: "works", pasv: "works", eprt: "blocked", port: "blocked" }),
    },
  },
  {
    name: "middlebox-drops-port",
    title: "a device drops PORT and EPRT on the way to the server",
    ...behind({ toServer: [{ line: "^(PORT|EPRT)", act: "drop" }] }),
    expect: {
      verdict: "healthy",
      causes: ["mode-unexplained"],
      notCauses: ["port-private-address", "port-disabled"],
      modes: inClear({ epsv: "works", pasv: "works", eprt: "blocked", port: "blocked" }),
    },
  },
  {
    name: "middlebox-ends-sessions",
    title: "a device ends every session after the fifth command",
    ...behind({ commands: 5 }),
    expect: {
      verdict: ["degraded", "broken"],
      causes: ["ctl-closed-mid-session"],
      notCauses: ["pasv-alg-reset", "port-alg-reset", ...PORT_FAULTS],
      modes: inClear({
        epsv: ["works", "blocked"],
        pasv: ["works", "blocked"],
        eprt: ["works", "blocked"],
        port: ["works", "blocked"],
      }),
    },
  },
  {
    name: "middlebox-swallows-listing",
    title: "a device drops LIST on the way to the server: data connections come about, and nothing follows",
    ...behind({ toServer: [{ line: "^LIST", act: "drop" }] }),
    expect: {
      verdict: "broken",
      causes: ["data-connect-no-data"],
      notCauses: ["pasv-ports-filtered", "data-pmtu-blackhole", "port-client-firewall"],
      modes: inClear({ epsv: "blocked", pasv: "blocked", eprt: "blocked", port: "blocked" }),
    },
  },
];
