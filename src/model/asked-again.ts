import type { PolicyRecord } from "./evidence.ts";

/** The options without which the same probe would not ask the same again, with a blank before each; empty where none is needed. */
export function askedAgain({
  required,
  writeDirectory,
  ports,
}: Pick<PolicyRecord, "required" | "writeDirectory" | "ports">): string {
  const require = required === null || required.length === 0 ? "" : ` --require ${required.join(",")}`;
  const write = writeDirectory == null ? "" : ` --write ${shellWord(writeDirectory)}`;
  const range = ports?.range == null ? "" : ` --range ${ports.range.from}-${ports.range.to}`;
  return `${require}${write}${range}`;
}

/** The command of the tool that asked. */
export function commandAgain({ ports }: Pick<PolicyRecord, "ports">): string {
  return ports == null ? "ftp-doctor" : "ftp-doctor ports";
}

/** Text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@:/.[\]%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
