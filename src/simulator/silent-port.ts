import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";

/** A TCP port that never answers a SYN, as if a firewall dropped it. */
export interface SilentPort {
  /** Its number. */
  port: number;
  /** Frees it; callers that still wait are hung up on. */
  close(): Promise<void>;
}

/** Opens a silent port on a local address. */
export type OpenSilentPort = (address: string) => Promise<SilentPort>;

/** A connect that has not succeeded after this long on the own machine is not going to. */
const SILENCE_MS = 150;
/** Callers at most needed to fill a queue of length 1; the kernel keeps one or two more than it is told. */
const MAX_CALLERS = 8;

/**
 * The worker listens and then blocks its thread, so that nobody ever accepts. Its queue once full, Linux drops further
 * SYNs (macOS too); this is the only way to a silent port that needs neither root nor a firewall.
 */
const LISTEN_AND_BLOCK = `
  const { parentPort, workerData } = require("node:worker_threads");
  const server = require("node:net").createServer();
  server.on("error", (error) => { parentPort.postMessage({ problem: error.message }); });
  server.listen({ host: workerData.address, port: 0, backlog: 1 }, () => {
    parentPort.postMessage({ port: server.address().port });
    Atomics.wait(workerData.gate, 0, 0);
    process.exit(0);
  });
`;

/** A silent port of the real network. Throws where this system cannot be silent (Windows answers with a reset). */
export async function openSilentPort(address: string): Promise<SilentPort> {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(LISTEN_AND_BLOCK, { eval: true, workerData: { address, gate } });
  const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  const callers: Socket[] = [];
  const close = async () => {
    for (const caller of callers) caller.destroy();
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    await exited;
  };
  const port = await listeningPort(worker);
  for (let n = 0; n < MAX_CALLERS; n += 1) {
    const caller = connect({ host: address, port });
    callers.push(caller);
    const outcome = await outcomeOf(caller);
    if (outcome === "silent") return { port, close };
    if (outcome === "refused") break;
  }
  await close();
  throw new Error("this system answers every connection attempt, so a silent port cannot be had without a firewall");
}

function listeningPort(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (message: { port: number } | { problem: string }) => {
      if ("port" in message) resolve(message.port);
      else reject(new Error(message.problem));
    });
  });
}

function outcomeOf(caller: Socket): Promise<"connected" | "refused" | "silent"> {
  return new Promise((resolve) => {
    caller.setTimeout(SILENCE_MS, () => {
      caller.setTimeout(0);
      resolve("silent");
    });
    // Stays for good: the system gives the silent ones up after minutes.
    caller.on("error", () => resolve("refused"));
    caller.once("connect", () => {
      caller.setTimeout(0);
      resolve("connected");
    });
  });
}
