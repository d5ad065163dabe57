import { hexOf } from "../../model/raw-bytes.ts";
import type { NextStep } from "../../model/report.ts";
import { type Args, defineRule, type Words } from "../define-rule.ts";
import { controlArgsOf, controlEndpoint, controlSeverity, triedAddresses, verb } from "../facts/control-facts.ts";
import type { AddressFacts, Facts } from "../facts/facts.ts";
import { quoteLine } from "../facts/quote.ts";
import { unableLine } from "../facts/refused-handshake.ts";
import { firstLineOf, isDemanded, quoteHandshake } from "../facts/tls-control.ts";
import { heardUnderTls, isFtpGreeting } from "../facts/under-tls.ts";
import { mendClient, mendServer } from "../words/mend.ts";
import { probeAs, targetAs } from "../words/next.ts";

/** A TLS alert record (RFC 8446 sections 5.1 and 6): what a TLS server answers to a line of text. */
const ALERT = /^\x15\x03[\0-\x04]/;

/** Which of the two speaks TLS from the first byte. */
type Kind =
  /** The server, asked in clear; told by its alert. */
  | "server-by-alert"
  /** The server, asked in clear; told by a handshake that was tried all the same. */
  | "server-by-handshake"
  /** The client; the server greeted in clear. */
  | "client";

/** A port that is meant for the other kind of TLS, and what shows it. */
interface Hit {
  address: AddressFacts;
  kind: Kind;
  because: string[];
  seen: string[];
}

/** Client and server disagree on whether TLS begins with the first byte. */
export const tlsModeMismatch = defineRule({
  id: "tls-mode-mismatch",
  title: "The port is for the other kind of TLS",
  since: "0.1.0",
  needs: ["control"],
  replaces: [
    "ctl-no-banner",
    "ctl-wrong-service",
    "ctl-protocol-violation",
    "ctl-accepted-then-closed",
    "ctl-banner-delay",
    "tls-handshake-closed",
  ],
  references: ["RFC 8446 section 6 (alerts)", "RFC 4217 section 15.1", "https://github.com/lavv17/lftp/issues/486"],
  meaning: [
    "There are two kinds of FTP over TLS. Implicit: TLS begins with the first byte, usually on port 990. Explicit: the conversation begins in clear text, usually on port 21, and the client asks for TLS with AUTH. Where client and server mean different kinds, both wait for each other in silence, or the client takes the greeting for a broken handshake (wrong version number).",
    "To mend it, set the client to the kind that the port speaks: ftps:// for implicit TLS, ftpes:// for explicit TLS; ftp:// tries both.",
  ].join("\n\n"),
  severity(facts, { kind }) {
    if (!facts.loggedIn) return kind === "server-by-handshake" ? "critical" : controlSeverity(facts);
    // It works in the other way, and not as it was asked for.
    if (isDemanded(facts)) return "error";
    // Who goes to 990 expects it; elsewhere clients wait for a greeting.
    return facts.evidence.target.port === IMPLICIT_PORT ? "notice" : "warning";
  },
  judge(facts) {
    const tried = triedAddresses(facts).filter(({ controls }) => controls[0]?.greeting != null);
    if (tried.length === 0) return { kind: "undetermined", missing: "no connection was made" };
    const hits = tried.flatMap((address) => hitAt(address, facts) ?? []);
    const [first] = hits;
    if (first === undefined) return { kind: "absent" };
    const endpoint = controlEndpoint(first.address, facts);
    return {
      kind: "present",
      confidence: "certain",
      at: "client",
      args: {
        ...controlArgsOf(hits, facts),
        kind: first.kind,
        noTls: first.kind === "client" && first.address.identify?.authOffered === false,
        security: facts.evidence.target.security,
        rightTarget: targetAs(facts, schemeFor(first)),
      },
      because: hits.flatMap(({ because }) => because),
      seen: hits.slice(0, 2).flatMap(({ seen }) => seen),
      rivals: [],
      next: first.kind === "server-by-handshake" ? [] : [probeRightly(first, endpoint, facts)],
    };
  },
  describe: (args, facts) => {
    return args["kind"] === "client"
      ? describeClear(args, facts)
      : {
          title: "The port speaks TLS from the first byte (implicit FTPS)",
          summary: `${args["endpoints"]} ${verb(args, "speaks", "speak")} TLS from the first byte (implicit FTPS); a client in clear text gets no greeting there.`,
          explanation:
            args["kind"] === "server-by-alert"
              ? "The port said nothing by itself and answered a line of text with an alert of the TLS protocol, so it waits for a TLS handshake. Client and server are set to different kinds of TLS; nothing is broken on the way. Explicit TLS is usually on port 21."
              : "The port said nothing by itself, and a TLS handshake that was begun without being asked for succeeded. Client and server are set to different kinds of TLS; nothing is broken on the way. Explicit TLS is usually on port 21.",
          remedies: [...mendClient("implicit-tls", facts, args), ...mendServer("tls-mode", facts, args)],
        };
  },
});

