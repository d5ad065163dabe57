import { table as draw, type TableUserConfig } from "table";
import type { Report, Run } from "../model/report.ts";
import { asciiOnly } from "./ascii.ts";
import { askedLines, leftBehindWords } from "./asked-lines.ts";
import { callLines } from "./call-lines.ts";
import { clientGrid, paintClient } from "./client-rows.ts";
import { controlLines } from "./control-lines.ts";
import { visibleDeep } from "./escape.ts";
import { findingLines, section } from "./finding-lines.ts";
import { interruptionText } from "./interruption-text.ts";
import { GAP, type Grid, modeGrid } from "./mode-rows.ts";
import { portLines } from "./port-lines.ts";
import type { RenderOptions, Reporter } from "./reporter.ts";
import { changeLines, steadinessGrid, steadinessHeading } from "./steadiness-lines.ts";
import { type Style, styleFor } from "./style.ts";
import { surveyLines } from "./survey-lines.ts";
import { checkLines, transcriptLines } from "./transcript.ts";
import { paintResult, paintVerdict, targetName } from "./wording.ts";
import { labelled, wrap } from "./wrap.ts";

/** Narrower than this no text can be read; a smaller terminal wraps by itself. */
const WIDTH_AT_LEAST = 40;
/** Narrower than this the columns of a table break their words; on a smaller terminal the tables, and only they, are wider than it. */
const GRID_AT_LEAST = 60;

/** A longer target takes a second line in the overview, so that the reason keeps most of the width. */
const TARGET_AT_MOST = 30;
const OVERVIEW_HEAD = { target: "Target", verdict: "Verdict", why: "Why" };
/** Columns of the longest verdict. */
const VERDICT_WIDTH = "undetermined".length;

/** What a person sees. */
export const table: Reporter = {
  name: "table",
  render(run, options) {
    // Behind this line all text is harmless and may be printed as it stands; none of it ever has a line end.
    const reports = run.reports.map(visibleDeep);
    const style = styleFor(options.color);
    const width = Math.max(WIDTH_AT_LEAST, options.width);
    const lines = options.quiet
      ? reports.map(
          (report) => `${targetName(report.target)}  ${paintVerdict(report.verdict, style)}  ${report.summary}`,
        )
      : [
          ...reports.flatMap((report, index) => [
            ...(index === 0 ? [] : ["", style.faint("═".repeat(width)), ""]),
            ...reportLines(report, { ...options, width }, style),
          ]),
          ...overview(reports, run, width, style),
        ];
    const text = lines.map((line) => `${line}\n`).join("");
    return options.ascii === true ? asciiOnly(text) : text;
  },
};

function reportLines(report: Report, options: RenderOptions, style: Style): string[] {
  const { width } = options;
  return [
    ...heading(report, width, style),
    ...wrap(report.summary, width),
    ...interruption(report, width, style),
    ...spaced(controlLines(report, width, options.verbose)),
    ...spaced(report.modes.length === 0 ? [] : drawn(modeGrid(report, Math.max(GRID_AT_LEAST, width)), style)),
    ...spaced(portLines(report, width)),
    ...spaced(surveyLines(report, options, style)),
    ...spaced(askedLines(report, width)),
    ...section("To delete by hand", leftBehindWords(report), width, style),
    ...callLines(report, options, style),
    ...roundLines(report, width, style),
    ...findingLines(report, width, style, options.verbose),
    ...section("Until then", report.meanwhile, width, style),
    ...(options.clients ? clientLines(report, width, style) : []),
    ...nextLines(report, width, style),
    ...section("Faults of ftp-doctor itself, please report them", crashes(report), width, style),
    ...(options.verbose ? [...transcriptLines(report, width, style), ...checkLines(report.checks, width, style)] : []),
  ];
}

/** How often each mode worked, where the run was repeated. */
function roundLines(report: Report, width: number, style: Style): string[] {
  const heading = steadinessHeading(report);
  if (heading === null) return [];
  const grid = steadinessGrid(report, Math.max(GRID_AT_LEAST, width));
  const paint = (rate: string) => {
    const [works, of] = rate.split(" of ");
    return works === of ? style.good(rate) : works === "0" ? style.bad(rate) : style.warn(rate);
  };
  const drawn = grid === null ? ["   no mode was come to"] : drawGrid(grid, paint);
  return ["", style.strong(heading), "", ...drawn, ...spaced(changeLines(report, width))];
}

