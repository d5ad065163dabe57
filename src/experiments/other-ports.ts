import { defineExperiment } from "../engine/experiment.ts";
import { FIRST_BYTES } from "../ftp/reply-stream.ts";
import { formatEndpoint } from "../model/endpoint.ts";
import type { OtherPortsRecord, PortTrial } from "../model/evidence.ts";
import { tenth } from "../model/milliseconds.ts";
import { type AddressContext, addressed, type RunContext } from "./context.ts";
import { connectWithin } from "./dial.ts";

/** Ports of an address that nobody offered. */
export interface OtherPortsContext extends Omit<AddressContext, "ordinal"> {
  /** Why they are tried. */
  purpose: OtherPortsRecord["purpose"];
  /** The ports. */
  ports: number[];
  /** Limit of each connect in milliseconds. */
  limitMs: number;
  /** How long FTP's own port is listened to where it connects; a moment, as the others, where left out. */
  patientMs?: number;
}

/** Where FTP is (who asks for implicit TLS may mean explicit), where it is moved to, and where other services answer. */
const WELL_KNOWN = [21, 22, 80, 443, 990, 2121];
/** Where a greeting may be long in coming: servers look the client's name up before it (ctl-banner-delay). */
const FTP_PORT = 21;
/** SSH, FTP and mail servers speak first, most of them within a moment; those of the web never do. */
const LISTENING_MS = 700;
/** Unlikely ports that are tried: chance may fool one or two. */
const UNLIKELY = 3;
/** From the first that is no system service's (RFC 6335 section 6). */
const FIRST_UNLIKELY = 1_024;
const LAST_PORT = 65_535;
/** About a third of the ports, and no divisor of their number: it comes to every one of them. */
const STRIDE = 21_503;
/** A port so near to a known one may be of the same range. */
const NEAR = 1_000;

/** Do ports answer that were not offered? Tried side by side, and closed at once; a well-known one may speak first. */
export const otherPorts = defineExperiment<"other-ports", OtherPortsContext, void>({
  name: "other-ports",
  blank: (context) => ({ ...addressed(context), purpose: context.purpose, tried: [] }),
  async run(context, record): Promise<void> {
    context.run.progress(`trying other ports of ${context.address}`);
    record.tried = context.ports.map((port) => ({
      endpoint: { address: context.address, port },
      outcome: "cancelled",
      code: null,
      ms: 0,
      limitMs: context.limitMs,
      firstBytes: "",
    }));
    await Promise.all(record.tried.map((trial) => tryPort(context, trial)));
  },
});

async function tryPort({ run, purpose, patientMs = 0 }: OtherPortsContext, trial: PortTrial): Promise<void> {
  const { connection, ...answer } = await connectWithin(run, trial.endpoint, trial.limitMs);
  Object.assign(trial, answer);
  if (connection === null) return;
  if (purpose === "host-alive") {
    run.progress(`listening at ${formatEndpoint(trial.endpoint)}`);
    const waitMs = trial.endpoint.port === FTP_PORT ? Math.max(LISTENING_MS, patientMs) : LISTENING_MS;
    const limit = run.clock.limit(waitMs, run.signal);
    const began = run.clock.now();
    const heard = await connection.read(limit.signal);
    limit.clear();
    if (heard.kind === "data") {
      trial.firstBytesMs = tenth(run.clock.now() - began);
      const text = Buffer.from(heard.bytes.subarray(0, FIRST_BYTES)).toString("latin1");
      trial.firstBytes = run.recorder.redact(text, true).slice(0, FIRST_BYTES);
    }
  }
  connection.close();
}

/** Ports on which nothing can be expected: begun at random, far from one another and from those that are known. */
export function unlikelyPorts(run: Pick<RunContext, "random">, known: readonly number[]): number[] {
  const count = LAST_PORT - FIRST_UNLIKELY + 1;
  const ports: number[] = [];
  for (let at = Math.floor(run.random() * count); ports.length < UNLIKELY; at += STRIDE) {
    const port = FIRST_UNLIKELY + (at % count);
    if ([...known, ...ports].every((other) => Math.abs(other - port) > NEAR)) ports.push(port);
  }
  return ports;
}

/** Ports that tell whether the host is there at all, and whether FTP is elsewhere on it. */
export function wellKnownPorts(controlPort: number): number[] {
  return WELL_KNOWN.filter((port) => port !== controlPort);
}

/** Where a server listens that swapped the two bytes of its port, or counted wrongly by one. */
export function portsNear(port: number): number[] {
  const swapped = (port & 0xff) * 256 + (port >> 8);
  const near = [swapped, port + 1, port - 1].filter((other) => other !== port && other >= 1 && other <= LAST_PORT);
  return [...new Set(near)];
}
