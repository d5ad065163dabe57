import type { PortRange, SweepRecord } from "../../model/evidence.ts";
import type { Finding, Verdict } from "../../model/report.ts";
import { FAMILY, listed, rangeInWords } from "../../model/words.ts";
import { decisiveLogin, type Facts } from "../facts/facts.ts";
import { countStates, disguised, type PortSurvey, portsIn, surveyOf } from "../facts/port-survey.ts";
import { sweptPorts } from "../facts/swept-ports.ts";
import { summarisePorts } from "../verdict/ports.ts";
import { REFUSING } from "../verdict/survey-verdict.ts";
import type { Undetermined } from "../verdict/verdict.ts";
import { borderInWords } from "./port-border.ts";
import { stopped, told } from "./summary.ts";

/** More are counted, not listed. */
const LISTED_AT_MOST = 4;

/** What was found out about passive ports, in a few sentences that can be forwarded. */
export function summariseSurvey(
  facts: Facts,
  findings: readonly Finding[],
  verdict: Verdict,
  reason: Undetermined | null,
): string {
  const survey = surveyOf(facts);
  const { host } = facts.evidence.target;
  const causes = findings.filter(({ role, severity }) => role === "cause" && severity !== "notice");
  const sentences =
    verdict === "undetermined"
      ? [stopped(host, reason ?? "no-offers"), survey.accepting.length > 0 || survey.unlikely ? null : told(causes)]
      : [told(causes.filter(({ id }) => REFUSING.includes(id)))];
  const believed = survey.accepting.length === 0 && !survey.unlikely;
  const here = findings.find(({ id, confidence }) => id === "pasv-client-egress-blocked" && confidence === "certain");
  const isForbidden = ({ address }: SweepRecord): boolean => [here?.args["addresses"]].flat().includes(address);
  return [
    ...sentences,
    ...(believed ? survey.sweeps.map((sweep) => sweepInWords(sweep, survey, { host, forbidden: isForbidden })) : []),
    believed && survey.doubtful.length === 0 ? occupiedInWords(facts, findings) : null,
    believed ? offersInWords(facts, survey) : null,
    // What was proven of the offers outdoes what their dials came to.
    findings.find(({ id }) => id === "pasv-port-remapped")?.summary ?? null,
    survey.doubtful.length > 0 ? (findings.find(({ id }) => id === "pasv-range-partly-open")?.summary ?? null) : null,
    onDemand(facts),
  ]
    .filter((part) => part !== null)
    .join(" ");
}

/** One sentence for one range. */
function sweepInWords(
  sweep: SweepRecord,
  survey: PortSurvey,
  { host, forbidden }: { host: string; forbidden: (sweep: SweepRecord) => boolean },
): string | null {
  const { sweeps, opened, doubtful } = survey;
  const { open, closed, filtered, rejected, untried } = countStates(sweep.intervals);
  const of = `${host}${sweeps.length > 1 ? ` over ${FAMILY[sweep.family]}` : ""}`;
  const total = portsIn(sweep.range);
  const range =
    total === 1 ? `port ${sweep.range.from}` : `the ${total} ports from ${sweep.range.from} to ${sweep.range.to}`;
  const [reached, blocked] = [open + closed, filtered + rejected];
  const rest = untried > 0 ? `; of ${untried} it could not be told` : "";
  if (untried === total) return null;
  // A firewall can send resets as well as the server.
  const isProven = closed === 0 || opened.some(({ record }) => record.address === sweep.address);
  if (total === 1) {
    if (reached === 0) return `Port ${sweep.range.from} of ${of} cannot be reached.`;
    return `Port ${sweep.range.from} of ${of} ${isProven ? "can be reached" : "answers"}.`;
  }
  if (blocked === 0 && doubtful.some(({ record }) => record.address === sweep.address)) {
    return `Of ${range} of ${of}, ${closed} are closed until they are offered, and ${open} accept connections all the time${rest}.`;
  }
  const refused = disguised(sweep, survey);
  if (blocked === 0 && refused.length > 0) {
    const whole = refused.reduce((sum, part) => sum + portsIn(part), 0) === total;
    return `${whole ? `None of ${range} of ${of} can` : `Of ${range} of ${of}, ${listed(refused.map(rangeInWords))} cannot`} be reached: a reset answers there even while the server offers the port, so it comes from something before the server${rest}.`;
  }
  if (blocked === 0) {
    const which = untried > 0 ? `${reached} of ${range}` : `All of ${range}`;
    return `${which} of ${of} ${isProven ? "can be reached" : "answer"}${rest}.`;
  }
  if (reached === 0) {
    const how =
      filtered === 0
        ? forbidden(sweep)
          ? "this machine's own system forbids it"
          : "a firewall rejects what comes there"
        : rejected === 0
          ? "nothing answers"
          : "nothing answers, or a firewall rejects";
    return `None of ${range} of ${of} can be reached: ${how}${rest}.`;
  }
  return `Of ${range} of ${of}, ${reached} can be reached and ${blocked} cannot: ${borderInWords(sweep.intervals)}${rest}.`;
}

