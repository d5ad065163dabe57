import type { AddressSet, Habits, ModeStep, Setback } from "../../clients/index.ts";
import type { AddressClass } from "../../model/address.ts";
import type { ActiveRecord } from "../../model/evidence.ts";
import type { Outcome } from "../../model/failure.ts";
import type { Mode, Protection } from "../../model/mode.ts";
import { carriesData } from "../../model/mode-result.ts";
import { type AddressFacts, type Facts, lastReply } from "../facts/facts.ts";
import type { PassiveAttempt } from "../facts/passive-facts.ts";
import { dataUnlikeOurs, loginCourse } from "./client-tls.ts";

/** How a client with certain habits would fare. */
export interface Course {
  /** Whether a transfer comes about. */
  outcome: "works" | "fails" | "unknown";
  /** The mode in the end; null unless it works. */
  mode: Mode | null;
  /** Something had to fail by silence first, or a reply was slow. */
  waits: boolean;
  /** What happens, in order, as parts of a sentence about the client. */
  tale: string[];
}

/** What one mode comes to for a client. */
type Turn =
  | { kind: "works"; words: string }
  | { kind: "fails"; words: string }
  | { kind: "unknown"; words: string }
  | { kind: "setback"; setback: Setback; waits: boolean; words: string };

/** From here on a wait is told of; people and scripts notice it. */
const SLOW_MS = 5_000;

/** Follows a client from the connection to the listing, in what was seen. */
export function courseOf(habits: Habits, facts: Facts): Course {
  const tale: string[] = [];
  let waits = false;
  const end = (outcome: Course["outcome"], words: string): Course => ({
    outcome,
    mode: null,
    waits,
    tale: [...tale, words],
  });
  const addresses = inOrder(habits, facts);
  if (addresses.length === 0) return end("fails", "speaks IPv4 alone, and the host has no IPv4 address");
  for (const [index, address] of addresses.entries()) {
    const last = index === addresses.length - 1;
    switch (address.control) {
      case "ready": {
        const course = atAddress(habits, address, facts);
        return { ...course, waits: waits || course.waits, tale: [...tale, ...course.tale] };
      }
      case "refused":
      case "unreachable":
      case "timed-out": {
        const silent = address.control === "timed-out";
        const words = `tries ${address.address}, which ${silent ? "does not answer" : "cannot be reached"}`;
        if (last || habits.addresses === "first-only") return end("fails", words);
        if (habits.addresses === "unknown") return end("unknown", `${words}; whether it tries the next is not known`);
        tale.push(words);
        waits ||= silent && habits.addresses === "one-by-one";
        break;
      }
      case null:
      case "cancelled":
        return end("unknown", `would try ${address.address}, which this run did not finish`);
      case "reset":
      case "closed":
      case "silent":
      case "not-ftp":
      case "rejected":
        if (last) return end("fails", `tries ${address.address}, where no session can be had`);
        return end("unknown", `tries ${address.address}, where no session can be had; whether it goes on is not known`);
    }
  }
  return end("fails", "finds no address that answers");
}

/** The addresses in the order in which the client tries them. */
function inOrder(habits: Habits, facts: Facts): AddressFacts[] {
  const first = habits.prefers === "ipv4" ? "ipv4" : "ipv6";
  return facts.addresses
    .filter(({ family }) => family === "ipv4" || habits.ipv6 !== null)
    .sort((a, b) => Number(b.family === first) - Number(a.family === first));
}

/** What a client does once it is connected. */
function atAddress(habits: Habits, address: AddressFacts, facts: Facts): Course {
  const slowest = slowestReplyMs(address);
  const waits = slowest >= SLOW_MS;
  if (habits.replyLimitMs !== null && slowest > habits.replyLimitMs) {
    const limit = `${habits.replyLimitMs / 1000} s`;
    return { outcome: "fails", mode: null, waits, tale: [`gives up after ${limit} without a reply`] };
  }
  const login = loginCourse(habits, address, facts);
  if (login.kind !== "logged-in") return { outcome: login.kind, mode: null, waits, tale: [login.words] };
  const { protection } = login;
  const before = login.words === null ? [] : [login.words];
  const steps = address.family === "ipv4" ? habits.ipv4 : habits.ipv6;
  if (steps === "unknown") {
    const words = "connects over IPv6, and how it moves files there is not known";
    return { outcome: "unknown", mode: null, waits, tale: [...before, words] };
  }
  const listsPassive = address.identify?.features?.some((feature) => /^PASV$/i.test(feature.trim())) === true;
  const staysPassive = habits.staysPassiveWhereListed === true && listsPassive;
  const unlike = protection === "tls" ? dataUnlikeOurs(habits, address) : null;
  const course = walk(steps ?? [], { ...habits, staysPassive }, waits, (mode) => {
    const came = turn(mode, habits, address, protection, facts);
    if (came.kind !== "works" || unlike === null) return came;
    return { kind: unlike.kind, words: `${came.words.replace(/, which works$/, "")}; then ${unlike.words}` };
  });
  return { ...course, tale: [...before, ...course.tale] };
}

