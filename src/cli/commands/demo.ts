import { diagnose, probe } from "../../index.ts";
import { formatEndpoint } from "../../model/endpoint.ts";
import { failure } from "../../model/failure.ts";
import type { Report } from "../../model/report.ts";
import { parseTarget } from "../../model/target.ts";
import { table } from "../../reporters/table.ts";
import { startSimulator } from "../../simulator/simulator.ts";
import { realMachine } from "../../system/machine.ts";
import { type Machine, type Network, TIMED_OUT } from "../../system/ports.ts";
import { type Interrupts, watchInterrupts } from "../interrupt.ts";
import type { Invocation } from "../invocation.ts";
import type { Io } from "../io.ts";
import { tell, writeText } from "../output-text.ts";
import { EXIT_INTERRUPTED } from "../problem.ts";
import { openProgress } from "../progress-line.ts";
import { beginRun } from "../run.ts";
import { isAscii, wantsColor, widthOf } from "../terminal.ts";

/** One server of the demo, and what must be found out about it. */
interface Patient {
  title: string;
  /** Name of the simulator's fault; null for a healthy server. */
  fault: string | null;
  /** The cause that must be named; null where there must be none. */
  cause: string | null;
}

const PATIENTS: readonly Patient[] = [
  { title: "A healthy server", fault: null, cause: null },
  {
    title: "A server behind NAT that does not know its public address",
    fault: "private-address",
    cause: "pasv-private-address",
  },
  {
    title: "A server whose firewall drops the passive ports",
    fault: "passive-ports-silent",
    cause: "pasv-ports-filtered",
  },
  {
    title: "A server that refuses to log users in to a writable home",
    fault: "writable-chroot",
    cause: "auth-chroot-writable-root",
  },
];

/**
 * Starts a healthy and three sick servers on this machine and diagnoses them. Exit code 0 when each was recognised,
 * 3 when one was not, 130 after Ctrl+C.
 */
export async function demoCommand(asked: Extract<Invocation, { command: "demo" }>, io: Io): Promise<number> {
  const interrupts = watchInterrupts(io);
  const progress = openProgress(io, { count: PATIENTS.length, ...asked });
  try {
    await writeText(
      io.stdout,
      "Four FTP servers are started on this machine and diagnosed: one is healthy, three are sick.\n",
    );
    let recognised = true;
    // Side by side, printed in order: the sick ones take their time.
    const visits = PATIENTS.map((patient) =>
      visit(patient, interrupts, (text) => progress.update(patient.title, text)).finally(() =>
        progress.done(patient.title),
      ),
    );
    const all = await Promise.all(visits);
    progress.stop();
    for (const [index, { patient, report }] of all.entries()) {
      await writeText(io.stdout, `\n${heading(index, patient)}\n\n${print(report, io, asked.noColor)}`);
      recognised &&= isRecognised(patient, report);
    }
    if (interrupts.signal.aborted) return EXIT_INTERRUPTED;
    if (!recognised) {
      await tell(io, "ftp-doctor: not every server was recognised for what it is; please report this\n");
      return 3;
    }
    return 0;
  } finally {
    progress.stop();
    interrupts.release();
  }
}

async function visit(
  patient: Patient,
  { signal }: Interrupts,
  onProgress: (text: string) => void,
): Promise<{ patient: Patient; report: Report }> {
  const simulator = await startSimulator({
    ...realMachine,
    ...(patient.fault === null ? {} : { fault: patient.fault }),
  });
  try {
    const answer = parseTarget(formatEndpoint(simulator.endpoint));
    if (!answer.ok) throw new Error(answer.problem);
    const evidence = await probe(answer.target, { families: ["ipv4"] }, { signal, onProgress }, homebound);
    return { patient, report: diagnose(evidence) };
  } finally {
    await simulator.stop();
  }
}

/** This machine, except that connecting to any other one meets silence, as behind a firewall: the demo bothers nobody. */
const homebound: Machine = {
  ...realMachine,
  network: {
    ...realMachine.network,
    connect: (to, options) =>
      to.address.startsWith("127.") ? realMachine.network.connect(to, options) : silence(options.signal),
  },
};

function silence(signal: AbortSignal): ReturnType<Network["connect"]> {
  return new Promise((resolve) => {
    const end = () => resolve({ ok: false, failure: failure(signal.reason === TIMED_OUT ? "timed-out" : "cancelled") });
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

function isRecognised({ cause }: Patient, { verdict, findings }: Report): boolean {
  const causes = findings.filter(({ role, severity }) => role === "cause" && severity !== "notice").map(({ id }) => id);
  return cause === null ? verdict === "healthy" && causes.length === 0 : causes.includes(cause);
}

function heading(index: number, { title, fault }: Patient): string {
  const how = fault === null ? "ftp-doctor simulate" : `ftp-doctor simulate ${fault}`;
  return `--- ${index + 1} of ${PATIENTS.length}: ${title} (${how})`;
}

function print(report: Report, io: Io, noColor: boolean): string {
  return table.render(beginRun().end([report]), {
    color: wantsColor(io.stdout, io.env, noColor),
    width: widthOf(io),
    verbose: false,
    clients: false,
    quiet: false,
    ascii: isAscii(io),
  });
}
