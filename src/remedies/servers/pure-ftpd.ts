import { type RemedyTable, type RemedyTemplate, type SettingStyle, serverRemedy, settingsIn } from "../template.ts";
import { pureFtpdTls, pureFtpdTlsEverywhere } from "../tls/pure-ftpd.ts";
import { containerChange } from "./container-image.ts";
import { PATH_OF_THE_CLIENT, SELINUX, SHOW_PATH } from "./paths.ts";
import type { ServerSetUp } from "./set-up.ts";
import { FOREIGN_DATA_PEER, TLS_OPTIONAL } from "./warnings.ts";

/** How one packaging of Pure-FTPd writes, forgets and applies a setting. */
interface Packaging {
  set: SettingStyle;
  forget: (directive: string) => string;
  apply: readonly string[];
  note: readonly string[];
}

const own: Packaging = {
  set: settingsIn("/etc/pure-ftpd/pure-ftpd.conf", " "),
  forget: (directive) => `sed -i.bak '/^${directive}[[:space:]]/d' /etc/pure-ftpd/pure-ftpd.conf`,
  apply: ["systemctl restart pure-ftpd"],
  note: ["Some packages keep the file in /etc/pure-ftpd.conf."],
};

/** Debian's start script reads one file per option and never pure-ftpd.conf. */
const debian: Packaging = {
  set: (directive, value) => ({ file: `/etc/pure-ftpd/conf/${directive}`, directive, value, line: value }),
  forget: (directive) => `mv /etc/pure-ftpd/conf/${directive} /etc/pure-ftpd/${directive}.bak`,
  apply: ["systemctl restart pure-ftpd"],
  note: ["Debian and Ubuntu keep each option in a file of its own that holds the value alone."],
};

function remediesOf({ set, forget, apply, note }: Packaging): RemedyTable {
  const setting = (text: string[], ...pairs: [directive: string, value: string][]): readonly RemedyTemplate[] => [
    serverRemedy([...text, ...note], { config: pairs.map((pair) => set(...pair)), commands: apply }),
  ];
  return {
    ...pureFtpdTls(set, apply, note),
    "advertised-address": setting(
      ["Makes Pure-FTPd name the address that clients reach in its answer to PASV (ForcePassiveIP, or option -P)."],
      ["ForcePassiveIP", "{publicAddress}"],
    ),
    "own-address": [
      serverRemedy(
        [
          "Without ForcePassiveIP Pure-FTPd names the address that the client has reached, which is right wherever no NAT stands in front of it.",
          "The old setting is kept (.bak).",
          ...note,
        ],
        { commands: [forget("ForcePassiveIP"), ...apply] },
      ),
    ],
    "dynamic-address": setting(
      ["Names the host instead of an address; it is looked up at the start, so restart when the address changes."],
      ["ForcePassiveIP", "{host}"],
    ),
    "passive-range": setting(
      [
        "Makes Pure-FTPd offer passive ports {from} to {to} only (PassivePortRange, or option -p); the firewall must open the same numbers.",
      ],
      ["PassivePortRange", "{from} {to}"],
    ),
    "enable-passive": setting(
      ["Pure-FTPd refuses passive mode only in its NAT mode (option -N): this switches that off."],
      ["NATmode", "no"],
    ),
    "enable-epsv": setting(
      ["Pure-FTPd refuses EPSV on IPv4 only while it makes allowances for broken clients: this stops that."],
      ["BrokenClientsCompatibility", "no"],
    ),
    "foreign-data-peer": setting([FOREIGN_DATA_PEER], ["{fxpDirective}", "yes"]),
    "listen-failed": setting(
      ["A range that is large enough (twice the transfers at the busiest time) and that nothing else uses."],
      ["PassivePortRange", "{from} {to}"],
    ),
    "max-clients": setting(["Raises the number of sessions in all."], ["MaxClientsNumber", "200"]),
    "max-per-ip": setting(["Raises the number of sessions from one address."], ["MaxClientsPerIP", "20"]),
    "reverse-lookup": setting(["Switches the look-up of the client's name off (option -H)."], ["DontResolve", "yes"]),
    "listen-ipv6": setting(["Makes Pure-FTPd listen on IPv6 too."], ["IPV4Only", "no"]),
    "home-directory": setting(
      [
        "Lets Pure-FTPd make a home directory that is missing (option -j).",
        "One that exists must be one that the user may enter.",
      ],
      ["CreateHomeDir", "yes"],
    ),
    "require-tls": setting([TLS_OPTIONAL], ["TLS", "1"]),
  };
}

