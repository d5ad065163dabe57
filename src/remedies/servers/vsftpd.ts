import { serverRemedy, settingsIn } from "../template.ts";
import { containerChange } from "./container-image.ts";
import type { ServerSetUp } from "./set-up.ts";
import { FOREIGN_DATA_PEER } from "./warnings.ts";

const set = settingsIn("/etc/vsftpd.conf", "=");
const restart = ["systemctl restart vsftpd"];
const ON_RED_HAT = "On Red Hat and its relatives the file is /etc/vsftpd/vsftpd.conf.";

/** vsftpd. */
export const vsftpd: ServerSetUp = {
  product: "vsftpd",
  label: "vsftpd",
  knownBy: "It is vsftpd where the login is asked for with `331 Please specify the password.`",
  source: "vsftpd.conf(5) and the option table of Debian's vsftpd 3.0.3",
  remedies: {
    "advertised-address": [
      serverRemedy(
        [
          "Makes vsftpd name the address that clients reach in its answer to PASV (pasv_address, without quotes; a host name there needs pasv_addr_resolve=YES).",
          "On an IPv6 listener (listen_ipv6=YES) vsftpd 3.0.3 makes 0,0,0,0 of it: then set listen=YES and listen_ipv6=NO as well.",
          ON_RED_HAT,
        ],
        { config: [set("pasv_address", "{publicAddress}")], commands: restart },
      ),
    ],
    "own-address": [
      serverRemedy(
        [
          "Without pasv_address vsftpd names the address that the client has reached, which is right wherever no NAT stands in front of it.",
          ON_RED_HAT,
        ],
        { commands: ["sed -i '/^pasv_address=/d' /etc/vsftpd.conf", ...restart] },
      ),
    ],
    "dynamic-address": [
      serverRemedy(
        [
          "Lets vsftpd look the address up under the name that clients use; it does so when it starts, so restart it when the address changes.",
          ON_RED_HAT,
        ],
        { config: [set("pasv_addr_resolve", "YES"), set("pasv_address", "{host}")], commands: restart },
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
          "vsftpd answers EPSV wherever pasv_enable is YES; where it still refuses, EPSV is missing in cmds_allowed or named in cmds_denied.",
          ON_RED_HAT,
        ],
        { config: [set("pasv_enable", "YES")], commands: restart },
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
    "writable-chroot": [
      serverRemedy(
        [
          "Lets vsftpd accept a home directory that the user may write to.",
          "Safer, where the user can do with a sub-directory: take the write permission from the home directory itself (`chmod a-w`).",
          ON_RED_HAT,
        ],
        { config: [set("allow_writeable_chroot", "YES")], commands: restart },
      ),
    ],
    "home-directory": [
      serverRemedy(
        [
          "Makes the missing home directory of {user}.",
          "The user must be able to enter every directory on the way to it; where SELinux is on, `setsebool -P ftpd_full_access on` allows it.",
        ],
        { commands: ["mkhomedir_helper {user}"] },
      ),
    ],
    "require-tls": [
      serverRemedy(
        [
          "Lets local users log in without TLS: passwords and files then cross the network for everybody to read.",
          ON_RED_HAT,
        ],
        {
          config: [set("force_local_logins_ssl", "NO"), set("force_local_data_ssl", "NO")],
          commands: restart,
        },
      ),
    ],
    permissions: [
      serverRemedy(
        [
          "vsftpd allows every writing command only with write_enable=YES; reading needs permission on the file and on every directory above it.",
          "Where SELinux is on, `setsebool -P ftpd_full_access on` allows files outside the home.",
          ON_RED_HAT,
        ],
        { config: [set("write_enable", "YES")], commands: restart },
      ),
    ],
  },
};
