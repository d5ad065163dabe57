import type { Exchange, ExperimentRecord, ReplyRecord } from "../../model/evidence.ts";
import { defineRule } from "../define-rule.ts";
import { controlArgs, modesTried, sessionSeverity } from "../facts/control-facts.ts";
import { unansweredProt } from "../facts/data-tls.ts";
import { exchangesOf, type Facts } from "../facts/facts.ts";
import { quoteExchange } from "../facts/quote.ts";
import { wordingOf } from "../facts/said.ts";
import { mendControl } from "../words/mend.ts";

/** A command that the server did not live to answer. */
interface Cut {
  record: Exclude<ExperimentRecord, { experiment: "resolve" }>;
  exchange: Exchange;
  /** The farewell without a known reason; null where there was none at all. */
  farewell: ReplyRecord | null;
}

/** The control connection ends in the middle of the conversation. */
export const ctlClosedMidSession = defineRule({
  id: "ctl-closed-mid-session",
  title: "The control connection is cut in the middle",
  since: "0.1.0",
  needs: ["identify", "login", "directory", "passive", "active"],
  references: ["RFC 959 section 5.4 (421 before closing)"],
  meaning: [
    "The control connection was closed or reset between a command and its answer, or ended with a 421 that names no reason. The server's process may have died, or a firewall or an intrusion filter on the way cuts the connection: because of the command, or because many connections came in short time.",
    "To mend it, read the server's log at that time; if it says nothing of the end, look for the device in between. Firewalls that count connections (CSF: CONNLIMIT, PORTFLOOD) let clients pass that use fewer.",
  ].join("\n\n"),
  severity: sessionSeverity,
  judge(facts) {
    const asked = spokenTo(facts).flatMap((record) => exchangesOf([record]).map((exchange) => ({ record, exchange })));
    if (asked.length === 0) return { kind: "undetermined", missing: "no command was sent" };
    const cuts = asked.flatMap(({ record, exchange }) => cutAt(record, exchange, facts));
    const [first] = cuts;
    if (first === undefined) return { kind: "absent" };
    const ids = [...new Set(cuts.map(({ record }) => record.id))];
    const addresses = facts.addresses.filter(({ address }) => cuts.some(({ record }) => record.address === address));
    return {
      kind: "present",
      confidence: "possible",
      at: first.farewell === null ? "unknown" : "server-host",
      args: {
        ...controlArgs(addresses, facts),
        modes: modesTried(ids, facts),
        command: first.exchange.command.split(" ", 1)[0] ?? "",
        text: first.farewell?.lines.at(-1) ?? null,
        half: first.exchange.partial?.text ?? null,
      },
      because: ids,
      seen: [...new Set(cuts.map(({ exchange }) => quoteExchange(exchange)))].slice(0, 3),
      rivals: [
        { cause: "srv-session-crash", toTellApart: "The server's log at that time: does a process end abnormally?" },
        {
          cause: "a firewall that limits the rate of connections or filters commands",
          toTellApart: "Does it pass with a pause of a second between transfers, or from another network?",
        },
      ],
    };
  },
  describe: (args, facts) => ({
    summary:
      args["text"] === null
        ? `The control connection to ${args["host"]} was cut after ${args["command"]}, ${args["half"] === null ? "without a word from the server" : `in the middle of the reply: no more of it came than "${args["half"]}"`}.`
        : `${args["host"]} ended the session after ${args["command"]}: ${args["text"]}`,
    explanation:
      args["text"] === null
        ? args["half"] === null
          ? "A server that ends a session says so first (421). Here the connection just ended while we waited for an answer: the server's process died, or something in between cut it."
          : "The answer had begun, and then the connection ended inside it: the server's process died while it answered, or something in between let only the beginning through and cut the rest."
        : "The server says that it ends the session, and not why.",
    remedies: [
      {
        who: "server-admin",
        product: "any",
        effort: "medium",
        text: "Read the server's log at the time of this probe. If a process died there, mend what it names.",
      },
      {
        who: "firewall-admin",
        product: "any",
        effort: "medium",
        text: "If the server's log knows nothing of the end, exempt this server in the intrusion prevention or FTP inspection on the way, and look for limits on connections (CSF: CONNLIMIT and PORTFLOOD in /etc/csf/csf.conf; xinetd: cps and instances).",
      },
      ...mendControl(facts, args, { client: ["one-connection"] }),
    ],
  }),
});

const APART: readonly ExperimentRecord["experiment"][] = ["hold", "ccc"];

/** The records of commands to what speaks FTP; a connection left idle on purpose, or without TLS by CCC, has rules of its own. */
function spokenTo(facts: Facts): Cut["record"][] {
  const foreign = facts.addresses.filter(({ control }) => control === "not-ftp").map(({ address }) => address);
  return facts.evidence.experiments.flatMap((record) =>
    APART.includes(record.experiment) || record.experiment === "resolve" || foreign.includes(record.address)
      ? []
      : [record],
  );
}

function cutAt(record: Cut["record"], exchange: Exchange, facts: Facts): Cut[] {
  const { outcome, replies } = exchange;
  const last = replies.at(-1);
  if (outcome === "ok") {
    // Until the login the server turns us away (ctl-accepted-then-closed); behind it, it gives up on us.
    const unexplained = last?.code === 421 && wordingOf(last) === null && !isBeforeLogin(record, exchange);
    return unexplained ? [{ record, exchange, farewell: last }] : [];
  }
  if (outcome !== "closed" && outcome !== "reset") return [];
  // data-tls-prot-mismatch speaks of it.
  if (unansweredProt(facts).some((prot) => prot.exchange === exchange)) return [];
  // What was announced is no cut: the announcement is the finding.
  if (replies.some(({ code }) => code >= 400)) return [];
  const farewell = farewellOn(record.session, facts);
  if (farewell === null) return [{ record, exchange, farewell }];
  return wordingOf(farewell) === null ? [{ record, exchange, farewell }] : [];
}

function isBeforeLogin(record: Cut["record"], { command }: Exchange): boolean {
  return record.experiment === "login" || (record.experiment === "identify" && command !== "SYST");
}

/** What the server said between the commands when it gave the session up. */
function farewellOn(session: string | null, facts: Facts): ReplyRecord | null {
  const log = facts.evidence.sessions.find(({ id }) => id === session);
  return (
    log?.unexpected.find(({ code, lines }) => code === 221 || code === 421 || /\bOOPS\b/.test(lines[0] ?? "")) ?? null
  );
}