/** How a client goes from one mode to the next. */
interface Gait extends Pick<Habits, "pausesBeforeActive"> {
  /** It stays with passive mode when a data connection cannot be opened. */
  staysPassive: boolean;
}

function walk(steps: readonly ModeStep[], gait: Gait, slow: boolean, turnOf: (mode: Mode) => Turn): Course {
  const tale: string[] = [];
  let waits = slow;
  const left = new Map(steps.map((step) => [step.mode, step]));
  let step = steps[0];
  while (step !== undefined) {
    left.delete(step.mode);
    const { mode } = step;
    const came = turnOf(mode);
    tale.push(came.words);
    if (came.kind !== "setback") {
      return { outcome: came.kind, mode: came.kind === "works" ? mode : null, waits, tale };
    }
    const next = step.next[came.setback];
    // What a client does with an answer of the wrong kind is only known where its policy says so.
    if (next === undefined && came.setback === "wrong-answer") return { outcome: "unknown", mode: null, waits, tale };
    waits ||= came.waits;
    step = next === undefined ? undefined : left.get(next);
    if (step === undefined || isPassive(step.mode)) continue;
    if (gait.staysPassive && isDial(came.setback)) {
      tale.push("does not try active mode, because the server lists PASV among its features");
      step = undefined;
    } else if (gait.pausesBeforeActive === true) {
      tale.push("logs in again after a pause");
      waits = true;
    }
  }
  return { outcome: "fails", mode: null, waits, tale };
}

function isPassive(mode: Mode): boolean {
  return mode === "epsv" || mode === "pasv";
}

function isDial(setback: Setback): boolean {
  return setback === "dial-failed" || setback === "replaced-dial-failed";
}

function slowestReplyMs({ controls, logins }: AddressFacts): number {
  const replies = logins[0]?.exchanges.map(({ ms }) => ms) ?? [];
  return Math.max(0, controls[0]?.greeting?.ms ?? 0, ...replies);
}

function turn(mode: Mode, habits: Habits, address: AddressFacts, protection: Protection, facts: Facts): Turn {
  const row = facts.rows.find(
    (each) => each.mode === mode && each.protection === protection && each.address === address.address,
  );
  const asks = isPassive(mode) ? `asks for ${mode.toUpperCase()}` : activeWords(mode);
  if (row === undefined || row.result === "skipped") {
    return { kind: "unknown", words: `${asks}, which this run did not try` };
  }
  const passive = facts.passive.find(({ record }) => record.id === row.record);
  if (passive !== undefined) return passiveTurn(passive, habits, asks);
  const active = facts.active.find(({ record }) => record.id === row.record);
  if (active === undefined) return { kind: "unknown", words: `${asks}, which this run did not finish` };
  return activeTurn(active.record, row.result === "works", habits, facts, asks);
}

function activeWords(mode: Mode): string {
  return `uses active mode (${mode.toUpperCase()})`;
}

