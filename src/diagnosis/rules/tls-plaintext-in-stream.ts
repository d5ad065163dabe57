import type { Severity } from "../../model/report.ts";
import { defineRule } from "../define-rule.ts";
import { controlArgs, loginSeverity } from "../facts/control-facts.ts";
import type { AddressFacts, Facts } from "../facts/facts.ts";
import { failuresOfKind } from "../facts/handshake-failure.ts";
import { controlHandshakes, firstLineOf, isEcho, withoutHandshake } from "../facts/tls-control.ts";
import { mendServer } from "../words/mend.ts";
import { quoteLine } from "../words/quote.ts";

/** Clear text on a control connection that was under TLS, or about to be. */
interface Leak {
  at: AddressFacts;
  text: string;
  /** During the handshake, or later. */
  atHandshake: boolean;
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
      at: "server-host",
      args: {
        ...controlArgs([...new Set(leaks.map(({ at }) => at))], facts),
        text: quoteLine(firstLineOf(first.text)),
        atHandshake: first.atHandshake,
      },
      because: [...new Set(leaks.flatMap(({ because }) => because))],
      seen: leaks
        .slice(0, 2)
        .map(
          ({ text, atHandshake }) =>
            `clear text ${atHandshake ? "in place of the handshake" : "inside TLS"}: ${quoteLine(firstLineOf(text))}`,
        ),
      rivals: [],
    };
  },
  describe: (args, facts) => ({
    summary: `${args["host"]} writes clear text ${args["atHandshake"] === true ? "where the TLS handshake should be" : "into the encrypted connection"}: ${args["text"]}`,
    explanation:
      "Everything on this connection should have been encrypted, and these bytes were not. FTP clients only report a TLS error there; the text itself is the server's reason to give up.",
    remedies: [
      {
        who: "server-admin",
        product: "any",
        effort: "medium",
        text: "Mend what the text says; the server's log at that time tells more. The same step in clear text, where it is allowed, shows the same words.",
      },
      ...(/writable/i.test(String(args["text"])) ? mendServer("writable-chroot", facts, args) : []),
    ],
  }),
});

function leaksOf(facts: Facts): Leak[] {
  const later = facts.addresses.flatMap((at) =>
    facts.evidence.sessions.flatMap((session): Leak[] => {
      if (session.address !== at.address || session.foreign == null || isEcho(session.foreign)) return [];
      const secured = at.secures.filter((secure) => secure.session === session.id);
      const spoiled = [...at.logins, ...at.attempts.map(({ record }) => record)].filter(
        (record) => record.session === session.id,
      );
      const last = spoiled.at(-1);
      const because = [...secured.map(({ id }) => id), ...(last === undefined ? [] : [last.id])];
      return because.length === 0 ? [] : [{ at, text: session.foreign, atHandshake: false, because }];
    }),
  );
  // On implicit TLS it is the other kind of port, or another service: rules of their own speak of that.
  const early = failuresOfKind(facts, "clear-text")
    .filter(({ secure }) => secure.how === "explicit")
    .map(({ address, handshake, because }) => ({
      at: address,
      text: handshake.foreign ?? "",
      atHandshake: true,
      because,
    }));
  return controlHandshakes(facts).length === 0 ? [] : [...later, ...early];
}
