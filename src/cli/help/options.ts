import type { Options } from "yargs";
import { DEFAULTS } from "../../model/defaults.ts";

const text = (group: string, describe: string): Options => ({ type: "string", requiresArg: true, group, describe });
const several = (group: string, describe: string): Options => ({ ...text(group, describe), array: true });
const flag = (group: string, describe: string): Options => ({ type: "boolean", group, describe });

const LOGIN = "Login:";
const TRIES = "What to try:";
const LIMITS = "Limits:";
const NETWORK = "Network:";
const REPORT = "Report:";

/** Of every command that writes reports. */
export const reportOptions: Record<string, Options> = {
  format: text(REPORT, "table, json, ndjson, evidence or message (a text to forward); default table"),
  output: text(REPORT, "write the report to this file instead of standard output"),
  report: several(REPORT, "NAME=FILE: also write the report in format NAME to FILE; may be repeated"),
  verbose: flag(
    REPORT,
    "add every remedy in full, the chain of certificates, the transcript of every session and every rule's answer",
  ),
  clients: flag(REPORT, "add what common FTP clients would do with this server"),
  quiet: flag(REPORT, "one line per target, no progress"),
  "no-color": flag(REPORT, "no colour; NO_COLOR and FORCE_COLOR are honoured"),
};

/** Of every command that judges. */
export const failOn: Record<string, Options> = {
  "fail-on": text(REPORT, "degraded or broken: from where on the exit code is not 0; default degraded"),
};

/** Of every command that takes its time. */
export const noProgress: Record<string, Options> = {
  "no-progress": flag(REPORT, "no progress on standard error"),
};

const loginOptions: Record<string, Options> = {
  user: text(LOGIN, "login name for targets that name none; anonymous without it"),
  "password-file": text(LOGIN, "file whose first line is the password, - for standard input"),
  netrc: flag(LOGIN, "look login and password up in ~/.netrc, or in the file that NETRC names"),
  "allow-cleartext": flag(LOGIN, "send real credentials in clear although the server offers TLS"),
  insecure: flag(LOGIN, "send real credentials over TLS whose certificate cannot be verified"),
};

const connectOptions: Record<string, Options> = {
  security: text(
    TRIES,
    "auto, explicit, implicit or none: how to secure the connections; default auto, TLS where offered",
  ),
  "ca-file": text(TRIES, "file with further root certificates in PEM"),
  family: text(TRIES, "auto, 4 or 6: addresses to probe; default auto"),
};

const limitOptions: Record<string, Options> = {
  timeout: text(LIMITS, "seconds that one step may take; default 10"),
  deadline: text(LIMITS, "seconds that the whole run may take; default none"),
  "max-logins": text(LIMITS, "login attempts per address; default 5"),
};

const networkOptions: Record<string, Options> = {
  "source-address": text(NETWORK, "local address to connect from"),
  resolve: several(NETWORK, "HOST:ADDRESS: use this address instead of asking DNS; may be repeated"),
};

/** Of `probe`. */
export const probeOptions: Record<string, Options> = {
  ...loginOptions,
  ...connectOptions,
  modes: text(TRIES, "data channel modes to try; default epsv,pasv,eprt,port"),
  require: text(
    TRIES,
    "what must work: epsv, pasv, eprt, port, passive, active, tls, ipv6, upload; default is one passive mode",
  ),
  samples: text(TRIES, "passive ports to ask for in each mode; default some, and only where one failed"),
  write: text(TRIES, "directory on the server in which to write files of up to 1 MB and delete them; default none"),
  hold: text(TRIES, "seconds to leave a control connection idle, to see whether it survives; default none"),
  "tls-matrix": flag(
    TRIES,
    "try everything about TLS (versions, resumption, PROT C, downloads), also where nothing failed",
  ),
  ccc: flag(TRIES, "after a login under TLS, go back to a control connection in clear (CCC) and list once"),
  repeat: text(
    TRIES,
    "rounds in all, 2 to 100: tries the modes again on fresh connections and counts how often each works; the first round is an ordinary run (two control connections and logins at a healthy address), every further one costs one of each per address and protection",
  ),
  interval: text(
    TRIES,
    "seconds from one round to the next; default 5; at servers whose firewall bans after five connections in five minutes take 150",
  ),
  ...limitOptions,
  "max-sessions": text(LIMITS, "control connections open at once per address; default 2"),
  "active-address": text(NETWORK, "address to put into PORT and EPRT instead of the local one"),
  "active-ports": text(NETWORK, "A-B: local ports to listen on for active modes; default any"),
  ...networkOptions,
  ...reportOptions,
  ...failOn,
  ...noProgress,
};

/** Of `ports`: what it does not ask has no option there. */
export const portsOptions: Record<string, Options> = {
  range: text(TRIES, "A-B: the server's passive range; every port of it is tried. Without it, only offers tell"),
  samples: text(TRIES, "passive ports to ask for in each mode, default 12; of --active-ports so many, default 32"),
  "active-ports": text(
    TRIES,
    "A-B: local ports that the server is let call one by one (active mode); one that no call reaches costs a control connection and a login, so only --max-logins of those are tried",
  ),
  "active-address": text(NETWORK, "address to let the server call instead of the local one"),
  modes: text(TRIES, "passive modes to ask for offers; default epsv,pasv"),
  ...connectOptions,
  rate: text(LIMITS, `ports to try in a second, or max for no limit; default ${DEFAULTS.sweepRate}`),
  concurrency: text(LIMITS, "ports to try at a time; default as many as the rate needs"),
  ...limitOptions,
  ...loginOptions,
  ...networkOptions,
  ...reportOptions,
  ...failOn,
  ...noProgress,
};

/** What a watch has no use for: follow-ups that take long or write, and reports in files. */
const NOT_WATCHED = [
  ...["samples", "write", "hold", "tls-matrix", "ccc", "repeat", "interval"],
  ...["format", "output", "report", "verbose", "clients", "quiet"],
];
/** Of `watch`. */
export const watchOptions: Record<string, Options> = {
  interval: text(
    TRIES,
    "seconds from one run to the next, at least 10; default 300: hosting firewalls ban after five connections in five minutes, and a run makes two",
  ),
  count: text(TRIES, "runs to make; default until Ctrl+C"),
  format: text(REPORT, "table (a line per change) or ndjson (a report per run); default table"),
  ...Object.fromEntries(Object.entries(probeOptions).filter(([name]) => !NOT_WATCHED.includes(name))),
};
