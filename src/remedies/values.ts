import { isIpLiteral, parseIpv4Strict } from "../model/address.ts";
import { shellWord } from "../model/asked-again.ts";
import type { PortRange } from "../model/evidence.ts";

/** What was observed; it goes into the remedies. Whatever does not look like what it should be is treated as unknown. */
export interface RemedyValues {
  /** Address at which clients reach the server. */
  publicAddress?: string | null;
  /** Address of IPv6 at which the server greets clients too. */
  ipv6Address?: string | null;
  /** The server's own address behind a NAT, as a 227 may have shown it. */
  insideAddress?: string | null;
  /** Control port as clients dial it. */
  controlPort: number;
  /** The server's passive range, where it is known. */
  range?: PortRange | null;
  /** The range was inferred from the ports that were offered. */
  rangeEstimated?: boolean;
  /** The system that the server runs on, where its greeting tells: files lie elsewhere. */
  system?: "debian" | "red-hat" | null;
  /** Passive ports seen in this run. */
  observedPorts?: readonly number[];
  /** Our address as the server sees it. */
  clientAddress?: string | null;
  /** Host name that clients use. */
  host?: string | null;
  /** Names in the certificate that the server shows. */
  certificateNames?: readonly string[];
  /** Login name. */
  user?: string | null;
  /** TLS under which the login goes, and not without; null or left out where it may go in clear. */
  accountTls?: "explicit" | "implicit" | null;
  /** The file with the authority that vouches for the server's certificate, as `--ca-file` named it; null where none is needed. */
  caFile?: string | null;
  /** The login is the public anonymous one. */
  anonymous?: boolean;
  /** Path in question, as clients name it: without a slash before it, it counts from where the login lands. */
  path?: string | null;
  /** The directory that the login was to land in, where the server quotes it. */
  home?: string | null;
  /** The 331 with which the server asked for the password; null where it came to none; left out where nobody looked. */
  passwordPrompt?: string | null;
  /** The server has let somebody log in without TLS; left out where nobody looked. */
  clearLogin?: boolean;
  /** Control panel that manages the server, where it shows. */
  panel?: "cpanel" | "plesk" | null;
}

/** Names that may stand in braces in a template. */
const PLACEHOLDERS = [
  "publicAddress",
  "ipv6Address",
  "noIpv6",
  "fxpDirective",
  "insideAddress",
  "controlPort",
  "dataSourcePort",
  "from",
  "to",
  "afterTo",
  "seenPorts",
  "clientAddress",
  "serverSource",
  "serverAddress",
  "serverFamily",
  "serverIptables",
  "iptables",
  "otherIptables",
  "nftFile",
  "nftSystem",
  "otherNftSystem",
  "host",
  "liveName",
  "unnamed",
  "authority",
  "ftpsAuthority",
  "curlUser",
  "curlTrust",
  "transferServer",
  "user",
  "anonymousAccount",
  "home",
  "pathsOnDisk",
  "tlsRequired",
] as const;

/** A name that may stand in braces in a template. */
export type Placeholder = (typeof PLACEHOLDERS)[number];

/** Text for each placeholder; null where it is not known. */
export type Filling = Record<Placeholder, string | null>;

/** Passive range recommended where none is known and the product has none of its own: above Linux' usual listeners, and small. */
export const RECOMMENDED_RANGE: PortRange = { from: 50000, to: 50100 };

/** The file from which nftables' own service takes its rules at the start: nftables.service of Debian, and of Red Hat. */
function nftFiles(system: NonNullable<RemedyValues["system"]> | null) {
  const debian = { name: "Debian and Ubuntu", file: "/etc/nftables.conf" };
  const redHat = { name: "Red Hat and its relatives", file: "/etc/sysconfig/nftables.conf" };
  const [here, there] = system === "debian" ? [debian, redHat] : [redHat, debian];
  return {
    nftFile: here.file,
    nftSystem: here.name,
    otherNftSystem: `on ${there.name} that is ${there.file}, so write \`nft -s list ruleset | tee ${there.file}\` there`,
  };
}

/** What passes here leaves nothing to a shell, and is no option. */
const HOST_NAME = /^(?=.{1,253}$)[A-Za-z\d](?:[A-Za-z\d.-]*[A-Za-z\d])?$/;
/** No authority makes one out for `localhost` or another name without a dot. */
const PUBLIC_NAME = /^(?=.*[A-Za-z]).*\./;
/** Stands in a path for the name of a certificate that nobody has told us. */
const UNNAMED = "NAME";

