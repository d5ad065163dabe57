import { isIpLiteral } from "../../model/address.ts";
import { askedAgain, commandAgain, rootsAgain, shellWord, trustedAgain } from "../../model/asked-again.ts";
import type { Evidence, PortRange, TargetRecord } from "../../model/evidence.ts";
import type { NextStep } from "../../model/report.ts";
import type { Args, Present } from "../define-rule.ts";
import { lacksRootAlone } from "../facts/certificate-facts.ts";
import { cutLogins } from "../facts/control-facts.ts";
import type { Facts } from "../facts/facts.ts";
import { type ControlHandshake, failedHandshakes } from "../facts/tls-control.ts";
import type { Undetermined } from "../verdict/verdict.ts";

/** More than this nobody does. */
const AT_MOST = 4;

/**
 * The next measurements worth making: what would lift a stop first, then what goes on from this command, then what the findings ask
 * for, each command once.
 */
export function nextSteps(
  facts: Facts,
  present: readonly Present[],
  { reason, first }: { reason: Undetermined | null; first: readonly NextStep[] },
): NextStep[] {
  const lifting = unblock(facts, reason);
  const found = [...first, ...present.flatMap((judgement) => judgement.next ?? [])];
  // Who has just answered TLS with silence or rubbish is looked at before a password goes there in clear.
  const suspect = reason === "withheld" && failedHandshakes(facts).length > 0;
  const steps = suspect ? [...eachOnce(found).slice(0, AT_MOST - lifting.length), ...lifting] : [...lifting, ...found];
  return eachOnce(steps).slice(0, AT_MOST);
}

function eachOnce(steps: readonly NextStep[]): NextStep[] {
  return steps.filter((step, index) => steps.findIndex(({ command }) => command === step.command) === index);
}

/** More than clients wait. */
export const PATIENT_S = 120;

function unblock(facts: Facts, reason: Undetermined | null): NextStep[] {
  switch (reason) {
    case "anonymous-refused":
      return [
        {
          command: `${again(facts)} --user NAME`,
          tells: "With a login that the server accepts, all four modes can be tried.",
        },
      ];
    case "withheld":
      if (withheldUnderTls(facts)) {
        return [
          {
            command: `${again(facts)} --insecure`,
            tells: `Sends the password over TLS although nobody vouches for who is at its other end; then all four modes can be tried.${lacksRootAlone(facts) ? " With --ca-file FILE instead, the certificate of an authority of your own counts." : ""}`,
          },
        ];
      }
      return [
        ...underTls(facts),
        {
          command: `${again(facts)} --allow-cleartext`,
          tells:
            "Sends the password unprotected although the server offers TLS, or did not say whether it does; then all four modes can be tried.",
        },
      ];
    case "required-unfinished":
      return [moreTime(facts, "Whether the transfers come to an end where they are given more time.")];
    case "interrupted":
      return [{ command: again(facts), tells: "The whole answer, if it is let run to its end." }];
    case "not-reached":
      return facts.evidence.complete && cutLogins(facts).length > 0
        ? [
            {
              command: `${again(facts)} --timeout ${PATIENT_S}`,
              tells: "Whether the login comes to an end where it is given more time than a quick verdict leaves it.",
            },
          ]
        : [];
    // The finding names the command.
    case "tls-demanded":
    case "no-network":
    case "no-resolver":
    case "required-untested":
    case "accepts-all":
    case "answered-anyway":
    case "sweep-unfinished":
    case "silence-doubted":
    case "no-offers":
    case null:
      return [];
  }
}

/** Where TLS was ruled out and the password stayed here for that, the better way is to let it go under TLS. */
function underTls({ evidence: { target, policy } }: Facts): NextStep[] {
  if (target.security !== "none") return [];
  return [
    {
      command: `${commandAgain(policy)} ${targetAndLogin(target)}${trustedAgain(policy)}${askedAgain(policy)}`,
      tells: "Without --security none the password goes under TLS, where the server has it.",
    },
  ];
}

/** Whether TLS was had and the login stayed here for its certificate: in clear it need not go then. */
function withheldUnderTls({ evidence }: Facts): boolean {
  return evidence.experiments.some(
    (record) => record.experiment === "login" && record.result === "withheld" && record.protection === "tls",
  );
}

/** The same probe with more patience. */
export function moreTime(facts: Facts, tells: string): NextStep {
  return { command: `${again(facts)} --timeout ${PATIENT_S}`, tells };
}

/** The same probe from elsewhere. */
export function probeElsewhere(facts: Facts): NextStep {
  return {
    command: again(facts),
    tells:
      "Run it from another network: if it fails there too, the fault is on the server's side; if not, on this one.",
  };
}

/** The same probe under another name of the host. */
export function probeHost(facts: Facts, host: string): string {
  const { port, security } = facts.evidence.target;
  const scheme = security === "implicit" ? "ftps://" : security === "explicit" ? "ftpes://" : "";
  const usual = security === "implicit" ? 990 : 21;
  return `ftp-doctor ${scheme}${host}${port === usual ? "" : `:${port}`}${withoutTls(security)}${loginElsewhere(facts)}`;
}

/** The same target with another kind of TLS, or with none asked for (`ftp`). */
export function targetAs({ evidence }: Facts, scheme: "ftps" | "ftpes" | "ftp"): string {
  const { host, port } = evidence.target;
  const name = host.includes(":") ? `[${host}]` : host;
  return `${scheme}://${name}${port === (scheme === "ftps" ? 990 : 21) ? "" : `:${port}`}`;
}

/** The same probe with another kind of TLS, or with none asked for (`ftp`). */
export function probeAs(facts: Facts, scheme: "ftps" | "ftpes" | "ftp"): string {
  return `ftp-doctor ${targetAs(facts, scheme)}${loginElsewhere(facts)}`;
}

