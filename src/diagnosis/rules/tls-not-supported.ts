import { sideOf } from "../../model/address.ts";
import type { SecureRecord } from "../../model/evidence.ts";
import type { Severity } from "../../model/report.ts";
import { type Args, defineRule } from "../define-rule.ts";
import { controlArgs } from "../facts/control-facts.ts";
import type { AddressFacts } from "../facts/facts.ts";
import { lastReply } from "../facts/facts.ts";
import { quoteExchange, quoteLine } from "../facts/quote.ts";
import { wordingOf } from "../facts/said.ts";
import { acceptsAuth, authCode, isDemanded, isSwitchedOff } from "../facts/tls-control.ts";
import { mendControl } from "../words/mend.ts";

/** Not known, not implemented, not for this parameter, or "please login first" (RFC 959 section 4.2, RFC 2228). */
const UNKNOWN: readonly number[] = [500, 501, 502, 503, 504, 530, 550];

/** The server has no TLS. */
export const tlsNotSupported = defineRule({
  id: "tls-not-supported",
  title: "The server offers no TLS",
  since: "0.1.0",
  needs: ["identify", "secure"],
  references: ["RFC 4217 section 4", "RFC 2389 (FEAT)", "ProFTPD mod_core.c", "Pure-FTPd ftp_parser.c"],
  meaning: [
    "The server does not know AUTH TLS: FEAT does not list it, or AUTH is answered 500, 502, 504 or 530. A login then goes in clear text, and whoever stands in the way can read the password and the files. Clients that insist on TLS end there. Some servers list AUTH TLS and refuse it all the same. It is reported where a password went in clear or was kept back for that, or where TLS was asked for.",
    "To mend it, switch TLS on at the server (vsftpd ssl_enable=YES with rsa_cert_file; ProFTPD mod_tls with TLSEngine on; Pure-FTPd TLS 1 with its pure-ftpd.pem). Where the server knows AUTH and a firewall takes it away, alg-filters-commands speaks of it.",
  ].join("\n\n"),
  severity(facts, { withheld }): Severity {
    if (isDemanded(facts)) return "critical";
    if (withheld === true) return "error";
    return facts.evidence.policy.required?.includes("tls") === true ? "error" : "notice";
  },
  judge(facts) {
    const asked = facts.addresses.filter(({ identify, secures }) => identify !== null || secures.length > 0);
    if (asked.length === 0) return { kind: "undetermined", missing: "the server was not asked for TLS" };
    const without = asked.filter(hasNoTls);
    const [first] = without;
    if (first === undefined) {
      return asked.every(({ identify, secures }) => identify?.authOffered === null && secures.length === 0)
        ? { kind: "undetermined", missing: "FEAT does not tell whether the server offers TLS" }
        : { kind: "absent" };
    }
    const { policy } = facts.evidence;
    // Who allowed it knows it, and on the way from a machine to itself nobody listens.
    const passwordWent =
      policy.credentials === "given" &&
      !policy.allowCleartext &&
      without.some(({ address }) => sideOf(address) !== "loopback") &&
      without.some(({ logins }) => logins.some(({ result }) => result === "logged-in"));
    const withheld =
      !facts.loggedIn && without.some(({ logins }) => logins.some(({ result }) => result === "withheld"));
    if (!passwordWent && !withheld && !isDemanded(facts) && policy.required?.includes("tls") !== true) {
      return {
        kind: "absent",
        note: "the server offers no TLS, and no password was put at risk without the user's word",
      };
    }
    const refused = refusedAuth(first);
    const listed = first.identify?.authOffered === true;
    return {
      kind: "present",
      // Who promises it and refuses it may be two.
      confidence: listed ? "likely" : "certain",
      at: "server-config",
      args: {
        ...controlArgs(without, facts),
        passwordWent,
        withheld,
        listed,
        mechanism: mechanismOf(first.identify?.features ?? []),
        text: refused === null ? null : quoteAuth(refused),
      },
      because: without.flatMap((address) => [
        ...(address.identify === null ? [] : [address.identify.id]),
        ...address.secures.map(({ id }) => id),
      ]),
      seen: [
        ...(refused === null ? [] : [quoteAuth(refused)]),
        ...(first.identify?.features == null || (refused !== null && !listed)
          ? []
          : [listed ? `FEAT lists ${authLine(first.identify.features)}` : "FEAT lists no AUTH"]),
      ],
      rivals: [
        {
          cause: "alg-filters-commands",
          toTellApart: listed
            ? "Does the server take AUTH TLS from itself, or from another network? Then a device on the way refuses it."
            : "Does FEAT list AUTH TLS on the server itself, or from another network? Then a device on the way takes it out.",
        },
      ],
    };
  },
  describe: (args, facts) => ({
    ...(args["listed"] === true ? { title: "The server lists TLS among its features and refuses it" } : {}),
    summary: summaryOf(args),
    explanation: `${explain(args)}${args["withheld"] === true ? " The password was therefore not sent; --allow-cleartext sends it unprotected." : ""}`,
    remedies: mendControl(facts, args, { server: ["tls-enable"] }),
  }),
});

function summaryOf({ host, passwordWent, withheld, listed, mechanism, text }: Args): string {
  if (passwordWent === true) return `${host} offers no TLS: the login went in clear text.`;
  const quoted = text === null ? "" : ` (${text})`;
  const fact =
    listed === true ? `${host} lists AUTH ${mechanism} and refuses it${quoted}` : `${host} offers no TLS${quoted}`;
  return withheld === true ? `${fact}, so the password was not sent.` : `${fact}.`;
}

function explain({ passwordWent, listed, mechanism }: Args): string {
  if (passwordWent === true && listed !== true)
    return "The server's list of features does not name AUTH TLS, so name, password and files cross the network readable for whoever stands in the way.";
  return listed === true
    ? `The server says in its list of features that it knows AUTH ${mechanism}, with which a client asks for encryption, and refuses it all the same: TLS is switched off there or half set up, or a device on the way refuses it in the server's place.`
    : "The server does not know AUTH TLS, with which a client asks for encryption.";
}

/** What is asked for with AUTH: `SSL` where nothing else is listed. */
function mechanismOf(features: readonly string[]): "TLS" | "SSL" {
  const lines = features.filter((line) => /^AUTH\b/i.test(line.trim())).join(" ");
  return /\bSSL\b/i.test(lines) && !/\bTLS/i.test(lines) ? "SSL" : "TLS";
}

/** The line of FEAT that promises TLS, such as `AUTH TLS`. */
function authLine(features: readonly string[]): string {
  return quoteLine(features.find((line) => /^AUTH\b/i.test(line.trim()))?.trim() ?? "AUTH");
}

/**
 * Whether FEAT lists no AUTH, or it was refused as something unknown: ftp-srv lists it all the same.
 * alg-filters-commands replaces it where that shows a device.
 */
function hasNoTls(address: AddressFacts): boolean {
  const { identify, secures } = address;
  if (secures.some((secure) => secure.how === "implicit" || acceptsAuth(secure))) return false;
  if (secures.some(isSwitchedOff)) return true;
  return refusedAuth(address) !== null || identify?.authOffered === false;
}

function refusedAuth({ secures }: AddressFacts): SecureRecord | null {
  return (
    secures.find((secure) => {
      const reply = lastReply(secure.auth.at(-1) ?? null);
      return reply !== null && UNKNOWN.includes(authCode(secure) ?? 0) && wordingOf(reply) === null;
    }) ?? null
  );
}

function quoteAuth({ auth }: SecureRecord): string {
  return auth.slice(-1).map(quoteExchange).join();
}
