import { evidence } from "./evidence.ts";
import { json } from "./json.ts";
import { message } from "./message.ts";
import { ndjson } from "./ndjson.ts";
import type { Reporter } from "./reporter.ts";
import { table } from "./table.ts";

export type { RenderOptions, Reporter } from "./reporter.ts";

/** The output formats by name: a new one is a file and a line here. */
const registered = { table, json, ndjson, evidence, message } satisfies Record<string, Reporter>;

/** Name of an output format. */
export type FormatName = keyof typeof registered;

/** Every output format. */
export const reporters: Record<FormatName, Reporter> = registered;

/** The names of all formats, in the same order. */
export const formatNames = Object.keys(registered) as FormatName[];