function spaced(lines: string[]): string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}

function heading(report: Report, width: number, style: Style): string[] {
  const name = targetName(report.target);
  const lines = wrap(name, width - report.verdict.length - 2);
  return lines.map((line, index) =>
    index === lines.length - 1 ? `${style.strong(line)}  ${paintVerdict(report.verdict, style)}` : style.strong(line),
  );
}

function interruption(report: Report, width: number, style: Style): string[] {
  const text = interruptionText(report);
  return text === null ? [] : wrap(text, width).map(style.unsure);
}

function nextLines(report: Report, width: number, style: Style): string[] {
  if (report.next.length === 0) return [];
  return [
    "",
    style.strong("Next"),
    ...report.next.flatMap(({ command, tells }) => [
      // A command is copied as it stands: it is never wrapped.
      `   ${command}`,
      ...labelled("", tells, { indent: 6, label: 0, width }),
    ]),
  ];
}

function clientLines(report: Report, width: number, style: Style): string[] {
  const clients = report.clients ?? [];
  if (clients.length === 0) {
    return section("Clients", ["No session was had, so nothing can be told about them."], width, style);
  }
  const grid = clientGrid(clients, Math.max(GRID_AT_LEAST, width));
  return [
    "",
    style.strong("Clients, with their default settings"),
    "",
    ...drawGrid(grid, (word) => paintClient(word, style)),
  ];
}

function crashes(report: Report): string[] {
  const rules = report.checks.filter(({ status }) => status === "crashed").map(({ id, note }) => ({ id, note }));
  const experiments = report.evidence.experiments.filter(({ status }) => status === "crashed");
  return [...rules, ...experiments].map(({ id, note }) => `${id}: ${note ?? "no message"}`);
}

/** Several targets: who is well and who is not, at one glance. */
function overview(reports: readonly Report[], run: Run, width: number, style: Style): string[] {
  if (reports.length < 2) return [];
  const rows = reports.map(({ target, verdict, findings, summary }) => {
    const causes = findings.filter(({ role, severity }) => role === "cause" && severity !== "notice");
    const words = causes.length === 0 ? summary : causes.map(({ title }) => title).join("; ");
    return [targetName(target), verdict, words];
  });
  const target = Math.min(
    TARGET_AT_MOST,
    Math.max(OVERVIEW_HEAD.target.length, ...rows.map(([name = ""]) => name.length)),
  );
  const widths = [target, VERDICT_WIDTH, Math.max(GRID_AT_LEAST, width) - target - VERDICT_WIDTH - 2 * GAP];
  const grid: Grid = { head: Object.values(OVERVIEW_HEAD), rows, widths, result: 1 };
  const paint = (word: string) => {
    const report = reports.find(({ verdict }) => verdict === word);
    return report === undefined ? word : paintVerdict(report.verdict, style);
  };
  const head = `${reports.length} targets, the worst is ${run.verdict}`;
  return ["", style.faint("═".repeat(width)), "", style.strong(head), "", ...drawGrid(grid, paint)];
}

function drawn(grid: Grid, style: Style): string[] {
  const results = ["works", "repaired", "blocked", "refused", "unsupported", "skipped", "inconclusive"] as const;
  return drawGrid(grid, (word) => {
    const result = results.find((each) => each === word);
    return result === undefined ? word : paintResult(result, style);
  });
}

/** Draws with one rule under the heading and blanks between the columns: the lightest frame that still guides the eye. */
function drawGrid(grid: Grid, paint: (result: string) => string): string[] {
  const cells = [grid.head, ...grid.rows].map((row, line) =>
    row.map((cell, index) => {
      const text = wrap(cell, grid.widths[index] ?? 20).join("\n");
      return line > 0 && index === grid.result ? paint(text) : text;
    }),
  );
  const last = grid.widths.length - 1;
  const config: TableUserConfig = {
    border: { joinBody: "─", joinLeft: "", joinRight: "", joinJoin: "", bodyLeft: "", bodyRight: "", bodyJoin: "" },
    columns: grid.widths.map((width, index) => ({ width, paddingLeft: 0, paddingRight: index === last ? 0 : GAP })),
    drawHorizontalLine: (index) => index === 1,
  };
  return draw(cells, config)
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
}
