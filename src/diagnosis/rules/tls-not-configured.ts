import { defineRule, type Judgement } from "../define-rule.ts";
import { controlArgs, controlArgsOf } from "../facts/control-facts.ts";
import type { Facts } from "../facts/facts.ts";
import { failuresOfKind, seenFailure } from "../facts/handshake-failure.ts";
import { quoteExchange, quoteLine } from "../facts/quote.ts";
import { unableLine } from "../facts/refused-handshake.ts";
import { refusalsOf } from "../facts/said.ts";
import { authCode, failedHandshakes, noTlsSeverity, withoutHandshake } from "../facts/tls-control.ts";
import { mendControl } from "../words/mend.ts";
import { watchHandshake } from "../words/next.ts";

/** RFC 4217 section 4 and RFC 2228: 431 a needed resource is unavailable, 534 refused for policy reasons. */
const UNABLE: readonly (number | null)[] = [431, 534];

/** The server knows AUTH and has nothing to make TLS with. */
export const tlsNotConfigured = defineRule({
  id: "tls-not-configured",
  title: "The server has no usable certificate",
  since: "0.1.0",
  needs: ["secure"],
  replaces: ["srv-session-crash", "ctl-closed-mid-session", "ctl-accepted-then-closed", "ctl-protocol-violation"],
  explains: ["tls-plaintext-in-stream"],
  references: [
    "RFC 2228 section 3 (431, 534)",
    "ProFTPD mod_tls.c",
    "vsftpd ssl.c",
    "nmap-service-probes",
    "https://github.com/robinrodricks/FluentFTP/issues/1571",
  ],
  meaning: [
    'The server knows AUTH TLS and cannot do what it says: it has no certificate, or cannot read it or its key. It answers AUTH with 431 or 534, or with 234 and then ends every handshake, whichever TLS version is offered; vsftpd ends each session with "500 OOPS: SSL: cannot load RSA certificate".',
    "To mend it, give the server a certificate and a key that it can read, and restart it (IBM i: assign one to QIBM_QTMF_FTP_SERVER in the Digital Certificate Manager; IIS: FTP SSL Settings; FileZilla Server: generate one).",
  ].join("\n\n"),
  severity: noTlsSeverity,
  judge: (facts) =>
    judgeAnswer(facts) ??
    judgeWords(facts) ??
    judgeUnable(facts) ??
    judgeFailures(facts) ??
    withoutHandshake(facts) ?? { kind: "absent" },
  describe: (args, facts) => ({
    summary:
      args["text"] === null
        ? `${args["host"]} offers TLS, but every handshake fails, whichever version is offered.`
        : `${args["host"]} knows TLS, but has nothing to make it with (${args["text"]}).`,
    explanation:
      args["text"] === null
        ? "Each version of TLS was offered by itself, and all of them ended in the same way. What they have in common is the server's own certificate and key."
        : "The server's own words say that TLS is known to it and cannot be begun: mostly there is no certificate, or the server may not read it or its key.",
    remedies: mendControl(facts, args, { server: ["tls-certificate", "tls-enable"] }),
  }),
});

/** AUTH itself was answered so. */
function judgeAnswer(facts: Facts): Judgement | null {
  const found = facts.addresses.flatMap((address) =>
    address.secures.filter((secure) => UNABLE.includes(authCode(secure))).map((secure) => ({ address, secure })),
  );
  const exchange = found[0]?.secure.auth.at(-1);
  if (exchange === undefined) return null;
  return {
    kind: "present",
    confidence: "certain",
    at: "server-config",
    args: {
      ...controlArgsOf(found, facts),
      text: quoteExchange(exchange),
    },
    because: found.map(({ secure }) => secure.id),
    seen: [quoteExchange(exchange)],
    rivals: [],
  };
}

/** The server says it in other words, at any command. */
function judgeWords(facts: Facts): Judgement | null {
  const said = refusalsOf(facts, "tls-not-configured");
  const [first] = said;
  if (first === undefined) return null;
  return {
    kind: "present",
    confidence: "certain",
    at: "server-config",
    args: { ...controlArgs([...new Set(said.map(({ at }) => at))], facts), text: first.quote },
    because: [...new Set(said.map(({ record }) => record))],
    seen: [...new Set(said.map(({ quote }) => quote))].slice(0, 3),
    rivals: [],
  };
}

/** The server says it in clear text, in place of the handshake. */
function judgeUnable(facts: Facts): Judgement | null {
  const found = failedHandshakes(facts).flatMap((made) => {
    const line = unableLine(made.handshake);
    return line === null ? [] : [{ ...made, line: quoteLine(line) }];
  });
  const [first] = found;
  if (first === undefined) return null;
  return {
    kind: "present",
    confidence: "certain",
    at: "server-config",
    args: { ...controlArgsOf(found, facts), text: first.line },
    because: found.flatMap(({ address, secure }) => [
      secure.id,
      // With implicit TLS it takes the greeting's place.
      ...address.controls.filter(({ ordinal }) => ordinal === secure.ordinal).map(({ id }) => id),
    ]),
    seen: [...new Set(found.map(({ line }) => `in place of the handshake: ${line}`))].slice(0, 2),
    rivals: [],
  };
}

/** Every handshake ends in the same way. */
function judgeFailures(facts: Facts): Judgement | null {
  const failures = failuresOfKind(facts, "not-configured");
  if (failures === null) return null;
  const { first, args, because } = failures;
  return {
    kind: "present",
    confidence: first.confidence,
    at: "server-config",
    args: { ...args, text: null },
    because,
    seen: seenFailure(first, first.trials),
    rivals: [
      {
        cause: "tls-handshake-closed",
        toTellApart:
          "Does the handshake succeed on the server itself (openssl s_client to 127.0.0.1)? Then something on the way cuts it.",
      },
      {
        cause: "tls-client-cert-required",
        toTellApart: "Does the server's log say that the peer did not return a certificate? Then it demands one.",
      },
    ],
    next: [watchHandshake(first, facts)],
  };
}
