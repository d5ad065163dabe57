import { hexOf } from "../../model/raw-bytes.ts";
import type { NextStep, Remedy, Rival, Side } from "../../model/report.ts";
import { duration } from "../../model/words.ts";
import type { Rule } from "../define-rule.ts";
import { type Args, defineRule } from "../define-rule.ts";
import { controlEndpoint } from "../facts/control-facts.ts";
import type { Facts } from "../facts/facts.ts";
import { type FailedHandshake, type FailureKind, failuresOfKind } from "../facts/handshake-failure.ts";
import { noTlsSeverity, quoteHandshake, withoutHandshake } from "../facts/tls-control.ts";
import { mendControl } from "../words/mend.ts";
import { probeUsual, watchHandshake } from "../words/next.ts";

/** What the siblings differ in: the same reading of a handshake, another end of it. */
interface Sibling {
  id: string;
  kinds: readonly FailureKind[];
  at: Side;
  references: string[];
  meaning: string[];
  replaces: string[];
  rivals(first: FailedHandshake): Rival[];
  /** Beside a look at the handshake with another library. */
  next?(first: FailedHandshake, facts: Facts): NextStep[];
  title(args: Args): string;
  summary(args: Args): string;
  explanation(args: Args): string;
  /** The likeliest first. */
  remedies(args: Args, facts: Facts): Remedy[];
}

function brokenHandshake(sibling: Sibling): Rule {
  return defineRule({
    id: sibling.id,
    title: sibling.title({}),
    since: "0.1.0",
    needs: ["secure"],
    replaces: sibling.replaces,
    references: sibling.references,
    meaning: sibling.meaning.join("\n\n"),
    severity: noTlsSeverity,
    judge(facts) {
      const missing = withoutHandshake(facts);
      if (missing !== null) return missing;
      const failures = failuresOfKind(facts, ...sibling.kinds);
      if (failures === null) return { kind: "absent" };
      const { first, all, args } = failures;
      return {
        kind: "present",
        confidence: first.confidence === "certain" ? "likely" : "possible",
        at: sibling.at,
        args: {
          ...args,
          outcome: first.handshake.outcome,
          alert: first.handshake.alert,
          code: first.handshake.code,
          explicit: first.secure.how === "explicit",
          // What came, where it is neither TLS nor text.
          bytes: first.kind === "garbage" ? hexOf(first.handshake.foreign ?? "") : null,
          waited: duration(first.handshake.ms),
        },
        // With implicit TLS the control connection's own record tells the same.
        because: all.flatMap((made) => [...made.because, ...implicitControl(made)]),
        seen: all
          .slice(0, 2)
          .map(
            (made) => `${controlEndpoint(made.address, facts)} ${quoteHandshake(made.handshake)}${firstBytes(made)}`,
          ),
        rivals: sibling.rivals(first),
        next: [...(sibling.next?.(first, facts) ?? []), watchHandshake(first, facts)],
      };
    },
    describe: (args, facts) => ({
      title: sibling.title(args),
      summary: sibling.summary(args),
      explanation: sibling.explanation(args),
      remedies: sibling.remedies(args, facts),
    }),
  });
}

function firstBytes({ kind, handshake }: FailedHandshake): string {
  return kind === "garbage" ? `; first bytes (hex): ${hexOf(handshake.foreign ?? "")}` : "";
}

function implicitControl({ secure, address }: FailedHandshake): string[] {
  return secure.how === "implicit"
    ? address.controls.filter(({ ordinal }) => ordinal === secure.ordinal).map(({ id }) => id)
    : [];
}

const GENERAL = ["ctl-no-banner", "ctl-accepted-then-closed", "ctl-closed-mid-session"];