function passiveTurn(attempt: PassiveAttempt, habits: Habits, asks: string): Turn {
  const { record, summary, advertised, named, namesPeer } = attempt;
  const early = answered(record.offer?.exchange ?? null, asks);
  if (early !== null) return early;
  const reply = lastReply(record.offer?.exchange ?? null);
  const code = reply?.code;
  if (record.mode === "pasv" && habits.readsFirstLineOnly === true && !/\d,\d/.test(reply?.lines[0] ?? "")) {
    return { kind: "fails", words: `${asks}, and does not find the address, which is not in the answer's first line` };
  }
  if (record.mode === "epsv" && code !== 229) {
    return { kind: "setback", setback: "wrong-answer", waits: false, words: `${asks}, which gets the answer ${code}` };
  }
  if (advertised === null || named === null) {
    return { kind: "setback", setback: "unreadable", waits: false, words: `${asks}, and cannot read the answer` };
  }
  if (!namesPeer && habits.unsureOf.includes(named.class)) {
    return { kind: "unknown", words: `${asks}, and what it does with ${advertised.address} is not known` };
  }
  if (!namesPeer && habits.refusesOtherAddress === true) {
    return {
      kind: "fails",
      words: `${asks}, and refuses the answer because it names another address (${advertised.address}) than the server's`,
    };
  }
  const replaced =
    !namesPeer &&
    habits.replaces.some((rule) => within(named.class, rule.named) && within(attempt.peer.class, rule.peer));
  const target = replaced ? record.address : advertised.address;
  const to = namesPeer
    ? `port ${advertised.port}`
    : replaced
      ? `port ${advertised.port} of the server's own address in place of ${advertised.address}`
      : `${advertised.address}, as the answer says`;
  const dial = replaced ? attempt.atPeer : attempt.atAdvertised;
  if (dial === null || summary.result === "inconclusive") {
    return { kind: "unknown", words: `${asks} and connects to ${to}, which this run did not finish` };
  }
  if (dial.outcome !== "connected") {
    return {
      kind: "setback",
      setback: replaced ? "replaced-dial-failed" : "dial-failed",
      waits: dial.outcome === "timed-out",
      words: `${asks} and connects to ${to}, which ${dialWords(dial.outcome)}`,
    };
  }
  if (carriesData(summary.result)) {
    return { kind: "works", words: namesPeer ? `${asks}, which works` : `${asks} and connects to ${to}, which works` };
  }
  if (record.transfer?.over?.address === target) {
    return { kind: "fails", words: `${asks} and connects to ${to}, but no complete listing comes` };
  }
  return { kind: "unknown", words: `${asks} and connects to ${to}, over which this run moved nothing` };
}

function activeTurn(record: ActiveRecord, works: boolean, habits: Habits, facts: Facts, asks: string): Turn {
  const { activeAddress, activePorts } = facts.evidence.policy;
  if (activeAddress !== null || activePorts !== null) {
    return { kind: "unknown", words: `${asks}, where it would offer another address or port than this run did` };
  }
  if (record.exchange === null || record.accept?.outcome === "cancelled") {
    return { kind: "unknown", words: `${asks}, which this run did not finish` };
  }
  const early = answered(record.exchange, asks);
  if (early !== null) return early;
  if (works) return { kind: "works", words: `${asks}, which works` };
  if (record.accept === null) return { kind: "unknown", words: `${asks}, which this run did not finish` };
  if (record.accept.outcome === "connected") {
    return { kind: "fails", words: `${asks}; the server's call arrives, but no complete listing comes` };
  }
  if (record.strangers.length > 0) {
    const call = `${asks}, and the call comes from another address than the server's`;
    switch (habits.callers) {
      case "server-only":
        return { kind: "fails", words: `${call}, so it hangs up` };
      case "anybody":
        return { kind: "works", words: `${call}, which it takes` };
      case undefined:
        return { kind: "unknown", words: `${call}; whether it takes it is not known` };
    }
  }
  return { kind: "fails", words: `${asks}, but the server's call does not arrive` };
}

/** What there is to say where the mode's command was not accepted; null where it was. */
function answered(exchange: ActiveRecord["exchange"], asks: string): Turn | null {
  if (exchange === null || exchange.outcome === "cancelled") {
    return { kind: "unknown", words: `${asks}, which this run did not finish` };
  }
  if (exchange.outcome === "timed-out") return { kind: "fails", words: `${asks}, and gets no answer` };
  const code = lastReply(exchange)?.code;
  if (code === undefined) return { kind: "fails", words: `${asks}, and the connection breaks` };
  if (code >= 200 && code < 300) return null;
  return {
    kind: "setback",
    setback: code >= 400 && code < 500 ? "refused-4xx" : "refused-5xx",
    waits: false,
    words: `${asks}, which the server refuses (${code})`,
  };
}

function dialWords(outcome: Outcome): string {
  switch (outcome) {
    case "timed-out":
      return "does not answer";
    case "refused":
      return "is closed";
    default:
      return "cannot be reached";
  }
}

function within(kind: AddressClass, set: AddressSet): boolean {
  if (set === "any") return true;
  return "in" in set ? set.in.includes(kind) : !set.notIn.includes(kind);
}
