import { sameSide } from "../model/address.ts";
import { askedAgain, commandAgain } from "../model/asked-again.ts";
import type { Evidence, LadderRecord } from "../model/evidence.ts";
import type { Finding, Remedy, Report, Side } from "../model/report.ts";
import { listed } from "../model/words.ts";
import { asciiOnly } from "./ascii.ts";
import { leftBehindWords } from "./asked-lines.ts";
import { visibleDeep } from "./escape.ts";
import { remedySteps } from "./remedy-lines.ts";
import type { Reporter } from "./reporter.ts";
import { targetName } from "./wording.ts";
import { wrap } from "./wrap.ts";

/** Columns of a mail's lines. */
const WIDTH = 72;
/** Remedies told where the server's product is not known. */
const GUESSES = 2;
/** The reader is elsewhere: where a finding speaks of this side, that must be told. */
const SPEAKS_OF_HERE = /\bthis (?:machine|side)\b|\b(?:from|between|of|reaches) here\b/i;
const HERE = "“Here” and “this machine” mean the client.";
/** What stands for the login name. */
const NAMELESS = "LOGIN";

/** Who a message is for. */
type Addressee = "server" | "server-network" | "client-network" | "client";

const TO: Record<Addressee, { name: string; acts: readonly Remedy["who"][] }> = {
  server: { name: "the administrator of the FTP server", acts: ["server-admin"] },
  "server-network": {
    name: "the administrator of the firewall or router in front of the FTP server",
    acts: ["firewall-admin", "server-admin"],
  },
  "client-network": {
    name: "the administrator of the firewall or router of the client's network",
    acts: ["firewall-admin", "client-user"],
  },
  client: { name: "the user of the FTP client", acts: ["client-user"] },
};

/** Plain text to forward to whoever must change something: one message for each of them, none where nothing is wrong. */
export const message: Reporter = {
  name: "message",
  render(run, { ascii }) {
    // Behind this line all text is harmless and may be printed as it stands; none of it ever has a line end.
    const texts = run.reports.map(visibleDeep).flatMap((report) => messages(withoutLogin(report)));
    const text = texts.map((lines) => lines.map((line) => `${line}\n`).join("")).join(`\n${"=".repeat(WIDTH)}\n\n`);
    return ascii === true ? asciiOnly(text) : text;
  },
};

function messages(report: Report): string[][] {
  const causes = report.findings.filter(({ role, severity }) => role === "cause" && severity !== "notice");
  if (causes.length === 0) {
    const words =
      report.verdict === "healthy"
        ? "FTP works from here, there is nothing to report to anybody."
        : `there is no fault to report to anybody. ${report.summary}`;
    return [[`${targetName(report.target)}: ${words}`, ...leftBehind(report)]];
  }
  const addressees = [...new Set(causes.map(addresseeOf))];
  // Whoever has the server at hand deletes a file of ours; where nobody of them is written to, the first passes it on.
  const keeper = addressees.includes("server") ? "server" : addressees[0];
  return addressees.map((to) =>
    oneMessage(
      to,
      causes.filter((cause) => addresseeOf(cause) === to),
      report,
      to === keeper ? leftBehind(report) : [],
    ),
  );
}

/** The side at fault, but where only the server's administrator can mend what a device before the server does, that one. */
function addresseeOf({ at, remedies }: Finding): Addressee {
  const side = sideOf(at);
  const who = remedies.map((remedy) => remedy.who);
  return side === "server-network" && !who.includes("firewall-admin") && who.includes("server-admin") ? "server" : side;
}

function sideOf(at: Side): Addressee {
  switch (at) {
    case "dns":
    case "server-config":
    case "server-host":
    case "credentials":
    case "tls":
    case "unknown":
      return "server";
    case "server-firewall":
    case "server-nat":
    case "middlebox":
    case "path":
      return "server-network";
    case "client-firewall":
    case "client-nat":
      return "client-network";
    case "client":
      return "client";
  }
}

