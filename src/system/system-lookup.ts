import { execFile } from "node:child_process";
import { lookup } from "node:dns";
import { execPath } from "node:process";
import type { Family } from "../model/endpoint.ts";
import { codeOf } from "./classify.ts";

/** Prints the addresses of the name in its first argument, of the family in its second. */
const SCRIPT = `require("node:dns").lookup(process.argv[1], { family: Number(process.argv[2]), all: true }, (error, found) => {
  process.exitCode = error ? 1 : 0;
  process.stdout.write((found ?? []).map(({ address }) => address).join("\\n"));
});`;

/**
 * The addresses that the system's own lookup (getaddrinfo) has for a name; rejects where it has none. It is asked in
 * a process of its own: nothing can end the thread that waits in getaddrinfo, and libuv joins its threads even at
 * `process.exit`, so that a run which is over would hang until the system's resolver gives up. A process can be ended.
 */
export async function systemLookup(name: string, family: Family, signal: AbortSignal): Promise<string[]> {
  try {
    return await lookupApart(name, family, signal);
  } catch (error) {
    // Where no process may be started, late is better than never. An exit code is a number: that is an answer.
    if (signal.aborted || codeOf(error) === null) throw error;
    return lookupHere(name, family);
  }
}

function lookupApart(name: string, family: Family, signal: AbortSignal): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const args = ["--eval", SCRIPT, "--", name, family === "ipv4" ? "4" : "6"];
    // SIGKILL: there is nothing to tidy up.
    execFile(execPath, args, { signal, killSignal: "SIGKILL", windowsHide: true }, (error, stdout) => {
      if (error === null) resolve(stdout.split("\n").filter((line) => line !== ""));
      else reject(error);
    });
  });
}

function lookupHere(name: string, family: Family): Promise<string[]> {
  return new Promise((resolve, reject) => {
    lookup(name, { family: family === "ipv4" ? 4 : 6, all: true }, (error, entries) => {
      if (error === null) resolve(entries.map((entry) => entry.address));
      else reject(error);
    });
  });
}
