import { UsageProblem } from "./problem.ts";
import { didYouMean } from "./suggestion.ts";

/** What to say where TLS is asked for. */
export const TLS_NOT_YET =
  "TLS is not supported in this version; a probe in clear (ftp://HOST, --security none) shows all but the TLS part";

/** What to say of a password on the command line. */
export const PASSWORD_SHOWN =
  "would show the password to everybody on this machine; use --password-file, --netrc, FTP_DOCTOR_PASSWORD or the prompt";
const LATER = "is not in this version";
const PROXY = "a probe through a proxy would measure the proxy; ftp-doctor probes from this machine itself";

/** Options that people know from elsewhere, or from what is planned, and what to do instead. */
const KNOWN_ELSEWHERE: Readonly<Record<string, string>> = {
  password: `--password ${PASSWORD_SHOWN}`,
  pass: `--pass ${PASSWORD_SHOWN}`,
  p: `-p ${PASSWORD_SHOWN}`,
  proxy: `--proxy: ${PROXY}`,
  socks5: `--socks5: ${PROXY}`,
  insecure: `--insecure: ${TLS_NOT_YET}`,
  "ca-file": `--ca-file: ${TLS_NOT_YET}`,
  tls: `--tls: ${TLS_NOT_YET}`,
  ssl: `--ssl: ${TLS_NOT_YET}`,
  write: `--write ${LATER}; ftp-doctor writes nothing to the server`,
  anonymize: `--anonymize ${LATER}`,
  samples: `--samples ${LATER}; each passive mode is asked once`,
  range: `--range ${LATER}; it belongs to the command ports`,
};

/** Commands of later versions: taken for host names they would give a puzzling answer. */
export const LATER_COMMANDS: readonly string[] = ["ports", "serve", "audit"];

/**
 * The message for what yargs did not know. Values are never echoed, nor is the rest of a short option: either may be
 * a password.
 */
export function unknownArgument(
  names: readonly string[],
  argv: readonly string[],
  options: readonly string[],
): UsageProblem {
  const name = names[0] ?? "";
  const typed = argv.find((word) => word.startsWith("-") && word.replace(/^-+/, "").split("=", 1)[0] === name);
  if (typed === undefined) return new UsageProblem("too many arguments; ftp-doctor --help shows what there is");
  const short = !typed.startsWith("--");
  const key = short ? name.slice(0, 1) : name;
  const known = Object.hasOwn(KNOWN_ELSEWHERE, key) ? KNOWN_ELSEWHERE[key] : undefined;
  if (known !== undefined) return new UsageProblem(known);
  return new UsageProblem(
    `unknown option ${short ? "-" : "--"}${key}${(short ? "" : didYouMean(key, options, "--")) || "; ftp-doctor --help lists the options"}`,
  );
}
