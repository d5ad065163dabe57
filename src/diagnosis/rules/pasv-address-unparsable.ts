import { defineRule, type Judgement } from "../define-rule.ts";
import type { Facts } from "../facts/facts.ts";
import { isAddressSetting, refusedPassive } from "../facts/passive-refusals.ts";
import { quoteLine, quoteReply } from "../facts/quote.ts";
import { judgeRefused, textOf } from "../facts/refusals.ts";
import { severityOf } from "../verdict/severity.ts";
import { mendAddressSetting } from "../words/mend.ts";

/** The configured address is no address the server can use. */
export const pasvAddressUnparsable = defineRule({
  id: "pasv-address-unparsable",
  title: "Server's passive address setting is invalid",
  since: "0.1.0",
  needs: ["passive"],
  replaces: [
    "srv-session-crash",
    "pasv-disabled",
    "pasv-server-listen-failed",
    "ctl-closed-mid-session",
    "pasv-loopback-or-zero-address",
    "pasv-reply-unparsable",
  ],
  references: ["vsftpd postlogin.c:607", "pure-ftpd MSG_NO_EPSV", "https://github.com/hestiacp/hestiacp/pull/4591"],
  meaning: [
    'The address that the server is to name in its reply to PASV is set, but to something it cannot use: it is quoted, a host name where only an address is allowed, a URL, or an IPv6 address. vsftpd then dies with "500 OOPS: invalid pasv_address"; Pure-FTPd with an IPv6 address asks for EPSV instead. EPSV is not affected, since its reply has no address.',
    "To mend it, write the plain IPv4 address without quotes. A name needs pasv_addr_resolve=YES in vsftpd.",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["pasv"]),
  judge(facts) {
    if (!facts.passive.some(({ record }) => record.mode === "pasv")) {
      return { kind: "undetermined", missing: "PASV was not asked for" };
    }
    const refused = refusedPassive(facts).filter(({ text }) => isAddressSetting(text));
    return refused.length > 0 ? judgeRefused(refused) : judgeUrl(facts);
  },
  describe: (args, facts) => ({
    summary: `The server's setting of the address to advertise is invalid, so PASV fails (${args["reply"]}).`,
    explanation:
      args["url"] === true
        ? "The reply to PASV is to hold an address and a port in six numbers. This one holds the beginning of a URL and no usable address: the value set as the server's advertised address is not a plain IPv4 address."
        : "The server says so itself when it is asked for a passive port. The value set as its advertised address is not a plain IPv4 address.",
    remedies: mendAddressSetting(facts, args),
  }),
});

/** ftp-srv's `227 PASV OK (ftp://0,0,0,0,156,64)`: a URL where the address is to stand, and no address of anybody behind it. */
const URL_IN_REPLY = /\(\s*[a-z]{2,8}:\/\//i;

function judgeUrl(facts: Facts): Judgement {
  const hits = facts.passive.flatMap((attempt) => {
    const reply = attempt.record.offer?.exchange.replies.at(-1);
    if (attempt.record.mode !== "pasv" || reply?.code !== 227) return [];
    return URL_IN_REPLY.test(textOf(reply)) && !attempt.namesPeer ? [{ attempt, reply }] : [];
  });
  const [first] = hits;
  if (first === undefined) return { kind: "absent" };
  return {
    kind: "present",
    confidence: "certain",
    at: "server-config",
    args: {
      modes: ["pasv"],
      peer: first.attempt.record.address,
      code: first.reply.code,
      reply: quoteLine(textOf(first.reply)),
      url: true,
    },
    because: hits.map(({ attempt }) => attempt.record.id),
    seen: [...new Set(hits.map(({ reply }) => quoteReply(reply)))].slice(0, 3),
    rivals: [],
  };
}
