import { DEFAULTS } from "../../model/defaults.ts";
import type { Severity } from "../../model/report.ts";
import { duration } from "../../model/words.ts";
import { type Args, defineRule } from "../define-rule.ts";
import { controlArgsOf, cutLogins, loginSeverity } from "../facts/control-facts.ts";
import { type AddressFacts, exchangesOf, type Facts, lastReply } from "../facts/facts.ts";
import { greetingWasArriving, isCutShort, isSlowThroughout, wasArriving } from "../facts/pace.ts";
import { mendControl } from "../words/mend.ts";
import { moreTime } from "../words/next.ts";

/** From here on a delay is reported: clients give up on a greeting after 10 to 20 s, some after less. */
const SLOW_MS = 5_000;
/** Where the other answers take this long as well, the server is slow altogether. */
const SLUGGISH_MS = 1_000;

/** An answer that came late or not at all. */
interface Late {
  address: AddressFacts;
  /** `greeting`, `answer to USER`, `answer to the password`, ... */
  what: string;
  ms: number;
  /** Whether it came in the end. */
  came: boolean;
  /** Whether it had begun and bytes of it were still coming when the limit passed. */
  arriving?: boolean;
  record: string;
}

/** Greeting or PASS are answered late. */
export const ctlBannerDelay = defineRule({
  id: "ctl-banner-delay",
  title: "The server answers late",
  since: "0.1.0",
  needs: ["control", "identify", "login"],
  references: ["RFC 1413 (ident)", "https://github.com/MichaIng/DietPi/issues/3727"],
  meaning: [
    "The greeting, or the answer to the login, comes only after many seconds; afterwards everything is fast. The server waits for a look-up that gets no answer: the name of the client's address (reverse DNS), or the ident service at the client (TCP 113).",
    "Clients that wait 10 or 20 seconds fail now and then. To mend it, switch these look-ups off in the server, or give the client's address a reverse name; a client's firewall should refuse TCP 113 rather than drop it.",
    "Where an answer had begun and its bytes were still arriving when the limit passed, the server or the way to it is slow altogether: that is no fault of form, and --timeout gives it more time.",
  ].join("\n\n"),
  severity: (facts, args): Severity => {
    if (args["came"] !== false) return "warning";
    if (args["arriving"] !== true) return loginSeverity(facts);
    // Where the user chose less than our own patience, it is the limit that was too short, and clients wait longer.
    return facts.loggedIn || isShortLimit(facts) ? "warning" : "error";
  },
  judge(facts) {
    if (!facts.addresses.some((address) => address.control === "ready" || slowGreeting(address) !== null)) {
      return { kind: "undetermined", missing: "no greeting" };
    }
    const late = facts.addresses.flatMap((address) =>
      address.control === "ready"
        ? [...lateAt(address, facts), ...cutShortAt(address, facts)]
        : (slowGreeting(address) ?? []),
    );
    const worst = late.reduce<Late | null>((most, one) => (most === null || one.ms > most.ms ? one : most), null);
    if (worst === null) return { kind: "absent" };
    const sluggish = isSluggish(facts);
    const arriving = worst.arriving === true;
    return {
      kind: "present",
      confidence: arriving ? "likely" : !worst.came || sluggish ? "possible" : "likely",
      at: arriving ? "unknown" : sluggish ? "server-host" : "server-config",
      args: {
        ...controlArgsOf(late, facts),
        what: worst.what,
        seconds: Math.round(worst.ms / 1000),
        came: worst.came,
        sluggish,
        arriving,
        limit: duration(worst.ms),
      },
      because: [...new Set(late.map(({ record }) => record))],
      seen: [...new Set(late.map(seenLate))].slice(0, 3),
      rivals: arriving
        ? [
            {
              cause: "a way to the server that is narrow, or loses packets",
              toTellApart: "Is it as slow from another network, or on the server itself?",
            },
          ]
        : [
            {
              cause: "an overloaded server, or one that waits for its user database",
              toTellApart:
                "Is the delay the same every time? A look-up that times out takes a round number of seconds.",
            },
          ],
      ...(arriving ? { next: [moreTime(facts, "Whether it works where its answers are given more time.")] } : {}),
    };
  },
  describe: (args, facts) => ({
    summary:
      args["arriving"] === true
        ? `${args["host"]} answers too slowly: bytes of its ${args["what"]} were still arriving when the limit of ${args["limit"]} passed.`
        : args["came"] === false
          ? `${args["host"]} gives no ${args["what"]}, not even after ${args["seconds"]} s.`
          : `The ${args["what"]} of ${args["host"]} comes only after ${args["seconds"]} s; many clients give up before.`,
    explanation: explain(args),
    remedies:
      args["arriving"] === true
        ? mendControl(facts, args, { client: ["wait-longer"] })
        : mendControl(facts, args, { server: ["reverse-lookup"], client: ["wait-longer"] }),
  }),
});