/** The texts that go into templates; `own` is the product's own default range. */
export function fillingOf(values: RemedyValues, own: PortRange = RECOMMENDED_RANGE): Filling {
  const range = validRange(values.range) ?? own;
  const server = address(values.publicAddress);
  const ipv6 = values.ipv6Address?.includes(":") ? address(values.ipv6Address) : null;
  const port = validPort(values.controlPort) ? values.controlPort : 21;
  const host = matching(values.host, HOST_NAME);
  // A host that is written as an address is no name to follow.
  const named = host !== null && /[A-Za-z]/.test(host) ? host : null;
  const certificateName =
    [named ?? "", ...(values.certificateNames ?? [])].find((name) => HOST_NAME.test(name) && PUBLIC_NAME.test(name)) ??
    null;
  const user = values.anonymous === true ? null : matching(values.user, /^[A-Za-z\d_][\w.@-]{0,63}$/);
  const home = matching(values.home, ABSOLUTE_PATH) ?? homeOf(values);
  return {
    // PASV carries IPv4 only; an IPv6 address there stops vsftpd and Pure-FTPd from answering at all.
    publicAddress: ipv4(values.publicAddress),
    ipv6Address: ipv6,
    // A listener for IPv4 alone shuts IPv6 clients out: only where there are none.
    noIpv6: ipv6 === null ? "NO" : null,
    fxpDirective: values.anonymous === true ? "AllowAnonymousFXP" : "AllowUserFXP",
    insideAddress: ipv4(values.insideAddress),
    controlPort: `${port}`,
    dataSourcePort: `${port > 1 ? port - 1 : 20}`,
    from: `${range.from}`,
    to: `${range.to}`,
    afterTo: `${range.to + 1}`,
    seenPorts: seenPorts(values.observedPorts ?? []),
    clientAddress: address(values.clientAddress),
    serverSource: server === null ? null : nftAddress(server),
    serverAddress: server,
    serverFamily: server === null ? null : server.includes(":") ? "ipv6" : "ipv4",
    serverIptables: server === null ? null : server.includes(":") ? "ip6tables" : "iptables",
    // What is closed for one family is most often closed for both; the one that was seen comes first.
    iptables: server?.includes(":") ? "ip6tables" : "iptables",
    otherIptables: server?.includes(":") ? "iptables" : "ip6tables",
    ...nftFiles(values.system ?? null),
    host: named,
    liveName: certificateName ?? UNNAMED,
    unnamed: certificateName === null ? UNNAMED : null,
    authority: authorityOf(host ?? server, port, 21),
    ftpsAuthority: authorityOf(host ?? server, port, null),
    // curl asks for the password itself, so that it stands in no command.
    curlUser: user === null || user === "anonymous" ? "" : `--user ${user} `,
    // In place of the roots that curl comes with, which is right only where they do not vouch for the server.
    curlTrust: values.caFile == null ? null : `--cacert ${shellWord(values.caFile)}`,
    transferServer: /^(s-[\da-f]{8,32})\.server\.transfer\./.exec(host ?? "")?.[1] ?? null,
    user,
    anonymousAccount: values.anonymous === true ? ANONYMOUS_ACCOUNT : null,
    home,
    pathsOnDisk: pathsOnDisk(values, home),
    // What ProFTPD demands where it demands no TLS for data: as much as before, and no more.
    tlsRequired: values.clearLogin === true ? "off" : "ctrl",
  };
}

/** The account of the system as which vsftpd, ProFTPD and Pure-FTPd serve anonymous visitors, out of its home directory. */
const ANONYMOUS_ACCOUNT = "ftp";

/** Both patterns leave nothing to a shell, and no option: a path cannot begin with a hyphen. */
const ABSOLUTE_PATH = /^\/[\w./-]{0,255}$/;
const RELATIVE_PATH = /^[\w.][\w./-]{0,254}$/;

/** The home directory in the words of a shell. */
function homeOf({ anonymous, user }: RemedyValues): string | null {
  const account = anonymous === true ? ANONYMOUS_ACCOUNT : matching(user, /^[A-Za-z_][\w.-]{0,31}$/);
  return account === null ? null : `~${account}`;
}

/**
 * Where the path may lie on the server's disk: clients name it from where the login lands, or from the directory that the
 * user is locked into, as anonymous visitors always are.
 */
function pathsOnDisk({ anonymous, path }: RemedyValues, home: string | null): string | null {
  if (path === null || path === undefined || path === "/") return home;
  const relative = matching(path, RELATIVE_PATH);
  if (relative !== null) return home === null ? null : `${home}/${relative}`;
  const absolute = matching(path, ABSOLUTE_PATH);
  if (absolute === null) return null;
  const locked = home === null ? [] : [`${home}${absolute}`];
  return (anonymous === true ? locked : [absolute, ...locked]).join(" ") || null;
}

/** Whether the values name the range that the server really uses. */
export function rangeIsKnown(values: RemedyValues): boolean {
  return validRange(values.range) !== null;
}

/** Foreign text goes into commands that people paste into a root shell: only harmless characters pass. */
function matching(text: string | null | undefined, pattern: RegExp): string | null {
  return text !== null && text !== undefined && pattern.test(text) ? text : null;
}

function ipv4(text: string | null | undefined): string | null {
  return text && parseIpv4Strict(text) !== null ? text : null;
}

function address(text: string | null | undefined): string | null {
  return text && isIpLiteral(text) ? text : null;
}

/** What stands between the slashes of an FTP URL; the port `usual` goes without saying. With ftps curl takes none as 990. */
function authorityOf(host: string | null, port: number, usual: number | null): string | null {
  if (host === null) return null;
  const name = host.includes(":") ? `[${host}]` : host;
  return port === usual ? name : `${name}:${port}`;
}

function nftAddress(literal: string): string {
  return `${literal.includes(":") ? "ip6" : "ip"} saddr ${literal}`;
}

function validPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65536;
}

function validRange(range: PortRange | null | undefined): PortRange | null {
  return range && validPort(range.from) && validPort(range.to) && range.from <= range.to ? range : null;
}

function seenPorts(ports: readonly number[]): string | null {
  const seen = [...new Set(ports.filter(validPort))].sort((a, b) => a - b);
  if (seen.length === 0) return null;
  const shown = seen.slice(0, 8).join(", ");
  return seen.length > 8 ? `${shown} and ${seen.length - 8} more` : shown;
}
