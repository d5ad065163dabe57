import { carriesData } from "../../model/mode-result.ts";
import { defineRule } from "../define-rule.ts";
import {
  type DialledAttempt,
  endOf,
  idsOf,
  nothingDialled,
  type OfferedPorts,
  offeredPorts,
  portArgs,
  seenOf,
} from "../facts/passive-ports.ts";
import { needsPause } from "../facts/port-pattern.ts";
import { connectedAmong, seenTransfers } from "../facts/transfers.ts";
import { severityOf } from "../verdict/severity.ts";
import { mendClient } from "../words/mend.ts";

/** The server takes a data connection, none right after it, and one again after a pause. */
export const srvStalledAccept = defineRule({
  id: "srv-stalled-accept",
  title: "Server needs a pause between two data connections",
  since: "0.1.0",
  needs: ["passive"],
  replaces: [
    "pasv-lb-other-backend",
    "data-connect-no-data",
    "data-reset-midway",
    "data-aborted-by-server",
    // What a server cannot take it cannot call for either.
    "port-client-firewall",
  ],
  references: ["https://github.com/hassio-addons/app-ftp/issues/87"],
  meaning: [
    "The first data connection works, the next one right behind it fails, and after a pause they work again. A small or embedded server does one thing at a time, and is not ready for the next connection at once.",
    "To get along, use one connection and no parallel transfers, and let the client pause between files. Otherwise replace the server's software.",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["epsv", "pasv"]),
  judge(facts) {
    const offered = offeredPorts(facts);
    if (offered.length === 0) return nothingDialled(facts);
    const hits = offered
      .filter((at) => at.pattern.kind === "by-turn" || turnsDecide(at))
      .flatMap(({ attempts }) => attempts);
    if (hits.length === 0) return { kind: "absent" };
    const failed = hits.filter((attempt) => !succeeded(attempt));
    return {
      kind: "present",
      confidence: failed.length >= 3 ? "likely" : "possible",
      at: "server-host",
      args: { ...portArgs(hits), failed: failed.length, of: hits.length },
      because: idsOf(hits),
      seen: failed.some(({ answer }) => answer !== "open")
        ? seenOf(failed)
        : seenTransfers(connectedAmong(failed)).slice(0, 3),
      rivals: [
        {
          cause: "pasv-lb-other-backend",
          toTellApart: "Probe several times: a balancer fails at random, this server only right behind a success.",
        },
      ],
    };
  },
  describe: (args, facts) => ({
    summary: `The server takes a data connection only after a pause: ${args["failed"]} of ${args["of"]} failed, each right behind one that worked.`,
    explanation:
      "Ports that were dialled soon after a successful data connection failed, those dialled after a pause opened. No port number and no mode made the difference, only the time between.",
    remedies: mendClient("one-connection", facts, args),
  }),
});

/** Whether the ports open, and the transfers over them succeed or fail by the time between them. */
function turnsDecide({ attempts, pattern }: OfferedPorts): boolean {
  const moved = attempts.filter(({ record }) => record.transfer !== null);
  return (
    pattern.kind === "open" &&
    needsPause(
      moved.map((attempt) => ({
        succeeded: succeeded(attempt),
        fromMs: attempt.atPeer.startedMs,
        toMs: endOf(attempt.atPeer, attempt.record.transfer),
      })),
    )
  );
}

function succeeded({ answer, record, summary }: DialledAttempt): boolean {
  return answer === "open" && (record.transfer === null || carriesData(summary.result));
}