function lateAt(address: AddressFacts, facts: Facts): Late[] {
  const control = address.controls[0];
  // A login for whose end there was no time tells of what came before.
  const login = address.logins[0] ?? cutLogins(facts).find((each) => each.address === address.address);
  const late: Late[] = [];
  if (control?.greeting && control.greeting.ms >= SLOW_MS) {
    late.push({ address, what: "greeting", ms: control.greeting.ms, came: true, record: control.id });
  }
  for (const { command, outcome, ms, replies, partial } of login?.exchanges ?? []) {
    const came = outcome === "ok";
    // No answer at all stopped the run, however short the limit was.
    if (login === undefined || (came && ms < SLOW_MS)) continue;
    // Servers delay the refusal of a wrong password on purpose.
    if (came && replies.some(({ code }) => code >= 400)) continue;
    // Half an answer is another fault than none.
    if (!came && (outcome !== "timed-out" || replies.length > 0 || partial !== undefined)) continue;
    const what = command.startsWith("PASS") ? "answer to the password" : "answer to USER";
    late.push({ address, what, ms, came, record: login.id });
  }
  return late;
}

/** Answers that were still arriving when the limit passed, or were not whole by then on a server that is slow with all others. */
function cutShortAt(address: AddressFacts, facts: Facts): Late[] {
  const slow = isSlowThroughout(address);
  return facts.evidence.experiments.flatMap((record) => {
    if (record.experiment === "resolve" || record.address !== address.address) return [];
    const early = record.experiment === "identify" || record.experiment === "login";
    return exchangesOf([record])
      .filter((exchange) => wasArriving(exchange) || (slow && early && isCutShort(exchange)))
      .map((exchange) => {
        const arriving = wasArriving(exchange);
        const verb = exchange.command.split(" ", 1)[0];
        const what = `${arriving ? "" : "whole "}answer to ${verb}`;
        return { address, what, ms: exchange.ms, came: false, arriving, record: record.id };
      });
  });
}

/** A first greeting that was still arriving when the limit passed. */
function slowGreeting(address: AddressFacts): Late | null {
  const [control] = address.controls;
  if (control === undefined || control.greeting === null || !greetingWasArriving(control)) return null;
  const { ms } = control.greeting;
  return { address, what: "greeting", ms, came: false, arriving: true, record: control.id };
}

/** What was met, in a few words. */
function seenLate({ what, ms, came, arriving }: Late): string {
  return arriving === true
    ? `${what}: still arriving after ${duration(ms)}`
    : `${what}: ${came ? "after" : "none in"} ${duration(ms)}`;
}

function isShortLimit({ evidence: { policy } }: Facts): boolean {
  return policy.timeoutGiven && policy.timeoutMs < DEFAULTS.timeoutMs;
}

/** Whether commands that need no look-up are answered slowly, too. */
function isSluggish(facts: Facts): boolean {
  const others = facts.evidence.experiments
    .filter(({ experiment }) => experiment === "identify" || experiment === "directory")
    .flatMap((record) => exchangesOf([record]))
    .filter((exchange) => lastReply(exchange) !== null);
  return others.length > 0 && others.every(({ ms }) => ms >= SLUGGISH_MS);
}

function explain(args: Args): string {
  if (args["arriving"] === true) {
    return `What came is FTP, and more of it was on its way: it was the limit (--timeout) that ended the waiting, and not the server. The server, or the way to it, is very slow; with a longer limit it may well work.`;
  }
  if (args["sluggish"] === true) {
    return "The other commands are answered slowly as well, so the server or the way to it is slow altogether; a name look-up that nobody answers comes on top, or is not involved.";
  }
  return args["came"] === false
    ? "The greeting came, and then the login was met with silence until the limit. The server may be waiting for a look-up (of our address's name, or in its user database) that nobody answers, or its process hangs."
    : "Connecting is fast, and so are the other answers; only this one is late. The server is most likely waiting for a name look-up of our address, or for an ident query, that nobody answers.";
}