/** The same probe with another kind of TLS, or whatever is offered (null), on the port that is usual for it. */
export function probeUsual(facts: Facts, scheme: "ftps" | null): string {
  const { host } = facts.evidence.target;
  const name = host.includes(":") && scheme !== null ? `[${host}]` : host;
  return `ftp-doctor ${scheme === null ? "" : `${scheme}://`}${name}${loginElsewhere(facts)}`;
}

/** The same target on another port of the host, where an FTP server greeted in clear. */
export function targetOnPort({ evidence }: Facts, port: number): string {
  const { host, security } = evidence.target;
  const name = host.includes(":") ? `[${host}]` : host;
  // Who asked for TLS is not to send a password without it; and what greets in clear can begin it by AUTH alone.
  const scheme = security === "implicit" || security === "explicit" ? "ftpes://" : "";
  return `${scheme}${name}${port === 21 ? "" : `:${port}`}`;
}

/** The same probe of another port of the host, where an FTP server was met. */
export function probePort(facts: Facts, port: number): NextStep {
  return {
    command: `ftp-doctor ${targetOnPort(facts, port)}${withoutTls(facts.evidence.target.security)}${loginElsewhere(facts)}`,
    tells: `An FTP server greets on port ${port}: whether it is the one that is meant, and works.`,
  };
}

/** The login for another door, and the roots to trust there; what lets a password go unprotected was said of this one alone. */
function loginElsewhere({ evidence: { target, policy } }: Facts): string {
  return `${loginOption(target.user)}${rootsAgain(policy)}`;
}

/** No scheme says it. */
function withoutTls(security: TargetRecord["security"]): string {
  return security === "none" ? " --security none" : "";
}

/** The user's name as an option, where a shell takes it as it stands. */
function loginOption(user: string | null): string {
  return user !== null && /^[\w.@-]+$/.test(user) ? ` --user ${user}` : "";
}

/** OpenSSL's own client shows a handshake in full. */
export function watchHandshake(made: ControlHandshake, facts: Facts): NextStep {
  return {
    command: `openssl s_client ${opensslTarget(made, facts)} -state`,
    tells: "How far the handshake gets with another TLS library, and which certificate the server sends.",
  };
}

/** OpenSSL's own client shows the chain. */
export function showCertificates(made: ControlHandshake, facts: Facts): NextStep {
  return {
    command: `openssl s_client -showcerts ${opensslTarget(made, facts)}`,
    tells: "The certificates that the server sends, in order: the one for its name first, then who signed it.",
  };
}

/** Where OpenSSL's client is to connect, and which name it is to ask for: a server may have a certificate for each. */
function opensslTarget({ secure, address: { address } }: ControlHandshake, { evidence: { target } }: Facts): string {
  const starttls = secure.how === "explicit" ? "-starttls ftp " : "";
  const at = address.includes(":") ? `[${address}]` : address;
  const name = isIpLiteral(target.host) ? "" : ` -servername ${shellWord(target.host)}`;
  return `${starttls}-connect ${at}:${target.port}${name}`;
}

/** Watching the passive ports on the server itself. */
export function watchPort(args: Args): NextStep {
  return {
    command: `tcpdump -ni any '${portFilter(Array.isArray(args["ports"]) ? args["ports"].map(Number) : [], args["swept"])}'`,
    tells:
      "Run it on the server during a probe: no packet means that a device before the host stops them; a packet without an answer means the host's own firewall.",
  };
}

/** The shortest filter that shows little else: one or two ports by name, more of them as a range; the range swept where they lie in it. */
function portFilter(ports: readonly number[], swept: Args[string] | undefined): string {
  const [from = 0, to = from] = typeof swept === "string" ? swept.split("-").map(Number) : [];
  if (from > 0 && ports.every((port) => port >= from && port <= to)) {
    return from === to ? `tcp port ${from}` : `tcp portrange ${from}-${to}`;
  }
  const [low = 0, high = low] = [Math.min(...ports), Math.max(...ports)];
  if (low === high) return `tcp port ${low}`;
  return ports.length === 2 && high - low > 1 ? `tcp port ${low} or tcp port ${high}` : `tcp portrange ${low}-${high}`;
}

/** The target as it was given, and beside it whom to trust and the kind of TLS, where that was given so. */
function sameTarget({ target, policy }: Evidence): string {
  const { input, security } = target;
  // The scheme says it, or nothing was said.
  const told = security === "auto" || /^ftpe?s:/i.test(input);
  return `${targetAndLogin(target)}${trustedAgain(policy)}${told ? "" : ` --security ${security}`}`;
}

/** The target as it was given, and the login where that was given beside it. */
function targetAndLogin({ input, user }: TargetRecord): string {
  return `${shellWord(input)}${input.includes("@") ? "" : loginOption(user)}`;
}

/** The command line of this run. */
export function again({ evidence }: Facts): string {
  const { policy } = evidence;
  return `${commandAgain(policy)} ${sameTarget(evidence)}${askedAgain(policy)}`;
}

/** The command line of an ordinary probe of this target. */
export function probeAgain({ evidence }: Facts): string {
  return `ftp-doctor ${sameTarget(evidence)}${askedAgain({ ...evidence.policy, ports: null })}`;
}

/** The command line that maps the ports of this target and sweeps a range: known, or letters for somebody to fill in. */
export function sweepOf({ evidence }: Facts, range: PortRange | "A-B"): string {
  return `ftp-doctor ports ${sameTarget(evidence)} --range ${range === "A-B" ? range : `${range.from}-${range.to}`}`;
}
