import { FileProblem } from "../system/ports.ts";
import type { Io } from "./io.ts";
import { oneLine } from "./one-line.ts";
import { Interrupted, UsageProblem } from "./problem.ts";

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
