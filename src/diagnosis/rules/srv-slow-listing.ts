import type { Remedy } from "../../model/report.ts";
import { duration, size } from "../../model/words.ts";
import { type Args, defineRule, type Judgement } from "../define-rule.ts";
import type { Facts } from "../facts/facts.ts";
import { arrivedFiles, seenRung, stalls } from "../facts/ladders.ts";
import { isUnfinished } from "../facts/mode-table.ts";
import { isSlowThroughout } from "../facts/pace.ts";
import {
  type ConnectedAttempt,
  connectedAttempts,
  cutWords,
  seenTransfer,
  seenTransfers,
  transferArgs,
} from "../facts/transfers.ts";
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
    "The data connection is made and the server says that it begins, then nothing comes for a long time, and then the listing does, or it drips and has not ended when the time is over, or files arrive while listings do not. The directory is very large, or lies on slow or remote storage, or the server looks up a name for every owner. Clients with less patience report a time-out.",
    "To mend it, list a smaller directory, move old files away, look at the storage and at look-ups of users and groups (LDAP, winbind); let clients wait longer.",
  ].join("\n\n"),
  severity: (facts, args) =>
    args["came"] === true || args["dripping"] === true ? "warning" : severityOf(facts, modesIn(args)),
  judge(facts): Judgement {
    const connected = connectedAttempts(facts);
    if (connected.length === 0) return { kind: "undetermined", missing: "no data connection was made" };
    const dripping = connected.filter(({ transfer }) => isUnfinished(transfer));
    if (dripping.length > 0) return judgeDripping(dripping, facts);
    const slow = connected.filter((attempt) => isLate(attempt, facts));
    if (slow.length > 0) return judgeLate(slow);
    const unlisted = judgeUnlisted(connected, facts);
    const note = cutWords(facts);
    return unlisted.kind === "absent" && note !== null ? { kind: "absent", note } : unlisted;
  },
  describe: (args, facts) => ({
    ...(args["dripping"] === true ? { title: "The listing comes too slowly to see its end" } : {}),
    ...words(args),
    remedies: [storage, ...mendClient("wait-longer", facts, args)],
  }),
});

function words(args: Args): { summary: string; explanation: string } {
  const waited = duration(Number(args["waitedMs"] ?? 0));
  if (args["dripping"] === true) {
    return {
      summary: `The listing only drips: ${size(Number(args["bytes"]))} in ${waited}, and no end.`,
      explanation: `The data connection was open and bytes were still coming over it when the limit passed, so no firewall is in the way. Whether all of it would have come was not seen.${args["slowLine"] === true ? " The greeting and the other answers were slow too." : ""}`,
    };
  }
  return args["came"] === true
    ? {
        summary: `The listing comes only after ${waited}: the server is slow to read the directory.`,
        explanation:
          "The data connection was open and the greeting and other answers came at once; only the listing made us wait. So it is neither the network nor a firewall, and clients that wait less report a time-out.",
      }
    : {
        summary:
          "Files arrive, but the listing of the directory does not: the server is slow to read it, or gets stuck.",
        explanation:
          "Over the same kind of data connection a file came whole, so ports and packet sizes are fine. Only the listing stays away.",
      };
}

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

/** It comes, and so slowly that its end was not seen. */
function judgeDripping(dripping: readonly ConnectedAttempt[], facts: Facts): Judgement {
  const addresses = dripping.map(({ record }) => record.address);
  const slowLine = facts.addresses.some((at) => addresses.includes(at.address) && isSlowThroughout(at));
  return {
    kind: "present",
    confidence: slowLine ? "possible" : "likely",
    at: slowLine ? "unknown" : "server-host",
    args: {
      ...transferArgs(dripping),
      came: false,
      dripping: true,
      slowLine,
      waitedMs: Math.max(...dripping.map(({ record }) => record.durationMs)),
    },
    because: dripping.map(({ record }) => record.id),
    seen: seenTransfers(dripping),
    rivals: [
      {
        cause: "a slow line, or one that loses most packets",
        toTellApart: "Does a file of known size from the same server come as slowly, and from another network too?",
      },
      {
        cause: "the server holds its clients up on purpose (a tarpit)",
        toTellApart: "Does the same listing come at once on the server itself (127.0.0.1)?",
      },
    ],
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
