import { formatEndpoint } from "../model/endpoint.ts";
import type { SessionRecord, TranscriptLine } from "../model/evidence.ts";
import type { Check, Report } from "../model/report.ts";
import { OUTCOME } from "../model/words.ts";
import type { Style } from "./style.ts";
import { labelled } from "./wrap.ts";

/** Columns of a time such as `   12.345` and the arrow behind it. */
const TIME = 9;
/** Columns of the longest status with the number of its checks, `does not apply (100)`, and two blanks. */
const STATUS_LABEL = 22;
const ARROW: Record<TranscriptLine["direction"], string> = { sent: "->", received: "<-", note: "--" };

/** What was said on every control connection. */
export function transcriptLines(report: Report, width: number, style: Style): string[] {
  const { sessions } = report.evidence;
  if (sessions.length === 0) return [];
  return [
    "",
    style.strong("Transcript"),
    ...labelled("", "seconds since the start; -> sent, <- received, -- remark", { indent: 1, label: 0, width }),
    ...sessions.flatMap((session) => ["", ...oneSession(session, width)]),
  ];
}

function oneSession(session: SessionRecord, width: number): string[] {
  const { id, address, port, protection, ended, transcript } = session;
  const end = ended === null ? "still open" : ended === "ok" ? "ended in order" : `ended: ${OUTCOME[ended]}`;
  const heading = `${id}  ${formatEndpoint({ address, port })}, ${protection === "tls" ? "TLS" : "clear text"}, ${end}`;
  return [
    ...labelled("", heading, { indent: 1, label: 0, width }),
    ...transcript.flatMap(({ atMs, direction, text }) =>
      labelled(`${(atMs / 1000).toFixed(3).padStart(TIME)} ${ARROW[direction]} `, text, {
        indent: 0,
        label: TIME + 4,
        width,
      }),
    ),
  ];
}

/** Every rule's answer: those with something to say on lines of their own, the others by name. */
export function checkLines(checks: readonly Check[], width: number, style: Style): string[] {
  if (checks.length === 0) return [];
  const groups = (Object.keys(STATUS) as Check["status"][]).flatMap((status) => {
    const group = checks.filter((check) => check.status === status);
    if (group.length === 0) return [];
    const silent = group.filter(({ note }) => note === null).map(({ id }) => id);
    const speaking = group.flatMap(({ id, note }) => (note === null ? [] : [`${id}: ${note}`]));
    const texts = silent.length === 0 ? speaking : [...speaking, silent.join(", ")];
    return texts.flatMap((text, index) =>
      labelled(index === 0 ? `${STATUS[status]} (${group.length})` : "", text, {
        indent: 1,
        label: STATUS_LABEL,
        width,
      }),
    );
  });
  return ["", style.strong("Checks"), ...groups];
}

/** Every status in words, in the order shown. */
const STATUS: Record<Check["status"], string> = {
  present: "present",
  crashed: "crashed",
  undetermined: "could not tell",
  "not-applicable": "does not apply",
  absent: "absent",
};
