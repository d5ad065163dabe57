import type { CccRecord } from "../../model/evidence.ts";
import { OUTCOME } from "../../model/words.ts";
import { defineRule } from "../define-rule.ts";
import { controlArgsOf } from "../facts/control-facts.ts";
import { lastReply } from "../facts/facts.ts";
import { quoteExchange } from "../facts/quote.ts";

/** Going back to a control connection in clear fails. */
export const tlsCccMismatch = defineRule({
  id: "tls-ccc-mismatch",
  title: "Leaving TLS on the control connection (CCC) fails",
  since: "0.1.0",
  needs: ["ccc"],
  references: ["RFC 4217 section 6", "https://github.com/proftpd/proftpd/issues/876", "Pure-FTPd ftp_parser.c"],
  meaning: [
    "A client that asks to go back to clear text on the control connection (CCC) does so to let a firewall read PASV and PORT. Many servers refuse that, and others do half of it: they agree, and then do not end TLS in order, so that both sides talk past each other. It is tried only with --ccc.",
    "To mend it, do without CCC and open a fixed passive range instead. ProFTPD allows CCC with TLSRequired auth alone; curl knows --ftp-ssl-ccc-mode active and passive.",
  ].join("\n\n"),
  // Only who asks for it needs it.
  severity: () => "notice",
  judge(facts) {
    const tried = facts.addresses.flatMap((address) => address.cccs.map((ccc) => ({ address, ccc })));
    if (tried.length === 0) return { kind: "not-applicable", reason: "CCC is tried only with --ccc" };
    const found = tried.flatMap(({ address, ccc }) => {
      const what = troubleOf(ccc);
      return what === null ? [] : [{ address, ccc, what }];
    });
    const [first] = found;
    if (first === undefined) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "certain",
      at: "server-config",
      args: {
        ...controlArgsOf(found, facts),
        refused: first.what.refused,
        answered: first.what.answered,
        text: first.what.text,
      },
      because: found.map(({ ccc }) => ccc.id),
      seen: found.slice(0, 3).map(({ what }) => what.text),
      rivals: [],
    };
  },
  describe: ({ host, refused, answered, text }) => ({
    summary:
      refused === true
        ? `${host} does not let a client leave TLS on the control connection (${text}).`
        : answered === false
          ? `${host} neither agrees to leave TLS on the control connection nor refuses it: the conversation breaks at the question (${text}).`
          : `${host} agrees to leave TLS on the control connection, and the conversation breaks there (${text}).`,
    explanation:
      "CCC asks the server to go on in clear text after the login, so that firewalls can read the addresses of data connections. Without CCC the same server works as the other rows show.",
    remedies: [
      {
        who: "client-user",
        product: "any",
        effort: "low",
        text: "Do without CCC; it protects less, and a fixed passive range that is open in the firewall needs no reading along. With curl try the other of --ftp-ssl-ccc-mode active and passive.",
      },
    ],
  }),
});

/** What went wrong with it. */
interface Trouble {
  /** The server said no. */
  refused: boolean;
  /** The server answered CCC at all; what went wrong came after it agreed, unless it refused. */
  answered: boolean;
  /** It, quoted. */
  text: string;
}

/** What went wrong; null where it worked, or did not come to its end. */
function troubleOf({ exchange, left, noop, offer }: CccRecord): Trouble | null {
  if (exchange === null || exchange.outcome === "cancelled") return null;
  const code = lastReply(exchange)?.code;
  if (code === undefined || code >= 300) {
    return { refused: code !== undefined, answered: code !== undefined, text: quoteExchange(exchange) };
  }
  if (left !== null && left.outcome !== "ok" && left.outcome !== "cancelled") {
    // Some servers leave out close_notify and go on in clear all the same.
    if (offer === null || offer.exchange.outcome !== "ok") {
      return { refused: false, answered: true, text: `leaving TLS: ${OUTCOME[left.outcome]}` };
    }
  }
  if (noop !== undefined && noop.outcome !== "ok" && noop.outcome !== "cancelled") {
    return { refused: false, answered: true, text: quoteExchange(noop) };
  }
  if (offer !== null && offer.exchange.outcome !== "ok" && offer.exchange.outcome !== "cancelled") {
    return { refused: false, answered: true, text: quoteExchange(offer.exchange) };
  }
  return null;
}