/** Ports that FTP cannot have. */
function occupiedInWords(facts: Facts, findings: readonly Finding[]): string | null {
  const taken = (summarisePorts(facts).sweeps ?? []).flatMap((sweep) => sweep.taken ?? []);
  const ranges = [...new Set(taken.map(rangeInWords))];
  const count = taken.reduce((sum, range: PortRange) => sum + portsIn(range), 0);
  if (count === 0) return null;
  // Where the server has no port left, those are its own, held by other sessions.
  if (findings.some(({ id }) => id === "pasv-range-exhausted")) {
    return `Something listens on ${listed(ranges.slice(0, LISTED_AT_MOST))}${ranges.length > LISTED_AT_MOST ? ` and more (${count} ports)` : ""}: sessions of others, or other services.`;
  }
  const which = ranges.length <= LISTED_AT_MOST ? listed(ranges) : `${count} ports, the first of them ${ranges[0]}`;
  if (ranges.length > LISTED_AT_MOST) return `Other services listen on ${which}; FTP cannot use them.`;
  return count === 1
    ? `Another service listens on ${which}, which FTP cannot use.`
    : `Other services listen on ${which}, which FTP cannot use.`;
}

/** What the offers came to, or why there are none. */
function offersInWords(facts: Facts, { opened, doubtful, failed, sweeps }: PortSurvey): string | null {
  // A server of few ports offers one of them again and again: each counts once, and as open where it ever opened.
  const [open, taken, tried] = [[...opened, ...doubtful], doubtful, [...opened, ...doubtful, ...failed]].map(
    (offers) => new Set(offers.map(({ atPeer }) => atPeer.endpoint.port)),
  );
  const all = [...(tried ?? [])];
  const closed = all.filter((port) => !open?.has(port)).length;
  if (all.length === 0) {
    if (sweeps.length === 0) return null;
    return facts.loggedIn
      ? "The server offered no port that could be tried."
      : `No offers were asked for: ${noLogin(facts)}.${unproven(sweeps)}`;
  }
  const [min, max] = [Math.min(...all), Math.max(...all)];
  const offers =
    all.length === 1 ? `The one port offered, ${min},` : `The ${all.length} ports offered, from ${min} to ${max},`;
  const few =
    taken === undefined || taken.size === 0 ? "" : `, but ${taken.size} of them where something answers anyway`;
  if (failed.length === 0) return `${offers} opened${few}.`;
  if (closed === 0) return `${offers} opened${few}, though not in each offer.`;
  return closed === all.length
    ? `${offers} did not open.`
    : `Of ${offers.charAt(0).toLowerCase()}${offers.slice(1)} ${closed} did not open${few}.`;
}

/** What is then open. */
function unproven(sweeps: readonly SweepRecord[]): string {
  const { closed } = countStates(sweeps.flatMap(({ intervals }) => intervals));
  return closed === 0
    ? ""
    : " Without an offer that opens it is not proven that the resets which mark ports as closed are the server's own: a firewall can send them too.";
}

function noLogin(facts: Facts): string {
  const results = facts.addresses.flatMap((address) => decisiveLogin(address)?.result ?? []);
  if (results.includes("rejected")) return "the login was refused";
  return results.includes("withheld") ? "the login was not sent" : "no login came about";
}

function onDemand(facts: Facts): string | null {
  const ports = [...new Set(sweptPorts(facts).flatMap((swept) => swept.onDemand))].sort((a, b) => a - b);
  if (ports.length === 0) return null;
  return `A firewall opens a port only when it reads the offer on the control connection (${listed(ports.slice(0, LISTED_AT_MOST).map(String))} did open); under TLS it cannot read it.`;
}
