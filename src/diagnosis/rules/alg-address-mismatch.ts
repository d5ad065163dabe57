import { sideOf } from "../../model/address.ts";
import type { Mode } from "../../model/mode.ts";
import type { Remedy } from "../../model/report.ts";
import { listed } from "../../model/words.ts";
import { defineRule, type Judgement } from "../define-rule.ts";
import { namedAttempts } from "../facts/advertised-address.ts";
import type { Facts } from "../facts/facts.ts";
import {
  type DialledAttempt,
  idsOf,
  nothingDialled,
  offeredPorts,
  portArgs,
  portsInWords,
  seenOf,
} from "../facts/passive-ports.ts";
import { under } from "../facts/protections.ts";
import { quoteDial, quoteReply } from "../facts/quote.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendClient, mendPorts, mendServer } from "../words/mend.ts";

/** So many ports on either side of the comparison are not sorted by chance. */
const ENOUGH = 3;

/**
 * A helper that opens ports on the fly spoils what it reads, because it does not know the address in 227 as the server's. PASV alone
 * fails where the helper opens EPSV's ports; where the ports are open without it, all is well under TLS, which it cannot read.
 */
export const algAddressMismatch = defineRule({
  id: "alg-address-mismatch",
  title: "A firewall's FTP helper does not know the address in 227",
  since: "0.1.0",
  needs: ["passive"],
  replaces: [
    "pasv-ports-filtered",
    "pasv-ports-refused",
    "pasv-ports-rejected",
    "pasv-ports-not-forwarded",
    "pasv-range-partly-open",
    "pasv-port-wrong",
    "pasv-client-egress-blocked",
    "pasv-wrong-public-address",
    "pasv-multi-address-server",
    "pasv-address-cdn-or-lb",
  ],
  explains: ["ctl-idle-timeout"],
  references: [
    "torvalds/linux net/netfilter/nf_conntrack_ftp.c (NOT RECORDING)",
    "proftpd doc/contrib/mod_tls.html (TLSMasqueradeAddress)",
  ],
  meaning: [
    "EPSV works and PASV does not, although both name ports at the right address. A NAT or firewall before the server opens data ports on the fly, with an FTP helper that reads the replies. The server names its public address in the reply to PASV, the helper knows the server by its inside address, takes the reply for a trick and opens nothing. EPSV's reply names no address, so its port is opened. Where the ports are open without any helper, passive mode fails in clear text, which the helper reads, and works under TLS, which it cannot.",
    "To mend it, open and forward the passive range statically and switch the helper off; or let the server name no fixed address, so that the helper can rewrite the one it knows.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const offered = offeredPorts(facts);
    if (offered.length === 0) return nothingDialled(facts);
    const hits = offered
      .filter(({ pattern }) => pattern.kind === "by-mode" && pattern.silent === "pasv")
      .flatMap(({ attempts }) => attempts);
    if (hits.length === 0) return onlyInClear(facts);
    const of = (mode: "epsv" | "pasv") => hits.filter(({ record }) => record.mode === mode);
    return {
      kind: "present",
      confidence: "likely",
      at: "middlebox",
      args: { ...portArgs(hits), modes: ["pasv"], epsv: of("epsv").length, pasv: of("pasv").length },
      because: idsOf(hits),
      seen: [...seenOf(of("pasv")).slice(0, 2), ...seenOf(of("epsv")).slice(0, 2)],
      rivals: [
        {
          cause: "pasv-range-partly-open",
          toTellApart:
            "Probe again with --samples 20: if PASV fails on every port and EPSV on none, it is the helper; if it depends on the number, the range is partly open.",
        },
      ],
    };
  },
  describe: (args, facts) =>
    args["protection"] === "clear"
      ? {
          title: "A firewall's FTP helper spoils passive mode in clear text",
          summary:
            args["rewritten"] != null
              ? `Under TLS the server's reply to PASV names ${args["peer"]}, in clear text it arrives with ${args["rewritten"]}: something on the way changes it.`
              : `Under TLS passive ports open, in clear text ${portsInWords(args)} ${args["several"] === true ? "do" : "does"} not: a firewall that reads the conversation gets in its way.`,
          explanation:
            args["rewritten"] != null
              ? `The server was asked for a passive port in clear text and under TLS. Under TLS, where nobody on the way can touch it, the reply names ${args["peer"]}, by which the server was reached; in clear text it names ${args["rewritten"]}. Only a device that reads and rewrites the control connection makes that difference.`
              : `The server at ${args["peer"]} was asked for passive ports in clear text and under TLS. Those under TLS opened, so the range is open as it should be. In clear text ${listed(modesIn(args).map((mode) => mode.toUpperCase()))} failed: only a device that reads the control connection can tell the two apart, and its FTP helper takes the reply for wrong, or changes it.`,
          remedies: [
            helperOff,
            ...mendPorts(facts, args).filter(({ who }) => who === "firewall-admin"),
            ...mendClient("use-tls", facts, args),
          ],
        }
      : {
          summary: `EPSV works, but every port that PASV names is silent (${args["pasv"]} of ${args["pasv"]}): a firewall that reads the replies does not take the address in 227 for the server's.`,
          explanation: `The ports named by EPSV opened, and all ${args["pasv"]} named by PASV at the same address ${args["peer"]} were silent. A firewall without knowledge of FTP would treat both alike; an FTP helper opens only what names the server by the address that it knows.`,
          remedies: [
            ...mendServer("own-address", facts, args),
            ...mendPorts(facts, args),
            ...mendClient("use-epsv", facts, args),
          ],
        },
});

