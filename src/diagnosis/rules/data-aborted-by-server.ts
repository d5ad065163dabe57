import type { ActiveRecord, LadderRecord, PassiveRecord, TransferRecord } from "../../model/evidence.ts";
import type { ServerTopic } from "../../remedies/topic.ts";
import { type Args, defineRule } from "../define-rule.ts";
import type { Facts } from "../facts/facts.ts";
import { lastReply } from "../facts/facts.ts";
import { rungs } from "../facts/ladders.ts";
import { quoteExchange, quoteLine } from "../facts/quote.ts";
import { saysNoRoom, textOf } from "../facts/refusals.ts";
import { callsCutShort } from "../facts/transfers.ts";
import { modesIn, severityOf, uploadSeverity } from "../verdict/severity.ts";
import { mendServer } from "../words/mend.ts";

/** The server ends the transfer for a reason of its own. */
export const dataAbortedByServer = defineRule({
  id: "data-aborted-by-server",
  title: "Server aborts the transfer",
  since: "0.1.0",
  needs: ["passive", "active"],
  references: ["RFC 959 section 4.2 (426, 451, 452, 552)", "vsftpd postlogin.c", "pure-ftpd messages_en.h"],
  meaning: [
    "The server began the transfer, or was about to, and then reports that it cannot go on: a read or write error, a full disk, a quota, a locked file. With 451, 452 or 552 the network is not involved; 426 says that the data connection was lost, which a device on the way or a time limit can do as well.",
    "To mend it, go by the code: 426, look for what ends connections on the way and for time limits; 451, look into the server's log and at its disk; 452 or 552, free space or raise the quota.",
  ].join("\n\n"),
  severity: (facts, args) => (args["upload"] === true ? uploadSeverity(facts) : severityOf(facts, modesIn(args))),
  judge(facts) {
    const asked = transfersOf(facts);
    if (asked.length === 0) return { kind: "undetermined", missing: "nothing was transferred" };
    const cutShort = callsCutShort(facts).map(({ record }) => record.id);
    const hits = asked.filter(
      ({ code, record, text, transfer }) =>
        code === 451 ||
        code === 452 ||
        code === 552 ||
        (code >= 400 && saysNoRoom(text)) ||
        // Of a connection that was reset where we could see it, data-reset-midway speaks.
        (code === 426 &&
          transfer.dataOutcome !== "reset" &&
          transfer.dataOutcome !== "protocol-error" &&
          !cutShort.includes(record.id)),
    );
    const first = hits[0];
    if (first === undefined) return { kind: "absent" };
    return {
      kind: "present",
      confidence: hits.some(({ code }) => code !== 426) ? "certain" : "likely",
      at: "server-host",
      args: {
        modes: [...new Set(hits.map(({ record }) => record.mode))],
        peer: first.record.address,
        code: first.code,
        reply: quoteLine(first.text),
        upload: hits.every(({ upload }) => upload),
        full: hits.some(({ code, text }) => code === 452 || code === 552 || saysNoRoom(text)),
      },
      because: hits.map(({ record }) => record.id),
      seen: [...new Set(hits.map(({ transfer }) => quoteExchange(transfer.exchange)))].slice(0, 3),
      rivals: hits.some(({ code }) => code !== 426)
        ? []
        : [
            {
              cause: "data-reset-midway",
              toTellApart: "The server's log: an error of its own, or a connection lost to the client.",
            },
          ],
    };
  },
  describe: (args, facts) => ({
    summary:
      args["full"] === true
        ? `The server has no room for ${args["upload"] === true ? "an upload" : "the transfer"} (${args["reply"]}).`
        : `The server aborts the ${args["upload"] === true ? "upload" : "transfer"} (${args["reply"]}).`,
    explanation:
      args["full"] === true
        ? "The server's own words are those of a full disk or a used-up quota. Control and data connection worked."
        : args["code"] === 426
          ? "The closing reply says that the data connection was lost in the middle, while the control connection lived on."
          : "The closing reply says that the server itself could not go on. Control and data connection worked.",
    remedies: mendServer(args["full"] === true ? "storage" : topicOf(args), facts, args),
  }),
});

/** RFC 959 section 4.2: 426 transfer aborted, 451 local error; vsftpd says the latter of an upload where its disk is full. */
function topicOf({ code, upload }: Args): ServerTopic {
  return code === 426 ? "transfer-cut" : upload === true ? "storage" : "transfer-failed";
}

/** A transfer that was answered. */
interface Asked {
  record: PassiveRecord | ActiveRecord | LadderRecord;
  transfer: TransferRecord;
  code: number;
  text: string;
  upload: boolean;
}

function transfersOf(facts: Facts): Asked[] {
  const listings = [...facts.passive, ...facts.active].flatMap(({ record }) => {
    const { transfer } = record;
    const reply = lastReply(transfer?.exchange ?? null);
    if (transfer === null || reply === null) return [];
    return [{ record, transfer, code: reply.code, text: textOf(reply), upload: false }];
  });
  const climbed = rungs(facts).flatMap(({ ladder, transfer, final, text }) =>
    final === null ? [] : [{ record: ladder, transfer, code: final.code, text, upload: ladder.direction === "upload" }],
  );
  return [...listings, ...climbed];
}
