import { realFiles } from "../../system/files.ts";
import type { Io } from "../io.ts";
import { writeText } from "../output-text.ts";
import { readBuiltFile } from "../package-file.ts";

/** Prints the JSON Schema of a run, which has those of reports and evidence in it. */
export async function schemaCommand(io: Io): Promise<number> {
  await writeText(io.stdout, await readBuiltFile("schema.json", realFiles));
  return 0;
}