/** What of ours is to be deleted on the server; none where nothing is. */
function leftBehind(report: Report): string[] {
  const words = leftBehindWords(report);
  return words.length === 0 ? [] : ["", "To delete by hand:", ...words.flatMap((each) => wrap(each, WIDTH))];
}

function oneMessage(to: Addressee, causes: readonly Finding[], report: Report, more: readonly string[]): string[] {
  const name = targetName(report.target);
  const [first] = causes;
  const body = causes.flatMap((cause, index) => [
    "",
    ...causeLines(cause, to, causes.length > 1 ? index + 1 : null, report),
  ]);
  const others = causes.length > 1 ? ` (and ${causes.length - 1} more)` : "";
  return [
    // A subject is one line, however long.
    `Subject: FTP at ${name}: ${first?.title ?? ""}${others}`,
    "",
    ...wrap(`To ${TO[to].name}`, WIDTH),
    "",
    ...wrap(introduction(report) + (SPEAKS_OF_HERE.test(body.join(" ")) ? ` ${HERE}` : ""), WIDTH),
    ...body,
    ...more,
    "",
    "To check afterwards, from where it failed:",
    `    ${verification(report, rightTarget(causes))}`,
  ];
}

/** Where, when, and seen from whom. */
function introduction({ target, control, startedAt, evidence }: Report): string {
  const addresses = [...new Set(control.map(({ address }) => address))].filter((address) => address !== target.host);
  const at = addresses.length === 0 ? "" : ` (${addresses.join(", ")})`;
  const [day = "", time = ""] = startedAt.split("T");
  const from = vantage(evidence);
  return (
    `FTP at ${target.host}${at}, port ${target.port}, was tried on ${day} at ${time.slice(0, 5)} UTC` +
    `${from === "" ? "" : ` from ${from}`}. This is what does not work, how it shows, and what mends it.`
  );
}

/** The client's address as the server sees it, where that is known; behind a NAT it may only be the client's own. */
function vantage({ experiments, client }: Report["evidence"]): string {
  const told = experiments.flatMap((record) =>
    record.experiment === "active"
      ? (record.exchange?.replies ?? []).flatMap(
          ({ lines }) => /\(only to ([\da-f.:]+)\)/i.exec(lines.join(" "))?.[1] ?? [],
        )
      : [],
  )[0];
  if (told !== undefined) return `${told} (as the server sees it)`;
  const ends = experiments.flatMap((record) =>
    record.experiment === "control" && record.local !== null
      ? [{ own: record.local.address, peer: record.address }]
      : [],
  );
  if (ends.length === 0) return client.addresses[0] ?? "";
  // A private address on the way to a public one is translated, and the server sees the NAT's.
  const words = ends.map(({ own, peer }) =>
    sameSide(own, peer) ? own : `${own} (its address inside its own network; the server sees another)`,
  );
  return [...new Set(words)].join(" and ");
}

function causeLines(cause: Finding, to: Addressee, number: number | null, report: Report): string[] {
  const { shown, others } = remediesFor(cause, to, report);
  return [
    ...wrap(`${number === null ? "" : `${number}. `}${cause.title}`, WIDTH),
    ...wrap(cause.summary, WIDTH),
    ...(cause.seen.length === 0 ? [] : ["", "What was seen:", ...cause.seen.flatMap(quotedLines)]),
    ...doubt(cause),
    ...shown.flatMap((remedy, index) => ["", ...remedyText(remedy, index === 0 ? "What to change" : "Or")]),
    ...(others.length === 0 ? [] : ["", ...wrap(`The same is known for ${listed(others)}: please ask.`, WIDTH)]),
  ];
}

/** A line of evidence as a quotation, as mails mark it. */
function quotedLines(line: string): string[] {
  return wrap(line, WIDTH - 2).map((part) => `> ${part}`);
}

