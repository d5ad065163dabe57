import type { ControlRecord, ExperimentRecord, SessionRecord } from "../../model/evidence.ts";
import { hexOf, isText } from "../../model/raw-bytes.ts";
import { type Args, defineRule } from "../define-rule.ts";
import { controlArgs, modesTried, sessionSeverity } from "../facts/control-facts.ts";
import { exchangesOf, type Facts } from "../facts/facts.ts";
import { greetingWasArriving, isCutShort, isSlowThroughout, wasArriving } from "../facts/pace.ts";
import { quoteExchange, quoteReply } from "../facts/quote.ts";
import { misanswerTo, surplusOf } from "../facts/surplus.ts";
import { type ConnectedAttempt, connectedAttempts, seenTransfers } from "../facts/transfers.ts";
import { mendControl } from "../words/mend.ts";

/** What was wrong with the greeting. */
type Greeting = "garbage" | "unfinished" | "without-end" | "wrong-code";

/** What answers is not a conversation. */
export const ctlProtocolViolation = defineRule({
  id: "ctl-protocol-violation",
  title: "What answers does not keep to the FTP protocol",
  since: "0.1.0",
  needs: ["control", "identify", "login", "directory", "passive", "active"],
  references: ["RFC 959 section 3.4.1 (end of file), 4.2 (replies) and 5.4 (greeting)"],
  meaning: [
    "The port answers, but what comes cannot be read as FTP replies: no three-digit codes, lines or replies without end, a greeting that breaks off, or binary garbage. Either something else than an FTP server listens there, or a device on the way disturbs the conversation.",
    "To mend it, see what listens on the port (ss -ltnp) and where port forwards and load balancers really lead.",
  ].join("\n\n"),
  severity: sessionSeverity,
  judge(facts) {
    if (facts.addresses.every(({ controls }) => controls[0]?.greeting == null)) {
      return { kind: "undetermined", missing: "nothing was received" };
    }
    const knocked = facts.evidence.experiments.flatMap((record) =>
      record.experiment === "secure" && record.knock === true && record.handshake?.outcome !== "ok"
        ? [record.session]
        : [],
    );
    const greeted = facts.addresses.flatMap(({ controls }) =>
      controls.flatMap((control) => {
        // What answers a handshake that nobody had asked for is no greeting.
        const wrong = knocked.includes(control.session) ? null : wrongGreeting(control);
        return wrong === null ? [] : [{ control, wrong }];
      }),
    );
    const later = laterViolations(facts);
    const endless = connectedAttempts(facts).filter(isEndless);
    const records: ExperimentRecord[] = [
      ...greeted.map(({ control }) => control),
      ...later,
      ...endless.map(({ record }) => record),
    ];
    if (records.length === 0) return { kind: "absent" };
    const [first] = greeted;
    const addresses = facts.addresses.filter(({ address }) =>
      records.some((record) => record.experiment !== "resolve" && record.address === address),
    );
    return {
      kind: "present",
      // In place of a handshake, a device that reads TLS may as well be the one that answers.
      confidence:
        (first?.wrong === "garbage" || first?.wrong === "without-end") && first.control.protection === "clear"
          ? "certain"
          : "likely",
      at: "server-host",
      args: {
        ...controlArgs(addresses, facts),
        modes: modesTried(
          records.map(({ id }) => id),
          facts,
        ),
        greeting: first?.wrong ?? null,
        // The greeting is neither TLS nor text.
        binary: first !== undefined && isBinary(first.control),
        underTls: first?.control.protection === "tls",
        // Nothing else is wrong with the conversation.
        endless: endless.length === records.length,
      },
      because: records.map(({ id }) => id),
      seen: [
        ...greeted.slice(0, 2).map(({ control }) => firstWords(control)),
        ...later.slice(0, 2).map((record) => seenIn(record, facts)),
        ...seenTransfers(endless).slice(0, 2),
      ],
      rivals: [
        {
          cause: "ctl-transparent-proxy",
          toTellApart:
            "Connect from another network: the same bytes come from the service, others from a device in between.",
        },
      ],
    };
  },
  describe: (args, facts) => ({
    summary:
      args["greeting"] === "unfinished"
        ? `${args["endpoints"]} begins a greeting and never finishes it.`
        : args["greeting"] === "without-end"
          ? `${args["endpoints"]} begins a greeting that never ends.`
          : args["endless"] === true
            ? `${args["host"]} says that the listing is complete, and never ends its data connection.`
            : `What answers on ${args["endpoints"]} does not keep to the FTP protocol.`,
    explanation:
      args["endless"] === true
        ? "In FTP the end of the data connection is the end of the file. The closing reply came and the connection stayed open until the limit, so clients wait for more and hang. The server does not end it, or a device on the way keeps its end to itself."
        : explain(args),
    remedies: mendControl(facts, args, { server: ["what-listens"] }),
  }),
});

