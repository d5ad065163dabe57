import type { Remedy } from "../../model/report.ts";
import { duration } from "../../model/words.ts";
import type { Judgement } from "../define-rule.ts";
import { sessionSeverity } from "../facts/control-facts.ts";
import type { Facts } from "../facts/facts.ts";
import { holdsOf, seenHold } from "../facts/holds.ts";
import { quoteReply } from "../facts/quote.ts";
import { mendControl } from "../words/mend.ts";
import { wordingRule } from "../words/wording-rule.ts";

/** A server that ends sessions sooner than this is in the way of ordinary work; longer limits are a matter of taste. */
const SHORT_MS = 60_000;

const raiseLimit: Remedy = {
  who: "server-admin",
  product: "any",
  effort: "low",
  text: "Raise the idle limit if sessions are ended that are in use (vsftpd: idle_session_timeout and data_connection_timeout; ProFTPD: TimeoutIdle, TimeoutNoTransfer and TimeoutStalled; Pure-FTPd: MaxIdleTime).",
};

/** The server ended an idle session. */
export const ctlIdleTimeout = wordingRule({
  id: "ctl-idle-timeout",
  anytime: true,
  title: "The server ends idle sessions",
  at: "server-config",
  references: ["ProFTPD mod_core.c, mod_auth.c, mod_xfer.c", "vsftpd idle_session_timeout"],
  meaning: [
    "The server closed the session and said that it was idle for too long. Where a data connection never opened, this is only the echo of that: look at the other findings first. With --hold a probe leaves a connection idle on purpose and shows whether the server ends it.",
    "To mend it where it stands alone, raise the server's idle limit or let the client send NOOP now and then.",
  ],
  otherwise: judgeHold,
  severity: (facts, args) => {
    if (typeof args["idledMs"] !== "number") return sessionSeverity(facts, args);
    return args["idledMs"] < SHORT_MS ? "warning" : "notice";
  },
  summary: ({ host, text, idledMs }) =>
    typeof idledMs !== "number"
      ? `${host} closed the session as idle: ${text}`
      : `${host} ends sessions that are idle for ${duration(idledMs)}${text === null ? ", without a word" : ` (${text})`}.`,
  explanation:
    "The server itself ended the session because it waited too long for the next command or for the data connection.",
  remedies: (facts, args) => [raiseLimit, ...mendControl(facts, args, { client: ["wait-longer"] })],
});

/** A connection that was left idle on purpose, and that the server ended. */
function judgeHold(facts: Facts, absent: Judgement): Judgement {
  const ended = holdsOf(facts).filter(({ fate, busyLived }) => fate === "ended" && busyLived !== false);
  const [first] = ended;
  if (first === undefined) return absent;
  const { record, farewell, busyLived } = first;
  return {
    kind: "present",
    confidence: farewell !== null ? "certain" : busyLived === true ? "likely" : "possible",
    at: "server-config",
    args: {
      host: facts.evidence.target.host,
      peer: record.address,
      modes: [],
      text: farewell === null ? null : quoteReply(farewell),
      idledMs: record.idledMs,
    },
    because: ended.map(({ record: { id } }) => id),
    seen: ended.flatMap(seenHold).slice(0, 3),
    rivals:
      farewell !== null
        ? []
        : [
            {
              cause: "ctl-nat-idle-drop",
              toTellApart:
                "The server's log: if it does not say that it ended the session, a device on the way closed the connection in its name.",
            },
          ],
  };
}
