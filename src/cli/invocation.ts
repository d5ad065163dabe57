import type { ProbeOptions } from "../index.ts";
import type { FormatName } from "../reporters/index.ts";

/** Where a password may come from, beside the target itself. */
export interface CredentialChoices {
  /** Login name for targets that name none; null for none. */
  user: string | null;
  /** File whose first line is the password, `-` for standard input; null for none. */
  passwordFile: string | null;
  /** Look the host up in the netrc file. */
  netrc: boolean;
}

/** One report to write. */
export interface ReportDestination {
  /** Name of its format. */
  format: FormatName;
  /** File to write it to; null for standard output. */
  file: string | null;
}

/** How reports are to look and where they go. */
export interface ReportChoices {
  /** At most one of them goes to standard output. */
  destinations: ReportDestination[];
  /** Every remedy, transcript and rule. */
  verbose: boolean;
  /** One line per target, no progress. */
  quiet: boolean;
  /** Show what common clients would do. */
  clients: boolean;
  /** `--no-color` was given. */
  noColor: boolean;
  /** `--no-progress` was given. */
  noProgress: boolean;
  /** `broken`: a degraded verdict ends with exit code 0. */
  failOn: "degraded" | "broken";
}

/** What the command line asks of a probe; the credentials are found later. */
export type ProbeChoices = Omit<ProbeOptions, "user" | "password" | "security"> & {
  /** Null where the target's scheme decides. */
  security: ProbeOptions["security"] | null;
};

/** What every command that goes to the network is told. */
export interface ProbeInvocation {
  /** The servers, as they were typed. */
  targets: string[];
  /** What to do there. */
  probe: ProbeChoices;
  /** File with further root certificates; null for none. */
  caFile: string | null;
  /** Whose login to use. */
  credentials: CredentialChoices;
  /** What to write. */
  report: ReportChoices;
}

/** What the command line asks for. */
export type Invocation =
  /** Text to print as it is: help, or the version. */
  | { command: "print"; text: string }
  | ({ command: "probe" } & ProbeInvocation)
  /** The same questions of the line, with a plan for ports among the choices; one target. */
  | ({ command: "ports" } & ProbeInvocation)
  | {
      command: "watch";
      target: string;
      probe: ProbeChoices;
      /** File with further root certificates; null for none. */
      caFile: string | null;
      credentials: CredentialChoices;
      /** From the beginning of one run to that of the next, in milliseconds. */
      intervalMs: number;
      /** Runs to make; null until Ctrl+C. */
      count: number | null;
      /** `table`: a line per change; `ndjson`: a report per run. */
      format: "table" | "ndjson";
      failOn: "degraded" | "broken";
      noColor: boolean;
      noProgress: boolean;
    }
  | { command: "diagnose"; files: string[]; report: ReportChoices }
  | { command: "render"; file: string; report: ReportChoices }
  /** `id` is null for the list. */
  | { command: "explain"; id: string | null; noColor: boolean }
  /** `port` is 0 for any. */
  | { command: "simulate"; faults: string[]; list: boolean; host: string; port: number }
  | { command: "demo"; noColor: boolean; noProgress: boolean }
  | { command: "schema" };
