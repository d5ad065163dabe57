import type { Exchange } from "../../model/evidence.ts";
import { controlArgs } from "../control-facts.ts";
import { defineRule } from "../define-rule.ts";
import { lastReply } from "../facts.ts";
import { mendControl } from "../mend-control.ts";
import { quoteExchange } from "../quote.ts";

/** RFC 959 section 4.2.2: 450 and 550, file unavailable; 553, name not allowed. */
const FILE_CODES: readonly number[] = [450, 550, 553];

/** The path is the trouble, not the network. */
export const pathOrPermission = defineRule({
  id: "path-or-permission",
  title: "The path does not exist or must not be read",
  since: "0.1.0",
  needs: ["directory", "passive", "active"],
  replaces: ["data-connect-no-data"],
  references: ["RFC 959 section 4.2.2 (450, 550, 553)", "vsftpd postlogin.c"],
  meaning: [
    "The server refuses the directory or the listing itself: the path does not exist, or the user may not read it. The network and the data connection are fine, or were never used.",
    "To mend it, correct the path (it is relative to where the login lands) or the permissions; on SELinux see setsebool -P ftpd_full_access on.",
  ].join("\n\n"),
  severity: (facts) => (facts.works("epsv", "pasv", "eprt", "port") ? "warning" : "error"),
  judge(facts) {
    const asked = facts.addresses.flatMap((address) => [
      ...(address.directory === null
        ? []
        : [{ address, id: address.directory.id, exchange: address.directory.exchange }]),
      ...address.attempts.flatMap(({ record }) =>
        record.transfer === null ? [] : [{ address, id: record.id, exchange: record.transfer.exchange }],
      ),
    ]);
    if (asked.length === 0) return { kind: "undetermined", missing: "no directory was asked for" };
    const refused = asked.filter(({ exchange }) => isFileRefusal(exchange));
    if (refused.length === 0) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "certain",
      at: "server-host",
      args: {
        ...controlArgs([...new Set(refused.map(({ address }) => address))], facts),
        path: facts.evidence.target.path,
        listing: refused.some(({ exchange }) => exchange.command.startsWith("LIST")),
      },
      because: refused.map(({ id }) => id),
      seen: [...new Set(refused.map(({ exchange }) => quoteExchange(exchange)))].slice(0, 3),
      rivals: [],
    };
  },
  describe: (args, facts) => ({
    summary:
      args["listing"] === true
        ? `${args["host"]} refuses the listing itself: the directory does not exist or must not be read.`
        : `${args["host"]} has no directory ${args["path"]} that this user may enter.`,
    explanation:
      "The server answered with the code for a file or directory that is not available. It is not the network.",
    remedies: mendControl(facts, { server: ["permissions"] }),
  }),
});

function isFileRefusal(exchange: Exchange): boolean {
  const reply = lastReply(exchange);
  if (reply === null) return false;
  // Some servers use 550 and 450 for TLS and for data connections as well; their words tell.
  return (
    FILE_CODES.includes(reply.code) && !/SSL|TLS|PORT or PASV|data connection|foreign/i.test(reply.lines.join(" "))
  );
}
