import { sideOf } from "../../model/address.ts";
import type { NextStep, Rival } from "../../model/report.ts";
import { rangeInWords } from "../../model/words.ts";
import type { Facts } from "../facts/facts.ts";
import type { DialledAttempt } from "../facts/passive-ports.ts";
import { sweepOf } from "./next.ts";

/** Servers of Unix whose host may rely on the FTP helper of the Linux kernel. */
const ON_LINUX: readonly string[] = ["vsftpd", "ProFTPD", "Pure-FTPd", "pyftpdlib", "inetutils ftpd"];
/** A range that somebody has chosen is hardly ever wider; systems give out ports from ranges of 16,000 and more. */
const WIDE = 8000;

/** What else may close every passive port, told apart by a look at the server or by another probe; the likelier ones first. */
export function closedPortRivals(
  attempts: readonly DialledAttempt[],
  facts: Facts,
  seen: "silence" | "a refusal",
): Rival[] {
  return [
    ...otherControlPort(attempts, facts),
    ...anyPort(attempts, facts),
    ...helperMissing(attempts, facts),
    ...(attempts.length > 0 && attempts.every(({ record }) => record.protection === "tls") ? helperBlind(facts) : []),
    clientEgress(facts, seen),
  ];
}

/** The client's own egress filter, which looks the same from here. */
export function clientEgress(facts: Facts, seen: "silence" | "a refusal"): Rival {
  const { host } = facts.evidence.target;
  return {
    cause: "pasv-client-egress-blocked",
    toTellApart: `Probe ${host} from another network, or another FTP server from here: ${seen} for every server means the filter is on this side.`,
  };
}

/** A firewall's helper reads FTP on port 21 alone. */
function otherControlPort(attempts: readonly DialledAttempt[], facts: Facts): Rival[] {
  const { port } = facts.evidence.target;
  if (port === 21 || attempts.some(({ record }) => record.protection === "tls")) return [];
  return [
    {
      cause: "pasv-nonstandard-control-port",
      toTellApart: `The server was reached on port ${port}, and firewalls follow FTP on port 21 alone. Let the server listen on 21 as well for a test: if passive mode works there, the firewall's FTP helper must be told of port ${port}.`,
    },
  ];
}

/** Ports from all over the system's own range: the server's setting is not in use. */
function anyPort(attempts: readonly DialledAttempt[], facts: Facts): Rival[] {
  const ports = attempts.map(({ atPeer }) => atPeer.endpoint.port);
  const [from, to] = [Math.min(...ports), Math.max(...ports)];
  if (to - from < WIDE) return [];
  const exhausted = attempts.some(({ record }) => productOf(record.address, facts) === "ProFTPD");
  return [
    {
      cause: "pasv-port-out-of-range",
      toTellApart: `The ports offered lie between ${from} and ${to}, far apart: if the server's configuration names a smaller range, it is not read (a typing error, a restart that is due).`,
    },
    ...(exhausted
      ? [
          {
            cause: "pasv-range-exhausted",
            toTellApart:
              'ProFTPD takes any port when its own are used up: its log then says "unable to find open port in PassivePorts range".',
          },
        ]
      : []),
  ];
}

/** Linux' helper opens data ports, where it is loaded and told which connections to read. */
function helperMissing(attempts: readonly DialledAttempt[], facts: Facts): Rival[] {
  const onLinux = attempts.some(({ record }) => ON_LINUX.includes(productOf(record.address, facts) ?? ""));
  if (!onLinux || attempts.every(({ record }) => record.protection === "tls")) return [];
  return [
    {
      cause: "pasv-conntrack-helper-missing",
      toTellApart:
        'From outside it looks the same. On the server and on a Linux router before it: "lsmod | grep nf_conntrack_ftp; nft list ruleset | grep helper; conntrack -L expect" while a session has been given a passive port. Where the rules rely on related connections and no helper or expectation shows, it is missing.',
    },
  ];
}

/**
 * A helper that opens ports and rewrites addresses in clear would be blind here; where clear text was measured too, the
 * comparison has told.
 */
export function helperBlind(facts: Facts): Rival[] {
  if (facts.attempts.some(({ record }) => record.protection === "clear" && record.status === "done")) return [];
  return [
    {
      cause: "data-tls-alg-blind",
      toTellApart:
        "Only TLS was measured. Probe in clear text as well, with a login that may be seen (--security none --allow-cleartext), or with --ccc: if data connections work there, a firewall opens them by reading along.",
    },
  ];
}

/** A NAT that forwards the control port alone. */
export function notForwarded(facts: Facts): Rival {
  return {
    cause: "pasv-ports-not-forwarded",
    toTellApart: `On the router or container host in front of ${facts.evidence.target.host}, if there is one: is the passive range forwarded to the server, with the same numbers?`,
  };
}

/** A router or container host that forwards the passive ports with other numbers. */
export function otherNumbers(facts: Facts): Rival {
  const searched = facts.addresses.flatMap(({ remaps }) => remaps.map(({ range }) => rangeInWords(range)));
  const prove =
    searched.length === 0
      ? `If they are not, "${sweepOf(facts, "A-B")}" proves it, where A-B are the numbers of the outside.`
      : `Of ${searched[0]} none led to the server while a port was offered; with other numbers of the outside the same command may find them.`;
  return {
    cause: "pasv-port-remapped",
    toTellApart: `On the router or container host: are the passive ports forwarded with the same numbers on both sides? ${prove}`,
  };
}

/** The command that shows whether a container host forwards ports, and with which numbers. */
export const showForwards: NextStep = {
  command: "nft list ruleset | grep -E 'dnat|redirect'",
  tells:
    "Run it on the router or container host before the server (docker: docker ps --format '{{.Ports}}'): the passive ports must stand there with the same numbers on both sides.",
};

/** Whether a NAT before the server has shown itself: it was reached at a public address and names one of its own network. */
export function natShown(address: string, facts: Facts): string | null {
  if (sideOf(address) !== "public") return null;
  const inside = facts.passive.find(
    ({ record, named, namesPeer }) =>
      record.address === address && named !== null && !namesPeer && sideOf(named.address) === "inside",
  );
  return inside?.advertised?.address ?? null;
}

function productOf(address: string, facts: Facts): string | null {
  return facts.addresses.find((at) => at.address === address)?.product?.name ?? null;
}