/** The same probe in the way that the port takes: with the other kind of TLS, or without any where it has none. */
function probeRightly(hit: Hit, endpoint: string, facts: Facts): NextStep {
  const scheme = schemeFor(hit);
  return { command: probeAs(facts, scheme), tells: TELLS[scheme](endpoint) };
}

const TELLS: Readonly<Record<"ftp" | "ftpes" | "ftps", (endpoint: string) => string>> = {
  ftp: (endpoint) => `The same probe in clear text, which is all that ${endpoint} speaks.`,
  ftpes: () => "The same probe with explicit TLS, which a port that greets in clear text may have.",
  ftps: (endpoint) => `The same probe with the kind of TLS that ${endpoint} speaks.`,
};

/** What the port takes. */
function schemeFor({ kind, address }: Hit): "ftp" | "ftpes" | "ftps" {
  if (kind !== "client") return "ftps";
  return address.identify?.authOffered === false ? "ftp" : "ftpes";
}

/** The server greeted in clear where a handshake was begun. */
function describeClear(args: Args, facts: Facts): Words {
  const { endpoints, noTls, port } = args;
  const title = "The port greets in clear text, not with TLS";
  const came = "In place of an answer to the TLS handshake the greeting of an FTP server came.";
  const begins = "a client that begins with TLS (implicit FTPS) gets no handshake there";
  if (noTls === true) {
    return {
      title,
      summary: `${endpoints} ${verb(args, "greets", "greet")} in clear text and ${verb(args, "offers", "offer")} no TLS at all; ${begins}.`,
      explanation: `${came} Asked in clear text, the server names no AUTH among its features either, so it has no explicit TLS (AUTH TLS): what it speaks on this port is clear text alone.`,
      remedies: [...mendServer("tls-enable", facts, args), ...mendClient("without-tls", facts, args)],
    };
  }
  return {
    title,
    summary: `${endpoints} ${verb(args, "greets", "greet")} in clear text; ${begins}.`,
    explanation: `${came} ${
      port === IMPLICIT_PORT
        ? "Port 990 is usually the one of implicit TLS; here it is for FTP in clear text, and for explicit TLS (AUTH TLS) where the server offers that."
        : "The port is for FTP in clear text and for explicit TLS (AUTH TLS); implicit TLS has a port of its own, usually 990."
    }`,
    // The server greets in clear already, as explicit TLS wants it: nothing is to be changed there.
    remedies: mendClient("explicit-tls", facts, args),
  };
}

/** The port that servers use for TLS from the first byte. */
const IMPLICIT_PORT = 990;

function hitAt(address: AddressFacts, facts: Facts): Hit | null {
  const first = address.controls[0];
  if (first === undefined) return null;
  const endpoint = controlEndpoint(address, facts);
  const alert = alertAt(address);
  const implicit = address.secures.filter(({ how }) => how === "implicit");
  if (facts.evidence.target.security !== "implicit") {
    const heard = heardUnderTls(address);
    // Under TLS another service may be: ctl-wrong-service speaks of that.
    if (heard !== null && !heard.greeted) return null;
    if (heard?.secure.handshake != null) {
      return {
        address,
        kind: "server-by-handshake",
        because: [first.id, heard.secure.id],
        seen: [`${endpoint} silent, then ${quoteHandshake(heard.secure.handshake)}`],
      };
    }
  }
  if (alert !== null) {
    const when = address.control === "silent" ? "silent, and after an empty line" : "began with";
    return {
      address,
      kind: "server-by-alert",
      because: [first.id, ...implicit.map(({ id }) => id)],
      seen: [`${endpoint} ${when} a TLS alert (hex ${hexOf(alert, 7)})`],
    };
  }
  const greeted = implicit.find(
    // What is said there of TLS itself is said by a server that was meant to speak it.
    ({ handshake }) => isFtpGreeting(handshake?.foreign ?? "") && unableLine(handshake) === null,
  );
  if (greeted?.handshake?.foreign == null) return null;
  return {
    address,
    kind: "client",
    because: [first.id, greeted.id],
    seen: [`${endpoint} in place of a handshake: ${quoteLine(firstLineOf(greeted.handshake.foreign))}`],
  };
}

/** The alert that came; null where none did. */
function alertAt({ control, controls }: AddressFacts): string | null {
  const greeting = controls[0]?.greeting;
  const bytes = control === "silent" ? greeting?.afterNewline?.firstBytes : greeting?.firstBytes;
  return bytes !== undefined && ALERT.test(bytes) ? bytes : null;
}
