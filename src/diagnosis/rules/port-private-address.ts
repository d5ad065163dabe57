import { isPublic } from "../../model/address.ts";
import { listed } from "../../model/words.ts";
import { defineRule, type Judgement } from "../define-rule.ts";
import {
  type ActiveAttempt,
  activeUntried,
  excuse,
  offersInside,
  refusedActive,
  seenWaiting,
  whyRefused,
} from "../facts/active-refusals.ts";
import type { Facts } from "../facts/facts.ts";
import { seenClientAddress } from "../facts/let-slip.ts";
import { quoteExchange, quoteLine } from "../facts/quote.ts";
import type { Refusal } from "../facts/refusals.ts";
import { uncalled } from "../facts/uncalled.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendClient } from "../words/mend.ts";
import { sentences } from "../words/sentence.ts";

/** The client stands behind NAT: the address that it puts into PORT is not the one from which the server sees it. */
export const portPrivateAddress = defineRule({
  id: "port-private-address",
  title: "Active mode cannot reach this machine through its NAT",
  since: "0.1.0",
  needs: ["active"],
  replaces: ["port-client-firewall"],
  references: [
    "RFC 959 section 4.1.2 (PORT)",
    "vsftpd postlogin.c handle_port",
    "pure-ftpd MSG_NO_FXP",
    "proftpd NAT howto",
  ],
  meaning: [
    "In active mode the client tells the server to which address and port it is to connect. This client stands behind NAT, so it names an address that the server cannot reach, or that is not the one from which the server sees it come. Servers refuse that, because it could be used to attack others (FTP bounce), or try in vain.",
    "This is normal for a client behind NAT. Use passive mode. Do not mend it by letting the server call foreign addresses.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts): Judgement {
    const untried = activeUntried(facts);
    if (untried !== null) return untried;
    const refused = refusedActive(facts).filter(
      (refusal) => whyRefused(refusal) === "foreign" && !isSeenFromInside(refusal.attempt.record, facts),
    );
    if (refused.length > 0) return present(facts, refused);
    const silent = uncalled(facts).filter(({ record }) => offersInside(record));
    return silent.length === 0 ? { kind: "absent" } : inVain(silent);
  },
  describe: (args, facts) => ({
    summary: args["refused"]
      ? `The server refuses to connect to ${args["offered"]}, the address this machine offers in active mode: it sees this machine at ${args["seenAs"] ?? "another address"}.`
      : `In active mode this machine offers ${args["offered"]}, an address inside its own network, where the server cannot call.`,
    explanation: sentences(
      `For ${listed(modesIn(args).map((mode) => mode.toUpperCase()))} this machine named ${args["offered"]}.`,
      args["refused"]
        ? `The server answered: ${String(args["reply"]).replace(/\.$/, "")}. It only calls the address from which the control connection comes${args["seenAs"] === null ? "" : `, which is ${args["seenAs"]}`}: a NAT lies between.`
        : "The server accepted that, and then no connection came.",
      "Active mode needs a client that the server can reach directly; passive mode does not.",
    ),
    remedies: mendClient("use-passive", facts, args),
  }),
});

/**
 * Whether this machine named its own public address, and the server sees it at an address of the server's own inside, or says no more:
 * that is no NAT of the client's (a proxy program before a container puts its own address in the client's place).
 */
function isSeenFromInside({ offered }: ActiveAttempt["record"], facts: Facts): boolean {
  if (offered === null || !isPublic(offered.address) || facts.evidence.policy.activeAddress !== null) return false;
  const seenAs = seenClientAddress(facts);
  return seenAs === null || !isPublic(seenAs);
}

function present(facts: Facts, refused: readonly Refusal<ActiveAttempt>[]): Judgement {
  const first = refused[0]?.attempt.record;
  const seenAs = seenClientAddress(facts);
  const inside = first !== undefined && offersInside(first);
  const own = first?.offered ?? null;
  return {
    kind: "present",
    confidence: inside || (seenAs !== null && seenAs !== own?.address) ? "certain" : "likely",
    at: "client-nat",
    args: {
      modes: [...new Set(refused.map(({ attempt }) => attempt.record.mode))],
      offered: own?.address ?? null,
      refused: true,
      reply: quoteLine(refused[0]?.text ?? ""),
      seenAs,
      chosen: facts.evidence.policy.activeAddress !== null,
    },
    because: refused.map(({ attempt }) => attempt.record.id),
    seen: [...new Set(refused.map(({ exchange }) => quoteExchange(exchange)))].slice(0, 3),
    rivals:
      own !== null && isPublic(own.address)
        ? [
            {
              cause: "a NAT or proxy in front of the server, which sees this machine at an inside address",
              toTellApart:
                "The server's log names the address from which it saw the control connection: an inside one means its own side.",
            },
          ]
        : [],
  };
}

function inVain(silent: readonly ActiveAttempt[]): Judgement {
  const first = silent[0]?.record;
  return {
    kind: "present",
    confidence: "likely",
    at: "client-nat",
    args: {
      modes: [...new Set(silent.map(({ record }) => record.mode))],
      offered: first?.offered?.address ?? null,
      refused: false,
      reply: first === undefined ? null : excuse(first),
      seenAs: null,
      chosen: false,
    },
    because: silent.map(({ record }) => record.id),
    seen: seenWaiting(silent, 3),
    rivals: [
      {
        cause: "port-client-firewall",
        toTellApart:
          "Watch on the router before this machine: if the server's call arrives there, a firewall behind it drops it.",
      },
      {
        cause: "port-server-egress-blocked",
        toTellApart:
          "Probe from a machine with a public address and no firewall: if nobody calls there either, the server may not connect outward.",
      },
    ],
  };
}
