import { StringDecoder } from "node:string_decoder";
import type { Io } from "./io.ts";
import { Interrupted } from "./problem.ts";

const ENTER = new Set(["\r", "\n"]);
const CTRL_C = "\x03";
const CTRL_D = "\x04";
const CTRL_U = "\x15";
const ERASE = new Set(["\x7f", "\b"]);

/** Whether somebody is there to be asked. */
export function canPrompt(io: Io): boolean {
  return io.stdin.isTTY === true && io.stderr.isTTY === true && io.stdin.setRawMode !== undefined;
}

/**
 * Asks for a line on the terminal without showing what is typed. The question goes to stderr, so that a report can
 * still be piped. Ctrl+C and Ctrl+D on an empty line throw `Interrupted`; the terminal is always put back in order.
 */
export function promptHidden(question: string, io: Io): Promise<string> {
  const { stdin, stderr } = io;
  // Bytes, and not setEncoding(), which would stay with the stream: a character may arrive in two chunks.
  const decoder = new StringDecoder("utf8");
  let typed: string[] = [];
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      stdin.off("data", onData);
      stdin.off("end", onEnd);
      stdin.setRawMode?.(false);
      stdin.pause();
      stderr.write("\n");
      settle();
    };
    const onEnd = () => finish(() => reject(new Interrupted("the input ended")));
    const onData = (chunk: Buffer | string) => {
      for (const key of typeof chunk === "string" ? chunk : decoder.write(chunk)) {
        if (ENTER.has(key)) return finish(() => resolve(typed.join("")));
        if (key === CTRL_C || (key === CTRL_D && typed.length === 0)) {
          return finish(() => reject(new Interrupted("no password was typed")));
        }
        if (ERASE.has(key)) typed.pop();
        else if (key === CTRL_U) typed = [];
        else if (key >= " ") typed.push(key);
      }
    };
    stderr.write(question);
    stdin.setRawMode?.(true);
    stdin.on("data", onData);
    stdin.on("end", onEnd);
    stdin.resume();
  });
}
