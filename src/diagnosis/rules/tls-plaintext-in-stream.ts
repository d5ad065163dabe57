import { isText } from "../../model/raw-bytes.ts";
import type { Severity } from "../../model/report.ts";
import { type Args, defineRule } from "../define-rule.ts";
import { controlArgs, loginSeverity } from "../facts/control-facts.ts";
import type { AddressFacts, Facts } from "../facts/facts.ts";
import { failuresOfKind } from "../facts/handshake-failure.ts";
import { quoteLine } from "../facts/quote.ts";
import { slippedIn } from "../facts/surplus.ts";
import { controlHandshakes, firstLineOf, isEcho, withoutHandshake } from "../facts/tls-control.ts";
import { mendServer } from "../words/mend.ts";

type Where = "before-handshake" | "at-handshake" | "inside";

const WHERE: Readonly<Record<Where, string>> = {
  "before-handshake": "right behind the answer to AUTH",
  "at-handshake": "in place of the handshake",
  inside: "inside TLS",
};

/** Clear text on a control connection that was under TLS, or about to be. */
interface Leak {
  at: AddressFacts;
  text: string;
  /** Behind the answer to AUTH and before TLS, in place of the handshake, or inside TLS. */
  where: Where;
  because: string[];
}

/** The server writes clear text where TLS should be. */
export const tlsPlaintextInStream = defineRule({
  id: "tls-plaintext-in-stream",
  title: "The server writes clear text into the TLS connection",
  since: "0.1.0",
  needs: ["secure"],
  replaces: ["ctl-closed-mid-session", "ctl-protocol-violation"],
  references: ["vsftpd die()", "https://github.com/hassio-addons/app-ftp/issues/7"],
  meaning: [
    'The server writes an error in clear text into the encrypted connection, as vsftpd does with "500 OOPS", and then ends it. Clients report an unexpected TLS packet (GnuTLS -15) or a wrong version number and show nothing of the text. ftp-doctor reads the raw bytes and shows it.',
    "A whole reply in clear right behind the answer to AUTH, before TLS begins, is of another kind: somebody on the way, or the server, writes it in advance so that a client which keeps it takes it for the first word of the encrypted conversation (response injection, as with STARTTLS in mail). ftp-doctor sets it aside.",
    "To mend it, mend what the text says: mostly a writable home directory under chroot, a wrong pasv_address, or vsftpd's sandbox.",
  ].join("\n\n"),
  severity: (facts): Severity => loginSeverity(facts),
  judge(facts) {
    const leaks = leaksOf(facts);
    const [first] = leaks;
    if (first === undefined) return withoutHandshake(facts) ?? { kind: "absent" };
    return {
      kind: "present",
      confidence: "certain",
      at: first.where === "before-handshake" ? "unknown" : "server-host",
      args: {
        ...controlArgs([...new Set(leaks.map(({ at }) => at))], facts),
        text: quoteLine(firstLineOf(first.text)),
        atHandshake: first.where === "at-handshake",
        where: first.where,
      },
      because: [...new Set(leaks.flatMap(({ because }) => because))],
      seen: [
        ...new Set(leaks.map(({ text, where }) => `clear text ${WHERE[where]}: ${quoteLine(firstLineOf(text))}`)),
      ].slice(0, 2),
      rivals:
        first.where === "before-handshake"
          ? [
              {
                cause: "ctl-transparent-proxy",
                toTellApart:
                  "Does it come from another network as well, or on the server's own machine? Then the server writes it, and not a device on the way.",
              },
            ]
          : [],
    };
  },
  describe: (args, facts) => {
    if (args["where"] === "before-handshake") return describeInjection(args);
    return describeLeak(args, facts);
  },
});

/** What was said before TLS began, and would be believed as said under it. */
function describeInjection(args: Args) {
  return {
    title: "A reply in clear comes right behind the answer to AUTH",
    summary: `Behind its answer to AUTH ${args["host"]} sends another reply in clear, before TLS begins: ${args["text"]}`,
    explanation:
      "Between the answer to AUTH and the handshake the server has nothing to say. A client that keeps this reply takes it for the first one of the encrypted conversation and is one step behind from then on, with an answer that anybody on the way may have written. ftp-doctor set it aside.",
    remedies: [
      {
        who: "server-admin" as const,
        product: "any",
        effort: "medium" as const,
        text: "Compare the server's log with this transcript: if the server sends that reply itself, update it; if it does not, a device on the way writes into the conversation, and no login should go this way until it is found.",
      },
      {
        who: "client-user" as const,
        product: "any",
        effort: "medium" as const,
        text: "Use implicit TLS where the server has it: nothing is said in clear there. Update the client: a present one drops what came before TLS.",
      },
    ],
  };
}

function describeLeak(args: Args, facts: Facts) {
  return {
    summary: `${args["host"]} writes clear text ${args["atHandshake"] === true ? "where the TLS handshake should be" : "into the encrypted connection"}: ${args["text"]}`,
    explanation:
      "Everything on this connection should have been encrypted, and these bytes were not. FTP clients only report a TLS error there; the text itself is the server's reason to give up.",
    remedies: [
      {
        who: "server-admin" as const,
        product: "any",
        effort: "medium" as const,
        text: "Mend what the text says; the server's log at that time tells more. The same step in clear text, where it is allowed, shows the same words.",
      },
      ...(/writable/i.test(String(args["text"])) ? mendServer("writable-chroot", facts, args) : []),
    ],
  };
}

function leaksOf(facts: Facts): Leak[] {
  const later = facts.addresses.flatMap((at) =>
    facts.evidence.sessions.flatMap((session): Leak[] => {
      if (session.address !== at.address || session.foreign == null || isEcho(session.foreign)) return [];
      // Bytes that are no words are nobody's last ones.
      if (!isText(session.foreign)) return [];
      const secured = at.secures.filter((secure) => secure.session === session.id);
      const spoiled = [...at.logins, ...at.attempts.map(({ record }) => record)].filter(
        (record) => record.session === session.id,
      );
      const last = spoiled.at(-1);
      const because = [...secured.map(({ id }) => id), ...(last === undefined ? [] : [last.id])];
      return because.length === 0 ? [] : [{ at, text: session.foreign, where: "inside", because }];
    }),
  );
  const before = facts.evidence.sessions.flatMap((session) =>
    slippedIn(session, facts).flatMap(({ reply, secure }): Leak[] => {
      const at = facts.addresses.find(({ address }) => address === session.address);
      const text = reply.lines.join("\n");
      return at === undefined ? [] : [{ at, text, where: "before-handshake", because: [secure.id] }];
    }),
  );
  // On implicit TLS it is the other kind of port, or another service: rules of their own speak of that.
  const early = (failuresOfKind(facts, "clear-text")?.all ?? [])
    .filter(({ secure }) => secure.how === "explicit")
    .map(({ address, handshake, because }) => ({
      at: address,
      text: handshake.foreign ?? "",
      where: "at-handshake" as const,
      because,
    }));
  return controlHandshakes(facts).length === 0 ? [] : [...later, ...early, ...before];
}
