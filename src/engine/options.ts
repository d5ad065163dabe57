import { DEFAULTS } from "../model/defaults.ts";
import type { Family } from "../model/endpoint.ts";
import type { PolicyRecord, PortRange, PortsPlan, Requirement } from "../model/evidence.ts";
import { MODES, type Mode, type Security } from "../model/mode.ts";
import type { Secret } from "../model/secret.ts";

/** Everything a run may be told. */
export interface ProbeOptions {
  /** Modes to try. */
  modes: Mode[];
  /** Address families to probe. */
  families: Family[];
  /** What must work, replacing the default; null for the default. */
  required: Requirement[] | null;
  /** Login name; null for an anonymous login. */
  user: string | null;
  /** Its password; null for an anonymous login. */
  password: Secret | null;
  /** How the control connection is to be secured. */
  security: Security;
  /** Send real credentials over TLS whose certificate could not be verified. */
  insecure: boolean;
  /** Certificates in PEM that count as roots beside those that come with Node; null for those alone. */
  extraRoots: string[] | null;
  /** The file that they came from, as the commands that a report shows are to name it; null where there is none. */
  caFile: string | null;
  /** Send real credentials in clear although TLS is offered. */
  allowCleartext: boolean;
  /** Limit of one step in milliseconds. */
  timeoutMs: number;
  /** Whether the user set `timeoutMs`. */
  timeoutGiven: boolean;
  /** Limit of the whole run in milliseconds; null for none. */
  deadlineMs: number | null;
  /** Address to put into PORT and EPRT; null for the local one. */
  activeAddress: string | null;
  /** Local ports to listen on for active mode; null for any. */
  activePorts: PortRange | null;
  /** Local address of the control and data connections; null for the system's choice. */
  sourceAddress: string | null;
  /** Addresses to use for a host name instead of asking DNS. */
  resolve: Record<string, string[]>;
  /** Control connections open at once per address. */
  maxSessions: number;
  /** Login attempts per address. */
  maxLogins: number;
  /** Passive offers to make per passive mode, also where nothing failed; null for some, and only after a failure. */
  samples: number | null;
  /** Directory on the server in which the upload ladder may write and delete; null for no upload. */
  writeDirectory: string | null;
  /** How long to leave a control connection idle, in seconds; null for no hold. */
  holdSeconds: number | null;
  /** Try everything about TLS, also where nothing failed. */
  tlsMatrix: boolean;
  /** Take a session back to clear text after a login under TLS (CCC), to see whether it goes on. */
  ccc: boolean;
  /** Rounds in all: the questions about data channels are asked again so often, less one. */
  repeat: number;
  /** Our own ports that the server is to be let call, in place of trying the modes; null for an ordinary run. */
  calledAt: PortRange | null;
  /** Time between the beginnings of two rounds, in milliseconds. */
  intervalMs: number;
  /** Find out about passive ports, in place of all other questions; null for an ordinary probe. */
  ports: PortsPlan | null;
}

/** What an ordinary run does. */
export const defaultOptions: ProbeOptions = {
  modes: [...MODES],
  families: ["ipv4", "ipv6"],
  required: null,
  user: null,
  password: null,
  security: "auto",
  insecure: false,
  extraRoots: null,
  caFile: null,
  allowCleartext: false,
  timeoutMs: DEFAULTS.timeoutMs,
  timeoutGiven: false,
  deadlineMs: null,
  activeAddress: null,
  activePorts: null,
  sourceAddress: null,
  resolve: {},
  maxSessions: DEFAULTS.maxSessions,
  maxLogins: DEFAULTS.maxLogins,
  samples: null,
  writeDirectory: null,
  holdSeconds: null,
  tlsMatrix: false,
  ccc: false,
  repeat: 1,
  calledAt: null,
  intervalMs: DEFAULTS.intervalMs,
  ports: null,
};

/** The part of the options that judgement needs; holds no secret. */
export function policyOf(options: ProbeOptions): PolicyRecord {
  return {
    modes: options.modes,
    families: options.families,
    required: options.required,
    credentials: options.user === null ? "anonymous" : "given",
    insecure: options.insecure,
    caFile: options.caFile,
    allowCleartext: options.allowCleartext,
    timeoutMs: options.timeoutMs,
    timeoutGiven: options.timeoutGiven,
    deadlineMs: options.deadlineMs,
    activeAddress: options.activeAddress,
    activePorts: options.activePorts,
    maxSessions: options.maxSessions,
    maxLogins: options.maxLogins,
    samples: options.samples,
    writeDirectory: options.writeDirectory,
    holdSeconds: options.holdSeconds,
    tlsMatrix: options.tlsMatrix,
    ccc: options.ccc,
    repeat: options.repeat,
    intervalMs: options.intervalMs,
    ports: options.ports,
    calledAt: options.calledAt,
  };
}
