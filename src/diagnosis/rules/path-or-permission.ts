import type { Exchange, ReplyRecord } from "../../model/evidence.ts";
import type { Severity } from "../../model/report.ts";
import { type Args, defineRule } from "../define-rule.ts";
import { controlArgsOf, modesTried } from "../facts/control-facts.ts";
import { type AddressFacts, type Facts, lastReply } from "../facts/facts.ts";
import { rungs } from "../facts/ladders.ts";
import { quoteExchange } from "../facts/quote.ts";
import { isCrash, saysNoRoom, speaksOfChannel, textOf } from "../facts/refusals.ts";
import { requiredInVain } from "../verdict/requirements.ts";
import { modesIn, uploadSeverity } from "../verdict/severity.ts";
import { mendControl } from "../words/mend.ts";

/** RFC 959 section 4.2.2: 450 and 550, file unavailable; 553, name not allowed. */
const FILE_CODES: readonly number[] = [450, 550, 553];

/** A CWD or a LIST that was answered. */
interface Asked {
  address: AddressFacts;
  id: string;
  exchange: Exchange;
  reply: ReplyRecord;
  listing: boolean;
  /** It was a file of ours; left out where it was not. */
  upload?: boolean;
}

/** The path is the trouble, not the network. */
export const pathOrPermission = defineRule({
  id: "path-or-permission",
  title: "The path does not exist or cannot be read",
  since: "0.1.0",
  needs: ["directory", "passive", "active"],
  replaces: ["data-connect-no-data"],
  references: ["RFC 959 section 4.2.2 (450, 550, 553)", "vsftpd postlogin.c"],
  meaning: [
    "The server refuses the directory or the listing itself: the path does not exist, or the user may not read it. The network and the data connection are fine, or were never used. Some servers answer the listing of an empty directory in the same way.",
    "To mend it, correct the path (it is relative to where the login lands) or the rights on it and on every directory above it (namei -l shows them); on SELinux restorecon -R, and setsebool -P ftp_home_dir on for home directories.",
  ].join("\n\n"),
  severity: (facts, args): Severity =>
    args["upload"] === true
      ? uploadSeverity(facts)
      : facts.works("epsv", "pasv", "eprt", "port") && !requiredInVain(facts, modesIn(args))
        ? "warning"
        : "error",
  judge(facts) {
    const asked = [...facts.addresses.flatMap(askedAt), ...uploadsOf(facts)];
    if (asked.length === 0) return { kind: "undetermined", missing: "no directory was asked for" };
    const refused = asked.filter(isFileRefusal);
    if (refused.length === 0) return { kind: "absent" };
    const listings = refused.filter(({ listing }) => listing);
    const empty = refused.every(({ reply }) => saysEmpty(textOf(reply)));
    return {
      kind: "present",
      confidence: empty ? "likely" : "certain",
      at: "server-host",
      args: {
        ...controlArgsOf(refused, facts),
        modes: modesTried(
          refused.map(({ id }) => id),
          facts,
        ),
        path: facts.evidence.target.path,
        listing: listings.length === refused.length,
        empty,
        upload: refused.every(({ upload }) => upload === true),
        directory: facts.evidence.policy.writeDirectory ?? null,
      },
      because: refused.map(({ id }) => id),
      seen: [...new Set(refused.map(({ exchange }) => quoteExchange(exchange)))].slice(0, 3),
      rivals: [],
    };
  },
  describe: (args, facts) => ({
    summary: summarise(args),
    explanation:
      args["upload"] === true
        ? "The server answered with the code for a name that may not be used or a directory that may not be written to. It is not the network: reading works."
        : args["empty"] === true
          ? "The server answers as if there were nothing to list. It is not the network; a directory with a file in it would show whether listings work."
          : "The server answered with the code for a file or directory that is not available. It is not the network.",
    remedies: mendControl(facts, args, { server: [args["upload"] === true ? "write-path" : "read-path"] }),
  }),
});

function summarise(args: Args): string {
  if (args["upload"] === true) {
    return `${args["host"]} does not let this user write to ${args["directory"] ?? "the directory"}: the upload is refused.`;
  }
  if (args["empty"] === true) return `${args["host"]} finds nothing to list; probe a directory that has files in it.`;
  return args["listing"] === true
    ? `${args["host"]} refuses the listing itself: the directory does not exist, or this user may not read it.`
    : `${args["host"]} has no directory ${args["path"]} that this user may enter.`;
}

function askedAt(address: AddressFacts): Asked[] {
  const cwd = address.directory;
  const listings = address.attempts.flatMap(({ record }) =>
    record.transfer === null ? [] : [{ id: record.id, exchange: record.transfer.exchange, listing: true }],
  );
  return [...(cwd === null ? [] : [{ id: cwd.id, exchange: cwd.exchange, listing: false }]), ...listings].flatMap(
    (one) => {
      const reply = lastReply(one.exchange);
      return reply === null ? [] : [{ ...one, address, reply }];
    },
  );
}

/** Uploads; a file of somebody else's that may not be read is no fault. */
function uploadsOf(facts: Facts): Asked[] {
  return rungs(facts).flatMap(({ ladder, transfer, final }) => {
    const address = facts.addresses.find((at) => at.address === ladder.address);
    return final === null || ladder.direction !== "upload" || address === undefined
      ? []
      : [{ address, id: ladder.id, exchange: transfer.exchange, reply: final, listing: true, upload: true }];
  });
}

function isFileRefusal({ reply, listing }: Asked): boolean {
  const text = textOf(reply);
  if (isCrash(text) || speaksOfChannel(text) || saysNoRoom(text)) return false;
  // Whatever a server answers to CWD but 2xx, the directory was not entered; a 421 ends the session.
  return listing ? FILE_CODES.includes(reply.code) : reply.code >= 400 && reply.code !== 421;
}

/** `450 No files found` is what some say of an empty directory; `No such file or directory` is something else. */
function saysEmpty(text: string): boolean {
  return /\bno (?:files?|members?|data ?sets?|objects?|entries)\b(?! or directory)[^.]{0,40}\bfound\b|directory is empty/i.test(
    text,
  );
}
