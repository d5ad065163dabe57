import type { LoginRecord } from "../../model/evidence.ts";
import type { Severity } from "../../model/report.ts";
import type { Args, Judgement } from "../define-rule.ts";
import { controlArgsOf, loginSeverity } from "../facts/control-facts.ts";
import { type AddressFacts, type Facts, lastReply } from "../facts/facts.ts";
import { quoteExchange } from "../facts/quote.ts";
import { wordingOf } from "../facts/said.ts";
import { mendClient, mendControl, mendServer } from "../words/mend.ts";
import { probeAs } from "../words/next.ts";
import { wordingRule } from "../words/wording-rule.ts";

/** RFC 959 section 4.2.2: 530 not logged in; some servers say 430. */
const REFUSED: readonly number[] = [430, 530];

/** A wish that an anonymous visitor cannot fulfil is no fault of the server, nor is one that the other protection fulfils. */
const noticeWhereElseIn = (facts: Facts, args: Args): Severity =>
  facts.evidence.policy.credentials === "anonymous" || args["elseIn"] === true ? "notice" : loginSeverity(facts);

/** Whether every address that refused under the other protection lets the same user in under this one. */
function isElseIn(facts: Facts, { addresses }: Args, protection: LoginRecord["protection"]): boolean {
  return (
    Array.isArray(addresses) &&
    addresses.every((named) => facts.addresses.some((at) => at.address === named && isIn(at, protection)))
  );
}

function isIn({ logins }: AddressFacts, protection: LoginRecord["protection"]): boolean {
  return logins.some((login) => login.protection === protection && login.result === "logged-in");
}

/** TLS is demanded before the login. */
export const authTlsRequired = wordingRule({
  id: "auth-tls-required",
  title: "The server demands TLS",
  at: "client",
  refine(judgement, facts) {
    const elseIn = isElseIn(facts, judgement.args, "tls");
    return {
      ...judgement,
      args: { ...judgement.args, elseIn, untried: facts.evidence.target.security === "none" },
      next: elseIn
        ? []
        : [
            {
              command: probeAs(facts, "ftpes"),
              tells: "The same probe over TLS: whether the login works there, and everything behind it.",
            },
          ],
    };
  },
  // No word of TLS, and yet TLS makes the difference.
  otherwise: (facts, absent) => judgeByDifference(facts) ?? absent,
  references: ["RFC 4217 section 12.2", "ProFTPD mod_tls.c", "vsftpd prelogin.c", "Pure-FTPd MSG_TLS_NEEDED"],
  meaning: [
    "The server refuses a login in clear text: it wants the control connection protected by TLS first (explicit FTPS). That is good practice, not a fault. Where the login over TLS works, it is only noted.",
    "To use it, set the client to explicit FTP over TLS (FTPES) on the same port. Whoever must allow clear text can relax the server: vsftpd force_local_logins_ssl=NO, ProFTPD TLSRequired off, Pure-FTPd TLS 1.",
  ],
  severity: noticeWhereElseIn,
  summary: ({ host, text, elseIn }) =>
    elseIn === true
      ? `${host} wants TLS: it lets a login in over TLS and refuses one in clear text (${text}).`
      : `${host} refuses logins in clear text: it demands TLS (${text}).`,
  explanation: ({ elseIn, untried }) =>
    elseIn === true
      ? "The same login was accepted over TLS. Clients that are set to plain FTP cannot log in, which is what the server means to say."
      : `The server's refusal says that the connection must be encrypted before it accepts a login. ${
          untried === true
            ? "TLS was not tried, because --security none forbids it, so nothing behind the login was tested."
            : "No login over TLS came about, so nothing behind it was tested."
        }`,
  remedies: (facts, args) => [
    ...mendClient("use-tls", facts, args),
    ...(args["elseIn"] === true ? [] : mendServer("require-tls", facts, args)),
  ],
});

/** The same login is let in under TLS and refused in clear, with no reason given; null where that was not seen. */
function judgeByDifference(facts: Facts): Judgement | null {
  const found = facts.addresses.flatMap((address) => {
    const refused = address.logins.find(({ protection, result, exchanges }) => {
      const reply = lastReply(exchanges.at(-1) ?? null);
      return (
        protection === "clear" &&
        result === "rejected" &&
        reply !== null &&
        REFUSED.includes(reply.code) &&
        wordingOf(reply) === null
      );
    });
    return refused !== undefined && isIn(address, "tls") ? [{ address, refused }] : [];
  });
  const exchange = found[0]?.refused.exchanges.at(-1);
  if (exchange === undefined) return null;
  return {
    kind: "present",
    confidence: "likely",
    at: "client",
    args: {
      ...controlArgsOf(found, facts),
      modes: [],
      text: quoteExchange(exchange),
      first: false,
      elseIn: true,
      untried: false,
    },
    because: found.flatMap(({ address, refused }) => [
      refused.id,
      ...address.logins.filter(({ protection }) => protection === "tls").map(({ id }) => id),
    ]),
    seen: [quoteExchange(exchange), "over TLS the same login was accepted"],
    rivals: [
      {
        cause: "ctl-max-per-ip",
        toTellApart:
          "Does a login in clear text work alone, with --security none? Then the server refused a second session.",
      },
    ],
  };
}

/** Anonymous visitors are not let in, or not like this. */
export const authAnonymousTls = wordingRule({
  id: "auth-anonymous-tls",
  title: "Anonymous logins are not allowed, or not like this",
  at: "server-config",
  refine: (judgement, facts) => ({
    ...judgement,
    args: {
      ...judgement.args,
      elseIn: isElseIn(facts, judgement.args, /must use/i.test(String(judgement.args["text"])) ? "tls" : "clear"),
    },
  }),
  references: ["vsftpd prelogin.c", "Pure-FTPd messages_en.h"],
  meaning: [
    "The server refuses the anonymous login: it has none, or it allows it only with TLS, or only without. Where it lets anonymous visitors in the other way, it is only noted.",
    "Give a user (--user) to test with an account. Where anonymous access is meant to work: vsftpd anonymous_enable=YES, allow_anon_ssl and force_anon_logins_ssl; Pure-FTPd NoAnonymous no.",
  ],
  severity: noticeWhereElseIn,
  summary: ({ host, text }) =>
    isAboutTls(text)
      ? `${host} lets anonymous visitors in only ${/must use/i.test(String(text)) ? "over" : "without"} TLS.`
      : `${host} does not accept an anonymous login (${text}); give a user with --user to test further.`,
  explanation: "The server's refusal says that it does not serve anonymous users, or not over this kind of connection.",
  remedies: (facts, args) =>
    isAboutTls(args["text"])
      ? mendServer("anonymous-tls", facts, args)
      : mendControl(facts, args, { server: ["login"] }),
});

function isAboutTls(text: unknown): boolean {
  return /\b(?:must|may not) use encryption/i.test(String(text));
}
