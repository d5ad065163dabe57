import { EVIDENCE_VERSION, type Evidence } from "../model/evidence.ts";
import { REPORT_VERSION, type Report, RUN_VERSION, type Run } from "../model/report.ts";
import type { Files } from "../system/ports.ts";
import { readBuiltFile } from "./package-file.ts";
import { UsageProblem } from "./problem.ts";
import type { DocumentKind } from "./schema-check.ts";

/** A document that an earlier run wrote. */
export type Saved =
  | { kind: "Run"; document: Run }
  | { kind: "Report"; document: Report }
  | { kind: "Evidence"; document: Evidence };

/** Where each kind of document has its version, and the one that is read. */
const VERSIONS: Readonly<Record<DocumentKind, { field: string; version: number }>> = {
  Run: { field: "runVersion", version: RUN_VERSION },
  Report: { field: "reportVersion", version: REPORT_VERSION },
  Evidence: { field: "evidenceVersion", version: EVIDENCE_VERSION },
};
/** Several times the depth of any document of the tool; far less than what the recursion of those who read it can take. */
const MAX_DEPTH = 100;
/** More than this is looked at piece by piece. */
const MANY_CHARS = 4 * 1024 * 1024;
const KINDS = Object.keys(VERSIONS) as DocumentKind[];

/**
 * Reads what `--format json`, `ndjson` or `evidence` wrote: one document, or one per line. Throws `UsageProblem` for
 * a document of another version, and for one that does not follow the schema, naming the first place.
 */
export async function readSaved(path: string, files: Files): Promise<Saved[]> {
  const name = path === "-" ? "standard input" : path;
  const documents = parse(await files.read(path), name);
  const kinds = documents.map((document) => kindOf(document, name));
  const { schemaCheck } = await import("./schema-check.ts");
  const check = schemaCheck(await readBuiltFile("schema.json", files));
  return documents.map((document, index) => {
    const kind = kinds[index] ?? "Run";
    const problem = check(kind, document) ?? undated(document, kind);
    if (problem !== null) {
      const line = documents.length > 1 ? ` (line ${index + 1})` : "";
      throw new UsageProblem(`${name}${line} is no ${kind.toLowerCase()} of ftp-doctor: ${problem}`);
    }
    // The schema is made from these very types.
    return { kind, document } as Saved;
  });
}

/** The evidence in a saved document. */
export function evidenceIn(saved: Saved): Evidence[] {
  switch (saved.kind) {
    case "Run":
      return saved.document.reports.map(({ evidence }) => evidence);
    case "Report":
      return [saved.document.evidence];
    case "Evidence":
      return [saved.document];
  }
}

/** The first document without a readable date, which certificates are judged by: the schema takes any text for one. */
function undated(document: unknown, kind: DocumentKind): string | null {
  const bad = partsOf(document, kind).find(({ part }) => Number.isNaN(Date.parse(String(field(part, "startedAt")))));
  return bad === undefined ? null : `startedAt of the ${bad.of.toLowerCase()} in it is no date`;
}

function parse(text: string, name: string): unknown[] {
  const content = text.replace(/^\uFEFF/, "").trim();
  if (content === "")
    throw new UsageProblem(`${name} is empty; write a run with ftp-doctor HOST --format json --output FILE`);
  // Before anything is made of it: what megabytes of brackets become takes gigabytes.
  if (/^[{[]/.test(content) && isDeeper(content, MAX_DEPTH)) {
    throw new UsageProblem(`${name} is nested too deeply; it is nothing that ftp-doctor wrote`);
  }
  const whole = parseJson(content);
  if (whole.ok) return [whole.value];
  // Millions of lines of something else are told by the first one: all of them take gigabytes.
  const first = content.length > MANY_CHARS ? parseJson(content.slice(0, content.indexOf("\n") + 1)) : null;
  if (first?.ok === true) kindOf(first.value, name);
  const lines = content.split("\n").filter((line) => line.trim() !== "");
  const parsed = lines.map(parseJson);
  const bad = parsed.findIndex(({ ok }) => !ok);
  if (bad > 0) {
    throw new UsageProblem(
      `${name}: line ${bad + 1} is not JSON; it must be one whole document, or one on each line, as --format json, ndjson or evidence wrote it`,
    );
  }
  if (bad === 0) throw new UsageProblem(`${name} is not JSON; it must be what --format json, ndjson or evidence wrote`);
  return parsed.map((line) => (line.ok ? line.value : null));
}

function parseJson(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

/** Whether brackets outside of strings are open to more than this depth. */
function isDeeper(json: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) inString = !inString;
    else if (inString) {
      if (code === BACKSLASH) at += 1;
    } else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      depth += 1;
      if (depth > limit) return true;
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth -= 1;
  }
  return false;
}

const [QUOTE, BACKSLASH, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** Tells a run, a report and evidence apart by their version field, and refuses versions that are not known. */
function kindOf(document: unknown, name: string): DocumentKind {
  const kind = KINDS.find((candidate) => versionIn(document, candidate) !== undefined);
  if (kind === undefined) {
    throw new UsageProblem(
      `${name} is neither a run nor a report nor evidence of ftp-doctor (no runVersion, reportVersion or evidenceVersion)`,
    );
  }
  for (const { part, of } of partsOf(document, kind)) {
    const found = versionIn(part, of);
    const { field, version } = VERSIONS[of];
    if (found !== undefined && found !== version) {
      throw new UsageProblem(
        `${name} has ${field} ${JSON.stringify(found)?.slice(0, 20)}, and this ftp-doctor reads ${field} ${version}; read it with the version that wrote it`,
      );
    }
  }
  return kind;
}

/** The document and the documents in it. */
function partsOf(document: unknown, kind: DocumentKind): { part: unknown; of: DocumentKind }[] {
  const own = { part: document, of: kind };
  switch (kind) {
    case "Run": {
      const reports = field(document, "reports");
      return [own, ...(Array.isArray(reports) ? reports.flatMap((report) => partsOf(report, "Report")) : [])];
    }
    case "Report":
      return [own, { part: field(document, "evidence"), of: "Evidence" }];
    case "Evidence":
      return [own];
  }
}

function versionIn(document: unknown, kind: DocumentKind): unknown {
  return field(document, VERSIONS[kind].field);
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
