import type { PolicyRecord } from "./evidence.ts";

/** The options without which the same probe would not ask the same again, with a blank before each; empty where none is needed. */
export function askedAgain({ required, writeDirectory }: Pick<PolicyRecord, "required" | "writeDirectory">): string {
  const require = required === null || required.length === 0 ? "" : ` --require ${required.join(",")}`;
  return `${require}${writeDirectory == null ? "" : ` --write ${shellWord(writeDirectory)}`}`;
}

/** Text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@:/.[\]%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
