import { brokenHandshake, GENERAL } from "../words/broken-handshake.ts";
import { mendControl } from "../words/mend.ts";

/** The connection ends during the handshake. */
export const tlsHandshakeClosed = brokenHandshake({
  id: "tls-handshake-closed",
  title: ({ bytes }) =>
    bytes == null ? "The TLS handshake is cut off" : "The TLS handshake is answered with what is no TLS",
  kinds: ["cut", "garbage"],
  at: () => "server-host",
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
