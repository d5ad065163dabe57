import type { Rival } from "../../model/report.ts";
import { rangeInWords } from "../../model/words.ts";
import { type Args, defineRule } from "../define-rule.ts";
import { outOfPorts, provesOutOfPorts } from "../facts/passive-refusals.ts";
import { countStates } from "../facts/port-survey.ts";
import { refusalArgs, seenRefusals } from "../facts/refusals.ts";
import { everyPassive } from "../facts/repeated-offers.ts";
import { modesIn, severityOfRefusal } from "../verdict/severity.ts";
import { mendFullRange } from "../words/mend.ts";

/** All ports of the server's passive range are in use. */
export const pasvRangeExhausted = defineRule({
  id: "pasv-range-exhausted",
  title: "All passive ports of the server are in use",
  since: "0.1.0",
  needs: ["passive"],
  // A session that dies for want of a port may take its last words with it.
  explains: ["pasv-alg-reset"],
  replaces: ["pasv-server-listen-failed", "srv-session-crash", "ctl-idle-timeout", "ctl-closed-mid-session"],
  references: [
    "Pure-FTPd ftpd.c MSG_PORTS_BUSY",
    "vsftpd privops.c vsf_privop_pasv_listen",
    "https://github.com/robinrodricks/FluentFTP/issues/605",
  ],
  meaning: [
    "The server answers PASV or EPSV with an error: every port of its passive range is in use. The range is too small for the number of transfers at a time, or ports stay in use by sessions that were never closed. When the server is idle, passive mode works.",
    "To mend it, make the range larger, at least twice the number of transfers at a time and no less than a hundred ports, and open the same range in the firewall. Clients should end their data connections and sessions properly.",
  ].join("\n\n"),
  severity: (facts, args) => severityOfRefusal(facts, modesIn(args)),
  judge(facts) {
    const asked = everyPassive(facts);
    if (asked.length === 0) return { kind: "undetermined", missing: "no passive port was asked for" };
    const refused = outOfPorts(facts);
    if (refused.length === 0) return { kind: "absent" };
    const ports = asked.flatMap(({ advertised }) => (advertised === null ? [] : [advertised.port]));
    const [swept] = facts.addresses.flatMap(({ address, sweeps }) =>
      refused.some(({ attempt }) => attempt.record.address === address) ? sweeps : [],
    );
    // A server that could bind a port before or after has lost no right to do so; nor has one whose ports are all listened on.
    const proven =
      ports.length > 0 ||
      refused.some(({ text }) => provesOutOfPorts(text)) ||
      swept?.intervals.every(({ state }) => state === "open") === true;
    return {
      kind: "present",
      confidence: proven ? "certain" : "likely",
      at: "server-config",
      args: {
        ...refusalArgs(refused),
        ports: [...new Set(ports)].sort((a, b) => a - b),
        range: swept === undefined ? null : rangeInWords(swept.range),
        taken: swept === undefined ? null : countStates(swept.intervals).open,
      },
      because: [...new Set(refused.map(({ attempt }) => attempt.record.id))],
      seen: seenRefusals(refused),
      rivals: proven ? [] : cannotBind,
    };
  },
  describe: (args, facts) => ({
    summary: `The server has no passive port left (${args["reply"]}).`,
    explanation: `The refusal comes as the answer to PASV or EPSV itself, before any data connection is tried: the server found no free port in its range, because transfers of others hold them all or because the range is very small.${offeredBefore(args)}${takenNow(args)}`,
    remedies: mendFullRange(facts, args),
  }),
});

/** What vsftpd says in the same words. */
const cannotBind: Rival[] = [
  {
    cause: "pasv-server-listen-failed",
    toTellApart:
      'Run "ss -ltn" on the server: ports of its passive range that are listened on are in use; where none is, the system forbids vsftpd to listen there (SELinux).',
  },
];

/** The ports that it could still offer. */
function offeredBefore(args: Args): string {
  const ports = Array.isArray(args["ports"]) ? args["ports"].map(Number) : [];
  const [first, second] = ports;
  if (first === undefined) return " In this run it could not offer a single one.";
  return second === undefined
    ? ` In this run it could offer port ${first} alone.`
    : ` In this run it could offer ${ports.length} different ports, between ${first} and ${Math.max(...ports)}.`;
}

/** What a sweep saw in use. */
function takenNow(args: Args): string {
  return args["range"] === null
    ? ""
    : ` Of the range ${args["range"]}, ${args["taken"]} ports accepted a connection when all were tried: so many were in use.`;
}