function doubt({ confidence, rivals }: Finding): string[] {
  if (confidence === "certain") return [];
  const [rival] = rivals;
  const other =
    rival === undefined ? "" : ` It could also be: ${rival.title ?? rival.cause}. To tell apart: ${rival.toTellApart}`;
  return ["", ...wrap(`This is ${confidence}, not certain.${other}`, WIDTH)];
}

/** The first remedy for the addressee; some more where the product, and so the right one, is not known. */
function remediesFor({ remedies }: Finding, to: Addressee, { control }: Report): { shown: Remedy[]; others: string[] } {
  const [main = remedies] = TO[to].acts
    .map((who) => remedies.filter((remedy) => remedy.who === who))
    .filter(({ length }) => length > 0);
  // That the server is recognised tells nothing of the firewall.
  const known = main[0]?.who === "server-admin" && control.some(({ product }) => product !== null);
  const shown = main.slice(0, known ? 1 : GUESSES);
  const names = new Set(main.map(({ product }) => product));
  for (const { product } of shown) names.delete(product);
  names.delete("any");
  return { shown, others: known ? [] : [...names] };
}

function remedyText(remedy: Remedy, label: string): string[] {
  const product = remedy.product === "any" ? "" : ` (${remedy.product})`;
  return [
    // A line that began with > would look like a quotation.
    ...wrap(`${label}${product}: ${remedy.text}`.replaceAll(" > ", " / "), WIDTH),
    // Lines to be copied are never wrapped.
    ...remedySteps(remedy).flatMap(({ words, lines }) => [`  ${words}:`, ...lines.map((line) => `    ${line}`)]),
  ];
}

/** Where the client is to go in place of what was asked for, by the first cause that knows; null where the target is right. */
function rightTarget(causes: readonly Finding[]): string | null {
  const told = causes.map(({ args }) => args["rightTarget"]).find((each) => typeof each === "string");
  return told ?? null;
}

/** The same question, or what failed would not be tried at all; asked of `instead`, where the fault is what was asked. */
function verification({ target, evidence }: Report, instead: string | null): string {
  const none = instead === null && target.security === "none" ? " --security none" : "";
  return `${commandAgain(evidence.policy)} ${target.user === null ? "" : `--user ${NAMELESS} `}${instead ?? again(target)}${none}${askedAgain(evidence.policy)}`;
}

/** The target, with the kind of TLS that was asked for: a server of implicit TLS says nothing to a probe in clear. */
function again(target: Report["target"]): string {
  const { host, port, security } = target;
  if (security !== "implicit" && security !== "explicit") return targetName(target);
  const [scheme, usual] = security === "implicit" ? ["ftps", 990] : ["ftpes", 21];
  const name = host.includes(":") ? `[${host}]` : host;
  return `${scheme}://${name}${port === usual ? "" : `:${port}`}`;
}

/**
 * The same report without the login name, wherever a reply, a summary or a command repeats it: a message leaves the house.
 * As a part of a longer word or of a host's name it is no login name.
 */
function withoutLogin(report: Report): Report {
  const { user } = report.target;
  if (user === null || user === "") return report;
  const pattern = new RegExp(`(?<![\\w.-])${user.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w-]|\\.\\w)`, "giu");
  return {
    ...report,
    summary: report.summary.replace(pattern, NAMELESS),
    findings: report.findings.map((finding) => deepReplace(finding, pattern) as Finding),
    evidence: {
      ...report.evidence,
      policy: deepReplace(report.evidence.policy, pattern) as Evidence["policy"],
      experiments: report.evidence.experiments.map((record) =>
        record.experiment === "ladder" ? (deepReplace(record, pattern) as LadderRecord) : record,
      ),
    },
  };
}

function deepReplace(value: unknown, pattern: RegExp): unknown {
  if (typeof value === "string") return value.replace(pattern, NAMELESS);
  if (Array.isArray(value)) return value.map((each) => deepReplace(each, pattern));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deepReplace(inner, pattern)]));
}