const helperOff: Remedy = {
  who: "firewall-admin",
  product: "any",
  effort: "low",
  text: "Switch the FTP helper off for this server, for the passive range is open without it (Linux: modprobe -r nf_nat_ftp nf_conntrack_ftp, or take the ct helper rule out; MikroTik: /ip firewall service-port disable ftp).",
};

/** Ports that are open under TLS and closed where the helper reads along. */
function onlyInClear(facts: Facts): Judgement {
  const split = offeredPorts(facts).filter(({ protection }) => protection !== null);
  const spoiled = split.flatMap(({ address, protection, attempts }) => {
    const tls = split.find((other) => other.address === address && other.protection === "tls");
    if (protection !== "clear" || tls?.pattern.kind !== "open") return [];
    const closed = (["epsv", "pasv"] as const).filter((mode) => fails(mode, attempts));
    // A helper that opens PASV's port and not EPSV's has not taken the address for a stranger's.
    if (!closed.includes("pasv") && attempts.some(({ record }) => record.mode === "pasv")) return [];
    return [{ closed: attempts.filter(({ record }) => closed.includes(record.mode)), open: tls.attempts }];
  });
  const closed = spoiled.flatMap((each) => each.closed);
  const open = spoiled.flatMap((each) => each.open);
  if (closed.length === 0) return rewrittenInClear(facts);
  const sure = closed.length >= ENOUGH && open.length >= ENOUGH;
  const args = portArgs(closed);
  return {
    kind: "present",
    confidence: sure ? "certain" : "likely",
    at: "middlebox",
    args: { ...args, protection: "clear", several: Array.isArray(args["ports"]) && args["ports"].length > 1 },
    because: idsOf([...closed, ...open]),
    seen: [
      ...closed.slice(0, 2).map(({ atPeer }) => `in clear: ${quoteDial(atPeer)}`),
      ...open.slice(0, 2).map(({ atPeer }) => `under TLS: ${quoteDial(atPeer)}`),
    ],
    rivals: sure
      ? []
      : [
          {
            cause: "pasv-range-partly-open",
            toTellApart:
              "Probe again with --samples 20: if every port fails in clear and none under TLS, it is the helper; if it depends on the number, the range is partly open.",
          },
        ],
  };
}

/** A 227 that names the server under TLS, and in clear a stranger who does not answer; an inside address would be the server's own. */
function rewrittenInClear(facts: Facts): Judgement {
  const named = namedAttempts(facts);
  const hit = under("clear", named).find(
    ({ record, namesPeer, named: { address }, summary }) =>
      !namesPeer &&
      sideOf(address) === "public" &&
      summary.result !== "works" &&
      under("tls", named).some((tls) => tls.record.address === record.address && tls.namesPeer),
  );
  const right = under("tls", named).find((tls) => tls.record.address === hit?.record.address && tls.namesPeer);
  if (hit === undefined || right === undefined) return { kind: "absent" };
  const quoted = [hit, right].flatMap(({ record }) => record.offer?.exchange.replies.slice(-1).map(quoteReply) ?? []);
  return {
    kind: "present",
    confidence: "likely",
    at: "middlebox",
    args: {
      protection: "clear",
      modes: [hit.record.mode],
      peer: hit.record.address,
      ports: [hit.advertised.port],
      several: false,
      rewritten: hit.advertised.address,
    },
    because: [hit.record.id, right.record.id],
    seen: [
      `in clear: ${quoted[0]}`,
      ...(hit.atAdvertised === null ? [] : [`in clear: ${quoteDial(hit.atAdvertised)}`]),
      `under TLS: ${quoted[1]}`,
    ],
    rivals: [
      {
        cause: "a server that is set to name another address in clear text",
        toTellApart:
          "Look for a setting that holds under TLS alone (ProFTPD TLSMasqueradeAddress, Serv-U, Syncplify), or ask the server in its own network: what does it name there?",
      },
    ],
  };
}

function fails(mode: Mode, attempts: readonly DialledAttempt[]): boolean {
  const tried = attempts.filter(({ record }) => record.mode === mode);
  return tried.length > 0 && tried.every(({ answer }) => answer !== "open");
}