/** The connection ends during the handshake. */
export const tlsHandshakeClosed = brokenHandshake({
  id: "tls-handshake-closed",
  title: ({ bytes }) =>
    bytes == null ? "The TLS handshake is cut off" : "The TLS handshake is answered with what is no TLS",
  kinds: ["cut", "garbage"],
  at: "server-host",
  replaces: GENERAL,
  references: ["RFC 4217 section 4", "RFC 8446 section 6"],
  meaning: [
    "The server agrees to TLS, and then the connection ends during the handshake, mostly without a word: the server has no certificate that it can use, its process dies, or a device on the way cuts what it does not understand.",
    "Where the handshake is answered with bytes that are neither TLS nor text, the TLS itself is broken, or something else than the server answers.",
    "To mend it, look into the server's log at the time of the attempt, give the server a certificate and a key that it can read, allow TLS 1.2, and exempt the connection from inspection.",
  ],
  rivals: ({ kind }) => [
    ...(kind === "garbage"
      ? []
      : [
          {
            cause: "tls-not-configured",
            toTellApart: "Does the server's log speak of a certificate or a key that cannot be read?",
          },
        ]),
    {
      cause: `a device on the way that ${kind === "garbage" ? "answers in the server's place" : "cuts TLS"}`,
      toTellApart: "Does the handshake succeed from the server's own network, or on the server itself?",
    },
  ],
  summary: ({ host, outcome, alert, explicit, bytes }) => {
    if (bytes !== null) return `What ${host} answers the TLS handshake with is neither TLS nor text.`;
    if (alert !== null) return `${host} breaks the TLS handshake off (alert ${alert}).`;
    return outcome === "tls-failed"
      ? `What ${host} sends in the TLS handshake is against the rules of TLS.`
      : `${host} ${explicit === true ? "agrees to TLS and then hangs up" : "hangs up"} during the handshake.`;
  },
  explanation: ({ outcome, alert, code, bytes }) => {
    if (bytes !== null)
      return `The bytes that came in place of the handshake (hex ${bytes}) begin no TLS record and are nothing to be read: the server's TLS is broken, or something on the way answers in its place or garbles what it says.`;
    if (alert !== null)
      return "The server's TLS gave up with an alert that names no reason to be seen from here; its log tells more.";
    return outcome === "tls-failed"
      ? `The server answered the client's first TLS message, and this side's TLS library gave up on the answer${code === null ? "" : ` (${code})`}: the server's TLS is broken, or a device on the way answers in its place.`
      : `The client's first TLS message was sent, and the connection was ${outcome === "reset" ? "reset" : "closed"} without an alert, which servers in order send before they give up.`;
  },
  remedies: (args, facts) => [
    ...mendControl(facts, args, { server: [args["bytes"] === null ? "tls-certificate" : "what-listens"] }),
    {
      who: "firewall-admin",
      product: "any",
      effort: "medium",
      text: "Where the handshake succeeds on the server itself and fails from outside, exempt the control port from FTP and TLS inspection.",
    },
  ],
});

/** The handshake gets no answer. */
export const tlsHandshakeStall = brokenHandshake({
  id: "tls-handshake-stall",
  title: () => "The TLS handshake gets no answer",
  kinds: ["stall"],
  at: "middlebox",
  replaces: GENERAL,
  references: ["RFC 4217 section 4", "RFC 1191 (path MTU)"],
  meaning: [
    "The server agrees to TLS, the client begins the handshake, and nothing comes back. Mostly a device that inspects FTP on port 21 swallows what is no FTP any more, or packets of full size are lost on the way, which the server's certificate is the first to need.",
    "To mend it, switch off the FTP inspection for this server, or clamp the TCP segment size on the router; where the handshake hangs on the server itself too, restart the server and read its log. Implicit TLS on port 990 shows whether only port 21 is inspected.",
  ],
  rivals: () => [
    {
      cause: "data-pmtu-blackhole",
      toTellApart:
        "Does it work with a smaller segment size (ip route change default via ROUTER advmss 1200)? Then full-size packets are lost on the way.",
    },
    {
      cause: "the server hangs when it begins TLS",
      toTellApart: "Does the same handshake hang on the server itself (openssl s_client to 127.0.0.1)?",
    },
  ],
  summary: ({ host, waited, explicit }) =>
    `${host} ${explicit === true ? "agrees to TLS, and then nothing" : "accepts the connection, and nothing"} comes back to the handshake (${waited}).`,
  explanation: () =>
    "The connection stays open, and the first TLS message of the client is left without any answer, not even a refusal.",
  next: ({ secure }, facts) =>
    secure.how === "explicit"
      ? [
          {
            command: probeUsual(facts, "ftps"),
            tells:
              "Whether implicit TLS on port 990 comes through, where few devices look: then it is port 21 that is inspected.",
          },
        ]
      : [],
  remedies: ({ port, explicit }) => [
    {
      who: "firewall-admin",
      product: "any",
      effort: "low",
      text: `Exempt port ${port} of this server from FTP inspection, which cannot read TLS (Cisco ASA: inspect ftp without strict; FortiGate: explicit-ftp-tls enable in the protocol options; Check Point: a service of type ftp_basic; Juniper: set security alg ftp disable).`,
    },
    {
      who: "firewall-admin",
      product: "any",
      effort: "low",
      text: "If it is not that: clamp the TCP segment size on the router, so that full-size packets are not lost.",
      commands: ["iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu"],
    },
    {
      who: "server-admin",
      product: "any",
      effort: "medium",
      text: "Where the handshake hangs on the server itself too, nothing on the way is at fault: look into the server's log at that time, and restart it.",
      commands: [`openssl s_client ${explicit === true ? "-starttls ftp " : ""}-connect 127.0.0.1:${port}`],
    },
  ],
});
