import type { Finding, Report } from "../model/report.ts";
import { remedyLines } from "./remedy-lines.ts";
import type { Style } from "./style.ts";
import { paintSeverity, SIDE } from "./wording.ts";
import { beside, flow, labelled, type Place, wrap } from "./wrap.ts";

/** Columns of the finding's number. */
const INDENT = 3;
/** Columns of `at fault` and its like, blanks included. */
const LABEL = 11;

/** Causes that need a change, in full; then what follows from them; then what is only worth knowing. */
export function findingLines(report: Report, width: number, style: Style, verbose: boolean): string[] {
  const causes = report.findings.filter(({ role, severity }) => role === "cause" && severity !== "notice");
  const consequences = report.findings.filter(({ role }) => role === "consequence");
  const notices = report.findings.filter(({ role, severity }) => role === "cause" && severity === "notice");
  return [
    ...causes.flatMap((finding, index) => ["", ...cause(finding, index + 1, width, style, verbose)]),
    ...section("Follows from this, and goes away with it", consequences.map(brief), width, style),
    ...section(
      "Worth knowing",
      notices.map((finding) => `${finding.title} (${finding.id}, ${finding.confidence}): ${finding.summary}`),
      width,
      style,
    ),
  ];
}

/** A heading and a list under it; nothing at all where the list is empty. */
export function section(heading: string, items: readonly string[], width: number, style: Style): string[] {
  if (items.length === 0) return [];
  const place = { indent: 1, label: 2, width };
  return ["", style.strong(heading), ...items.flatMap((item) => labelled("-", item, place))];
}

function brief({ title, id }: Finding): string {
  return `${title} (${id})`;
}

function cause(finding: Finding, number: number, width: number, style: Style, verbose: boolean): string[] {
  const place: Place = { indent: INDENT, label: LABEL, width };
  const heading = beside(String(number), wrap(finding.title, width - INDENT).map(style.strong), {
    indent: 0,
    label: INDENT,
    width,
  });
  const weight = `(${finding.severity}, ${finding.confidence})`;
  const identity = flow([finding.id, weight], width - INDENT, " ").map((line) =>
    line.endsWith(weight) ? line.slice(0, -weight.length) + paintSeverity(weight, finding.severity, style) : line,
  );
  return [
    ...heading,
    ...beside("", identity, { ...place, label: 0 }),
    ...labelled("at fault", SIDE[finding.at], place),
    ...seen(finding, place),
    ...labelled("why", explained(finding), place),
    ...remedyLines(finding, place, style, verbose),
    ...finding.rivals.flatMap(({ cause: rival, title, toTellApart }) =>
      labelled(
        "or else",
        `${title === undefined ? rival : `${title} (${rival})`}\nto tell apart: ${toTellApart}`,
        place,
      ),
    ),
  ];
}

/** Lines of evidence, each beginning on a line of its own and marked as a quotation, however often it wraps. */
function seen(finding: Finding, place: Place): string[] {
  const inner = place.width - place.indent - place.label;
  const lines = finding.seen.flatMap((line) =>
    beside("|", wrap(line, inner - 2), { indent: 0, label: 2, width: inner }),
  );
  return beside("seen", lines, place);
}

/** The explanation; the summary where there is none. The verdict's sentence usually is the first finding's summary. */
function explained({ explanation, summary }: Finding): string {
  return explanation === "" ? summary : explanation;
}
