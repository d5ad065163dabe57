import { serverRemedy, settingsIn } from "../template.ts";
import { vsftpdTls } from "../tls/vsftpd.ts";
import { containerChange } from "./container-image.ts";
import type { ServerSetUp } from "./set-up.ts";
import { ON_RED_HAT, restart, set } from "./vsftpd-conf.ts";
import { vsftpdPaths } from "./vsftpd-paths.ts";
import { FOREIGN_DATA_PEER, TLS_OPTIONAL } from "./warnings.ts";

/** Debian's file has listen_ipv6=YES, where vsftpd 3.0.3 makes 0,0,0,0 of every pasv_address. */
const listenOnIpv4 = [set("listen", "YES"), set("listen_ipv6", "{noIpv6}")];
const IPV4_LISTENER = [
  "On an IPv6 listener vsftpd 3.0.3 makes 0,0,0,0 of pasv_address, so listen and listen_ipv6 belong to it; IPv6 clients then need a second vsftpd.",
  "This server is reached at {ipv6Address} too: so run two, one with pasv_address={publicAddress}, listen=YES, listen_ipv6=NO, and one with a file of its own without pasv_address and with listen=NO, listen_ipv6=YES, listen_address6={ipv6Address}.",
];

/** vsftpd. */
export const vsftpd: ServerSetUp = {
  product: "vsftpd",
  label: "vsftpd",
  knownBy: "It is vsftpd where the login is asked for with `331 Please specify the password.`",
  prompt: /^Please specify the password\.$/,
  source: "vsftpd.conf(5) and the option table of Debian's vsftpd 3.0.3",
  remedies: {
    ...vsftpdTls,
    ...vsftpdPaths,
    "advertised-address": [
      serverRemedy(
        [
          "Makes vsftpd name the address that clients reach in its answer to PASV (pasv_address, without quotes; a host name there needs pasv_addr_resolve=YES).",
          ...IPV4_LISTENER,
          ON_RED_HAT,
        ],
        { config: [set("pasv_address", "{publicAddress}"), ...listenOnIpv4], commands: restart },
      ),
    ],
    "zero-address": [
      serverRemedy(
        [
          "Makes vsftpd name the address that clients reach; it is a listener for IPv4 alone that lets pasv_address through.",
          "vsftpd names 0,0,0,0 where pasv_address says so, and version 3.0.3 on an IPv6 listener (listen_ipv6=YES) whatever pasv_address says.",
          "Where IPv6 clients are to be served too, run a second vsftpd with listen_ipv6=YES and listen_address6 for them; where no NAT stands in front of the server, it is enough to take pasv_address out.",
          ON_RED_HAT,
        ],
        {
          config: [set("pasv_address", "{publicAddress}"), ...listenOnIpv4],
          commands: restart,
        },
      ),
    ],
    "invalid-address": [
      serverRemedy(
        [
          "Puts the plain address that clients reach in place of what stands there: without quotes, and no name or URL.",
          ...IPV4_LISTENER,
          ON_RED_HAT,
        ],
        { config: [set("pasv_address", "{publicAddress}"), ...listenOnIpv4], commands: restart },
      ),
      serverRemedy(
        [
          "Where a name is to stand there, vsftpd must be told to look it up; it does so when it starts, so restart it when the address changes.",
          ...IPV4_LISTENER,
          ON_RED_HAT,
        ],
        {
          config: [set("pasv_addr_resolve", "YES"), set("pasv_address", "{host}"), ...listenOnIpv4],
          commands: restart,
        },
      ),
    ],
    "own-address": [
      serverRemedy(
        [
          "Without pasv_address vsftpd names the address that the client has reached, which is right wherever no NAT stands in front of it.",
          "The old file stays beside the new one (.bak).",
          ON_RED_HAT,
        ],
        { commands: ["sed -i.bak '/^pasv_address=/d' /etc/vsftpd.conf", ...restart] },
      ),
    ],
    "dynamic-address": [
      serverRemedy(
        [
          "Lets vsftpd look the address up under the name that clients use; it does so when it starts, so restart it when the address changes.",
          ...IPV4_LISTENER,
          ON_RED_HAT,
        ],
        {
          config: [set("pasv_addr_resolve", "YES"), set("pasv_address", "{host}"), ...listenOnIpv4],
          commands: restart,
        },
      ),
    ],
    "container-address": [
      serverRemedy(
        [
          "In the image fauria/vsftpd and its like the environment sets the advertised address and the range; publish the same ports one to one, then make the container anew.",
        ],
        containerChange(
          "vsftpd in Docker",
          ["PASV_ADDRESS", "{publicAddress}"],
          ["PASV_MIN_PORT", '"{from}"'],
          ["PASV_MAX_PORT", '"{to}"'],
        ),
      ),
    ],
    "local-address": [
      serverRemedy(
        [
          "vsftpd advertises one address to everybody.",
          "For the local network run a second vsftpd with its own file without pasv_address, on another address (listen_address), or let local clients use EPSV, which names no address.",
        ],
        { effort: "high" },
      ),
    ],
    "passive-range": [
      serverRemedy(
        [
          "Makes vsftpd offer passive ports {from} to {to} only; the firewall must open the same numbers.",
          "pasv_min_port must not be greater than pasv_max_port.",
          ON_RED_HAT,
        ],
        {
          config: [set("pasv_enable", "YES"), set("pasv_min_port", "{from}"), set("pasv_max_port", "{to}")],
          commands: restart,
        },
      ),
    ],
    "enable-passive": [
      serverRemedy(
        ["Switches passive mode on: with pasv_enable=NO vsftpd answers `550 Permission denied.`", ON_RED_HAT],
        {
          config: [set("pasv_enable", "YES")],
          commands: restart,
        },
      ),
    ],
    "enable-epsv": [
      serverRemedy(
        [
          "vsftpd answers EPSV wherever pasv_enable is YES and cmds_denied does not name it: this sets the one and takes EPSV from the other.",
          "Where the file has cmds_allowed, EPSV must be among the commands there. The old file stays beside the new one (.bak).",
          ON_RED_HAT,
        ],
        {
          config: [set("pasv_enable", "YES")],
          commands: ["sed -i.bak -E '/^cmds_denied=/{s/(=|,)EPSV(,|$)/\\1/;s/,$//}' /etc/vsftpd.conf", ...restart],
        },
      ),
    ],
    "enable-active": [
      serverRemedy(
        ["Switches active mode on: with port_enable=NO vsftpd answers `550 Permission denied.`", ON_RED_HAT],
        {
          config: [set("port_enable", "YES")],
          commands: restart,
        },
      ),
    ],
    "data-port": [
      serverRemedy(
        [
          "Lets vsftpd call clients from any port: port {dataSourcePort} is taken, or vsftpd lacks the privilege for it. A client's firewall that lets calls in by that port must then know.",
          ON_RED_HAT,
        ],
        { config: [set("connect_from_port_20", "NO")], commands: restart },
      ),
    ],
    "foreign-data-peer": [
      serverRemedy([FOREIGN_DATA_PEER, ON_RED_HAT], { config: [set("pasv_promiscuous", "YES")], commands: restart }),
    ],
    "listen-failed": [
      serverRemedy(
        [
          "A fixed range that nothing else uses; where SELinux is on, `setsebool -P ftpd_use_passive_mode 1` allows the listener.",
          ON_RED_HAT,
        ],
        { config: [set("pasv_min_port", "{from}"), set("pasv_max_port", "{to}")], commands: restart },
      ),
    ],
    "max-clients": [
      serverRemedy(["Raises the number of sessions in all (0 is no limit).", ON_RED_HAT], {
        config: [set("max_clients", "200")],
        commands: restart,
      }),
    ],
    "max-per-ip": [
      serverRemedy(["Raises the number of sessions from one address (0 is no limit).", ON_RED_HAT], {
        config: [set("max_per_ip", "20")],
        commands: restart,
      }),
    ],
    "reverse-lookup": [
      serverRemedy(
        [
          "Switches the look-up of the client's name off.",
          "Only the packages of Red Hat and its relatives know this option; any other vsftpd refuses to start with it, there mend the name service in /etc/resolv.conf or set tcp_wrappers=NO.",
        ],
        {
          product: "vsftpd on Red Hat",
          config: [settingsIn("/etc/vsftpd/vsftpd.conf", "=")("reverse_lookup_enable", "NO")],
          commands: restart,
        },
      ),
    ],
    "start-service": [
      serverRemedy(
        [
          "Starts vsftpd now and at every boot, and shows what listens on port {controlPort}.",
          "Exactly one of listen=YES and listen_ipv6=YES must be set (the second serves IPv4 too).",
        ],
        { commands: ["systemctl enable vsftpd", ...restart, "ss -ltnp 'sport = :{controlPort}'"] },
      ),
    ],
    "listen-ipv6": [
      serverRemedy(
        ["Makes vsftpd listen on IPv6, which serves IPv4 too; the two options exclude each other.", ON_RED_HAT],
        {
          config: [set("listen", "NO"), set("listen_ipv6", "YES")],
          commands: restart,
        },
      ),
    ],
    "access-list": [
      serverRemedy(
        ["With tcp_wrappers=YES vsftpd obeys /etc/hosts.allow and /etc/hosts.deny: this lets the client in."],
        {
          config: [settingsIn("/etc/hosts.allow", ": ")("vsftpd", "{clientAddress}")],
        },
      ),
    ],
    unban: [
      serverRemedy(
        ["Lifts the ban where fail2ban watches vsftpd; then stop whatever keeps logging in with a wrong password."],
        {
          commands: ["fail2ban-client set vsftpd unbanip {clientAddress}"],
        },
      ),
    ],
    login: [
      serverRemedy(
        [
          "Lets local accounts log in.",
          "A refusal right after USER comes from /etc/vsftpd.user_list or /etc/ftpusers; a refusal after PASS from the password, or from a shell that is missing in /etc/shells.",
          ON_RED_HAT,
        ],
        { config: [set("local_enable", "YES")], commands: restart },
      ),
    ],
    "require-tls": [
      serverRemedy([TLS_OPTIONAL, ON_RED_HAT], {
        config: [set("force_local_logins_ssl", "NO"), set("force_local_data_ssl", "NO")],
        commands: restart,
      }),
    ],
  },
};
