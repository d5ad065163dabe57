import type { SecureRecord } from "../../model/evidence.ts";
import { hexOf, isText } from "../../model/raw-bytes.ts";
import { duration, listed } from "../../model/words.ts";
import { type Args, defineRule, type Judgement } from "../define-rule.ts";
import {
  type DataTls,
  dataTls,
  listingsInClear,
  noDataTls,
  seenDataTls,
  seenTrial,
  type UnansweredProt,
  unansweredProt,
} from "../facts/data-tls.ts";
import { type Facts, lastReply } from "../facts/facts.ts";
import { quoteExchange, quoteLine } from "../facts/quote.ts";
import { textOf } from "../facts/refusals.ts";
import { requirementsOf } from "../verdict/requirements.ts";
import { modesIn } from "../verdict/severity.ts";
import { mendClient } from "../words/mend.ts";

/** The control connection is under TLS, and the data connection is not to be, or is not. */
export const dataTlsProtMismatch = defineRule({
  id: "data-tls-prot-mismatch",
  title: "Data connections are not encrypted although the control connection is",
  since: "0.1.0",
  needs: ["passive", "active"],
  replaces: ["data-tls-handshake-blocked", "data-connect-no-data"],
  references: ["RFC 4217 section 9 (PROT)", "vsftpd ssl.c (handle_prot)", "https://github.com/lavv17/lftp/issues/370"],
  meaning: [
    "After AUTH TLS the two sides agree with PROT P that data connections are encrypted too. This server refuses that, leaves it without an answer, or agrees and then speaks in clear all the same, or sends what is neither TLS nor text. Clients that do not mind the answer begin TLS on a connection where nobody answers it, and hang or report garbage; those that wait for it hang at once.",
    "Mind the reply to PROT: with PROT C the data goes in clear, which not every user wants. To encrypt it, mend or update the server.",
  ].join("\n\n"),
  // What goes in clear after a login under TLS is not what was asked for: it counts as no mode that works.
  severity: (facts) => (requirementsOf(facts).includes("tls") || !facts.works("epsv", "pasv") ? "error" : "warning"),
  judge(facts): Judgement {
    const refused = protRefused(facts);
    const unanswered = unansweredProt(facts);
    const spoken = dataTls(facts).filter(({ tls }) => tls.handshake.foreign !== null);
    const nothing = noDataTls(facts);
    if (refused.length + unanswered.length === 0 && nothing !== null) return nothing;
    if (refused.length + spoken.length === 0) return judgeUnanswered(unanswered, facts);
    const garbled = spoken.filter(({ tls }) => !isText(tls.handshake.foreign ?? ""));
    if (refused.length === 0 && garbled.length === spoken.length) return judgeGarbled(garbled);
    const inClear = listingsInClear(facts);
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
    ...words(args),
    remedies: [
      {
        who: "server-admin",
        product: "any",
        effort: "medium",
        text: "Let the server accept PROT P and encrypt data connections with the certificate of the control connection; update it where it cannot.",
      },
      // Nothing speaks for clear text where nobody knows what it was that came.
      ...(args["protC"] === true || args["garbled"] === true ? [] : mendClient("without-tls", facts, args)),
    ],
  }),
});

function words(args: Args): { title?: string; summary: string; explanation: string } {
  const modes = listed(modesIn(args).map((mode) => mode.toUpperCase()));
  if (args["unanswered"] === true) {
    const { command, waited } = args;
    const ended = args["ended"] === true;
    return {
      title: "The server does not answer when data connections are to be encrypted",
      summary: `The server takes the login under TLS and ${ended ? `ends the connection at ${command}` : `gives no answer to ${command} (${waited})`}: data connections cannot be encrypted.`,
      explanation: `The login was answered, and ${command} was not: clients ${ended ? "lose their session there" : "wait there until they give up"}, before they ask for any file.${args["protC"] === true ? " A session that does not send it lists its directory in clear, so nothing but this command is in the way." : ""}`,
    };
  }
  if (args["refused"] === true) {
    return {
      summary: `The server takes the login under TLS and refuses to encrypt data connections (PROT P: ${args["reply"]}).`,
      explanation: `After AUTH TLS the command PROT P was answered with ${args["reply"]}. Files and listings can only go in clear there${args["protC"] === true ? ", and do: a listing after PROT C arrived" : ""}; a client that begins TLS all the same hangs.`,
    };
  }
  if (args["garbled"] === true) {
    return {
      title: "What comes over data connections is no TLS, although the server agreed to encrypt them",
      summary: `The server agreed to encrypt data connections, and what comes over ${modes} is neither TLS nor text: it begins with ${args["bytes"]} (hex).`,
      explanation:
        "These bytes came where the answer to the TLS handshake should have been, although PROT P had been accepted. They are no TLS record and no listing that a person could read, so what sent them is not known.",
    };
  }
  return {
    summary: `The server agreed to encrypt data connections, and sends in clear over ${modes}.`,
    explanation:
      "Clear text came where the answer to the TLS handshake should have been, although PROT P had been accepted.",
  };
}

/** Bytes that nobody can make sense of came in place of TLS. */
function judgeGarbled(garbled: readonly DataTls[]): Judgement {
  return {
    kind: "present",
    confidence: "likely",
    at: "unknown",
    args: {
      protection: "tls",
      modes: [...new Set(garbled.map(({ record }) => record.mode))],
      peer: garbled[0]?.record.address ?? null,
      refused: false,
      garbled: true,
      bytes: hexOf(garbled[0]?.tls.handshake.foreign ?? ""),
      reply: null,
      protC: false,
    },
    because: garbled.map(({ record }) => record.id),
    seen: [...new Set(garbled.map(seenDataTls))].slice(0, 3),
    rivals: [
      {
        cause: "another service, or a device on the way, answers on the data port in the server's place",
        toTellApart:
          "Do the same bytes come when a client lists on the server itself (127.0.0.1)? Then they are its own.",
      },
    ],
  };
}

/** PROT P, or PBSZ before it, cost the session. */
function judgeUnanswered(unanswered: readonly UnansweredProt[], facts: Facts): Judgement {
  const [first] = unanswered;
  if (first === undefined) return { kind: "absent" };
  const inClear = listingsInClear(facts);
  return {
    kind: "present",
    confidence: inClear.length > 0 ? "certain" : "likely",
    at: "server-host",
    args: {
      protection: "tls",
      modes: [],
      peer: first.secure.address,
      refused: false,
      unanswered: true,
      command: first.exchange.command,
      ended: first.exchange.outcome !== "timed-out",
      waited: duration(first.exchange.ms),
      reply: null,
      protC: inClear.length > 0,
    },
    because: [...new Set([...unanswered.map(({ secure }) => secure.id), ...inClear.map(({ matrix }) => matrix.id)])],
    seen: [...new Set([...unanswered.map(({ exchange }) => quoteExchange(exchange)), ...inClear.map(seenTrial)])].slice(
      0,
      3,
    ),
    rivals:
      inClear.length > 0
        ? []
        : [
            {
              cause: "the server hangs at whatever comes behind a login under TLS",
              toTellApart:
                "Does it answer another command there (lftp: set ftp:ssl-protect-data no; curl: --ftp-ssl-control)? Then it is PROT alone.",
            },
          ],
  };
}

/** PROT P got a negative answer. */
function protRefused(facts: Facts): SecureRecord[] {
  return facts.addresses.flatMap(({ secures }) => secures.filter(({ prot }) => (lastReply(prot)?.code ?? 0) >= 400));
}
