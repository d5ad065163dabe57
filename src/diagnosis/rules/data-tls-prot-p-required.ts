import type { Exchange } from "../../model/evidence.ts";
import type { Mode } from "../../model/mode.ts";
import { listed } from "../../model/words.ts";
import { defineRule, type Judgement } from "../define-rule.ts";
import { matrixTrials, seenTrial } from "../facts/data-tls.ts";
import { type Attempt, exchangesOf, type Facts, lastReply } from "../facts/facts.ts";
import { demandsDataTls } from "../facts/prot-demands.ts";
import { quoteExchange, quoteLine } from "../facts/quote.ts";
import { textOf } from "../facts/refusals.ts";
import { requiredInVain } from "../verdict/requirements.ts";
import { modesIn } from "../verdict/severity.ts";
import { mendClient, mendServer } from "../words/mend.ts";
import { probeAs } from "../words/next.ts";

/** The server refuses to move data in clear. */
export const dataTlsProtPRequired = defineRule({
  id: "data-tls-prot-p-required",
  title: "Server demands that data connections be encrypted",
  since: "0.1.0",
  needs: ["passive", "active"],
  replaces: [
    "pasv-disabled",
    "epsv-rejected",
    "port-disabled",
    "eprt-unsupported",
    "path-or-permission",
    "data-aborted-by-server",
    "list-command-unsupported",
  ],
  references: [
    "vsftpd postlogin.c (force_local_data_ssl)",
    "proftpd mod_tls.c (TLSRequired data)",
    "pure-ftpd MSG_PROT_PRIVATE_NEEDED",
    "RFC 4217 section 9 (PROT)",
  ],
  meaning: [
    "The server lets the login through and refuses every transfer over a data connection that is not encrypted: 522, 521, 534 or 550, with words to that effect. A client must say PBSZ 0 and PROT P after AUTH TLS; some log in under TLS and leave that out.",
    "It is a sound protection. Tell the client to protect its data connections as well, or let the server demand it no longer (vsftpd force_local_data_ssl=NO, ProFTPD TLSRequired ctrl).",
  ].join("\n\n"),
  severity: (facts, args) => (requiredInVain(facts, modesIn(args)) ? "error" : "notice"),
  judge(facts): Judgement {
    if (facts.attempts.length === 0) return { kind: "undetermined", missing: "no mode was tried" };
    const hits = facts.attempts.flatMap((attempt) => {
      const exchange = refusedBecause(attempt);
      return exchange === null ? [] : [{ ...attempt, exchange }];
    });
    const trials = matrixTrials(facts).filter(
      ({ trial, text }) =>
        trial.what === "prot-c" &&
        (demandsDataTls(lastReply(trial.transfer?.exchange ?? null), text) || refuses(lastReply(trial.prot)?.code)),
    );
    const [first] = hits;
    if (first === undefined) {
      return trials.length === 0
        ? { kind: "absent" }
        : { kind: "absent", note: "the server demands it, and this client does it (PROT P); PROT C is refused" };
    }
    const reply = lastReply(first.exchange);
    const inClear = hits.every(({ record }) => record.protection === "clear");
    const untried = inClear && facts.evidence.target.security === "none";
    return {
      kind: "present",
      confidence: "certain",
      // Who will have no TLS asks for what a sound policy withholds.
      at: untried ? "client" : "server-config",
      args: {
        // The reading of these refusals alone, not of what else fails there.
        protection: inClear ? "clear" : null,
        modes: [...new Set(hits.map(({ record }) => record.mode))],
        peer: first.record.address,
        reply: reply === null ? null : quoteLine(textOf(reply)),
        clear: hits.some(({ record }) => record.protection === "clear"),
        works: worksUnderTls(facts),
      },
      because: [...new Set([...hits.map(({ record }) => record.id), ...trials.map(({ matrix }) => matrix.id)])],
      seen: [
        ...new Set([
          ...hits.map(({ record, exchange }) => `${record.mode.toUpperCase()}, ${quoteExchange(exchange)}`),
          ...trials.map(seenTrial),
        ]),
      ].slice(0, 3),
      rivals: [],
      next: untried
        ? [
            {
              command: probeAs(facts, "ftpes"),
              tells: "The same probe over TLS: whether data moves there, under the protection that the server demands.",
            },
          ]
        : [],
    };
  },
  describe: (args, facts) => ({
    summary: `The server moves data over encrypted connections only: without TLS it refuses ${inWords(modesIn(args))} (${args["reply"]}).`,
    explanation: `${args["clear"] === true ? "The login in clear text was accepted, and then the transfer refused" : "After a login under TLS a transfer in clear was refused"}, in words that speak of encryption.${args["works"] === true ? " Under TLS, with PROT P, data moves." : ""}`,
    remedies: [...mendClient("protect-data", facts, args), ...mendServer("prot-p", facts, args)],
  }),
});

/** The command whose refusal demands encryption: the listing, or already the one that asks for a port (pyftpdlib). */
function refusedBecause({ record }: Attempt): Exchange | null {
  if (record.transfer?.tls != null) return null;
  return (
    exchangesOf([record]).find((exchange) => {
      const reply = lastReply(exchange);
      return reply !== null && demandsDataTls(reply, textOf(reply));
    }) ?? null
  );
}

/** RFC 4217 section 9: 534 to PROT C means that policy forbids it; 536 that the level is not supported. */
function refuses(code: number | undefined): boolean {
  return code === 534 || code === 536;
}

function worksUnderTls(facts: Facts): boolean {
  return facts.rows.some(({ protection, result }) => protection === "tls" && result === "works");
}

function inWords(modes: readonly Mode[]): string {
  return listed(modes.map((mode) => mode.toUpperCase()));
}