function explain({ greeting, binary, underTls }: Args): string {
  switch (greeting) {
    case "unfinished":
      return "The greeting of an FTP server ends with a line of its code and a space. What came looks like the beginning of one and breaks off: the server hangs or dies while it greets, or a device on the way keeps the rest.";
    case "without-end":
      return "What came begins as the greeting of an FTP server, with its code, and then goes on and on: a line of 8 KiB, or a reply of 64 KiB, and no end in sight. No client reads that. Something floods the connection: a server (or a trap for scanners) that sends without end, or a text file for the greeting that is no text.";
    case "wrong-code":
      return "An FTP server that is ready greets with 220, and one that is not with 421. What came is a reply of another kind.";
    case "garbage":
      if (binary !== true)
        return "The greeting of an FTP server is a line that begins with a three-digit code. What came instead cannot be read as one.";
      return underTls === true
        ? "The port was asked for TLS from the first byte. What came is neither TLS nor text."
        : "The greeting of an FTP server is a line that begins with a three-digit code. What came is binary data of no protocol that ftp-doctor knows.";
    default:
      return "The conversation began as FTP, and then something came that cannot be read as a reply, or half of one and no more.";
  }
}

/** What is wrong with a greeting that came; null where nothing is, or nothing came. */
function wrongGreeting(control: ControlRecord): Greeting | null {
  const { greeting } = control;
  if (greeting === null || greeting.outcome === "cancelled") return null;
  if (greeting.reply !== null) return greeting.reply.code < 400 && greeting.reply.code !== 220 ? "wrong-code" : null;
  if (greeting.firstBytes === "" || greetingWasArriving(control)) return null;
  // In place of a handshake, what came was read for no longer than that took.
  if (
    control.protection === "clear" &&
    greeting.outcome === "protocol-error" &&
    /^\s{0,8}[1-5]\d\d[ -]/.test(greeting.firstBytes)
  )
    return "without-end";
  const begun = /^\s{0,8}[1-5]\d{0,2}(?:$|\D)/.test(greeting.firstBytes);
  return begun && greeting.outcome !== "protocol-error" ? "unfinished" : "garbage";
}

function firstWords(control: ControlRecord): string {
  const { greeting } = control;
  if (greeting?.reply) return quoteReply(greeting.reply);
  const bytes = greeting?.firstBytes ?? "";
  return isBinary(control) ? `first bytes (hex): ${hexOf(bytes)}` : `first bytes: ${bytes.slice(0, 80).trimEnd()}`;
}

function isBinary({ greeting }: ControlRecord): boolean {
  return greeting !== null && greeting.reply === null && greeting.firstBytes !== "" && !isText(greeting.firstBytes);
}

/** Records of commands whose answer is no reply, or half of one; a conversation out of step is another finding. */
function laterViolations(facts: Facts): ExperimentRecord[] {
  const outOfStep = new Set(
    facts.evidence.sessions
      .filter(({ unexpected }) => unexpected.length > 0)
      .filter((session) => surplusOf(session, facts).length > 0 || !hasMisanswer(session, facts))
      .map(({ id }) => id),
  );
  return facts.evidence.experiments.filter(
    (record) =>
      record.experiment !== "resolve" &&
      !(record.session !== null && outOfStep.has(record.session)) &&
      exchangesOf([record]).some(
        (exchange) =>
          exchange.outcome === "protocol-error" ||
          (isCutShort(exchange) && !isAttempt(record) && !wasArriving(exchange) && !isSlowAt(record.address, facts)),
      ),
  );
}

/** What the command was, and what came for an answer. */
function seenIn(record: ExperimentRecord, facts: Facts): string {
  const broken = exchangesOf([record]).find(({ outcome }) => outcome !== "ok");
  if (broken === undefined) return "a reply that cannot be read";
  const odd = facts.evidence.sessions
    .filter(({ id }) => record.experiment !== "resolve" && id === record.session)
    .map((session) => misanswerTo(broken, session))
    .find((reply) => reply !== null);
  return odd == null ? quoteExchange(broken) : `${broken.command}: ${quoteReply(odd)}, which is no answer to it`;
}

function hasMisanswer(session: SessionRecord, facts: Facts): boolean {
  return facts.evidence.experiments.some(
    (record) =>
      record.experiment !== "resolve" &&
      record.session === session.id &&
      exchangesOf([record]).some((exchange) => misanswerTo(exchange, session) !== null),
  );
}

function isSlowAt(address: string, facts: Facts): boolean {
  return facts.addresses.some((one) => one.address === address && isSlowThroughout(one));
}

/** The listing came and was said to be complete, but its end never came (RFC 959 section 3.4.1: it is the connection's). */
function isEndless({ transfer, final }: ConnectedAttempt): boolean {
  return transfer.dataOutcome === "timed-out" && transfer.bytes > 0 && final !== null && final.code < 300;
}

/** There the rules of the data channel know more of what half a reply means. */
function isAttempt({ experiment }: ExperimentRecord): boolean {
  return experiment === "passive" || experiment === "active";
}