/** What does not depend on the packaging: it is said once, by the set-up that stands first. */
const everywhere: RemedyTable = {
  ...pureFtpdTlsEverywhere,
  "enable-active": [
    serverRemedy([
      "Pure-FTPd has no switch against active mode; it answers `Active mode is disabled` after the client has sent EPSV ALL: reconnect without it.",
    ]),
  ],
  "container-address": [
    serverRemedy(
      [
        "In the image stilliard/pure-ftpd PUBLICHOST is the advertised address; publish the passive ports one to one, then make the container anew.",
      ],
      containerChange("Pure-FTPd in Docker", ["PUBLICHOST", "{publicAddress}"], ["FTP_PASSIVE_PORTS", '"{from}:{to}"']),
    ),
  ],
  "local-address": [
    serverRemedy(
      [
        "Pure-FTPd advertises one address to everybody.",
        "For the local network run a second one without ForcePassiveIP on another address (Bind), or let local clients use EPSV, which names no address.",
      ],
      { effort: "high" },
    ),
  ],
  "start-service": [
    serverRemedy(["Starts Pure-FTPd now and at every boot, and shows what listens on port {controlPort}."], {
      commands: ["systemctl enable pure-ftpd", "systemctl restart pure-ftpd", "ss -ltnp 'sport = :{controlPort}'"],
    }),
  ],
  "access-list": [
    serverRemedy(
      [
        "Where Pure-FTPd runs under tcp_wrappers or xinetd, this lets the client in; see only_from in /etc/xinetd.d too.",
      ],
      {
        config: [settingsIn("/etc/hosts.allow", ": ")("pure-ftpd", "{clientAddress}")],
      },
    ),
  ],
  unban: [
    serverRemedy(
      ["Lifts the ban where fail2ban watches Pure-FTPd; then stop whatever keeps logging in with a wrong password."],
      { commands: ["fail2ban-client set pure-ftpd unbanip {clientAddress}"] },
    ),
  ],
  login: [
    serverRemedy([
      "Beside a wrong password Pure-FTPd refuses a shell that is missing in /etc/shells, a user id below MinUID, a name in /etc/ftpusers, and a virtual user that `pure-pw mkdb` has not yet written.",
    ]),
  ],
  "read-path": [
    serverRemedy(
      [
        "Pure-FTPd reads with the user's own rights: the commands show which directory on the way is missing or refuses them.",
        PATH_OF_THE_CLIENT,
        SELINUX,
      ],
      { commands: SHOW_PATH },
    ),
  ],
  "write-path": [
    serverRemedy([
      "Pure-FTPd writes with the user's own rights; AnonymousCantUpload, ProhibitDotFilesWrite and a full MaxDiskUsage forbid it as well.",
    ]),
  ],
};

const KNOWN_BY = "It is Pure-FTPd where the login is asked for with `331 User … OK. Password required`";

const PROMPT = /^User .{1,256} OK\. Password required$/;

/** Pure-FTPd with its own file. */
export const pureFtpd: ServerSetUp = {
  product: "Pure-FTPd",
  label: "Pure-FTPd",
  knownBy: `${KNOWN_BY}.`,
  prompt: PROMPT,
  source: "pure-ftpd: man/pure-ftpd.8, pure-ftpd.conf, src/ftpd.c",
  remedies: { ...everywhere, ...remediesOf(own) },
};

/** Pure-FTPd as Debian and Ubuntu package it. */
export const pureFtpdOnDebian: ServerSetUp = {
  product: "Pure-FTPd",
  label: "Pure-FTPd on Debian",
  prompt: PROMPT,
  knownBy: `${KNOWN_BY}, and there is a directory /etc/pure-ftpd/conf.`,
  source: "Debian: pure-ftpd-wrapper(8)",
  remedies: remediesOf(debian),
};
