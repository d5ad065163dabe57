import { SERVER } from "../addresses.mjs";
import { ALL_WORK, asTls, bothWays, inClear } from "../scenario.mjs";

const HARMLESS = /** @type {const} */ (["healthy", "degraded"]);
const HALF = /** @type {const} */ (["degraded", "broken"]);
const EXPLICIT = `ftpes://${SERVER}`;
const BLOCKED = inClear({ epsv: "blocked", pasv: "blocked", eprt: "blocked", port: "blocked" });
const NO_DATA = inClear({ epsv: "skipped", pasv: "skipped", eprt: "skipped", port: "skipped" });

/**
 * A scripted server that can speak TLS.
 * @param {Partial<import("../scripted/player.mjs").Script>} script
 */
function playing(script) {
  return {
    server: { product: /** @type {const} */ ("scripted"), tls: { certificate: /** @type {const} */ ("good") }, script },
    trustsLab: /** @type {const} */ (true),
  };
}

/** What no server here does under TLS. @type {import("../scenario.mjs").Scenario[]} */
export default [
  {
    name: "scripted-tls-healthy",
    title: "a scripted server under TLS does nothing wrong",
    ...playing({}),
    expect: { verdict: "healthy", causes: [], modes: bothWays(ALL_WORK) },
  },
  {
    name: "scripted-tls-auth-200",
    title: "AUTH TLS is accepted with 200 in place of 234, as VxWorks does",
    ...playing({ answers: { AUTH: "200 AUTH command ok; starting SSL connection..." } }),
    expect: { verdict: HARMLESS, causes: ["tls-auth-nonstandard-reply"], modes: bothWays(ALL_WORK) },
  },
  {
    name: "scripted-tls-no-resources",
    title: "AUTH TLS is answered with 431: the server lists it and has no certificate",
    ...playing({ answers: { AUTH: "431 Unable to negotiate secure command connection." } }),
    target: EXPLICIT,
    expect: { verdict: "broken", causes: ["tls-not-configured"], notCauses: ["tls-not-supported"], modes: {} },
  },
  {
    name: "scripted-tls-policy",
    title: "AUTH TLS is answered with 534, as IIS does where no certificate is assigned",
    ...playing({ answers: { AUTH: "534 Local policy on server does not allow TLS secure connections." } }),
    expect: { verdict: HALF, causes: ["tls-not-configured"], notCauses: ["tls-not-supported"], modes: ALL_WORK },
  },
  {
    name: "scripted-tls-ssl-only",
    title: "AUTH TLS is unknown (504), AUTH SSL is taken",
    ...playing({ answers: { AUTH: ["504 AUTH TLS is not known", "234 Begin"] } }),
    target: EXPLICIT,
    expect: { verdict: HARMLESS, causes: [], modes: asTls(ALL_WORK) },
  },
  {
    name: "scripted-tls-plain-text",
    title: "after the password the server writes into TLS in clear, and ends",
    ...playing({ answers: { PASS: { say: "421 Out of order", raw: true, ends: "close" } } }),
    target: EXPLICIT,
    expect: { verdict: "broken", causes: ["tls-plaintext-in-stream"], notCauses: ["auth-rejected"], modes: {} },
  },
  {
    name: "scripted-tls-prot-refused",
    title: "logins are taken under TLS, and data connections cannot be protected (PROT P: 536)",
    ...playing({ answers: { PROT: "536 Not here" } }),
    target: EXPLICIT,
    expect: { verdict: HALF, causes: ["data-tls-prot-mismatch"], modes: asTls(NO_DATA) },
  },
  {
    name: "scripted-tls-prot-unanswered",
    title: "logins are taken under TLS, and PROT P is never answered",
    ...playing({ answers: { PROT: null } }),
    target: EXPLICIT,
    expect: {
      verdict: "broken",
      causes: ["data-tls-prot-mismatch"],
      notCauses: ["ctl-closed-mid-session"],
      modes: asTls(NO_DATA),
    },
  },
  {
    name: "scripted-tls-last-words",
    title: "in one packet with 234 comes why there is no TLS, and the end",
    ...playing({ answers: { AUTH: { say: "234 Begin\n500 OOPS: cannot load the certificate", ends: "close" } } }),
    target: EXPLICIT,
    expect: {
      verdict: "broken",
      causes: ["tls-plaintext-in-stream"],
      notCauses: ["tls-handshake-closed"],
      modes: {},
    },
  },
  ...["drips", "stops"].map((handshake) => ({
    name: `scripted-tls-handshake-${handshake}`,
    title: `the answer to the handshake ${handshake === "drips" ? "comes byte by byte, and no end" : "begins, and nothing more comes"}`,
    ...playing({ handshake: /** @type {"drips" | "stops"} */ (handshake) }),
    target: EXPLICIT,
    expect: /** @type {const} */ ({
      verdict: "broken",
      causes: ["tls-handshake-stall"],
      notCauses: ["tls-handshake-closed"],
      modes: {},
    }),
  })),
  {
    name: "scripted-tls-listing-drips",
    title: "listings come byte by byte, and no end",
    ...playing({ listing: { close: "drip" } }),
    target: EXPLICIT,
    expect: {
      verdict: "undetermined",
      causes: ["srv-slow-listing"],
      notCauses: ["data-connect-no-data", "data-pmtu-blackhole"],
      modes: asTls(inClear({ epsv: "inconclusive", pasv: "inconclusive", eprt: "inconclusive", port: "inconclusive" })),
    },
  },
  {
    name: "scripted-tls-prot-ignored",
    title: "PROT P is accepted, and data connections stay in clear",
    ...playing({ dataTls: "clear" }),
    expect: { verdict: HALF, causes: ["data-tls-prot-mismatch"], modes: { ...ALL_WORK, ...asTls(BLOCKED) } },
  },
  {
    name: "scripted-tls-no-close-notify",
    title: "data connections end without close_notify",
    ...playing({ dataTls: "raw-end" }),
    expect: { verdict: HARMLESS, causes: ["data-tls-close-notify-missing"], modes: bothWays(ALL_WORK) },
  },
  {
    name: "scripted-tls-reuse-demanded",
    title: "transfers are refused for want of a resumed session, which the server itself does not allow",
    ...playing({
      dataTls: "unresumed",
      listing: { text: "", closing: "522 SSL connection failed; session reuse required: see require_ssl_reuse option" },
    }),
    target: EXPLICIT,
    expect: {
      verdict: "broken",
      causes: ["data-tls-session-reuse-required"],
      notCauses: ["data-tls-handshake-blocked", "data-aborted-by-server"],
      modes: asTls(BLOCKED),
    },
  },
  {
    name: "scripted-tls-ccc-refused",
    title: "going back to clear text (CCC) is refused",
    ...playing({ answers: { CCC: "534 CCC is not allowed here" } }),
    target: EXPLICIT,
    options: ["--ccc"],
    expect: { verdict: HARMLESS, causes: ["tls-ccc-mismatch"], modes: asTls(ALL_WORK) },
  },
];
