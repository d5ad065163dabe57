import { carriesData } from "../../model/mode-result.ts";
import type { Remedy, Rival } from "../../model/report.ts";
import { defineRule } from "../define-rule.ts";
import { arrivedFiles, stalls, standstillAddresses } from "../facts/ladders.ts";
import { sameAddress } from "../facts/passive-facts.ts";
import { happenedOnce } from "../facts/repeated-offers.ts";
import { type ConnectedAttempt, connectedAttempts, seenTransfers, transferArgs } from "../facts/transfers.ts";
import { isListingUnheard } from "../facts/uncalled.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";

const checkBackend: Remedy = {
  who: "server-admin",
  product: "any",
  effort: "medium",
  text: "See in the server's log whether it took the data connection. If it never saw one, look at what stands before it: a load balancer must send control and data of one client to the same machine, and a DDoS filter or SYN proxy must not answer for the passive ports. If it did, list a small directory and look for a slow disk or mount.",
};

/** The data connection is there, but nothing comes over it. */
export const dataConnectNoData = defineRule({
  id: "data-connect-no-data",
  title: "Data connection opens, but no data comes",
  since: "0.1.0",
  needs: ["passive", "active"],
  explains: ["ctl-idle-timeout", "ctl-closed-mid-session"],
  references: ["composite of pasv-lb-other-backend, ctl-tarpit, srv-slow-listing"],
  meaning: [
    "The data connection was made, but neither a byte came over it nor did it end. Either what answered the connection is not the server (a device that completes every connection, or another machine behind a load balancer), or the server itself is stuck, for instance on a very large or remote directory.",
    "What to do depends on which it is; the finding names a measurement that tells them apart for each.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const connected = connectedAttempts(facts);
    if (connected.length === 0) return { kind: "undetermined", missing: "no data connection was made" };
    // A ladder tells the reason: data-pmtu-blackhole and srv-slow-listing speak of what stands still at these.
    const told = [...standstillAddresses(facts), ...arrivedFiles(facts).map(({ ladder }) => ladder.address)];
    const hits = connected.filter(
      (attempt) =>
        isSilent(attempt) &&
        !leadsElsewhere(attempt) &&
        !happenedOnce(attempt.record, facts) &&
        !(stalls(attempt) && told.includes(attempt.record.address)),
    );
    const first = hits[0];
    if (first === undefined) return { kind: "absent" };
    // Where the server itself made the connection, no other machine took it.
    const serverCalled = hits.some(({ record }) => record.experiment === "active");
    // Where no listing is answered, nobody's firewall keeps the server from calling.
    const unheard = facts.active.filter(({ record }) => isListingUnheard(record, facts));
    const tried = [...hits, ...unheard].map(({ record }) => record);
    const begun = hits.some(({ transfer }) => transfer.exchange.replies.some(({ code }) => code < 200));
    return {
      kind: "present",
      confidence: begun ? "likely" : "possible",
      at: begun || serverCalled ? "server-host" : "unknown",
      args: { ...transferArgs(hits), modes: [...new Set(tried.map(({ mode }) => mode))], begun, serverCalled },
      because: tried.map(({ id }) => id),
      seen: seenTransfers(hits),
      rivals: [
        {
          cause: "srv-slow-listing",
          toTellApart:
            "Probe an empty directory (add its path to the target), or wait longer (--timeout 120): if that works, the directory is slow to list.",
        },
        ...(serverCalled ? [] : strangersAt(first.record.address)),
      ],
    };
  },
  describe: (args) => ({
    summary:
      args["begun"] === true
        ? "The data connection opens and the server says that it begins, but no data comes."
        : "The data connection opens, but the server neither sends data nor says that it begins.",
    explanation:
      args["begun"] === true
        ? "The server answered the listing with its preliminary reply (150 or 125), so it has taken the command; then the data connection stayed empty until the limit passed."
        : args["serverCalled"] === true
          ? "In active mode the server itself made the connection, and it behaves as if there were none: the fault is in the server, not on the way."
          : "The connection to the data port was completed, yet the server behaves as if nobody had connected. What completed it may not have been the server.",
    remedies: [checkBackend],
  }),
});

/** Whether it was connected to another address than the server's, because the 227 names it: the rules on that address speak of it. */
function leadsElsewhere({ record, transfer }: ConnectedAttempt): boolean {
  return (
    record.experiment === "passive" && transfer.over !== null && !sameAddress(transfer.over.address, record.address)
  );
}

/** What else than the server may have taken the connection to a passive port. */
function strangersAt(address: string): Rival[] {
  return [
    {
      cause: "pasv-lb-other-backend",
      toTellApart: "Probe ten times: if some work, control and data reach different machines behind a load balancer.",
    },
    {
      cause: "ctl-tarpit",
      toTellApart: `Connect to an unlikely port of ${address} ("nc -vz ${address} 61234"): if that connects too, a device completes every connection.`,
    },
  ];
}

/** No byte, and no end that would explain it. */
function isSilent({ transfer, final, text, summary }: ConnectedAttempt): boolean {
  if (transfer.bytes > 0 || carriesData(summary.result)) return false;
  if (transfer.dataOutcome === "reset" || transfer.dataOutcome === "tls-failed") return false;
  if (final === null) return transfer.exchange.outcome === "timed-out";
  if (final.code < 400) return transfer.dataOutcome === "timed-out";
  // The server waited for a connection that it never saw.
  return final.code === 425 || (final.code === 421 && /data|passive/i.test(text));
}
