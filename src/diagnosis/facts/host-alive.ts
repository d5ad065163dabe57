import { formatEndpoint } from "../../model/endpoint.ts";
import type { PortTrial } from "../../model/evidence.ts";
import { duration } from "../../model/words.ts";
import type { AddressFacts } from "./facts.ts";
import { serviceOf } from "./other-services.ts";
import { dialled, quoteLine } from "./quote.ts";

/** From here on it is worth a word how long a greeting took. */
const LATE_MS = 1_000;

/** What the host's other ports said where its control port does not answer. */
export interface HostAlive {
  /** Every port tried that came to an outcome. */
  tried: PortTrial[];
  /** Those on which something answered, if only with a refusal: the host is up. */
  answering: PortTrial[];
  /** Those on which an FTP server greeted. */
  ftp: PortTrial[];
  /** Ids of the records. */
  records: string[];
}

/** What is known of the host's other ports; null where none was tried. */
export function hostAliveAt({ otherPorts }: AddressFacts): HostAlive | null {
  const made = otherPorts.filter(({ purpose }) => purpose === "host-alive");
  const tried = made.flatMap(({ tried: trials }) =>
    trials.filter(({ outcome }) => outcome !== "cancelled" && outcome !== "local-error"),
  );
  if (tried.length === 0) return null;
  return {
    tried,
    answering: tried.filter(({ outcome }) => outcome === "connected" || outcome === "refused"),
    ftp: tried.filter(({ firstBytes }) => greetsLikeFtp(firstBytes)),
    records: made.map(({ id }) => id),
  };
}

function greetsLikeFtp(firstBytes: string): boolean {
  return /^220[ -]/.test(firstBytes) && serviceOf(firstBytes) === null;
}

/** The trials as `seen`: those that say most first. */
export function seenAlive({ tried, answering, ftp }: HostAlive): string[] {
  const telling = ftp.length > 0 ? ftp : answering.length > 0 ? answering : tried;
  return telling.slice(0, 2).map((trial) => {
    if (!ftp.includes(trial)) return `${formatEndpoint(trial.endpoint)} ${dialled(trial)}`;
    const { firstBytes, firstBytesMs = 0 } = trial;
    const late = firstBytesMs >= LATE_MS ? `, greeted after ${duration(firstBytesMs)}` : "";
    return `${formatEndpoint(trial.endpoint)} ${dialled(trial)}${late}: ${quoteLine(firstBytes.split(/\r?\n/, 1)[0] ?? "")}`;
  });
}

/** The ports of these trials, each once. */
export function portsOf(trials: readonly PortTrial[]): number[] {
  return [...new Set(trials.map(({ endpoint }) => endpoint.port))];
}
