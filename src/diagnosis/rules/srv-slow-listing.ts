import type { Remedy } from "../../model/report.ts";
import { duration } from "../../model/words.ts";
import { defineRule, type Judgement } from "../define-rule.ts";
import type { Facts } from "../facts/facts.ts";
import { arrivedFiles, seenRung, stalls } from "../facts/ladders.ts";
import { isSlowThroughout } from "../facts/pace.ts";
import { type ConnectedAttempt, connectedAttempts, seenTransfer, transferArgs } from "../facts/transfers.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendClient } from "../words/mend.ts";

/** Clients give up on a silent data connection after 10 to 20 s; what takes this long is worth a word. */
const SLOW_MS = 5_000;

/** The listing comes, but late. */
export const srvSlowListing = defineRule({
  id: "srv-slow-listing",
  title: "The server is slow to list the directory",
  since: "0.1.0",
  needs: ["passive", "active"],
  references: ["https://github.com/mtheall/ftpd/issues/68"],
  meaning: [
    "The data connection is made and the server says that it begins, then nothing comes for a long time, and then the listing does, or files arrive while listings do not. The directory is very large, or lies on slow or remote storage, or the server looks up a name for every owner. Clients with less patience report a time-out.",
    "To mend it, list a smaller directory, move old files away, look at the storage and at look-ups of users and groups (LDAP, winbind); let clients wait longer.",
  ].join("\n\n"),
  severity: (facts, args) => (args["came"] === true ? "warning" : severityOf(facts, modesIn(args))),
  judge(facts): Judgement {
    const connected = connectedAttempts(facts);
    if (connected.length === 0) return { kind: "undetermined", missing: "no data connection was made" };
    const slow = connected.filter((attempt) => isLate(attempt, facts));
    if (slow.length > 0) return judgeLate(slow);
    return judgeUnlisted(connected, facts);
  },
  describe: (args, facts) => ({
    summary:
      args["came"] === true
        ? `The listing comes only after ${duration(Number(args["waitedMs"]))}: the server is slow to read the directory.`
        : "Files arrive, but the listing of the directory does not: the server is slow to read it, or gets stuck.",
    explanation:
      args["came"] === true
        ? "The data connection was open and the greeting and other answers came at once; only the listing made us wait. So it is neither the network nor a firewall, and clients that wait less report a time-out."
        : "Over the same kind of data connection a file came whole, so ports and packet sizes are fine. Only the listing stays away.",
    remedies: [storage, ...mendClient("wait-longer", facts, args)],
  }),
});

const storage: Remedy = {
  who: "server-admin",
  product: "any",
  effort: "medium",
  text: "Time the same listing on the server (time ls -l DIRECTORY): if it is slow there too, look at the number of files, at the storage or mount, and at look-ups of owners (time ls -ln does without them). Split or empty the directory.",
};

/** In order, but late; where everything is slow it is the way there, and bulk is no slowness. */
function isLate({ record, transfer, final }: ConnectedAttempt, facts: Facts): boolean {
  const at = facts.addresses.find(({ address }) => address === record.address);
  if (at === undefined || isSlowThroughout(at) || transfer.dataOutcome !== "ok") return false;
  return final !== null && final.code < 300 && waitedMs({ transfer }) >= SLOW_MS;
}

function waitedMs({ transfer }: Pick<ConnectedAttempt, "transfer">): number {
  return transfer.firstByteMs ?? transfer.exchange.ms;
}

function judgeLate(slow: readonly ConnectedAttempt[]): Judgement {
  return {
    kind: "present",
    confidence: slow.length > 1 ? "certain" : "likely",
    at: "server-host",
    args: { ...transferArgs(slow), came: true, waitedMs: Math.max(...slow.map(waitedMs)) },
    because: slow.map(({ record }) => record.id),
    seen: slow
      .slice(0, 3)
      .map(
        (attempt) => `${seenTransfer(attempt.record, attempt.transfer)}, first after ${duration(waitedMs(attempt))}`,
      ),
    rivals: [],
  };
}

/** No listing came, and files did. */
function judgeUnlisted(connected: readonly ConnectedAttempt[], facts: Facts): Judgement {
  const silent = connected.filter((attempt) => stalls(attempt) && attempt.transfer.bytes === 0);
  const files = arrivedFiles(facts);
  const hits = silent.filter(({ record }) => files.some(({ ladder }) => ladder.address === record.address));
  const witness = files.find(({ ladder }) => hits.some(({ record }) => record.address === ladder.address));
  if (hits.length === 0 || witness === undefined) return { kind: "absent" };
  return {
    kind: "present",
    confidence: "likely",
    at: "server-host",
    args: { ...transferArgs(hits), came: false, waitedMs: null },
    because: [...hits.map(({ record }) => record.id), witness.ladder.id],
    seen: [...hits.slice(0, 2).map(({ record, transfer }) => seenTransfer(record, transfer)), seenRung(witness)],
    rivals: [
      {
        cause: "data-connect-no-data",
        toTellApart: "Wait longer (--timeout 120): a slow directory comes in the end.",
      },
    ],
  };
}
