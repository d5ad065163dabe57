import { listed } from "../../model/words.ts";
import { defineRule } from "../define-rule.ts";
import type { Attempt } from "../facts/facts.ts";
import { happenedOnce } from "../facts/repeated-offers.ts";
import { seenTransfer } from "../facts/transfers.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { probeElsewhere } from "../words/next.ts";
import { dialled, quoteDial, quoteExchange } from "../words/quote.ts";

/** A mode fails and no other rule speaks of it: what was seen is said, and no cause is made up. */
export const modeUnexplained = defineRule({
  id: "mode-unexplained",
  title: "A mode fails in a way that no known fault explains",
  since: "0.1.0",
  last: true,
  needs: ["passive", "active"],
  references: ["RFC 959 section 5.4 (sequences of commands and replies)"],
  meaning: [
    "A mode was tried and failed, and none of the faults that ftp-doctor knows leaves just these traces. The finding quotes what was seen and claims no cause: it may be the server's software, a device on the way, or something that happened once.",
    "To learn more, probe again, then from another network, and compare with the server's log at the time of the probe. If it fails in the same way each time, the evidence (--verbose, --format json) is what the server's makers need.",
  ].join("\n\n"),
  severity: (facts, args) => (args["once"] === true ? "notice" : severityOf(facts, modesIn(args))),
  judge(facts, told) {
    const tried = [...facts.passive, ...facts.active];
    if (tried.length === 0) return { kind: "undetermined", missing: "no mode was tried" };
    const hits = tried.filter(
      ({ record, summary }) => (summary.result === "blocked" || summary.result === "refused") && !told.has(record.id),
    );
    const [first] = hits;
    if (first === undefined) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "possible",
      at: "unknown",
      args: {
        modes: [...new Set(hits.map(({ record }) => record.mode))],
        peer: first.record.address,
        host: facts.evidence.target.host,
        stage: first.summary.stage,
        once: hits.every(({ record }) => happenedOnce(record, facts)),
      },
      because: hits.map(({ record }) => record.id),
      seen: [...new Set(hits.map(seenAt))].slice(0, 3),
      rivals: [],
      next: [probeElsewhere(facts)],
    };
  },
  describe: (args) => {
    const modes = modesIn(args).map((mode) => mode.toUpperCase());
    return {
      summary:
        args["once"] === true
          ? `${listed(modes)} stalled once on ${args["host"]}, and worked each time it was tried again.`
          : `${listed(modes)} ${modes.length === 1 ? "fails" : "fail"} on ${args["host"]} in a way that fits no fault known to ftp-doctor.`,
      explanation: `${explain(args["stage"])} What was seen does not tell why; the server's log of that moment may.`,
      remedies: [
        {
          who: "server-admin",
          product: "any",
          effort: "medium",
          text: "Look into the server's log at the time of this probe: what does it say of this session? Probe again to see whether it happens each time.",
        },
      ],
    };
  },
});

function explain(stage: unknown): string {
  switch (stage) {
    case "command":
      return "The command that asks for the data connection was not answered as it should be.";
    case "dial":
      return "The server offered a data port, and no connection to it came about.";
    case "accept":
      return "The server accepted our port, and its call did not come about.";
    default:
      return "The data connection was made, and the transfer over it did not come to its end.";
  }
}

/** The line that shows where it went wrong. */
function seenAt({ record }: Attempt): string {
  if (record.transfer !== null) return seenTransfer(record, record.transfer);
  const dial = record.experiment === "passive" ? record.dialled.at(-1) : undefined;
  if (dial !== undefined) return quoteDial(dial);
  const exchange = record.experiment === "passive" ? (record.offer?.exchange ?? null) : record.exchange;
  if (exchange !== null) return quoteExchange(exchange);
  return record.experiment === "active"
    ? `${record.mode.toUpperCase()}: no port to listen on (${dialled(record.listen)})`
    : record.mode.toUpperCase();
}
