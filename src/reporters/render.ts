import type { Run } from "../model/report.ts";
import type { FormatName, RenderOptions, Reporter } from "./index.ts";

/** Each format is loaded when it is asked for: the table costs more to load than a run's JSON takes to write. */
const LOADERS: Record<FormatName, () => Promise<Reporter>> = {
  table: async () => (await import("./table.ts")).table,
  json: async () => (await import("./json.ts")).json,
  ndjson: async () => (await import("./ndjson.ts")).ndjson,
  evidence: async () => (await import("./evidence.ts")).evidence,
  message: async () => (await import("./message.ts")).message,
};

/** For a file or a mail: plain and of the usual width. */
const PLAIN: RenderOptions = { color: false, width: 80, verbose: false, quiet: false, clients: false };

/**
 * Writes a run in one of the formats of `--format`, as text ended by a newline. Options left out are those of plain
 * text in 80 columns; only the table looks at them, and the message at `ascii`. Rejects with a `RangeError` for a format that there is not.
 */
export async function render(run: Run, format: FormatName, options: Partial<RenderOptions> = {}): Promise<string> {
  if (!Object.hasOwn(LOADERS, format)) {
    throw new RangeError(`there is no format ${String(format)}; the formats are ${Object.keys(LOADERS).join(", ")}`);
  }
  return (await LOADERS[format]()).render(run, { ...PLAIN, ...options });
}
