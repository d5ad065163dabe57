import { isIpLiteral } from "../../model/address.ts";
import { listed } from "../../model/words.ts";
import { defineRule, type Judgement } from "../define-rule.ts";
import {
  certificateArgs,
  certificateSeverity,
  quoteProblems,
  shownCertificates,
  sometimesWords,
  withheldWords,
  withoutCertificate,
} from "../facts/certificate-facts.ts";
import { judgeOnData } from "../facts/data-certificates.ts";
import type { Facts } from "../facts/facts.ts";
import { completed, failuresOfKind, seenFailure } from "../facts/handshake-failure.ts";
import { noTlsSeverity } from "../facts/tls-control.ts";
import { onDataWords } from "../words/data-certificate.ts";
import { mendControl } from "../words/mend.ts";
import { probeHost } from "../words/next.ts";

/** Node's name for it. */
const WRONG_NAME = "ERR_TLS_CERT_ALTNAME_INVALID";

/** Names of a certificate that words can hold; shared hosts have hundreds. */
const NAMES_SHOWN = 5;

/** The certificate is for another name than the one asked for. */
export const tlsCertName = defineRule({
  id: "tls-cert-name",
  title: "The certificate is for another name",
  since: "0.1.0",
  needs: ["secure"],
  references: [
    "RFC 6125 section 6",
    "RFC 4217 section 10",
    "https://github.com/lavv17/lftp/issues/377",
    "https://github.com/patrickjuchli/basic-ftp/pull/179",
  ],
  meaning: [
    "The certificate carries other names than the one that the client was given. That is usual on shared hosting, where the certificate is the hosting company's own, and where an address is used in place of a name. A client cannot tell it from an impostor's certificate, and one that verifies refuses.",
    "To mend it, use a name that stands in the certificate, or get a certificate for the name that is used (ProFTPD 1.3.8 and IIS can show one for each name). Data connections are checked against the same name.",
  ].join("\n\n"),
  severity: (facts, { refusedName }) => (refusedName === true ? noTlsSeverity(facts) : certificateSeverity(facts)),
  judge(facts) {
    const refused = judgeRefusedName(facts);
    if (refused !== null) return refused;
    const unseen = withoutCertificate(facts);
    if (unseen !== null) return unseen;
    const found = shownCertificates(facts).filter(({ agreed }) =>
      agreed.problems.some(({ code }) => code === WRONG_NAME),
    );
    const [first] = found;
    if (first === undefined) return judgeOnData("tls-cert-name", facts) ?? { kind: "absent" };
    const names = first.leaf?.names ?? [];
    const usable = names.find(isHostName);
    return {
      kind: "present",
      confidence: "certain",
      at: "tls",
      args: {
        ...certificateArgs(found, facts),
        byAddress: isIpLiteral(facts.evidence.target.host),
        shown: names.slice(0, NAMES_SHOWN),
        more: Math.max(0, names.length - NAMES_SHOWN),
        usable: usable ?? null,
      },
      because: found.map(({ secure }) => secure.id),
      seen: [
        `asked for ${facts.evidence.target.host}`,
        `certificate for ${names.length === 0 ? "no name at all" : names.slice(0, NAMES_SHOWN).join(", ")}`,
        // What else is wrong with it is another finding's.
        ...quoteProblems({ problems: first.agreed.problems.filter(({ code }) => code === WRONG_NAME) }),
      ].slice(0, 3),
      rivals: [],
      next:
        usable === undefined
          ? []
          : [
              {
                command: probeHost(facts, usable),
                tells: "Whether the name of the certificate leads to the same server, and is accepted then.",
              },
            ],
    };
  },
  describe: (args, facts) =>
    onDataWords("tls-cert-name", args) ?? {
      summary:
        args["refusedName"] === true
          ? `The server at ${args["endpoints"]} does not know the name ${args["host"]}: it ends the TLS handshake over it.`
          : `The certificate that ${args["host"]} shows is for ${names(args)}, not for ${args["host"]}.`,
      explanation:
        args["refusedName"] === true
          ? "A client tells the name that it wants during the handshake (SNI), and the server has no certificate for this one. It serves other names on the same address."
          : `${
              args["byAddress"] === true
                ? "The server was asked for by its address, and certificates are for names, with few exceptions: a client has no way to compare them."
                : "The name that the client was given stands nowhere in the certificate. On shared hosting the certificate often carries the name of the hosting company's machine."
            } Clients that verify certificates refuse it, on the control connection and on each data connection.${sometimesWords(args)}${withheldWords(args)}`,
      remedies: [
        ...(typeof args["usable"] === "string"
          ? [
              {
                who: "client-user" as const,
                product: "any",
                effort: "low" as const,
                text: `Use the name ${args["usable"]}, which stands in the certificate, if it leads to the same server.`,
              },
            ]
          : []),
        ...mendControl(facts, args, { server: ["tls-certificate"] }),
      ],
    },
});

/** The server ended the handshake over the name that was sent along. */
function judgeRefusedName(facts: Facts): Judgement | null {
  const refused = failuresOfKind(facts, "name");
  if (refused === null) return null;
  const { first, args, because } = refused;
  const taken = first.trials.filter((trial) => completed(trial) && !trial.named);
  const certificate = taken[0]?.handshake?.agreed?.certificates[0];
  const usable = certificate?.names.find(isHostName);
  return {
    kind: "present",
    confidence: first.confidence,
    at: "tls",
    args: { ...args, refusedName: true, usable: usable ?? null },
    because,
    seen: seenFailure(first, taken),
    rivals: [],
    next:
      usable === undefined
        ? []
        : [
            {
              command: probeHost(facts, usable),
              tells: "Whether the name of the server's own certificate is accepted.",
            },
          ],
  };
}

function names({ shown, more }: Record<string, unknown>): string {
  const some = Array.isArray(shown) ? shown.map(String) : [];
  if (some.length === 0) return "no name at all";
  return typeof more === "number" && more > 0 ? `${some.join(", ")} and ${more} more` : listed(some);
}

/** A name that a client can be told: no wildcard, no bare word, no address. The text is the server's. */
function isHostName(name: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,62}\.)+[a-z][a-z0-9-]{0,62}$/i.test(name) && name.length < 254;
}
