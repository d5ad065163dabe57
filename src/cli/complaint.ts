import { FileProblem } from "../system/ports.ts";
import type { Io } from "./io.ts";
import { oneLine } from "./one-line.ts";
import { tell } from "./output-text.ts";
import { EXIT_INTERRUPTED, EXIT_USAGE, Interrupted, UsageProblem } from "./problem.ts";

/** Says on stderr what went wrong and answers with the exit code. */
export async function complain(thrown: unknown, io: Io): Promise<number> {
  await tell(io, complaint(thrown, io.env));
  return thrown instanceof Interrupted ? EXIT_INTERRUPTED : EXIT_USAGE;
}

/** What is printed of something thrown: one line; of a bug the stack too, where FTP_DOCTOR_DEBUG asks for it. */
export function complaint(thrown: unknown, env: Io["env"]): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof UsageProblem || thrown instanceof FileProblem || thrown instanceof Interrupted) {
    return `ftp-doctor: ${oneLine(message)}\n`;
  }
  const line = `ftp-doctor: ${oneLine(`a bug of ftp-doctor: ${message}`)} (FTP_DOCTOR_DEBUG=1 shows where)\n`;
  if (!env["FTP_DOCTOR_DEBUG"] || !(thrown instanceof Error)) return line;
  return `${line}${(thrown.stack ?? "").split("\n").map(oneLine).join("\n")}\n`;
}
