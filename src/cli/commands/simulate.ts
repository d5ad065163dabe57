import { formatEndpoint } from "../../model/endpoint.ts";
import { wrap } from "../../reporters/wrap.ts";
import { simulatorFaults } from "../../simulator/faults/index.ts";
import { startSimulator } from "../../simulator/simulator.ts";
import { SimulatorProblem } from "../../simulator/simulator-problem.ts";
import { realClock } from "../../system/clock.ts";
import { realNetwork } from "../../system/network.ts";
import { watchInterrupts } from "../interrupt.ts";
import type { Invocation } from "../invocation.ts";
import type { Io } from "../io.ts";
import { writeText } from "../output-text.ts";
import { UsageProblem } from "../problem.ts";
import { nearest } from "../suggestion.ts";
import { widthOf } from "../terminal.ts";

/** Runs the built-in server until Ctrl+C, which is its orderly end: exit code 0. */
export async function simulateCommand(asked: Extract<Invocation, { command: "simulate" }>, io: Io): Promise<number> {
  if (asked.list) {
    await writeText(io.stdout, listOfFaults(widthOf(io)));
    return 0;
  }
  const interrupts = watchInterrupts(io);
  try {
    const simulator = await start(asked);
    try {
      const { endpoint, fault } = simulator;
      const where = formatEndpoint(endpoint);
      await writeText(
        io.stdout,
        io.stdout.isTTY
          ? `Listening on ${where}, ${fault === null ? "healthy" : `with the fault ${fault}`}; user demo, password demo, or anonymous.\n` +
              `Try: ftp-doctor ${where}\nCtrl+C ends it.\n`
          : `${JSON.stringify({ port: endpoint.port, fault, address: endpoint.address })}\n`,
      );
      await stopped(interrupts.signal);
    } finally {
      await simulator.stop();
    }
    return 0;
  } finally {
    interrupts.release();
  }
}

async function start({ faults, host, port }: Extract<Invocation, { command: "simulate" }>) {
  try {
    return await startSimulator({ network: realNetwork, clock: realClock, fault: faults, host, port });
  } catch (error) {
    if (!(error instanceof SimulatorProblem)) throw error;
    const names = simulatorFaults.map(({ name }) => name);
    const unknown = faults.map((fault) => fault.split("=", 1)[0] ?? "").find((name) => !names.includes(name));
    const near = unknown === undefined ? [] : nearest(unknown, names, 3);
    throw new UsageProblem(
      unknown === undefined
        ? error.message
        : `there is no fault ${unknown}; ${near.length > 0 ? `did you mean ${near.join(" or ")}?` : "ftp-doctor simulate --list shows them"}`,
    );
  }
}

function listOfFaults(width: number): string {
  const column = Math.max(...simulatorFaults.map(({ name }) => name.length)) + 2;
  const lines = simulatorFaults.flatMap(({ name, description, finding, value }) => {
    const notes = [
      finding === null ? null : `finding: ${finding}`,
      value === null ? null : `value, if not given: ${value}`,
    ];
    const text = [description, ...notes.filter((note) => note !== null)].join("; ");
    return wrap(text, width - column).map(
      (line, index) => (index === 0 ? name.padEnd(column) : " ".repeat(column)) + line,
    );
  });
  return `${lines.join("\n")}\n`;
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
