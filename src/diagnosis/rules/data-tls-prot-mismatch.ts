import type { SecureRecord } from "../../model/evidence.ts";
import { listed } from "../../model/words.ts";
import { defineRule, type Judgement } from "../define-rule.ts";
import { dataTls, matrixTrials, noDataTls, seenDataTls, seenTrial } from "../facts/data-tls.ts";
import { type Facts, lastReply } from "../facts/facts.ts";
import { textOf } from "../facts/refusals.ts";
import { requirementsOf } from "../verdict/requirements.ts";
import { modesIn } from "../verdict/severity.ts";
import { mendClient } from "../words/mend.ts";
import { quoteExchange, quoteLine } from "../words/quote.ts";

/** The control connection is under TLS, and the data connection is not to be, or is not. */
export const dataTlsProtMismatch = defineRule({
  id: "data-tls-prot-mismatch",
  title: "Data connections are not encrypted although the control connection is",
  since: "0.1.0",
  needs: ["passive", "active"],
  replaces: ["data-tls-handshake-blocked", "data-connect-no-data"],
  references: ["RFC 4217 section 9 (PROT)", "vsftpd ssl.c (handle_prot)", "https://github.com/lavv17/lftp/issues/370"],
  meaning: [
    "After AUTH TLS the two sides agree with PROT P that data connections are encrypted too. This server refuses that, or agrees and then speaks in clear all the same. Clients that do not mind the answer begin TLS on a connection where nobody answers it, and hang or report garbage.",
    "Mind the reply to PROT: with PROT C the data goes in clear, which not every user wants. To encrypt it, mend or update the server.",
  ].join("\n\n"),
  // What goes in clear after a login under TLS is not what was asked for: it counts as no mode that works.
  severity: (facts) => (requirementsOf(facts).includes("tls") || !facts.works("epsv", "pasv") ? "error" : "warning"),
  judge(facts): Judgement {
    const refused = protRefused(facts);
    const spoken = dataTls(facts).filter(({ tls }) => tls.handshake.foreign !== null);
    const nothing = noDataTls(facts);
    if (refused.length === 0 && nothing !== null) return nothing;
    if (refused.length + spoken.length === 0) return { kind: "absent" };
    const trials = matrixTrials(facts).filter(({ trial }) => trial.what === "prot-c");
    const inClear = trials.filter(({ result }) => result === "works");
    const reply = lastReply(refused[0]?.prot ?? null);
    return {
      kind: "present",
      confidence: "certain",
      at: "server-config",
      args: {
        protection: "tls",
        modes: [...new Set(spoken.map(({ record }) => record.mode))],
        peer: refused[0]?.address ?? spoken[0]?.record.address ?? null,
        refused: refused.length > 0,
        reply: reply === null ? null : quoteLine(textOf(reply)),
        protC: inClear.length > 0,
      },
      because: [
        ...new Set([
          ...refused.map(({ id }) => id),
          ...spoken.map(({ record }) => record.id),
          ...inClear.map(({ matrix }) => matrix.id),
        ]),
      ],
      seen: [
        ...new Set([
          ...refused.flatMap(({ prot }) => (prot === null ? [] : [quoteExchange(prot)])),
          ...spoken.map(seenDataTls),
          ...inClear.map(seenTrial),
        ]),
      ].slice(0, 3),
      rivals: [],
    };
  },
  describe: (args, facts) => ({
    summary:
      args["refused"] === true
        ? `The server takes the login under TLS and refuses to encrypt data connections (PROT P: ${args["reply"]}).`
        : `The server agreed to encrypt data connections, and sends in clear over ${listed(modesIn(args).map((mode) => mode.toUpperCase()))}.`,
    explanation:
      args["refused"] === true
        ? `After AUTH TLS the command PROT P was answered with ${args["reply"]}. Files and listings can only go in clear there${args["protC"] === true ? ", and do: a listing after PROT C arrived" : ""}; a client that begins TLS all the same hangs.`
        : "Clear text came where the answer to the TLS handshake should have been, although PROT P had been accepted.",
    remedies: [
      {
        who: "server-admin",
        product: "any",
        effort: "medium",
        text: "Let the server accept PROT P and encrypt data connections with the certificate of the control connection; update it where it cannot.",
      },
      ...(args["protC"] === true ? [] : mendClient("without-tls", facts, args)),
    ],
  }),
});

/** PROT P got a negative answer. */
function protRefused(facts: Facts): SecureRecord[] {
  return facts.addresses.flatMap(({ secures }) => secures.filter(({ prot }) => (lastReply(prot)?.code ?? 0) >= 400));
}
