import { DEFAULTS } from "./defaults.ts";
import type { PolicyRecord } from "./evidence.ts";

/** The options without which the same probe would not ask the same again, with a blank before each; empty where none is needed. */
export function askedAgain({
  required,
  writeDirectory,
  ports,
  calledAt,
  repeat = 1,
  intervalMs = DEFAULTS.intervalMs,
}: Pick<PolicyRecord, "required" | "writeDirectory" | "ports" | "calledAt" | "repeat" | "intervalMs">): string {
  const require = required === null || required.length === 0 ? "" : ` --require ${required.join(",")}`;
  const write = writeDirectory == null ? "" : ` --write ${shellWord(writeDirectory)}`;
  const range = ports?.range == null ? "" : ` --range ${ports.range.from}-${ports.range.to}`;
  const called = calledAt == null ? "" : ` --active-ports ${calledAt.from}-${calledAt.to}`;
  const interval = intervalMs === DEFAULTS.intervalMs ? "" : ` --interval ${intervalMs / 1_000}`;
  const rounds = repeat === 1 ? "" : ` --repeat ${repeat}${interval}`;
  return `${require}${write}${range}${called}${rounds}`;
}

/** The option that brings the same root certificates, with a blank before it; empty where there were no further ones. */
export function rootsAgain({ caFile }: Pick<PolicyRecord, "caFile">): string {
  return caFile == null ? "" : ` --ca-file ${shellWord(caFile)}`;
}

/** The options that let a password go the same way as before, with a blank before each. */
export function trustedAgain({
  insecure = false,
  allowCleartext,
  caFile = null,
}: Pick<PolicyRecord, "insecure" | "allowCleartext" | "caFile">): string {
  return `${rootsAgain({ caFile })}${insecure ? " --insecure" : ""}${allowCleartext ? " --allow-cleartext" : ""}`;
}

/** The command of the tool that asked. */
export function commandAgain({ ports, calledAt }: Pick<PolicyRecord, "ports" | "calledAt">): string {
  return ports == null && calledAt == null ? "ftp-doctor" : "ftp-doctor ports";
}

/** Text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@:/.[\]%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
